/*
 * How it stands with the storage for VOLUMES, for PID 1, its child and clients:
 * the states, which services each lets start, and how it is put in words.
 *
 * Pure, and without a word about how a state comes about (storage.h).
 */
#ifndef PITH_STORAGE_STATE_H
#define PITH_STORAGE_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "service.h"
#include "text.h"

/* The kernel's names of disks and partitions have 31 characters at most
 * (DISK_NAME_LEN), and are below /dev. */
#define STORAGE_NAME_SIZE 32

enum storage_state {
	STORAGE_NONE,		/* the table has no DATA */
	STORAGE_LOOKING,	/* for the partition with that label */
	STORAGE_CHECKING,	/* it was found; its fsck runs */
	STORAGE_MOUNTED,
	STORAGE_FULL,		/* likewise, without a free block or inode */
	STORAGE_READ_ONLY,	/* likewise, and the medium cannot be written */
	STORAGE_ABSENT,		/* no partition has the label, or more than one has */
	STORAGE_BROKEN,		/* it cannot be mounted, or must not be */
	STORAGE_STATE_COUNT,
};

/* What was being done when it broke. */
enum storage_step {
	STORAGE_STEP_LOOK,
	STORAGE_STEP_CHECK,	/* starting its fsck, or waiting for it */
	STORAGE_STEP_DAMAGE,	/* its fsck could not repair it */
	STORAGE_STEP_MOUNT,
};

/* What its fsck said of it. */
enum storage_check {
	STORAGE_UNCHECKED,	/* it was mounted already */
	STORAGE_CLEAN,
	STORAGE_REPAIRED,	/* without loss */
	STORAGE_SALVAGED,	/* what was beyond repair is gone, or in lost+found */
};

/* Zeroed is STORAGE_NONE. */
struct storage {
	uint8_t state;		/* enum storage_state */
	uint8_t step;		/* of STORAGE_BROKEN: enum storage_step */
	uint8_t check;		/* of those that are mounted: enum storage_check */
	uint8_t unused;		/* no byte is left to chance: records are compared */
	int32_t error;		/* -errno; with STORAGE_STEP_DAMAGE wait(2)'s status */
	uint64_t free_bytes;	/* when it was mounted */
	char device[STORAGE_NAME_SIZE];	/* "mmcblk0p3", or "" */
};

/* Nothing more comes of this state by itself. */
static inline bool storage_is_settled(unsigned state)
{
	return state != STORAGE_LOOKING && state != STORAGE_CHECKING;
}

/* Its volumes are there, as far as this service needs them.  One without
 * volumes never waits; one that only reads also takes a medium that cannot be
 * written. */
bool storage_serves(unsigned state, const struct service *s);

/* The state's name, "read-only", for programs. */
const char *storage_state_name(unsigned state);

/* The state in words: "data is /dev/vda, ext4: checked, mounted, 5.1M free",
 * "no partition labelled data". */
void storage_explain(struct text *t, const struct storage *is);

#endif
