/*
 * The kernel's floor: what pith does for a service, by bare system calls in the order that
 * costs least, and nothing else.  It is linked with the table of the product that it is
 * compared with and gives services[0] the same confinement; but it looks at nothing twice,
 * is ready for no failure, and supervises nobody.
 *
 * Where it does the same by fewer calls than pith: a child shares its memory and its parent
 * is suspended (CLONE_VM, CLONE_VFORK); paths of the root are taken as they stand; what is
 * covered is bound from a mount that has the attributes already.
 *
 * Any failure ends the program, and says {"error": "…"}.
 */
#ifndef BENCH_FLOOR_H
#define BENCH_FLOOR_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "service.h"
#include "table.h"

/* services[0] under another name, address and range of ids; fds are of this process. */
struct floor_box {
	struct service row;
	char name[SERVICE_NAME_SIZE];
	int cgroup, log_read, log_write;
	int user, net, uts;
	int view;		/* a mount namespace to start in; 0: each start makes its own */
	pid_t pid;		/* of what runs in it, or 0 */
};

/* How children are made. */
struct floor_way {
	bool copies;		/* the memory, as fork(2) does: pith's way */
	bool keeps_view;
};

/* --- floor_site.c: what is there before the first of them ------------------------ */

/* Mounts, modules, cgroups, bridge and firewall, as pith has them, of which much may be there. */
void floor_site_make(void);

struct floor_site {
	int cgroup;		/* holds the services' */
	int route;		/* NETLINK_ROUTE */
	bool ipv6;
};
extern struct floor_site floor_site;

/* --- floor_sandbox.c ------------------------------------------------------------- */

void floor_box_name(struct floor_box *box, unsigned number);
void floor_sandbox_make(struct floor_box *box);

/* --- floor_view.c: runs in a child ----------------------------------------------- */

/* Of what can be covered, what this kernel has. */
void floor_view_probe(void);

/* All that lasts longer than a run, as the root of a new mount namespace. */
void floor_view_build(const struct floor_box *box);

/* What is each run's own. */
void floor_view_freshen(const struct floor_box *box);

/* --- floor_start.c --------------------------------------------------------------- */

void floor_view_keep(struct floor_box *box);
void floor_start(struct floor_box *box, const struct floor_way *way);

/* --- floor_step.c: what children and parent have in common ------------------------ */

struct floor_step {
	const char *name;
	uint64_t ns;		/* when it was done */
};

/* The program's own memory, and each child's. */
#define FLOOR_STEPS_MAX 64
struct floor_shared {
	const char *failed;	/* a step of a child, or NULL */
	int error;
	bool in_child;
	bool marks;		/* steps are noted */
	unsigned count;
	struct floor_step steps[FLOOR_STEPS_MAX];
};
extern struct floor_shared *floor_shared;

uint64_t floor_now(void);

/* Notes that a step is done; or nothing. */
void floor_mark(const char *step);

/* rc, unless it is an error. */
int floor_must(const char *step, int rc);

/* One write into a file of /proc. */
void floor_write(const char *path, const char *text);

/* Ends the program if a child of it failed. */
void floor_check(void);

_Noreturn void floor_end(int status);

struct clone_args;
/* As args say, with the memory shared and this process suspended until the child, which does
 * not return, has executed or ended; or, if it copies, with neither. */
pid_t floor_clone(struct clone_args *args, bool copies, void (*child)(void *arg), void *arg);

#endif
