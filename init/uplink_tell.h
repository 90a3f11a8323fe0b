/*
 * What the console is told of an uplink.  A link may flap for years, and a server on
 * the link may say something else each second: each uplink has an account of lines,
 * and what it cannot pay for is counted and said when it can.
 */
#ifndef PITH_UPLINK_TELL_H
#define PITH_UPLINK_TELL_H

#include <stdbool.h>
#include <stdint.h>

#include "service.h"
#include "state.h"

/* So many lines at once, and then one in that time. */
#define UPLINK_LINES	8
#define UPLINK_LINE_MS	60000

/* To find a cable, a link takes some seconds; only then is it worth a line that
 * there is none. */
#define UPLINK_SETTLE_MS 5000

enum uplink_face { FACE_UNTOLD, FACE_ABSENT, FACE_DOWN, FACE_UP };

/* Zeroed is one of which nothing was told. */
struct uplink_told {
	uint8_t face;		/* enum uplink_face: as it was told last */
	uint32_t hushed;	/* lines that were not said */
	uint64_t paid_ms;	/* up to when its lines are paid for */
	uint64_t due_ms;	/* when to call uplink_tell() again; 0: when it changes */
};

/* As if it had been told of that. */
void uplink_tell_nothing(struct uplink_told *told, const struct state_uplink *is);

/* Says what changed of the link, if anything, when it is worth it. */
void uplink_tell(struct uplink_told *told, const struct uplink *uplink,
		 const struct state_uplink *is, uint64_t now_ms);

/* One line about it, or one that is counted. */
void uplink_say(struct uplink_told *told, const struct uplink *uplink, const char *words,
		uint64_t now_ms);

#endif
