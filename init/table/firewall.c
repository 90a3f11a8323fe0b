/*
 * Composes the board's firewall: two tables, one after the other, in one batch.  What is in
 * their sets is firewall_rows.c's, what becomes of a packet firewall_filter.c's and
 * firewall_nat.c's, how that is said in bytes netsetup/nft's, and that ports don't collide
 * the rest of the host tool's.
 *
 * `nft list ruleset` on the board shows all of it in the words of nft(8).
 */
#include "firewall.h"

#include <errno.h>
#include <limits.h>
#include <linux/in.h>
#include <linux/netfilter.h>
#include <string.h>

#include "../firewall_counters.h"
#include "firewall_rule.h"
#include "firewall_sets.h"
#include "netsetup/nft.h"

#define NAME_MAX_LENGTH 15	/* of a service, and of an interface (IFNAMSIZ) */

/* Empties a table that an earlier /init left, in the same transaction: sent twice, the
 * batch says the same. */
static void put_table(struct firewall *f, uint8_t family)
{
	nft_put_table(&f->m, family, FIREWALL_TABLE);
	nft_delete_table(&f->m, family, FIREWALL_TABLE);
	nft_put_table(&f->m, family, FIREWALL_TABLE);
	f->family = family;
	for (int set = 0; set < FIREWALL_SET_COUNT; set++)
		if (firewall_sets[set].family == family)
			f->has[set] = firewall_put_set(&f->m, (enum firewall_set)set, f->plan);
}

static bool is_name(const char *name)
{
	return name && *name;
}

static bool is_port(uint8_t protocol, uint16_t port)
{
	return port && (protocol == IPPROTO_TCP || protocol == IPPROTO_UDP);
}

static bool service_is_valid(const struct firewall_plan *plan,
			     const struct firewall_service *service)
{
	if (!is_name(service->name) || strlen(service->name) > NAME_MAX_LENGTH)
		return false;
	if (service->on_board ? !service->uid_count ||
				service->first_uid + service->uid_count - 1 < service->first_uid
			      : !is_name(service->port) || !service->address ||
				service->bridge >= plan->bridge_count)
		return false;
	for (size_t i = 0; i < service->publish_count; i++) {
		const struct firewall_publish *p = &service->publish[i];

		if (!is_port(p->protocol, p->outside) || !is_port(p->protocol, p->inside) ||
		    (service->on_board && p->outside != p->inside))
			return false;
	}
	for (size_t i = 0; i < service->allow_count; i++)
		if (service->allow[i].to >= plan->service_count ||
		    !is_port(service->allow[i].protocol, service->allow[i].port))
			return false;
	return true;
}

static bool plan_is_valid(const struct firewall_plan *plan)
{
	for (size_t i = 0; i < plan->bridge_count; i++)
		if (!is_name(plan->bridges[i].name) || !plan->bridges[i].address ||
		    plan->bridges[i].prefix < 1 || plan->bridges[i].prefix > 32)
			return false;
	for (size_t i = 0; i < plan->uplink_count; i++)
		if (!is_name(plan->uplinks[i]))
			return false;
	for (size_t i = 0; i < plan->open_count; i++)
		if (!is_port(plan->open[i].protocol, plan->open[i].port))
			return false;
	for (size_t i = 0; i < plan->service_count; i++)
		if (!service_is_valid(plan, &plan->services[i]))
			return false;
	return true;
}

/* All chains and about fifty rules, none longer than the second number; a bridge has two of
 * its own. */
#define RULES_SIZE 24576
#define RULE_SIZE 512

size_t firewall_size(const struct firewall_plan *plan)
{
	return RULES_SIZE + 2 * RULE_SIZE * plan->bridge_count + firewall_sets_size(plan);
}

int firewall_build(const struct firewall_plan *plan, uint8_t *buf, size_t size)
{
	struct firewall f = { .plan = plan };

	if (!plan_is_valid(plan))
		return -EINVAL;
	nlmsg_init(&f.m, buf, size);
	nft_begin(&f.m);
	put_table(&f, NFPROTO_INET);
	firewall_put_nat(&f);
	firewall_put_filter(&f);
	put_table(&f, NFPROTO_BRIDGE);
	firewall_put_bridge(&f);
	nft_commit(&f.m);
	if (!f.m.error && f.m.len > INT_MAX)
		return -ENOBUFS;
	return f.m.error ? f.m.error : (int)f.m.len;
}
