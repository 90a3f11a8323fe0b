/*
 * What of the plan is in which set of the firewall.  What becomes of a packet that is
 * found in one is firewall_filter.c's and firewall_nat.c's.
 */
#include "firewall_rows.h"

#include <linux/in.h>
#include <stdio.h>
#include <string.h>

/* The longest is "outside:65535>fifteen-letters:65535/tcp". */
#define COMMENT_SIZE 64

static const char *name_of(uint8_t protocol)
{
	return protocol == IPPROTO_TCP ? "tcp" : "udp";
}

/* The set itself comes with its first row. */
static void put(struct firewall_filling *f, const struct nft_element *element)
{
	const struct nft_set *set = &firewall_sets[f->set];

	if (!f->elements.count) {
		nft_put_set(f->m, set);
		nft_elements_begin(&f->elements, f->m, set);
	}
	nft_elements_put(&f->elements, element);
}

static void put_name(struct firewall_filling *f, const char *name, const char *comment)
{
	put(f, &(struct nft_element){ .key = { { .name = name } }, .comment = comment });
}

static void put_port(struct firewall_filling *f, uint8_t protocol, uint16_t port,
		     const char *comment)
{
	put(f, &(struct nft_element){
		.key = { { .number = protocol }, { .number = port } }, .comment = comment,
	});
}

static void fill_uplinks(struct firewall_filling *f)
{
	const char *comment = f->set == FIREWALL_SET_REFUSED ? "outside>refused" :
			      f->set == FIREWALL_SET_SPOOFED ? "outside>spoofed" : NULL;

	for (size_t i = 0; i < f->plan->uplink_count; i++)
		put_name(f, f->plan->uplinks[i], comment);
}

static void fill_bridges(struct firewall_filling *f)
{
	for (size_t i = 0; i < f->plan->bridge_count; i++)
		put_name(f, f->plan->bridges[i].name, NULL);
}

static void fill_open(struct firewall_filling *f)
{
	for (size_t i = 0; i < f->plan->open_count; i++)
		put_port(f, f->plan->open[i].protocol, f->plan->open[i].port, NULL);
}

/* DNS and DHCP, whoever serves them on the board. */
static void fill_offered(struct firewall_filling *f)
{
	put_port(f, IPPROTO_TCP, 53, NULL);
	put_port(f, IPPROTO_UDP, 53, NULL);
	put_port(f, IPPROTO_UDP, 67, NULL);
}

/* An address of either family as a row has it. */
struct place {
	struct nft_value value;
	bool exists;
};

static bool is_ipv6(enum firewall_set set)
{
	switch (set) {
	case FIREWALL_SET_ALLOW6:
	case FIREWALL_SET_OUTSIDE6:
	case FIREWALL_SET_REFUSED6:
	case FIREWALL_SET_BOARD_ALLOW6:
	case FIREWALL_SET_BOARD_REFUSED6:
	case FIREWALL_SET_SERVICE6:
	case FIREWALL_SET_PORTS6:
		return true;
	default:
		return false;
	}
}

static struct place place_of(const struct firewall_filling *f, uint32_t address,
			     const uint8_t *address6)
{
	if (is_ipv6(f->set))
		return (struct place){ { .bytes = address6 }, address6 != NULL };
	return (struct place){ { .number = address }, true };
}

static struct place place_of_service(const struct firewall_filling *f,
				     const struct firewall_service *service)
{
	return place_of(f, service->address, service->address6);
}

static struct place place_of_bridge(const struct firewall_filling *f, size_t bridge)
{
	return place_of(f, f->plan->bridges[bridge].address, f->plan->bridges[bridge].address6);
}

static void comment_on_allow(const struct firewall_filling *f, const struct firewall_service *from,
			     const struct firewall_allow *allow, char comment[COMMENT_SIZE])
{
	snprintf(comment, COMMENT_SIZE, "%s>%s:%u/%s", from->name,
		 f->plan->services[allow->to].name, allow->port, name_of(allow->protocol));
}

