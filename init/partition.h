/*
 * Finds a partition by its label in a GPT (PARTLABEL), among all block devices that the
 * kernel has.  For children and clients: a device that is broken may make them wait.
 * Source: the kernel's block/partitions/, which puts PARTNAME into each uevent.
 */
#ifndef PITH_PARTITION_H
#define PITH_PARTITION_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* With the NUL: longer ones are no partition's. */
#define PARTITION_NAME_SIZE 32

struct partition {
	char name[PARTITION_NAME_SIZE];	/* below /dev */
	dev_t number;
};

/* An fd, close-on-exec, with those flags of open(2).  -ENOENT: there is none;
 * -ENOTUNIQ: there is more than one, and which is meant is not to be guessed. */
int partition_open(const char *label, int flags);

/* Pure: the text of /sys/class/block/NAME/uevent.  False if it is not that partition's. */
bool partition_read(struct partition *to, const char *uevent, size_t len, const char *label);

#endif
