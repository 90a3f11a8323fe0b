/*
 * Packs a source and a service's place into what epoll hands back.
 */
#include "watch.h"

#include <errno.h>
#include <stddef.h>
#include <sys/epoll.h>

#include "fds.h"

static int control(int epoll_fd, int how, int fd, enum source source, uint16_t id,
		   uint32_t epoll_events)
{
	struct epoll_event e = {
		.events = epoll_events,
		.data.u64 = (uint64_t)source << 16 | id,
	};

	return epoll_ctl(epoll_fd, how, fd, &e) < 0 ? -errno : 0;
}

int watch_add(int epoll_fd, int fd, enum source source, uint16_t id, uint32_t epoll_events)
{
	return control(epoll_fd, EPOLL_CTL_ADD, fd, source, id, epoll_events);
}

int watch_change(int epoll_fd, int fd, enum source source, uint16_t id, uint32_t epoll_events)
{
	return control(epoll_fd, EPOLL_CTL_MOD, fd, source, id, epoll_events);
}

void watch_drop(int epoll_fd, int *fd)
{
	if (*fd)
		epoll_ctl(epoll_fd, EPOLL_CTL_DEL, *fd, NULL);
	fds_drop(fd);
}
