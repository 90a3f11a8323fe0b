/*
 * The epoll set: which fd speaks of what.
 */
#ifndef PITH_WATCH_H
#define PITH_WATCH_H

#include <stdint.h>

/* What an fd in the set speaks of. */
enum source {
	SOURCE_SIGNAL,
	SOURCE_CONSOLE,
	SOURCE_STATUS,
	SOURCE_LOG,
	SOURCE_CGROUP,
	SOURCE_NOTIFY,
	SOURCE_LISTEN,		/* the control socket */
	SOURCE_CLIENT,		/* a connection of it; id is its place */
	SOURCE_FINDING,		/* id is its place in found.c */
	SOURCE_STORAGE,		/* storage's child reports */
	SOURCE_UEVENT,		/* a device has come or gone */
	SOURCE_IMAGES,		/* the images' child reports */
	SOURCE_VERITY,		/* dm-verity has refused a block */
	SOURCE_PRESSURE,	/* memory is short */
	SOURCE_LINK,		/* an interface has changed */
};

/* Adds an fd; epoll_events are those of epoll_ctl(2).  0 or -errno. */
int watch_add(int epoll_fd, int fd, enum source source, uint16_t id, uint32_t epoll_events);

/* The same for one that is in the set; with epoll_events 0 it stays there, and
 * says nothing. */
int watch_change(int epoll_fd, int fd, enum source source, uint16_t id, uint32_t epoll_events);

/* Closes an fd of the set, if there is one, and sets it to 0.  A child that is on
 * its way to its exec still holds a copy: so closing alone would leave it in. */
void watch_drop(int epoll_fd, int *fd);

/* What an event of the set speaks of, from its data. */
static inline enum source watch_source(uint64_t data)
{
	return (enum source)(data >> 16);
}

static inline uint16_t watch_id(uint64_t data)
{
	return (uint16_t)data;
}

#endif
