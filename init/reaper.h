/*
 * INIT: a process of ours that is PID 1 inside a service.  The program is its
 * child.  It hands every signal on, reaps whatever is orphaned to it, and ends
 * with the program's exit status, or with 128 plus the signal that ended it.
 *
 * It runs in a process of its own that executed /init by its argv[0], with the
 * service's confinement already in force: REAPER_NAME, then the service's name.
 */
#ifndef PITH_REAPER_H
#define PITH_REAPER_H

#include "listen.h"

#define REAPER_NAME "pith-reaper"

/* Where the start's report goes (stage.h), behind the sockets of LISTEN, until the
 * program is executed; the recipe leaves it open there.  STAGE_CLONE: there was no
 * process for the program; STAGE_EXEC with 0 is its last word, as that of any start. */
static inline int reaper_report_fd(unsigned listens)
{
	return LISTEN_FDS_START + (int)listens;
}

/* main() of the reaper.  Does not return but by the program's end. */
int reaper_main(int argc, char **argv, char **envp);

/* The same for a program: argv[0] is its path, and it gets so many sockets. */
_Noreturn void reaper_run(const char *const *argv, const char *const *envp, unsigned listens);

#endif
