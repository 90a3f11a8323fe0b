/*
 * Decides at which step of its way a connection is stopped, and what to do then.  Pure:
 * it looks at what was gathered, and asks nobody.
 */
#include "ports.h"
#include "reach.h"
#include "rules.h"
#include "uplinks.h"

/* Names in a list; more are not read. */
#define NAMES_MAX 6

static bool on_board(const struct service *s)
{
	return s->net == SERVICE_NET_HOST;
}

static uint8_t families_of(const struct service *s)
{
	return FAMILY_IPV4 | (on_board(s) || s->ipv6 ? FAMILY_IPV6 : 0);
}

uint8_t reach_families(const struct reach *r)
{
	unsigned families = 0;

	if (reach_is_within(r))
		return 0;
	if (r->from)
		return families_of(r->from_owner) & families_of(r->owner);
	for (unsigned i = 0; i < board.uplink_count; i++)
		families |= ways_families(&r->ways, i);
	return (uint8_t)(families & families_of(r->owner));
}

static enum reach_verdict without_network(const struct service *s, struct text *words,
					  struct text *remedy)
{
	text_add(words, "%s has no network (NET=none)", s->name);
	text_add(remedy, "set ");
	ports_add_option(remedy, s, "NET");
	text_add(remedy, " to private");
	return REACH_STOPS;
}

static enum reach_verdict judge_network(const struct reach *r, struct text *words,
					struct text *remedy)
{
	if (reach_is_within(r)) {
		text_add(words, "both are in the network of %s", on_board(r->owner) ?
			 "the board" : r->owner->name);
		return REACH_HOLDS;
	}
	if (r->from && r->from_owner->net == SERVICE_NET_NONE)
		return without_network(r->from_owner, words, remedy);
	if (r->owner->net == SERVICE_NET_NONE)
		return without_network(r->owner, words, remedy);
	if (r->owner != r->to)
		text_add(words, "it has the network of %s (NET=share), whose PUBLISH and ALLOW "
			 "count: ", r->owner->name);
	if (on_board(r->owner)) {
		text_add(words, "it is in the network of the board (NET=host)");
		return REACH_HOLDS;
	}
	text_add_ipv4(words, r->owner->address);
	if (r->owner->ipv6) {
		text_add(words, " and ");
		text_add_ipv6(words, r->owner->address6);
	}
	text_add(words, " on %s", board.bridges[r->owner->bridge].name);
	return REACH_HOLDS;
}

/* "; web publishes 8080:80/tcp, 8443:443/tcp" */
static bool add_published(struct text *t, const struct service *s, unsigned *names)
{
	for (unsigned i = 0; i < s->published_count && *names < NAMES_MAX; i++, ++*names) {
		text_add(t, i ? ", " : "; ");
		if (!i)
			text_add(t, "%s publishes ", s->name);
		ports_add_publish(t, &s->published[i]);
	}
	return s->published_count > 0;
}

/* What does lead somewhere: of the service itself, or else of any. */
static void add_all_published(struct text *t, const struct reach *r)
{
	unsigned names = 0;

	for (unsigned id = 0; id < client_services(); id++) {
		for (unsigned i = 0; i < services[id].published_count; i++) {
			const struct service_publish *p = &services[id].published[i];

			if (p->outside != r->asked || p->protocol != r->protocol)
				continue;
			text_add(t, "; that port leads to ");
			ports_add(t, p->inside, p->protocol);
			text_add(t, " of %s", services[id].name);
			return;
		}
	}
	if (add_published(t, r->owner, &names))
		return;
	for (unsigned id = 0; id < client_services(); id++)
		add_published(t, &services[id], &names);
	if (!names)
		text_add(t, "; no service publishes a port");
}

/* Of those that it listens at and that lead there, if that one is not among them. */
static uint16_t likely_port(const struct reach *r)
{
	const struct listeners *l = &r->listeners;

	for (unsigned i = 0; r->looked && !l->reach && i < l->other_count; i++)
		if (l->other[i].protocol == r->protocol &&
		    (reach_is_within(r) || listeners_reach(l, &l->other[i]) > LISTENERS_FAMILY))
			return l->other[i].port;
	return r->inside;
}

