/*
 * A PID 1 that comes before pith: it leaves behind all that a careless
 * program would, and then becomes /init.  The board must boot as if it had
 * not been there.
 */
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static void leave_child(unsigned seconds)
{
	if (!fork()) {
		sleep(seconds);
		_exit(7);
	}
}

int main(void)
{
	static char *const argv[] = { "/init", "of", "--another=kind", NULL };
	static char *const envp[] = { "LEFT=behind", "LD_PRELOAD=/nowhere.so", NULL };
	struct rlimit few = { 64, 4096 };
	static const gid_t groups[] = { 27, 44 };
	sigset_t all;

	mkdir("/proc", 0755);
	mount("proc", "/proc", "proc", 0, NULL);
	leave_child(2);
	leave_child(100000);

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	umask(0777);
	setrlimit(RLIMIT_NOFILE, &few);
	setgroups(2, groups);
	setpriority(PRIO_PROCESS, 0, 7);
	prctl(PR_SET_TIMERSLACK, 1000000);
	open("/proc/version", O_RDONLY);
	dprintf(1, "first: becoming /init\n");
	execve(argv[0], argv, envp);
	dprintf(1, "first: no /init\n");
	return 1;
}
