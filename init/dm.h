/*
 * dm-verity: a block device that checks each block when it is read, against a tree of
 * hashes whose root is known.  A block that is another gives EIO, and a uevent of the
 * device.  By the ioctls of device-mapper, linux/dm-ioctl.h; what its table means is in
 * the kernel's Documentation/admin-guide/device-mapper/verity.rst.
 */
#ifndef PITH_DM_H
#define PITH_DM_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "manifest.h"
#include "text.h"

/* Over a device that has data and, behind it, hashes.  Returns the new device's fd, to
 * read; with the last fd of it, and the last mount, the device is gone.  -errno.  serial
 * is for its name (image_device.h). */
int dm_verity_open(dev_t over, const struct manifest_image *image, uint64_t serial);

/* Removes what was left behind by a process that was killed while it made one: devices
 * with a name of ours that nobody has open. */
void dm_sweep(void);

/* Pure: the table's parameters for the kernel. */
void dm_verity_table(struct text *t, dev_t over, const struct manifest_image *image);

#endif