static bool publishes(const struct service *s, uint16_t outside, uint8_t protocol)
{
	for (unsigned i = 0; i < s->published_count; i++)
		if (s->published[i].outside == outside && s->published[i].protocol == protocol)
			return true;
	return false;
}

static bool has(const struct service_listen *ports, unsigned count, uint16_t port,
		uint8_t protocol)
{
	for (unsigned i = 0; i < count; i++)
		if (ports[i].port == port && ports[i].protocol == protocol)
			return true;
	return false;
}

/* Whose port of the board that is already, besides OPEN: the build refuses it twice. */
static const struct service *find_holder(const struct reach *r)
{
	for (unsigned id = 0; id < client_services(); id++) {
		const struct service *s = &services[id];

		if (s != r->owner && (publishes(s, r->asked, r->protocol) || (on_board(s) &&
		    has(s->listen, s->listen_count, r->asked, r->protocol))))
			return s;
	}
	return NULL;
}

static void add_publish_remedy(struct text *t, const struct reach *r)
{
	const struct service *holder = find_holder(r);
	struct service_publish wanted = {
		.outside = r->asked, .inside = on_board(r->owner) ? r->asked : likely_port(r),
		.protocol = r->protocol,
	};

	if (holder) {
		text_add(t, "publish another port, or ask for %s:%u", holder->name, r->asked);
	} else if (has(board.open, board.open_count, r->asked, r->protocol)) {
		text_add(t, "publish another port: OPEN has that one for the board itself");
	} else {
		text_add(t, "add ");
		ports_add_publish(t, &wanted);
		text_add(t, " to ");
		ports_add_option(t, r->owner, "PUBLISH");
	}
}

static enum reach_verdict judge_publish(const struct reach *r, struct text *words,
					struct text *remedy)
{
	if (r->publish) {
		text_add(words, "%s publishes ", r->owner->name);
		ports_add_publish(words, r->publish);
		return REACH_HOLDS;
	}
	text_add(words, "%s does not publish ", r->owner->name);
	ports_add(words, r->asked, r->protocol);
	add_all_published(words, r);
	add_publish_remedy(remedy, r);
	return REACH_STOPS;
}

static enum reach_verdict judge_allow(const struct reach *r, struct text *words,
				      struct text *remedy)
{
	const struct service *from = r->from_owner;
	unsigned names = 0;
	struct service_allow wanted = {
		.to = (uint16_t)(r->owner - services), .port = r->inside,
		.protocol = r->protocol,
	};

	text_add(words, "%s %s reach ", from->name, r->allow ? "may" : "may not");
	ports_add_allow(words, r->allow ? r->allow : &wanted);
	if (r->allow)
		return REACH_HOLDS;
	for (unsigned i = 0; i < from->allow_count && names < NAMES_MAX; i++) {
		/* Paths are each service's own, and lead to no port. */
		if (!from->allow[i].protocol)
			continue;
		text_add(words, names++ ? ", " : "; it may reach ");
		ports_add_allow(words, &from->allow[i]);
	}
	text_add(remedy, "add ");
	ports_add_allow(remedy, &wanted);
	text_add(remedy, " to ");
	ports_add_option(remedy, from, "ALLOW");
	return REACH_STOPS;
}

static enum reach_verdict judge_plan(const struct reach *r, struct text *words,
				     struct text *remedy)
{
	if (reach_is_within(r))
		return REACH_NOTHING;
	if (r->open && !r->publish && !r->allow) {
		ports_add(words, r->inside, r->protocol);
		text_add(words, " of the board is open");
		return REACH_HOLDS;
	}
	return r->from ? judge_allow(r, words, remedy) : judge_publish(r, words, remedy);
}

/* How far an uplink has come that is not online: it is there, and has a carrier. */
static int how_far(const struct uplink *uplink, const struct state_uplink *is)
{
	char lack[64];
	struct text unread = TEXT_ON(lack);

	if (!uplink_add_lack(&unread, uplink, is))
		return -1;
	return is->index ? is->carrier ? 2 : 1 : 0;
}

