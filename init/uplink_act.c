/*
 * Sets one uplink up, gives it its leases and takes them back.  Refuses to know which
 * messages do it (uplink_plan.c), what is worth a line (uplink_tell.c), and what it
 * all means to the services (uplinks.c).
 */
#include "uplink_act.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "console.h"
#include "netsetup/link.h"
#include "netsetup/nlsock.h"
#include "network_settings.h"
#include "procfile.h"
#include "sys.h"
#include "uplink_tell.h"

/* "/proc/sys/net/ipv4/conf/", a name, '/', and the longest of the keys. */
#define SYSCTL_SIZE 80

/* An error with the kernel's words, or a lease in words. */
#define WORDS_SIZE (NLSOCK_TEXT_SIZE + 128)

static struct state_uplink is[UPLINKS_MAX];
static struct uplink_told told[UPLINKS_MAX];
static bool is_set_up[UPLINKS_MAX];	/* by this PID 1, and not switched off since */

const struct state_uplink *uplink_states(void)
{
	return is;
}

/* --- Its interface -------------------------------------------------------------------- */

static void send_said(struct supervisor *sup, unsigned i, const struct nlmsg *m,
		      const char *doing, uint64_t now_ms)
{
	char words[WORDS_SIZE];
	struct text t = TEXT_ON(words);
	struct nlsock_error err;
	int rc = nlsock_send(sup->site.route_fd, m, &err);

	if (rc == 0)
		return;
	text_add(&t, "%s: %s%s%s", doing, strerror(-rc), err.text[0] ? ": " : "", err.text);
	uplink_say(&told[i], &board.uplinks[i], words, now_ms);
}

static void set(unsigned i, const char *key, const char *value)
{
	char path[SYSCTL_SIZE];
	struct text t = TEXT_ON(path);
	int rc;

	text_add(&t, "/proc/sys/net/%.*s/conf/%s/%s", 4, key, board.uplinks[i].name, key + 5);
	rc = procfile_write(path, value);
	/* A kernel without IPv6 has none of its. */
	if (rc < 0 && (rc != -ENOENT || key[3] == '4'))
		console_say("network: %s: %s", path, strerror(-rc));
}

/* Before it is up.  Without promoted addresses, a lease's last one would take the next
 * one of the same subnet along; without the second and third row, the kernel would go
 * on to send by a link that has no carrier; and nothing that a router announces is
 * heard. */
static void set_sysctls(unsigned i)
{
	static const char *const rows[][2] = {
		{ "ipv4/promote_secondaries", "1" },
		{ "ipv4/ignore_routes_with_linkdown", "1" },
		{ "ipv6/ignore_routes_with_linkdown", "1" },
		{ "ipv6/accept_ra", "0" },
		{ "ipv6/accept_redirects", "0" },
		{ "ipv6/addr_gen_mode", "1" },
	};

	for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++)
		set(i, rows[k][0], rows[k][1]);
	set(i, "ipv6/disable_ipv6", board.uplinks[i].ipv6 ? "0" : "1");
	network_forward_from(board.uplinks[i].name);
}

static void set_up(struct supervisor *sup, unsigned i, uint64_t now_ms)
{
	uint8_t bytes[UPLINK_MESSAGE_SIZE];
	struct nlmsg m;

	set_sysctls(i);
	nlmsg_init(&m, bytes, sizeof(bytes));
	uplink_put_own(&m, &board.uplinks[i], is[i].index);
	if (is[i].lease.address)
		uplink_put_lease(&m, &board.uplinks[i], is[i].index, &is[i].lease);
	send_said(sup, i, &m, "setting it up", now_ms);
	is_set_up[i] = true;
}

/* Another network may be behind it now.  A service that has no handler yet is about
 * to ask anyway, and does not get it: it is PID 1 of its namespace. */
static void tell_of_carrier(unsigned i)
{
	const struct run *r;

	if (!board.uplinks[i].dhcp)
		return;
	r = run_of(board.uplinks[i].dhcp_service);
	if (r->is.phase == PHASE_RUN)
		sys_pidfd_send_signal(r->child.pidfd, SIGUSR1);
}

/* It has sockets on an interface that is gone, or fails for want of it. */
static void replace_service(struct supervisor *sup, unsigned i)
{
	const struct step_service *step;

	if (!board.uplinks[i].dhcp)
		return;
	step = &sup->order.slot[board.uplinks[i].dhcp_service].step;
	if (step_has_process(step) || step->state == STEP_BACKOFF)
		run_event(sup, board.uplinks[i].dhcp_service, STEP_RESTART);
}

/* Held as long as there is no interface. */
static void hold_service(struct supervisor *sup, unsigned i, uint64_t now_ms)
{
	if (!board.uplinks[i].dhcp)
		return;
	if (is[i].index)
		order_release(&sup->order, board.uplinks[i].dhcp_service, now_ms);
	else
		order_hold(&sup->order, board.uplinks[i].dhcp_service);
}

void uplink_take_up(struct supervisor *sup, unsigned i, const struct state_uplink *was)
{
	is[i] = *was;
	told[i] = (struct uplink_told){ 0 };
	is_set_up[i] = false;
	/* It may be of another table, with other bridges. */
	if (!board.uplinks[i].dhcp || !lease_is_sound(&is[i].lease, sizeof(is[i].lease), &board))
		is[i].lease = (struct lease){ 0 };
	if (!is[i].name[0])
		memcpy(is[i].name, board.uplinks[i].name, strlen(board.uplinks[i].name));
	else
		uplink_tell_nothing(&told[i], &is[i]);
	if (!is[i].index)
		hold_service(sup, i, 0);
}

