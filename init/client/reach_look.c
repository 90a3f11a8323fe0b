/*
 * Gathers what holds of a connection: from PID 1's memory, the firewall's counters and
 * the sockets of the service's network.  Refuses to know what follows from it.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "reach.h"
#include "rules.h"

/* "/proc/", a pid of at most 7 digits. */
#define PROC_PATH_SIZE 16

static void look_at_rules(struct reach *r)
{
	struct rules_row rows[2] = { { .name = "" } };
	struct text rule = TEXT_ON(rows[0].name), spoofed = TEXT_ON(rows[1].name);

	reach_add_rule(&rule, r);
	text_add(&spoofed, "%s>spoofed", r->from ? r->from_owner->name : "");
	r->rules = rules_read(rows, 2);
	r->passed = rows[0].packets;
	r->spoofed = rows[1].packets;
}

static int forwarding(void)
{
	char is[4];

	if (files_read(AT_FDCWD, "/proc/sys/net/ipv4/ip_forward", is, sizeof(is)) < 0)
		return -1;
	return is[0] != '0';
}

/* The network is that of its main process: what listens there is known while it runs.
 * In the board's own network only what the service itself has opened counts. */
static void look_at_listeners(struct reach *r, const struct client *c, uint16_t id)
{
	char path[PROC_PATH_SIZE];
	struct text t = TEXT_ON(path);
	struct state_service after;
	int proc;

	r->listeners = (struct listeners){
		.port = r->inside, .protocol = r->protocol, .families = reach_families(r),
	};
	if (r->owner->net == SERVICE_NET_HOST && !r->keeper) {
		r->listeners.first_uid = r->to->uid_base;
		r->listeners.uid_count = SERVICE_ID_RANGE;
	}
	if (r->is.phase != PHASE_RUN || r->is.pid <= 0)
		return;
	text_add(&t, "/proc/%d", (int)r->is.pid);
	proc = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (proc < 0)
		return;
	r->looked = listeners_read(&r->listeners, proc) == 0;
	close(proc);
	/* Else the pid may be another process's by now. */
	facts_read_state(c, id, &after);
	r->looked = r->looked && after.phase == PHASE_RUN && after.pid == r->is.pid;
}

void reach_look(struct reach *r, const struct client *c)
{
	struct text why = TEXT_ON(r->why);
	uint16_t id = (uint16_t)(r->to - services);

	ways_read(c, &r->ways);
	look_at_rules(r);
	r->forwards = forwarding();
	facts_read_state(c, id, &r->is);
	facts_add_why(&why, c, id);
	look_at_listeners(r, c, id);
}