/* A service in the board's network is reached at its bridge's own address. */
static void fill_allow(struct firewall_filling *f, const struct firewall_service *from)
{
	const struct place source = place_of_service(f, from);
	char comment[COMMENT_SIZE];

	if (from->on_board)
		return;
	for (size_t i = 0; i < from->allow_count; i++) {
		const struct firewall_allow *allow = &from->allow[i];
		const struct firewall_service *to = &f->plan->services[allow->to];
		const struct place target = to->on_board ? place_of_bridge(f, from->bridge)
							 : place_of_service(f, to);

		if (!source.exists || !target.exists)
			continue;
		comment_on_allow(f, from, allow, comment);
		put(f, &(struct nft_element){
			.key = { source.value, target.value, { .number = allow->protocol },
				 { .number = allow->port } },
			.comment = comment,
		});
	}
}

/* Those in the board's network reach each other there, whatever is allowed. */
static void fill_board_allow(struct firewall_filling *f, const struct firewall_service *from)
{
	const uint32_t last_uid = from->first_uid + from->uid_count - 1;
	char comment[COMMENT_SIZE];

	for (size_t i = 0; from->on_board && i < from->allow_count; i++) {
		const struct firewall_allow *allow = &from->allow[i];
		const struct firewall_service *to = &f->plan->services[allow->to];
		const struct place target = place_of_service(f, to);

		if (to->on_board || !target.exists)
			continue;
		comment_on_allow(f, from, allow, comment);
		put(f, &(struct nft_element){
			.key = { { .number = from->first_uid }, target.value,
				 { .number = allow->protocol }, { .number = allow->port } },
			.last = { { .number = last_uid }, target.value,
				  { .number = allow->protocol }, { .number = allow->port } },
			.comment = comment,
		});
	}
}

static void put_source(struct firewall_filling *f, const struct firewall_service *from,
		       const char *what)
{
	const struct place source = place_of_service(f, from);
	char comment[COMMENT_SIZE];

	if (from->on_board || !source.exists)
		return;
	snprintf(comment, sizeof(comment), "%s>%s", from->name, what);
	put(f, &(struct nft_element){ .key = { source.value }, .comment = comment });
}

static void fill_outside(struct firewall_filling *f, const struct firewall_service *from)
{
	if (f->plan->uplink_count)
		put_source(f, from, "outside");
}

static void fill_refused(struct firewall_filling *f, const struct firewall_service *from)
{
	put_source(f, from, "refused");
}

/* Each bridge's subnet, from its first address to its last. */
static void fill_board_refused(struct firewall_filling *f, const struct firewall_service *from)
{
	const struct nft_value uid = { .number = from->first_uid };
	const struct nft_value last_uid = { .number = from->first_uid + from->uid_count - 1 };
	char comment[COMMENT_SIZE];

	snprintf(comment, sizeof(comment), "%s>refused", from->name);
	for (size_t i = 0; from->on_board && i < f->plan->bridge_count; i++) {
		const struct firewall_bridge *bridge = &f->plan->bridges[i];
		const uint32_t hosts = (uint32_t)(UINT64_C(0xffffffff) >> bridge->prefix);
		struct nft_value first = { .number = bridge->address & ~hosts };
		struct nft_value last = { .number = bridge->address | hosts };
		uint8_t first6[16] = { 0 }, last6[16];

		if (is_ipv6(f->set)) {
			if (!bridge->address6)
				continue;
			memcpy(first6, bridge->address6, 8);
			memset(last6, 0xff, sizeof(last6));
			memcpy(last6, bridge->address6, 8);
			first = (struct nft_value){ .bytes = first6 };
			last = (struct nft_value){ .bytes = last6 };
		}
		put(f, &(struct nft_element){
			.key = { uid, first }, .last = { last_uid, last }, .comment = comment,
		});
	}
}

