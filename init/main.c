/*
 * pith: which of its three roles this process has, and of PID 1 the story of
 * the boot.
 */
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "boot.h"
#include "client/client.h"
#include "config.h"
#include "log.h"
#include "pie.h"
#include "reaper.h"
#include "reexec.h"
#include "shutdown.h"
#include "state.h"
#include "supervise.h"

static void be_pid_1(void)
{
	struct sandbox_site site = { 0 };
	enum state_origin origin = STATE_FRESH;

	boot_self();
	if (IS_ENABLED(CONFIG_REEXEC))
		origin = state_open();
	else
		state_make();
	log_init();
	if (origin == STATE_FRESH)
		boot(&site);	/* nobody can go on with half of one */
	if (IS_ENABLED(CONFIG_REEXEC))
		reexec_guard();
	if (origin != STATE_FRESH)
		boot_again(&site, origin);
	shutdown_finish(supervise(&site, origin));
}

static int refuse(void)
{
	static const char text[] = "pith: this is the board's /init: it is no program for a service\n";

	return write(STDERR_FILENO, text, sizeof(text) - 1) < 0 ? 2 : CLIENT_FAILED;
}

int main(int argc, char **argv, char **envp)
{
	/* Before anything else: no child of ours can be traced or looked into
	 * before it executes its program. */
	prctl(PR_SET_DUMPABLE, 0);
	pie_protect();
	if (INIT_COUNT && argc > 0 && !strcmp(argv[0], REAPER_NAME))
		return reaper_main(argc, argv, envp);
	if (IS_ENABLED(CONFIG_CLIENT) && getpid() != 1)
		return client_main(argc, argv, envp);
	/* A service's script may have "/proc/self/exe" as its interpreter.  All that
	 * runs in a service has no_new_privs, and the board's PID 1 has not. */
	if (getpid() != 1 || prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
		return refuse();
	be_pid_1();
}