/* For the one that lacks least. */
static void add_uplink_remedy(struct text *t, const struct ways *w)
{
	const struct uplink *best = NULL;
	int far = -1;

	for (unsigned i = 0; i < board.uplink_count; i++) {
		if (how_far(&board.uplinks[i], &w->is[i]) <= far)
			continue;
		best = &board.uplinks[i];
		far = how_far(best, &w->is[i]);
	}
	if (!best)
		text_add(t, "name an interface in UPLINK, and its address in UPLINK_ADDRESS");
	else if (far == 2)
		text_add(t, "`pith why %s` and `pith logs %s` say how DHCP is doing",
			 services[best->dhcp_service].name, services[best->dhcp_service].name);
	else if (far == 1)
		text_add(t, "plug the cable of %s in", best->name);
	else
		text_add(t, "load the driver of %s, or name another interface in UPLINK",
			 best->name);
}

/* Of those that are online: the ones by which one comes to the service, or the others.
 * Returns the first, or NULL. */
static const struct uplink *add_online(struct text *t, const struct reach *r, bool leads)
{
	const struct uplink *first = NULL;

	for (unsigned i = 0; i < board.uplink_count; i++) {
		unsigned families = ways_families(&r->ways, i);

		if (!families || leads != !!(families & families_of(r->owner)))
			continue;
		text_add(t, "%s%s", first ? ", " : "", board.uplinks[i].name);
		first = first ? first : &board.uplinks[i];
	}
	return first;
}

static enum reach_verdict judge_uplink(const struct reach *r, struct text *words,
				       struct text *remedy)
{
	const struct uplink *other;

	if (r->from)
		return REACH_NOTHING;
	if (!ways_online(&r->ways)) {
		ways_add_lacks(words, &r->ways);
		add_uplink_remedy(remedy, &r->ways);
		return REACH_STOPS;
	}
	if (add_online(words, r, true)) {
		text_add(words, " online");
		return REACH_HOLDS;
	}
	other = add_online(words, r, false);
	text_add(remedy, "give %s IPv6 with %s, or %s an IPv4 address", r->owner->name,
		 r->owner->bridge ? "BRIDGES" : "BRIDGE_PREFIX6", other ? other->name : "it");
	text_add(words, " online with IPv6 alone, which %s has not", r->owner->name);
	return REACH_STOPS;
}

/* What goes from or to the board itself is not forwarded. */
static bool needs_forwarding(const struct reach *r)
{
	return !on_board(r->owner) && !(r->from && on_board(r->from_owner));
}

static enum reach_verdict judge_row(const struct reach *r, struct text *words,
				    struct text *remedy)
{
	/* That it is not planned stops it already. */
	if (!reach_add_rule(words, r))
		return REACH_NOTHING;
	if (r->passed < 0) {
		text_add(words, " is not in the firewall, which is that of another table");
		text_add(remedy, "`pith reboot` loads that of this table");
		return REACH_STOPS;
	}
	text_add(words, ": connections so far: %lld", (long long)r->passed);
	if (r->spoofed > 0)
		text_add(words, "; %lld packets of %s were dropped, since they had not its own "
			 "address", (long long)r->spoofed, r->from_owner->name);
	if (r->spoofed <= 0 || r->passed)
		return REACH_HOLDS;
	text_add(remedy, "let %s send from the address that it was given", r->from->name);
	return REACH_STOPS;
}

static enum reach_verdict judge_firewall(const struct reach *r, struct text *words,
					 struct text *remedy)
{
	if (reach_is_within(r))
		return REACH_NOTHING;
	if (r->rules <= 0) {
		text_add(words, "it ");
		rules_add_error(words, r->rules);
		text_add(remedy, "`pith logs pith` says what failed");
		return r->rules < 0 ? REACH_UNKNOWN : REACH_STOPS;
	}
	if (!r->forwards && needs_forwarding(r)) {
		text_add(words, "the kernel forwards nothing: net.ipv4.ip_forward is 0");
		text_add(remedy, "`pith logs pith` says what failed");
		return REACH_STOPS;
	}
	return judge_row(r, words, remedy);
}

/* Whether it will run again without anybody's doing. */
static bool comes_back(unsigned shown)
{
	switch (shown) {
	case STEP_OFF:
	case STEP_DONE:
	case STEP_FINISHED:
	case STEP_GIVEN_UP:
	case STATE_UNKNOWN:
		return false;
	default:
		return true;
	}
}

