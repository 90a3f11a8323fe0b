/*
 * Decides when signals are listened to.  Refuses to know what follows from the end
 * of a child, and how the system ends.
 */
#include "hearing.h"

#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "ending.h"
#include "signals.h"
#include "watch.h"

/* So many are taken by a read; one that takes fewer has taken all. */
#define SIGNALS_A_READ 4

static int fd = -1;
static bool spoke;
static uint64_t due_ms;		/* end of the pause */
static uint64_t orphan_ms;	/* when the last one was met */

int hearing_open(int epoll_fd)
{
	fd = signals_open();
	return fd < 0 ? fd : watch_add(epoll_fd, fd, SOURCE_SIGNAL, 0, EPOLLIN);
}

void hearing_spoke(void)
{
	spoke = true;
}

bool hearing_take(struct supervisor *sup)
{
	static struct signalfd_siginfo info[SIGNALS_A_READ];
	bool ended = false;
	ssize_t len = spoke ? sizeof(info) : 0;

	spoke = false;
	while (len == sizeof(info)) {
		len = read(fd, info, sizeof(info));
		for (size_t i = 0; len > 0 && i < (size_t)len / sizeof(info[0]); i++) {
			enum ending_wish wish = ending_asked_by(info[i].ssi_signo);

			ended |= info[i].ssi_signo == SIGCHLD;
			if (wish)
				sup->ending = (int)wish;
		}
	}
	return ended;
}

void hearing_met_orphan(int epoll_fd, uint64_t now_ms)
{
	bool again = orphan_ms && now_ms - orphan_ms < HEARING_PAUSE_MS;

	orphan_ms = now_ms;
	if (again && !due_ms && watch_change(epoll_fd, fd, SOURCE_SIGNAL, 0, 0) == 0)
		due_ms = now_ms + HEARING_PAUSE_MS;
}

uint64_t hearing_deadline(void)
{
	return due_ms;
}

/* What has come meanwhile is told by the next look at the set. */
void hearing_resume(int epoll_fd)
{
	if (due_ms && watch_change(epoll_fd, fd, SOURCE_SIGNAL, 0, EPOLLIN) == 0)
		due_ms = orphan_ms = 0;
}
