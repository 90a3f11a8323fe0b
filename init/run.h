/*
 * One service's run: what PID 1 holds of it, shared by what acts (act.h), what
 * observes (observe.h) and what takes up an earlier PID 1's (resume.h).
 */
#ifndef PITH_RUN_H
#define PITH_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "end.h"
#include "order.h"
#include "sandbox.h"
#include "state.h"

struct run {
	struct sandbox box;
	struct spawned child;
	struct state_service is;	/* what outlives PID 1; its .step is the order's */
	struct end end;			/* what is known of the end so far */
	bool watched;			/* the sandbox's fds are in the epoll set */
	bool killed;			/* this run was, at least once */
	bool given_up;			/* an earlier PID 1 had given it up, and said so */
	bool unknown;			/* an earlier PID 1 left no record of it */
	bool counted;			/* nothing has run since these were read: */
	int64_t oom_kills;		/* of memory.events, as state_service has */
	int64_t oom_at_limit;		/* them for the next run */
	uint64_t search_after_ms;	/* not before this time for refused calls (found.h) */
};

/* What the loop and the actions share. */
struct supervisor {
	struct order order;
	struct sandbox_site site;
	int epoll_fd;
	int ending;		/* enum ending_wish: somebody wants the system to end */
	bool unsaved;		/* a part has something to put down */
};

struct run *run_of(uint16_t id);

/* Nothing is known of the end of the run that begins. */
void run_clear_end(uint16_t id);

/* The run ends now: when, and how long it lived. */
void run_note_end(struct run *r);

/* It ended otherwise than with status 0, and neither pith nor want of memory was
 * the reason. */
bool run_failed_by_itself(const struct end *end);

/* In the run that is, or begins, the kernel records what seccomp refuses: the
 * last one failed.  Of a service that does well nobody wants to know, and a
 * program that tries a call in vain now and then would fill the kernel's log. */
bool run_tells_refused(uint16_t id);

/* Tells the order what happened, now.  Returns when that is. */
uint64_t run_event(struct supervisor *sup, uint16_t id, enum step_event event);

/* Puts down what has changed of one service. */
void run_save(const struct supervisor *sup, uint16_t id);

/* Puts down every service whose step has changed, with the change itself: to be
 * called before an action is carried out. */
void run_save_changed(struct supervisor *sup);

/* The order's step of this service is the one that an earlier PID 1 had saved. */
void run_take_up(const struct supervisor *sup, uint16_t id);

/* Its next start makes its mounts anew (view.h).  Not while the system ends, when there
 * is none. */
void run_drop_view(const struct supervisor *sup, uint16_t id);

/* No service that the board cannot do without (VITAL) has failed for good. */
bool run_all_vital(void);

/* True if something was put down since the last call. */
bool run_changed(void);

/* Adds the sandbox's fds to the epoll set, once. */
int run_watch(struct supervisor *sup, uint16_t id);

static inline unsigned run_state(const struct supervisor *sup, uint16_t id)
{
	return sup->order.slot[id].step.state;
}

#endif