static void fill_published(struct firewall_filling *f, const struct firewall_service *service)
{
	const bool here = f->set == FIREWALL_SET_PUBLISHED_HERE;
	const char *whence = f->set == FIREWALL_SET_PUBLISHED_OWN ? "board" : "outside";
	char comment[COMMENT_SIZE];

	if (service->on_board != here || (f->set != FIREWALL_SET_PUBLISHED_OWN &&
					  !f->plan->uplink_count))
		return;
	for (size_t i = 0; i < service->publish_count; i++) {
		const struct firewall_publish *p = &service->publish[i];

		snprintf(comment, sizeof(comment), "%s:%u>%s:%u/%s", whence, p->outside,
			 service->name, p->inside, name_of(p->protocol));
		put_port(f, p->protocol, p->outside, comment);
	}
}

static void fill_service(struct firewall_filling *f, const struct firewall_service *service)
{
	const struct place to = place_of_service(f, service);

	if (service->on_board || !to.exists)
		return;
	for (size_t i = 0; i < service->publish_count; i++) {
		const struct firewall_publish *p = &service->publish[i];

		put(f, &(struct nft_element){
			.key = { { .number = p->protocol }, { .number = p->outside } },
			.to = { to.value, { .number = p->inside } },
		});
	}
}

static void fill_ports(struct firewall_filling *f, const struct firewall_service *service)
{
	const struct place source = place_of_service(f, service);

	if (!service->on_board && source.exists)
		put(f, &(struct nft_element){
			.key = { { .name = service->port }, { .bytes = service->mac },
				 source.value },
		});
}

static void fill_port_spoofed(struct firewall_filling *f, const struct firewall_service *service)
{
	char comment[COMMENT_SIZE];

	snprintf(comment, sizeof(comment), "%s>spoofed", service->name);
	if (!service->on_board)
		put_name(f, service->port, comment);
}

/* What fills each: once, or once for each service. */
static const struct {
	void (*once)(struct firewall_filling *f);
	void (*each)(struct firewall_filling *f, const struct firewall_service *service);
} fills[FIREWALL_SET_COUNT] = {
	[FIREWALL_SET_UPLINKS] = { .once = fill_uplinks },
	[FIREWALL_SET_BRIDGES] = { .once = fill_bridges },
	[FIREWALL_SET_OPEN] = { .once = fill_open },
	[FIREWALL_SET_OFFERED] = { .once = fill_offered },
	[FIREWALL_SET_ALLOW4] = { .each = fill_allow },
	[FIREWALL_SET_ALLOW6] = { .each = fill_allow },
	[FIREWALL_SET_OUTSIDE4] = { .each = fill_outside },
	[FIREWALL_SET_OUTSIDE6] = { .each = fill_outside },
	[FIREWALL_SET_REFUSED4] = { .each = fill_refused },
	[FIREWALL_SET_REFUSED6] = { .each = fill_refused },
	[FIREWALL_SET_BOARD_ALLOW4] = { .each = fill_board_allow },
	[FIREWALL_SET_BOARD_ALLOW6] = { .each = fill_board_allow },
	[FIREWALL_SET_BOARD_REFUSED4] = { .each = fill_board_refused },
	[FIREWALL_SET_BOARD_REFUSED6] = { .each = fill_board_refused },
	[FIREWALL_SET_PUBLISHED] = { .each = fill_published },
	[FIREWALL_SET_PUBLISHED_OWN] = { .each = fill_published },
	[FIREWALL_SET_PUBLISHED_HERE] = { .each = fill_published },
	[FIREWALL_SET_SERVICE4] = { .each = fill_service },
	[FIREWALL_SET_SERVICE6] = { .each = fill_service },
	[FIREWALL_SET_REFUSED] = { .once = fill_uplinks },
	[FIREWALL_SET_SPOOFED] = { .once = fill_uplinks },
	[FIREWALL_SET_PORTS4] = { .each = fill_ports },
	[FIREWALL_SET_PORTS6] = { .each = fill_ports },
	[FIREWALL_SET_PORT_SPOOFED] = { .each = fill_port_spoofed },
};

void firewall_fill(struct firewall_filling *f)
{
	if (fills[f->set].once)
		fills[f->set].once(f);
	for (size_t i = 0; fills[f->set].each && i < f->plan->service_count; i++)
		fills[f->set].each(f, &f->plan->services[i]);
	if (f->elements.count)
		nft_elements_end(&f->elements);
}
