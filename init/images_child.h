/*
 * The child that makes images usable: opens a release, has it verified (verify.h),
 * sets up and mounts its images (verified_image.h) in PID 1's own mount namespace, at
 * PATH_IMAGES/SERIAL/NAME, and keeps the record (slots.h).  All of that may take
 * long, or hang on a broken disk, so PID 1 has a deadline for it (images.h).
 *
 * It is called again when there may be more to do: what is mounted already stays.  It may
 * be killed at any moment, with all of its process group, and is then called again.
 */
#ifndef PITH_IMAGES_CHILD_H
#define PITH_IMAGES_CHILD_H

#include <stdint.h>

#include "refusal.h"
#include "service.h"
#include "table.h"

enum images_task {
	/* Chooses the release to begin with, and mounts all its images: the newer one of
	 * the record's current one and the factory's.  If that is refused the other of
	 * these; with board.update_rollback also what the other slot has, if that is older:
	 * without it none is taken that is older than record.highest, but for the current
	 * one itself.  A trial that a power cut has ended is given up.  If the record is
	 * spoilt, the newest release that there is, and the record is made anew. */
	IMAGES_BEGIN,
	/* Verifies the slot that is not in use, reads all its images through, mounts those
	 * that differ from what is mounted, and puts down that it is tried.  It has to be
	 * newer than what is in use and than all that proved themselves.  An image on a
	 * partition always differs: it lies on the other one of its pair. */
	IMAGES_TRY,
	/* As TRY, for the release that was in use before: the newest that is older than
	 * what is in use, be it the factory's.  No trial, it counts at once.  Only with
	 * board.update_rollback it may be older than record.highest. */
	IMAGES_GO_BACK,
	/* The trial's slot becomes the current one. */
	IMAGES_CONFIRM,
	/* The trial's slot is none any more. */
	IMAGES_GIVE_UP,
	/* Unmounts what is mounted and not in `keep`. */
	IMAGES_TIDY,
};

/* What the child is told. */
struct images_order {
	uint8_t task;			/* enum images_task */
	uint8_t slot;			/* TRY, GO_BACK: enum slot that is in use; BEGIN:
					 * SLOT_FACTORY for that release alone, since the
					 * disk did not answer the last child; else SLOT_NONE */
	uint64_t serial;		/* the release in use */
	uint64_t keep[IMAGE_SLOTS];	/* which release's image each service uses; 0: none */
};

enum images_said {
	IMAGES_SAID_RELEASE,	/* slot and serial: it is signed and fits the board; its
				 * images follow */
	IMAGES_SAID_REFUSED,	/* slot, why: a release, or an image of it, was refused */
	IMAGES_SAID_MOUNTED,	/* image, serial: it is there, at PATH_IMAGES */
	IMAGES_SAID_UNCHANGED,	/* image: the mounted one (keep) has the same content */
	IMAGES_SAID_GIVEN_UP,	/* slot: its trial ended with the power */
	IMAGES_SAID_BUSY,	/* image: all of it is going to be read, for serial ms at most */
	IMAGES_SAID_DONE,	/* the last word: slot and serial that count now; why if the
				 * task failed, then nothing of it counts */
};

/* What it writes into the pipe.  Smaller than PIPE_BUF, so it is written in one piece. */
struct images_word {
	uint8_t said;		/* enum images_said */
	uint8_t slot;
	uint16_t image;
	uint64_t serial;
	struct refusal why;
};

/* In the child, with all that it has from PID 1.  report: the pipe's end. */
_Noreturn void images_child_become(const struct images_order *order, int report);

#endif
