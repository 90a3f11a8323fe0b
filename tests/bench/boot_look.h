/*
 * What /proc tells of processes to somebody who measures them.
 *
 * Its folder is one of our own (look_open), so it does not matter what the
 * init system under test mounts or hides.  Times are in ns, memory is in
 * bytes; what cannot be read counts as 0.
 */
#ifndef BENCH_BOOT_LOOK_H
#define BENCH_BOOT_LOOK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define LOOK_PIDS_MAX 256

struct look_use {
	uint64_t cpu_ns;
	uint64_t switches;	/* times that it was put onto a CPU and off again */
};

struct look_memory {
	uint64_t rss, anonymous, shmem;
};

/* Mounts a /proc for this process alone, at folder.  0 or -errno. */
int look_open(const char *folder);

/* To the root of the control groups, which has no limits: who was there before an init
 * system may have been put into a group of its own.  Covers folder.  0 or -errno. */
int look_leave_group(const char *folder);

/* All processes with the name (comm) or, if not wanted, all others that have memory of
 * their own, but for ours.  Sorted; how many. */
int look_pids(const char *name, bool wanted, pid_t pids[static LOOK_PIDS_MAX]);

struct look_use look_use(pid_t pid);
struct look_memory look_memory(pid_t pid);

/* What the kernel keeps for itself: slabs, memory per CPU, stacks and page tables. */
uint64_t look_kernel_memory(void);

/* The last folder of its control group: what pith names its services by. */
void look_group(pid_t pid, char name[static 64]);

/* Into the mount namespace of PID 1, with its root.  0 or -errno. */
int look_enter_init(void);

#endif
