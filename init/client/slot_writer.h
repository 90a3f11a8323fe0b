/*
 * Writes a release into the slot that is not in use, so that a power cut at any moment
 * leaves there either no release or all of it.  A slot without a manifest holds none:
 * emptying it takes the manifest away first, and writing it puts the manifest down last,
 * when all else is on the disk.
 *
 *	empty the slot				no release
 *	each image: write, fsync
 *	signature: write, fsync
 *	fsync the folder			their names are there as well
 *	manifest under another name: write, fsync
 *	rename it				a release, if this comes to the disk
 *	fsync the folder			it has
 *
 * What counts as a release is the record's to say (slots.h), which is not touched here.
 * Errors: -errno.
 */
#ifndef PITH_CLIENT_SLOT_WRITER_H
#define PITH_CLIENT_SLOT_WRITER_H

#include <stddef.h>
#include <stdint.h>

#include "manifest.h"
#include "slots.h"

struct slot_writer {
	unsigned slot;
	int folder;		/* to be read, for its fsync */
	int file;		/* that is being written; -1: none */
};

/* Whether there is room, as far as the file system tells before the slot is emptied:
 * what lies in it counts as free, and so does nothing for partitions.  0; -ENOSPC with
 * how much is needed and there; -EFBIG with the image whose partition is too small. */
struct slot_room {
	uint64_t needed, there;		/* bytes */
	const struct image *row;
};
int slot_writer_room(unsigned slot, const struct manifest *release, struct slot_room *room);

/* Empties the slot.  After an error there is nothing to be dropped. */
int slot_writer_begin(struct slot_writer *w, unsigned slot);

/* An image: its file, or its partition.  Then its bytes, and at its end its fsync. */
int slot_writer_open(struct slot_writer *w, const struct manifest_image *image);
int slot_writer_add(const struct slot_writer *w, const void *bytes, size_t len);
int slot_writer_close(struct slot_writer *w);

/* After the last image; the slot is complete when this returns 0. */
int slot_writer_end(struct slot_writer *w, const void *manifest, size_t manifest_len,
		    const void *signature, size_t signature_len);

/* Empties it again; -ENOENT: it was not begun, or is complete. */
int slot_writer_drop(struct slot_writer *w);

#endif
