/*
 * The control socket: what a client may ask PID 1, as fixed-size messages over
 * SOCK_SEQPACKET.  Only root of the initial user namespace is answered
 * (SO_PEERCRED), and PID 1 never waits for a client.
 *
 * What can be seen is not asked for: CONTROL_ATTACH hands out an fd of the
 * state (state.h), which the client maps and reads by itself.  What the kernel
 * knows (cgroups, processes) a client reads from there, being root.
 *
 * Each request gets one answer, in order.  After CONTROL_WATCH the client also
 * gets a struct control_answer of result CONTROL_CHANGED whenever something in
 * the state has changed since it last received one; what its socket does not
 * take at once is left out, for the client is told anyway.
 */
#ifndef PITH_CONTROL_H
#define PITH_CONTROL_H

#include <stdint.h>

#define CONTROL_MAGIC	0x68746970u	/* "pith" */
#define CONTROL_VERSION	1

enum control_verb {
	CONTROL_ATTACH,		/* the answer carries an fd (SCM_RIGHTS) */
	CONTROL_WATCH,
	CONTROL_START,		/* a service */
	CONTROL_STOP,		/* a service */
	CONTROL_RESTART,	/* a service */
	CONTROL_KILL,		/* a service; number: the signal */
	CONTROL_REBOOT,
	CONTROL_POWEROFF,
	CONTROL_HALT,
	CONTROL_REEXEC,		/* carries an fd of the new /init, or none: the same again */
	CONTROL_UPDATE,		/* of images; number: enum control_update */
	CONTROL_VERB_COUNT,
};

/* What comes of it is in the state (images_state.h). */
enum control_update {
	CONTROL_UPDATE_TRY,		/* the release in the slot that is not in use */
	CONTROL_UPDATE_GO_BACK,		/* ends the trial; without one, the release before */
};

struct control_request {
	uint32_t magic;
	uint16_t version;
	uint16_t verb;		/* enum control_verb */
	uint64_t table;		/* the client's board.fingerprint; any with ATTACH, WATCH,
				 * REBOOT, POWEROFF, HALT, REEXEC and UPDATE */
	uint32_t service;	/* place in services[] */
	int32_t number;
};

/* result: 0, CONTROL_CHANGED, or
 * -EPROTO: not a request of this version;   -ESTALE: another table;
 * -ENOENT: no such service;                 -ESRCH: it does not run;
 * -ESHUTDOWN: the system goes down;         -EINVAL: no such signal;
 * of REEXEC also what execveat(2) says;
 * of UPDATE -EBUSY: another one, or the look at boot, is not through yet; -EPERM: this
 * board does not go back; -ENOTSUP: it has no images. */
struct control_answer {
	uint32_t magic;
	int32_t result;
	uint64_t table;		/* PID 1's board.fingerprint */
};

#define CONTROL_CHANGED 1

#endif
