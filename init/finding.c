/*
 * Looks for one record in the kernel's log, in a child: to read what is there
 * takes as long as it takes, and what is not there yet has to be awaited.
 * Refuses to know what a record says (finding_parse.c).
 */
#include "finding.h"

#include <poll.h>
#include <time.h>

#include "clock.h"
#include "paths.h"
#include "procfile.h"
#include "sys.h"

/* The kernel's thread prints it as soon as it runs.  Of a kill there is one. */
#define AWAIT_KILL_MS 1000
#define AWAIT_REFUSAL_MS 200

/* A line of the kernel's is at most 1024 bytes long, and only a backslash in the
 * program's path becomes more than one.  Longer records are passed over. */
#define RECORD_SIZE 2048

/* The child's only other file. */
#define RESULT_FD 0

static int64_t real_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The last one that is there already, or else the first that comes. */
static bool search(int kmsg, const struct finding_wish *wish, struct finding *found)
{
	int64_t begun = real_ms();
	uint64_t now, until = clock_now_ms() +
			      (wish->killed ? AWAIT_KILL_MS : AWAIT_REFUSAL_MS);
	struct pollfd more = { .fd = kmsg, .events = POLLIN };
	char record[RECORD_SIZE];
	struct finding one;
	bool any = false;

	while ((now = clock_now_ms()) < until) {
		ssize_t n = read(kmsg, record, sizeof(record));

		if (n > 0 && finding_parse(record, (size_t)n, &one) &&
		    finding_is_wanted(&one, wish, begun)) {
			*found = one;
			any = true;
		}
		if (n >= 0 || errno == EPIPE || errno == EINVAL)
			continue;	/* the next one: overwritten meanwhile, too long */
		if (errno != EAGAIN || any)
			break;
		poll(&more, 1, (int)(until - now));
	}
	return any;
}

static _Noreturn void become_searcher(int result, const struct finding_wish *wish)
{
	struct finding found;
	int kmsg;

	/* What PID 1 has for itself alone is put back, as for any child. */
	procfile_write("/proc/self/oom_score_adj", "0");
	dup2(result, RESULT_FD);
	sys_close_range(RESULT_FD + 1, ~0u, 0);
	kmsg = open(PATH_KMSG, O_RDONLY | O_NONBLOCK);
	if (kmsg >= 0 && search(kmsg, wish, &found) &&
	    write(RESULT_FD, &found, sizeof(found)) == sizeof(found))
		_exit(0);
	_exit(1);
}

int finding_begin(const struct finding_wish *wish)
{
	int ends[2];
	pid_t child;

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
		return -errno;
	child = sys_fork();
	if (child == 0)
		become_searcher(ends[1], wish);
	close(ends[1]);
	if (child < 0) {
		close(ends[0]);
		return child;
	}
	return ends[0];
}
