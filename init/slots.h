/*
 * Where releases lie: two slots on the data partition, of which one is in use, and what
 * the firmware brought along in its initramfs.  A slot is a folder with `manifest`,
 * `manifest.sig` and a file for each image; an image with a partition of its own is on
 * the partition with the label NAME_a or NAME_b instead.
 *
 * The record (record.h) says which slot counts.
 *
 * For children of PID 1 and for clients.  Errors: -errno.
 */
#ifndef PITH_SLOTS_H
#define PITH_SLOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "record.h"
#include "service.h"

enum slot {
	SLOT_NONE,
	SLOT_A,
	SLOT_B,
	SLOT_FACTORY,	/* PATH_FACTORY, in the initramfs */
	SLOT_COUNT,
};

#define SLOT_MANIFEST	"manifest"
#define SLOT_SIGNATURE	"manifest.sig"

/* A regular file in a folder, to read; whatever else has its name is not waited for.
 * -ENOENT; -EINVAL: it is no regular file. */
int slots_open_file(int folder, const char *name);

/* A file or a folder with all that is in it, be it one that may not be changed.  0 or
 * -errno. */
int slots_remove(int folder, const char *name);

/* "a", "b", "factory"; "none". */
const char *slot_name(unsigned slot);

/* A, if it is B or none is in use; else B. */
unsigned slot_other(unsigned slot);

/* Where the next release goes, with that slot in use: neither there nor, where something
 * else had to be taken, over what counts. */
unsigned slot_to_write(unsigned in_use, const struct record *record);

/* An fd of its folder (O_PATH), found without symbolic links.  -ENOENT: there is none. */
int slot_open(unsigned slot);

/* Makes it if it is not there, and empties it, its manifest first: on disk when this
 * returns.  Whatever somebody else has laid there goes as well.  A or B.  That PID 1
 * tries it is for the caller to know: the record may still say so of a trial whose end
 * could not be put down. */
int slot_empty(unsigned slot);

/* An fd to read: the file, or the partition of that image (service.h).  -ENOENT;
 * -ENOTUNIQ: more than one partition has its label. */
int slot_open_image(unsigned slot, int folder, const struct image *row);

/* The partition, to write.  -EBUSY: an image that is mounted is on it. */
int slot_open_partition(unsigned slot, const struct image *row);

/* The folder of both, made if it is not there: an fd to read. */
int slots_make_folder(void);

/* One writer of slots at a time: an fd to be held, -EWOULDBLOCK if somebody else has it. */
int slots_lock(void);

#endif
