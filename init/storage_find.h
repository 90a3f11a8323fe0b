/*
 * Finds the partition that holds a file system of a type with a label, among
 * all block devices that the kernel has.  For a child: a device that is broken
 * may make it wait.
 *
 * Of a disk only superblocks are read, and they are not believed: each number
 * is compared, none is followed.  Sources: the kernel's
 * Documentation/filesystems/ext4/super.rst and include/linux/f2fs_fs.h.
 */
#ifndef PITH_STORAGE_FIND_H
#define PITH_STORAGE_FIND_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "storage_state.h"

/* As much of a superblock as is read: an f2fs label of up to 193 characters. */
#define SUPERBLOCK_SIZE 512

struct storage_device {
	char name[STORAGE_NAME_SIZE];	/* below /dev */
	dev_t number;
	bool read_only;			/* the medium cannot be written */
};

/* Where a superblock may lie, the first place first. */
struct superblock_place {
	uint64_t at;		/* bytes */
	uint16_t group;		/* ext4: whose copy it is, */
	uint8_t log_block;	/* and with what size of blocks: 1024 << log_block */
};

#define SUPERBLOCK_PLACES 4

struct superblock_kind {
	const char *type;
	struct superblock_place place[SUPERBLOCK_PLACES];	/* ends with .at 0, or is full */
	bool (*has)(const uint8_t *block, const struct superblock_place *place, const char *label);
};

/* NULL: not a type that is known here. */
const struct superblock_kind *superblock_kind(const char *type);

/* 0, -ENOENT if there is none, -ENOTUNIQ if there is more than one: whose data
 * it would be is not to be guessed. */
int storage_find(const struct superblock_kind *kind, const char *label,
		 struct storage_device *to);

/* Pure: takes the name out of a line of /proc/partitions; false if there is none
 * that fits. */
bool storage_partition_name(const char *line, size_t len, char name[STORAGE_NAME_SIZE]);

#endif
