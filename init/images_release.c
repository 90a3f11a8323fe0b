/*
 * Decides what has to be done with an image of a release before it counts.  Refuses to
 * know which release is wanted.
 */
#include "images_release.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <unistd.h>

#include "images_child.h"
#include "images_mounted.h"
#include "images_words.h"
#include "manifest.h"
#include "slot_release.h"
#include "table.h"
#include "verified_image.h"
#include "verify.h"

/* Each slot's is read and verified once at most; folder is open if it is good. */
static struct release {
	enum { UNKNOWN, GOOD, REFUSED } state;
	int folder;
	struct manifest manifest;
	struct refusal why;
} releases[SLOT_COUNT];

/* NULL with why. */
static const struct release *load(unsigned slot, struct refusal *why)
{
	struct release *r = &releases[slot];

	if (r->state == UNKNOWN) {
		r->folder = slot_read_release(slot, &r->manifest, &r->why);
		r->state = r->folder >= 0 ? GOOD : REFUSED;
	}
	if (r->state == GOOD)
		return r;
	*why = r->why;
	return NULL;
}

uint64_t images_release_serial(unsigned slot)
{
	struct refusal why;
	const struct release *r = load(slot, &why);

	return r ? r->manifest.serial : 0;
}

int images_release_check(unsigned slot, uint64_t serial_least, struct refusal *why)
{
	const struct release *r = load(slot, why);

	if (serial_least < board.serial_least)
		serial_least = board.serial_least;
	return r ? manifest_check(&r->manifest, serial_least, why) : -EBADMSG;
}

/* --- Its images --------------------------------------------------------------------- */

static int open_image(unsigned slot, const struct release *r, unsigned i, struct refusal *why)
{
	int fd = slot_open_image(slot, r->folder, &images[i]);

	if (fd >= 0)
		return fd;
	return fd == -ENOENT ? refusal_set(why, REFUSAL_IMAGE_ABSENT, 0) :
			       refusal_set(why, REFUSAL_IMAGE_FILE, fd);
}

static int mount_image(const struct verified_image *image, uint64_t serial,
		       const struct manifest_image *is, struct refusal *why)
{
	int folder = images_mounted_make(serial, is->name), rc;

	if (folder < 0)
		return refusal_set(why, REFUSAL_MOUNT, folder);
	rc = verified_image_mount(image, folder, why);
	close(folder);
	if (rc < 0)
		return rc;
	rc = images_mounted_mark(serial, is->name, is->sha256);
	return rc < 0 ? refusal_set(why, REFUSAL_MOUNT, rc) : 0;
}

/* Before each time that all of it may be read. */
static void say_busy(unsigned i, const struct manifest_image *is)
{
	images_word_of(IMAGES_SAID_BUSY, SLOT_NONE, verify_content_limit_ms(is), i);
}

static int make_and_mount(int fd, unsigned i, const struct manifest_image *is, uint64_t serial,
			  struct refusal *why)
{
	const struct verified_image *image;
	int rc;

	say_busy(i, is);
	image = verified_image_make(fd, &images[i], is, serial, why);
	if (!image)
		return why->error ? why->error : -EBADMSG;
	rc = mount_image(image, serial, is, why);
	verified_image_drop(image);
	return rc;
}

/* An image on a partition lies on the other one of its pair now, where the next release
 * but one is going to be written. */
static bool is_unchanged(unsigned i, const struct manifest_image *is, uint64_t serial)
{
	return !images[i].is_partition && serial &&
	       images_mounted_is(serial, is->name, is->sha256);
}

static int bring_up(unsigned slot, const struct release *r, unsigned i, const uint64_t *keep,
		    struct refusal *why)
{
	const struct manifest_image *is = manifest_find(&r->manifest, images[i].name);
	uint64_t serial = r->manifest.serial;
	int fd, rc;

	/* Of a PID 1 that looks again: services run from it. */
	if (is_unchanged(i, is, keep[i])) {
		images_word_of(IMAGES_SAID_UNCHANGED, slot, serial, i);
		return 0;
	}
	if (images_mounted_is(serial, is->name, is->sha256)) {
		images_word_of(IMAGES_SAID_MOUNTED, slot, serial, i);
		return 0;
	}
	fd = open_image(slot, r, i, why);
	if (fd < 0)
		return fd;
	rc = make_and_mount(fd, i, is, serial, why);
	close(fd);
	if (rc == 0)
		images_word_of(IMAGES_SAID_MOUNTED, slot, serial, i);
	return rc;
}

/* All of it, from the disk, be it unchanged: the next boot begins with it. */
static int read_through(int fd, unsigned i, const struct manifest_image *is, struct refusal *why)
{
	int rc = verified_image_hold(fd, is, why);

	say_busy(i, is);
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	return rc < 0 ? rc : verify_content(fd, is, why);
}

static int try_image(unsigned slot, const struct release *r, unsigned i, const uint64_t *keep,
		     struct refusal *why)
{
	const struct manifest_image *is = manifest_find(&r->manifest, images[i].name);
	uint64_t serial = r->manifest.serial;
	bool unchanged = is_unchanged(i, is, keep[i]);
	bool mounted = images_mounted_is(serial, is->name, is->sha256);
	int fd = open_image(slot, r, i, why), rc = 0;

	if (fd < 0)
		return fd;
	if (unchanged || mounted || images[i].verity || images[i].is_partition)
		rc = read_through(fd, i, is, why);
	if (rc == 0 && !unchanged && !mounted)
		rc = make_and_mount(fd, i, is, serial, why);
	close(fd);
	if (rc == 0)
		images_word_of(unchanged ? IMAGES_SAID_UNCHANGED : IMAGES_SAID_MOUNTED, slot,
			    serial, i);
	return rc;
}

/* One of the two above. */
static int each_image(int (*make)(unsigned slot, const struct release *r, unsigned i,
				  const uint64_t *keep, struct refusal *why),
		      unsigned slot, const uint64_t *keep, struct refusal *why)
{
	const unsigned count = IMAGE_COUNT;
	const struct release *r = load(slot, why);
	int rc = r ? 0 : -EBADMSG;

	if (r)
		images_word_of(IMAGES_SAID_RELEASE, slot, r->manifest.serial, REFUSAL_NO_IMAGE_ID);
	for (unsigned i = 0; i < count && rc == 0; i++) {
		rc = make(slot, r, i, keep, why);
		if (rc < 0)
			why->image = (uint16_t)i;
	}
	return rc;
}

int images_release_bring_up(unsigned slot, const uint64_t *keep, struct refusal *why)
{
	return each_image(bring_up, slot, keep, why);
}

int images_release_try(unsigned slot, const uint64_t *keep, struct refusal *why)
{
	return each_image(try_image, slot, keep, why);
}
