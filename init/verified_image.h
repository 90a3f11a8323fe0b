/*
 * An image whose content is known to be what a trusted manifest says: the only thing
 * that can be mounted.  Nobody but verified_image.c can make one: the type is
 * not complete anywhere else.  It holds the very block device that was checked (by its
 * SHA-256), or that checks each block when it is read (dm-verity), so no path is
 * resolved again between the check and the mount.
 *
 * For children of PID 1: files and partitions may be slow.
 */
#ifndef PITH_VERIFIED_IMAGE_H
#define PITH_VERIFIED_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "manifest.h"
#include "refusal.h"
#include "service.h"

struct verified_image;

/* From now on nobody changes a file, be it root, until its slot is emptied (slots.h), and
 * it has the size that the manifest says; a partition has room for that.  0, or -errno
 * with why: REFUSAL_IMAGE_BUSY if somebody has it open to be written. */
int verified_image_hold(int fd, const struct manifest_image *image, struct refusal *why);

/* fd: the image's file or partition, opened to read; it stays the caller's.  Holds it,
 * and sets up the loop device (of a file), the dm-verity device (row->verity, and any
 * partition), or else hashes it all.  serial is for the device's name (image_device.h).
 * NULL with why.  One at a time: the caller drops it before the next call. */
const struct verified_image *verified_image_make(int fd, const struct image *row,
						 const struct manifest_image *image,
						 uint64_t serial, struct refusal *why);

/* Mounts it read-only, nosuid, nodev on a folder, which is an fd.  0, or -errno with
 * why. */
int verified_image_mount(const struct verified_image *image, int folder, struct refusal *why);

/* Closes its fds; what is mounted stays, and holds the devices. */
void verified_image_drop(const struct verified_image *image);

#endif
