/* Where things are in a guest of an init system. */
#ifndef BENCH_BOOT_PATHS_H
#define BENCH_BOOT_PATHS_H

#define BOOT_FOLDER "/bench"
#define BOOT_MAINS BOOT_FOLDER "/mains"		/* a line "main NS" of each start */
#define BOOT_ERRORS BOOT_FOLDER "/errors"	/* what a runtime said */
#define BOOT_PROC BOOT_FOLDER "/proc"		/* the reporter's own */
#define BOOT_RANDOM BOOT_FOLDER "/random"

/* The name (comm) of a service's program */
#define BOOT_PAYLOAD "payload"

#endif