static enum reach_verdict judge_service(const struct reach *r, struct text *words,
					struct text *remedy)
{
	unsigned shown = state_shown(&r->is);
	bool runs = r->is.phase == PHASE_RUN && shown != STATE_FROZEN;

	text_add(words, "%s is %s: %s", r->to->name, state_shown_name(shown), r->why);
	if (runs)
		return REACH_HOLDS;
	if (r->keeper) {
		text_add(words, "; connections wait in the queue of LISTEN");
		if (comes_back(shown))
			return REACH_HOLDS;
	}
	if (comes_back(shown))
		text_add(remedy, "`pith why %s` says more", r->to->name);
	else
		text_add(remedy, "`pith start %s` starts it", r->to->name);
	return REACH_STOPS;
}

static enum reach_verdict nobody_listens(const struct reach *r, struct text *words,
					 struct text *remedy)
{
	const struct listeners *l = &r->listeners;

	text_add(words, "nothing of %s listens on ", r->to->name);
	ports_add(words, r->inside, r->protocol);
	if (l->strangers)
		text_add(words, ", which another program of the board has");
	for (unsigned i = 0; i < l->other_count; i++) {
		text_add(words, i ? ", " : "; it listens on ");
		ports_add(words, l->other[i].port, l->other[i].protocol);
		if (listeners_reach(l, &l->other[i]) == LISTENERS_LOOPBACK)
			text_add(words, " of loopback");
	}
	if (r->is.step.state == STEP_READYING)
		text_add(words, "; it is not ready yet");
	if (likely_port(r) == r->inside)
		text_add(remedy, "`pith logs %s` shows what it does", r->to->name);
	else
		text_add(remedy, "let it listen on %u, or %s %u in place of it", r->inside,
			 r->from ? "ask for" : "publish", likely_port(r));
	return REACH_STOPS;
}

static enum reach_verdict judge_listener(const struct reach *r, struct text *words,
					 struct text *remedy)
{
	const struct listeners *l = &r->listeners;

	/* Of what is not planned, nobody has to know. */
	if (r->is.phase != PHASE_RUN ||
	    !(r->publish || r->allow || r->open || reach_is_within(r)))
		return REACH_NOTHING;
	if (!r->looked) {
		text_add(words, "its sockets cannot be read");
		return REACH_UNKNOWN;
	}
	if (l->reach == LISTENERS_NONE)
		return nobody_listens(r, words, remedy);
	text_add(words, "it listens on ");
	listeners_add_socket(words, &l->best);
	if (r->keeper)
		text_add(words, ", which PID 1 keeps (LISTEN)");
	else if (l->reach == LISTENERS_PERHAPS)
		text_add(words, ", perhaps for IPv6 alone");
	if (l->reach > LISTENERS_FAMILY || reach_is_within(r))
		return REACH_HOLDS;
	if (l->reach == LISTENERS_LOOPBACK)
		text_add(words, " alone, where only it itself comes");
	else
		text_add(words, " alone, and only IPv%u leads there",
			 l->families == FAMILY_IPV6 ? 6 : 4);
	text_add(remedy, "let it listen on %s[::]",
		 l->families == FAMILY_IPV6 ? "" : "0.0.0.0 or ");
	return REACH_STOPS;
}

const char *reach_step_name(const struct reach *r, enum reach_step step)
{
	static const char names[][9] = {
		[REACH_NETWORK] = "network", [REACH_PLAN] = "publish", [REACH_UPLINK] = "uplink",
		[REACH_FIREWALL] = "firewall", [REACH_SERVICE] = "service",
		[REACH_LISTENER] = "listener",
	};

	return step == REACH_PLAN && r->from ? "allow" : names[step];
}

enum reach_verdict reach_judge(const struct reach *r, enum reach_step step, struct text *words,
			       struct text *remedy)
{
	static enum reach_verdict (*const judges[])(const struct reach *r, struct text *words,
						    struct text *remedy) = {
		[REACH_NETWORK] = judge_network, [REACH_PLAN] = judge_plan,
		[REACH_UPLINK] = judge_uplink, [REACH_FIREWALL] = judge_firewall,
		[REACH_SERVICE] = judge_service, [REACH_LISTENER] = judge_listener,
	};

	return judges[step](r, words, remedy);
}