bool uplink_note(struct supervisor *sup, unsigned i, const struct uplink_seen *seen,
		 uint64_t now_ms)
{
	unsigned changes = uplink_changes(&is[i], is_set_up[i], seen);
	bool was_there = is[i].index;

	is[i].index = seen->index;
	is[i].carrier = seen->carrier;
	is_set_up[i] = is_set_up[i] && seen->up && !seen->fell;
	if (was_there != !!seen->index)
		hold_service(sup, i, now_ms);
	if (changes & UPLINK_GONE) {
		is[i].lease = (struct lease){ 0 };
		replace_service(sup, i);
	}
	if (changes & UPLINK_SET_UP)
		set_up(sup, i, now_ms);
	if (changes & UPLINK_CAME)
		tell_of_carrier(i);
	uplink_tell(&told[i], &board.uplinks[i], &is[i], now_ms);
	return changes & UPLINK_SET_UP;
}

/* Each by itself: the kernel goes on after one that fails, and tells of it alone. */
void uplink_make_vlans(struct supervisor *sup, unsigned i, uint64_t now_ms)
{
	uint8_t bytes[UPLINK_MESSAGE_SIZE];
	struct nlmsg m;

	for (unsigned k = 0; k < board.uplink_count; k++) {
		const struct uplink *vlan = &board.uplinks[k];

		if (is[k].index || !vlan->parent || strcmp(vlan->parent, board.uplinks[i].name))
			continue;
		nlmsg_init(&m, bytes, sizeof(bytes));
		link_put_vlan(&m, vlan->name, is[i].index, vlan->vlan);
		send_said(sup, k, &m, "making the VLAN", now_ms);
	}
}

/* --- Its lease ----------------------------------------------------------------------- */

static void say_lease(unsigned i, uint64_t now_ms)
{
	const struct lease *lease = &is[i].lease;
	char words[WORDS_SIZE];
	struct text t = TEXT_ON(words);

	text_add_ipv4(&t, lease->address);
	text_add(&t, "/%u from DHCP, ", lease->prefix);
	if (lease->gateway) {
		text_add(&t, "gateway ");
		text_add_ipv4(&t, lease->gateway);
	} else {
		text_add(&t, "no gateway");
	}
	text_add(&t, ", for ");
	if (lease->seconds == LEASE_FOR_EVER)
		text_add(&t, "ever");
	else
		text_add_duration(&t, (uint64_t)lease->seconds * 1000);
	uplink_say(&told[i], &board.uplinks[i], words, now_ms);
}

/* The new address is there before the old one goes: what talks through the gateway
 * goes on, and a bind to an address of the board never fails in between. */
static void take_lease(struct supervisor *sup, unsigned i, const struct lease *next,
		       uint64_t now_ms)
{
	const struct lease last = is[i].lease;
	uint8_t bytes[UPLINK_MESSAGE_SIZE];
	struct nlmsg m;

	is[i].lease = *next;
	is[i].lease_ends_ms = next->seconds == LEASE_FOR_EVER ? UINT64_MAX :
			      now_ms + (uint64_t)next->seconds * 1000;
	nlmsg_init(&m, bytes, sizeof(bytes));
	uplink_put_lease(&m, &board.uplinks[i], is[i].index, next);
	if (last.address)
		uplink_put_lease_end(&m, &board.uplinks[i], is[i].index, &last, next);
	if (is[i].index)
		send_said(sup, i, &m, "setting its lease", now_ms);
	if (!uplink_same_address(&last, next))
		say_lease(i, now_ms);
}

static void end_lease(struct supervisor *sup, unsigned i, const char *why, uint64_t now_ms)
{
	const struct lease last = is[i].lease;
	uint8_t bytes[UPLINK_MESSAGE_SIZE];
	struct nlmsg m;

	if (!last.address)
		return;
	is[i].lease = (struct lease){ 0 };
	is[i].lease_ends_ms = 0;
	nlmsg_init(&m, bytes, sizeof(bytes));
	uplink_put_lease_end(&m, &board.uplinks[i], is[i].index, &last, NULL);
	if (is[i].index)
		send_said(sup, i, &m, "removing its address", now_ms);
	uplink_say(&told[i], &board.uplinks[i], why, now_ms);
}

void uplink_hear(struct supervisor *sup, unsigned i, const void *bytes, size_t len,
		 uint64_t now_ms)
{
	struct lease lease;

	if (lease_is_end(bytes, len)) {
		end_lease(sup, i, "the server has taken its address back", now_ms);
	} else if (lease_is_sound(bytes, len, &board)) {
		memcpy(&lease, bytes, sizeof(lease));
		take_lease(sup, i, &lease, now_ms);
	} else {
		uplink_say(&told[i], &board.uplinks[i],
			   "what DHCP gives it is no lease for this board", now_ms);
	}
}

/* --- Time -------------------------------------------------------------------------------- */

static bool has_ended(unsigned i, uint64_t now_ms)
{
	return is[i].lease.address && is[i].lease_ends_ms <= now_ms;
}

bool uplink_tick(struct supervisor *sup, unsigned i, uint64_t now_ms)
{
	bool ends = has_ended(i, now_ms);

	if (ends)
		end_lease(sup, i, "its lease has ended", now_ms);
	if (told[i].due_ms && told[i].due_ms <= now_ms)
		uplink_tell(&told[i], &board.uplinks[i], &is[i], now_ms);
	return ends;
}

uint64_t uplink_deadline(unsigned i)
{
	uint64_t due_ms = told[i].due_ms;

	if (is[i].lease.address && is[i].lease_ends_ms != UINT64_MAX &&
	    (!due_ms || is[i].lease_ends_ms < due_ms))
		due_ms = is[i].lease_ends_ms;
	return due_ms;
}
