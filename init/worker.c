/*
 * Decides what a child leaves behind of PID 1.  Refuses to know what its work is.
 */
#include "worker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <unistd.h>

#include "paths.h"
#include "procfile.h"
#include "sys.h"

/* What it finds, and how many files a child of its own may have. */
#define FILES_MAX 64

int worker_begin(int report)
{
	const struct rlimit files = { FILES_MAX, FILES_MAX };
	int null = open(PATH_NULL, O_RDWR | O_CLOEXEC), rc = null < 0 ? -errno : 0;
	sigset_t none;

	/* To be killed with what it has started. */
	setpgid(0, 0);
	procfile_write("/proc/self/oom_score_adj", "0");
	/* The numbers below 3 are taken in PID 1. */
	for (int stream = 0; null >= 0 && stream < WORKER_REPORT; stream++)
		dup2(null, stream);
	if (report != WORKER_REPORT)
		dup3(report, WORKER_REPORT, O_CLOEXEC);
	sys_close_range(WORKER_REPORT + 1, ~0u, 0);
	/* It was PID 1's, which never waits. */
	fcntl(WORKER_REPORT, F_SETFL, 0);
	sys_setrlimit(RLIMIT_NOFILE, &files);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	return rc;
}

void worker_tell(const void *word, size_t size)
{
	if (write(WORKER_REPORT, word, size) != (ssize_t)size)
		_exit(1);
}
