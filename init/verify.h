/*
 * Whether a release is signed by a key that the board trusts, and whether the bytes
 * of an image are those that its manifest says.  What looks at bytes that nobody
 * vouches for is a child of its own: it has the files' fds, a pipe, and no other system
 * call than read, write and exit (seccomp's strict mode, as another user, without a
 * capability).  The caller takes its answer, which has a fixed size, and kills it when
 * it takes too long.
 *
 * For children of PID 1 and for clients; PID 1 itself never waits for a disk.
 * Source: seccomp(2).
 */
#ifndef PITH_VERIFY_H
#define PITH_VERIFY_H

#include <stddef.h>
#include <stdint.h>

#include "manifest.h"
#include "refusal.h"
#include "signature.h"

/* Reads both from their beginning, and moves on in them.  0 and *to, whose signature is
 * good and which was parsed, not yet checked (manifest_check); or -errno with why. */
int verify_release(struct manifest *to, int manifest_fd, int signature_fd, struct refusal *why);

/* How long the next may take. */
uint64_t verify_content_limit_ms(const struct manifest_image *image);

/* SHA-256 of the first image->size bytes, as a stream; a regular file has just these.
 * 0, or -errno with why. */
int verify_content(int fd, const struct manifest_image *image, struct refusal *why);

#endif
