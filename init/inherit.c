/*
 * Decides, row by row, what of another table's state is taken over.  Refuses
 * to know what becomes of it (resume.c).
 */
#include "inherit.h"

#include <string.h>

#include "cgroup/cgroup.h"
#include "console.h"
#include "inherit_fds.h"
#include "paths.h"
#include "state_copy.h"
#include "sys.h"

/* A killed process is gone within milliseconds, unless it hangs in the kernel. */
#define BURIAL_MS 10000
#define BURIAL_STEP_MS 20

/* The header's checksum holds; its numbers are still not believed blindly. */
static bool is_sound(const struct old *old, size_t size)
{
	const struct state_header *h = old->header;

	return state_header_is_sound(h, size) && h->slot_count <= UINT16_MAX &&
	       h->slots_at <= size && h->arena_at <= size &&
	       (size - h->slots_at) / h->slot_size >= h->slot_count &&
	       size - h->arena_at >= h->arena_size;
}

/* Names are sorted in every table. */
static const struct state_slot *find(const struct old *old, const char *name, unsigned *id)
{
	unsigned low = 0, high = old->header->slot_count;

	while (low < high) {
		unsigned middle = (low + high) / 2;
		int order = strncmp(old_slot(old, middle)->name, name, SERVICE_NAME_SIZE);

		if (!order) {
			*id = middle;
			return old_slot(old, middle);
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* ring is the new table's: empty, with its place in the arena. */
static void take_log(struct state *to, struct state_log *log, const struct old *old,
		     const struct state_log *from)
{
	const uint8_t *arena = old->bytes + old->header->arena_at;
	struct logring ring = log->ring;

	if (from->ring.size != ring.size ||
	    !logring_is_sound(&from->ring, arena, old->header->arena_size))
		return;
	*log = *from;
	log->ring.offset = ring.offset;
	memcpy(to->arena + ring.offset, arena + from->ring.offset, ring.size);
}

static void place_ring(struct logring *ring, uint32_t offset, uint32_t size)
{
	ring->offset = offset;
	ring->size = size;
}

/* What runs is killed; what is wanted is then started with its new row. */
static void renew(struct state_service *is)
{
	bool runs = step_has_process(&is->step) || is->step.state == STEP_CLEANING;

	/* It was to come back; this table may know nothing of that. */
	is->step.wanted |= is->shed == SHED_STOPPED;
	is->shed = SHED_NOT;
	if (step_has_process(&is->step) && is->reason == END_BY_ITSELF)
		is->reason = END_REPLACED;
	is->step.state = runs ? STEP_CLEANING : is->step.wanted ? STEP_WAITING : STEP_OFF;
	is->step.again = runs && is->step.wanted;
	is->step.deadline_ms = 0;
	is->phase = PHASE_NONE;
	is->complete = false;
	is->stale = true;
}

static void take_row(struct state *to, uint16_t id, const struct old *old,
		     const struct state_slot *from)
{
	struct state_slot *slot = &to->slot[id];
	struct state_service is = { 0 };
	bool same = from->fingerprint == slot->fingerprint;

	if (!state_read_service(from, &is)) {
		same = false;
		is.step.state = STEP_CLEANING;
		is.step.wanted = true;
	}
	if (!same)
		renew(&is);
	memcpy(slot->exits, from->exits, sizeof(slot->exits));
	memcpy(slot->text, from->text, sizeof(slot->text));
	take_log(to, &slot->log, old, &from->log);
	state_copy_put(slot->copy, sizeof(slot->copy[0]), &is, sizeof(is));
}

/* In a child, since it waits. */
static void bury(const char *old_name, int cgroup, int events)
{
	char name[SERVICE_NAME_SIZE];	/* a child does not get the state's memory */
	int parent;

	memcpy(name, old_name, sizeof(name));
	console_say_of(name, "is not in this table any more%s",
		       cgroup_populated(events) == 1 ? ": killed" : "");
	cgroup_kill(cgroup);
	if (sys_fork() != 0)
		return;
	/* Nothing else of PID 1's is held for as long as this takes. */
	dup2(events, 0);
	sys_close_range(1, ~0u, 0);
	events = 0;
	for (int waited = 0; waited < BURIAL_MS && cgroup_populated(events) == 1;
	     waited += BURIAL_STEP_MS)
		usleep(BURIAL_STEP_MS * 1000);
	parent = open(PATH_SERVICES_CGROUP, O_PATH | O_DIRECTORY | O_CLOEXEC);
	_exit(parent < 0 || cgroup_remove(parent, name) < 0);
}

/* What stands before the slots is the same in every table. */
static void take_board(struct state *to, const struct old *old)
{
	const struct state *from = (const void *)old->bytes;

	to->crash = from->crash;
	to->takeovers = from->takeovers;
	to->hurried = from->hurried;
	to->network_closed = from->network_closed;
	to->network_kept = from->header.network_fingerprint == to->header.network_fingerprint;
	memcpy(to->board, from->board, sizeof(to->board));
	place_ring(&to->log.ring, board.log_offset, board.log_bytes);
	take_log(to, &to->log, old, &from->log);
}

/* What is left aside with a cgroup, no row of this table has taken. */
static void bury_the_rest(const struct aside *aside, const struct old *old)
{
	for (unsigned id = 0; id < old->header->slot_count; id++) {
		int cgroup = aside_of(aside, id, FD_CGROUP);

		if (fds_find(cgroup))
			bury(old_slot(old, id)->name, cgroup, aside_of(aside, id, FD_EVENTS));
	}
}

/* Nothing of it can be named, so all of it goes. */
static void end_all(void)
{
	int dir = open(PATH_SERVICES_CGROUP, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (dir >= 0) {
		cgroup_kill(dir);
		close(dir);
	}
	sys_close_range((unsigned)fds_number(0, 0), ~0u, 0);
	console_say("what the last PID 1 left cannot be read: its services are killed and "
		    "started anew");
}

bool inherit(struct state *to, const void *bytes, size_t size)
{
	const struct old old = { bytes, bytes };
	unsigned count = SERVICE_COUNT, old_id;
	struct aside aside;

	if (!bytes || !is_sound(&old, size)) {
		end_all();
		return false;
	}
	take_board(to, &old);
	aside = aside_make(&old);
	for (unsigned id = 0; id < count; id++) {
		const struct state_slot *from = find(&old, services[id].name, &old_id);

		place_ring(&to->slot[id].log.ring, services[id].log_offset,
			   services[id].log_bytes);
		if (!from)
			continue;
		take_row(to, (uint16_t)id, &old, from);
		aside_take(&aside, &old, old_id, (uint16_t)id,
			   from->fingerprint == to->slot[id].fingerprint);
	}
	bury_the_rest(&aside, &old);
	aside_close(&aside, &old);
	return true;
}
