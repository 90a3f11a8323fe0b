/*
 * Moves the fds of another table's services to the numbers that they have in this
 * one.  Refuses to know what is said of those services in the old state.
 */
#include "inherit_fds.h"

#include "listen.h"
#include "notify.h"
#include "sys.h"

static unsigned count_sockets(const struct old *old)
{
	unsigned count = 0;

	for (unsigned id = 0; id < old->header->slot_count; id++) {
		const struct state_slot *slot = old_slot(old, id);
		unsigned end = (unsigned)slot->listen_first + slot->listen_count;

		if (slot->listen_count && end > count)
			count = end;
	}
	return count;
}

/* All of them in one piece: the sockets come behind the last service's (fds.h). */
struct aside aside_make(const struct old *old)
{
	/* An array has at least one slot, as SERVICE_SLOTS has it. */
	unsigned slots = old->header->slot_count ? old->header->slot_count : 1;
	int from = fds_number(0, 0), sockets = (int)slots * FD_KIND_COUNT;
	int count = sockets + (int)count_sockets(old), to = from + count;

	if (to < fds_number_of_listen(LISTEN_COUNT))
		to = fds_number_of_listen(LISTEN_COUNT);
	for (int i = 0; i < count; i++)
		if (fds_find(from + i))
			dup2(from + i, to + i);
	sys_close_range((unsigned)from, (unsigned)to - 1, 0);
	return (struct aside){ .services = to, .sockets = to + sockets };
}

static int socket_of(const struct aside *aside, const struct state_slot *slot, unsigned i)
{
	return aside->sockets + slot->listen_first + (int)i;
}

/* The old one that is bound where the i-th of the new row shall be, or 0. */
static int find_bound(const struct aside *aside, const struct state_slot *slot,
		      const struct service *s, unsigned i)
{
	const char *path = listen_source(s, i);

	for (unsigned j = 0; path && j < slot->listen_count; j++) {
		int fd = fds_find(socket_of(aside, slot, j));

		if (fd && listen_is_bound_at(fd, path))
			return fd;
	}
	return 0;
}

static void take_sockets(const struct aside *aside, const struct state_slot *slot,
			 const struct service *s, bool same)
{
	for (unsigned i = 0; i < s->listen_count; i++) {
		int fd = same ? fds_find(socket_of(aside, slot, i)) :
				find_bound(aside, slot, s, i);

		if (fd)
			fds_keep(fd, listen_number(s, i));
	}
}

void aside_take(const struct aside *aside, const struct old *old, unsigned old_id, uint16_t id,
		bool same)
{
	for (int kind = 0; kind < FD_KIND_COUNT; kind++) {
		int fd = fds_find(aside_of(aside, old_id, kind));

		/* Mounts are made as this binary makes them, which may be newer. */
		if (fd && kind != FD_VIEW && (same || kind == FD_CGROUP || kind == FD_EVENTS))
			fds_keep(fd, fds_number(id, kind));
	}
	if (listen_has(&services[id]))
		take_sockets(aside, old_slot(old, old_id), &services[id], same);
}

/* What waits in a socket must not be dropped in our own time (dispose.h). */
void aside_close(const struct aside *aside, const struct old *old)
{
	for (unsigned id = 0; id < old->header->slot_count; id++) {
		const struct state_slot *slot = old_slot(old, id);

		if (fds_find(aside_of(aside, id, FD_NOTIFY)))
			notify_close(aside_of(aside, id, FD_NOTIFY));
		for (unsigned i = 0; i < slot->listen_count; i++)
			if (fds_find(socket_of(aside, slot, i)))
				listen_close(socket_of(aside, slot, i));
	}
	sys_close_range((unsigned)aside->services, ~0u, 0);
}
