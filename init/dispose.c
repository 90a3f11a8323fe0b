/*
 * Decides in whose time the last close of a file happens.  Refuses to know
 * where the file is from.
 */
#include "dispose.h"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

#include "sys.h"

/* The child ends by itself only if PID 1 could not kill it. */
#define CHILD_LASTS_MS 1000

/* Of so many the end is known for one of theirs: more than a turn of the loop makes
 * but in a flood of files. */
#define CHILDREN_MAX 8

static pid_t children[CHILDREN_MAX];
static unsigned next;

static void dont_linger(int fd)
{
	struct linger off = { 0 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &off, sizeof(off));
}

void dispose_fds(const int *fds, unsigned count)
{
	pid_t pid = sys_fork();

	if (pid == 0) {
		poll(NULL, 0, CHILD_LASTS_MS);
		_exit(0);
	}
	for (unsigned i = 0; i < count; i++) {
		if (pid < 0)
			dont_linger(fds[i]);
		close(fds[i]);
	}
	/* It has not been reaped, so the pid is its own.  What ends does not
	 * wait for its sockets. */
	if (pid > 0) {
		kill(pid, SIGKILL);
		children[next++ % CHILDREN_MAX] = pid;
	}
}

bool dispose_reaped(pid_t pid)
{
	for (unsigned i = 0; i < CHILDREN_MAX; i++)
		if (children[i] == pid) {
			children[i] = 0;
			return true;
		}
	return false;
}
