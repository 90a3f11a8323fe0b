/*
 * Decides in which order a child gives everything up, and how long its answer is waited
 * for.  Refuses to know what it computes.
 */
#include "strict.h"

#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "clock.h"
#include "sys.h"

/* Between what it reads from. */
#define ANSWER	1
#define FDS	3

/* "nobody"; no service has it (init/table/ids.c). */
#define OTHER_USER 65534

/* poll(2) takes an int. */
#define POLL_MAX_MS 1000000

/* exit(2), of one thread: exit_group(2), which _exit(3) is, would kill it. */
static _Noreturn void leave(void)
{
	for (;;)
		sys_call1(SYS_exit, 0);
}

/* By way of numbers that none of the three is to have: each may have another's. */
static int keep_fds(const int from[FDS])
{
	int kept[FDS];

	for (int i = 0; i < FDS; i++) {
		kept[i] = from[i] < 0 ? -1 : fcntl(from[i], F_DUPFD, FDS);
		if (from[i] >= 0 && kept[i] < 0)
			return -errno;
	}
	for (int i = 0; i < FDS; i++) {
		if (kept[i] < 0)
			close(i);
		else if (dup2(kept[i], i) < 0)
			return -errno;
	}
	return sys_close_range(FDS, ~0u, 0);
}

static int become_another(void)
{
	int rc;

	if (geteuid())
		return 0;
	rc = sys_setgroups0();
	if (rc == 0)
		rc = sys_setresgid(OTHER_USER);
	if (rc == 0)
		rc = sys_setresuid(OTHER_USER);
	return rc;
}

/* The last step is the one that nothing comes after. */
static int give_up_all(void)
{
	int rc = become_another();

	/* Changing ids took them, but for one who was not root. */
	if (rc == 0)
		rc = sys_capset(0, 0);
	if (rc == 0)
		rc = SYS_INT(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	/* It would read on; a change of ids would undo this. */
	if (rc == 0)
		rc = SYS_INT(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (rc == 0)
		rc = SYS_INT(SYS_seccomp, SECCOMP_SET_MODE_STRICT, 0, NULL);
	return rc;
}

static void say(const void *bytes, size_t len)
{
	const uint8_t *at = bytes;

	while (len) {
		ssize_t n = write(ANSWER, at, len);

		if (n <= 0)
			leave();
		at += n;
		len -= (size_t)n;
	}
}

/* First it says how that went; without the pipe in its place it cannot. */
static _Noreturn void become(const struct strict *s, int answer)
{
	const int from[FDS] = { [STRICT_FIRST] = s->first, [ANSWER] = answer, [STRICT_SECOND] = s->second };
	int rc;

	if (keep_fds(from) < 0)
		leave();
	rc = give_up_all();
	say(&rc, sizeof(rc));
	if (rc == 0) {
		s->work(s->what);
		say(s->answer, s->size);
	}
	leave();
}

static int take(int fd, void *to, size_t size, uint64_t until_ms)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	uint8_t *at = to;

	while (size) {
		uint64_t now_ms = clock_now_ms();
		uint64_t left_ms = until_ms > now_ms ? until_ms - now_ms : 0;
		int ready = poll(&wait, 1, left_ms < POLL_MAX_MS ? (int)left_ms : POLL_MAX_MS);
		ssize_t n;

		if (ready < 0 && errno != EINTR)
			return -errno;
		if (ready == 0 && left_ms <= POLL_MAX_MS)
			return -ETIMEDOUT;
		if (ready <= 0)
			continue;
		n = read(fd, at, size);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n == 0)
			return -EPIPE;
		if (n > 0) {
			at += n;
			size -= (size_t)n;
		}
	}
	return 0;
}

/* One that hangs in a disk does not die before the disk answers: it is not waited for. */
static void end(pid_t pid, bool hangs)
{
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, hangs ? WNOHANG : 0) < 0 && errno == EINTR)
		;
}

int strict_run(const struct strict *s)
{
	uint64_t until_ms = clock_now_ms() + s->limit_ms;
	int answer[2], began = 0, rc;
	pid_t pid;

	if (pipe2(answer, O_CLOEXEC) < 0)
		return -errno;
	pid = sys_fork();
	if (pid == 0)
		become(s, answer[1]);
	close(answer[1]);
	rc = pid < 0 ? pid : take(answer[0], &began, sizeof(began), until_ms);
	if (rc == 0)
		rc = began;
	if (rc == 0)
		rc = take(answer[0], s->answer, s->size, until_ms);
	close(answer[0]);
	if (pid > 0)
		end(pid, rc == -ETIMEDOUT);
	return rc;
}
