/*
 * What dm-verity says when it refuses a block: a uevent of its device, with
 * DM_VERITY_ERR_BLOCK_NR (the kernel's drivers/md/dm-verity-target.c).  Whoever reads
 * the block gets EIO; PID 1 counts it, and says which image it was.
 */
#ifndef PITH_IMAGES_VERITY_H
#define PITH_IMAGES_VERITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "images_plan.h"
#include "run.h"

struct verity_event {
	char device[16];	/* "dm-0" */
	uint64_t block;		/* of 4096 bytes; of the image's data, or of its hash tree */
	bool in_tree;
};

/* Pure: such a message, "change@/devices/virtual/block/dm-0" and then NAME=VALUE with a
 * NUL behind each.  False if it is another one. */
bool images_verity_parse(struct verity_event *to, const char *bytes, size_t len);

/* Begins to listen; what is said comes as SOURCE_VERITY. */
void images_verity_open(const struct supervisor *sup);

/* SOURCE_VERITY.  True if something was counted. */
bool images_verity_heard(struct images_plan *plan);

#endif
