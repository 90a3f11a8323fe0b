/*
 * The images of services, as PID 1 sees them: a child verifies and mounts a release
 * (images_child.h); its words come through a pipe with a fixed number.  What follows
 * from each is decided by images_plan.h.  Services with an image are held (order.h)
 * until theirs is mounted; who has another one than it should is started anew.
 *
 * It begins when the storage is settled (part.h's stored), or at once without one.
 * Nothing is polled: a trial's end and the child's deadline are PID 1's, and how the
 * services do is looked at when something has happened.
 *
 * A PID 1 that is executed anew ends its predecessor's child, and has the task that the
 * phase needs done again: each can be (images_child.h).  One with another table begins
 * with IMAGES_BEGIN, and with the images that the services which go on have.
 */
#ifndef PITH_IMAGES_H
#define PITH_IMAGES_H

#include "images_start.h"
#include "part.h"

/* Between two words, besides the time that the child says it may take to read an image.
 * And for a task that only keeps the record, or unmounts. */
#define IMAGES_READ_TIMEOUT_MS	300000
#define IMAGES_RECORD_TIMEOUT_MS 60000

/* Between two tries to start it. */
#define IMAGES_START_AGAIN_MS	1000

/* CONTROL_UPDATE; number: enum control_update.  0 or -errno (control.h). */
int images_ask(struct supervisor *sup, int number, uint64_t now_ms);

extern const struct part images_part;

#endif
