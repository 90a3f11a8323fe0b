/*
 * pith, PID 1: the story of the boot.
 */
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "boot.h"
#include "shutdown.h"
#include "supervise.h"
#include "version.h"

static int say(int fd, const char *text)
{
	return write(fd, text, strlen(text)) < 0;
}

/* Called by a person and not by the kernel. */
static int explain_itself(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "--version"))
		return say(STDOUT_FILENO, "pith " PITH_VERSION "\n");
	if (argc > 1 && !strcmp(argv[1], "--help"))
		return say(STDOUT_FILENO, "pith: PID 1 and the container runtime of this board.\n"
			   "It runs as /init of an initramfs; its services are compiled in.\n"
			   "  --version   say which one this is\n");
	say(STDERR_FILENO, "pith: this is /init: the kernel starts it as PID 1; see --help\n");
	return 2;
}

int main(int argc, char **argv)
{
	struct sandbox_site site = { 0 };

	/* Before anything else: no child of ours can be traced or looked into
	 * before it executes its program. */
	prctl(PR_SET_DUMPABLE, 0);
	if (getpid() != 1)
		return explain_itself(argc, argv);
	boot(&site);
	shutdown_finish(supervise(&site));
}
