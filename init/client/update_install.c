/*
 * Decides whether a release that comes in a bundle is written into the slot that is not
 * in use.  Refuses to know what PID 1 makes of it, which verifies everything again.
 */
#include "update.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bundle.h"
#include "clock.h"
#include "digest.h"
#include "facts.h"
#include "manifest.h"
#include "out.h"
#include "progress.h"
#include "record.h"
#include "slot_writer.h"
#include "verify.h"

/* What is read and written at once. */
#define CHUNK_SIZE 65536

/* A short file of the bundle. */
struct bytes {
	size_t len;
	uint8_t *at;
	size_t size;
};

static uint8_t manifest_bytes[MANIFEST_SIZE_MAX], signature_bytes[SIGNATURE_SIZE_MAX];
static uint8_t chunk[CHUNK_SIZE];

struct install {
	const char *path;	/* what the operator called it */
	const struct images *is;
	unsigned slot;
	struct bundle from;
	struct bytes manifest_text, signature;
	struct slot_writer to;
};

static struct manifest release;

/* --- What is said --------------------------------------------------------------- */

/* What is left of it, and what is in use. */
static void say_kept(const struct install *in, bool emptied)
{
	char words[FACTS_WORDS_SIZE];
	struct text t = TEXT_ON(words);

	images_explain(&t, in->is, clock_now_ms());
	client_say("update: nothing has changed: %s%s%s%s", words, emptied ? "; slot " : "",
		   emptied ? slot_name(in->slot) : "", emptied ? " is empty" : "");
}

/* rc: of reading the file of that name from the bundle. */
static int cannot_read(const struct install *in, const char *name, int rc)
{
	if (rc == -EINTR)
		client_say("update: interrupted");
	else
		client_say("update: %s: %s%s%s", in->path, name, rc == -EBADMSG ? " " : ": ",
			   rc == -EBADMSG ? in->from.why : strerror(-rc));
	return CLIENT_FAILED;
}

static int cannot_write(const struct install *in, const char *name, int rc)
{
	client_say("update: slot %s: %s: %s", slot_name(in->slot), name, strerror(-rc));
	return CLIENT_FAILED;
}

static int refused(const struct install *in, const struct refusal *why)
{
	char words[FACTS_WORDS_SIZE];
	struct text t = TEXT_ON(words);

	refusal_explain(&t, why);
	client_say("update: %s: refused: %s", in->path, words);
	return CLIENT_FAILED;
}

/* Of an image, which the board's table need not have. */
static int refused_image(const struct install *in, const struct manifest_image *image,
			 const char *words)
{
	client_say("update: %s: refused: image %s has another %s than its manifest says",
		   in->path, image->name, words);
	return CLIENT_FAILED;
}

/* --- Manifest and signature ------------------------------------------------------- */

/* 0, or an exit status. */
static int take_short(struct install *in, const char *name, struct bytes *to)
{
	uint64_t size;
	int rc = bundle_next(&in->from, name, &size);

	if (rc < 0)
		return cannot_read(in, name, rc);
	if (size > to->size) {
		struct refusal why;

		refusal_set(&why, REFUSAL_TOO_LONG, 0);
		return refused(in, &why);
	}
	to->len = (size_t)size;
	rc = bundle_read(&in->from, to->at, to->len);
	return rc < 0 ? cannot_read(in, name, rc) : 0;
}

/* A copy that nobody else has a name for, or -errno. */
static int copy_in_memory(const struct bytes *of)
{
	int fd = memfd_create("release", MFD_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = write(fd, of->at, of->len);
	if (n == (ssize_t)of->len)
		return fd;
	n = n < 0 ? -errno : -EIO;
	close(fd);
	return (int)n;
}

static int verify(struct install *in, struct refusal *why)
{
	int manifest = copy_in_memory(&in->manifest_text), signature, rc;

	if (manifest < 0)
		return refusal_set(why, REFUSAL_READ, manifest);
	signature = copy_in_memory(&in->signature);
	if (signature < 0) {
		close(manifest);
		return refusal_set(why, REFUSAL_READ, signature);
	}
	rc = verify_release(&release, manifest, signature, why);
	close(manifest);
	close(signature);
	return rc;
}

/* A record that is torn is none (slots.h): the release in use tells then. */
static int check(struct install *in)
{
	struct refusal why;
	struct record record;

	if (record_read(&record) < 0)
		record = (struct record){ 0 };
	if (verify(in, &why) < 0 ||
	    manifest_check(&release, update_serial_least(in->is, &record), &why) < 0)
		return refused(in, &why);
	return 0;
}

/* --- Room ------------------------------------------------------------------------- */

static void add_partition(struct text *t, const struct install *in, const struct image *row,
			  int rc)
{
	static const struct {
		int error;
		const char *words;
	} known[] = {
		{ -EFBIG, "is too small" },
		{ -ENOENT, "is not there" },
		{ -ENOTUNIQ, "is there more than once" },
		{ -EBUSY, "is in use: a service runs from it until it, or the board, starts anew" },
	};
	const char *words = strerror(-rc);

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].error == rc)
			words = known[i].words;
	text_add(t, "partition %s_%s %s", row->name, slot_name(in->slot), words);
}

static int check_room(const struct install *in)
{
	char words[FACTS_WORDS_SIZE];
	struct text t = TEXT_ON(words);
	struct slot_room room;
	int rc = slot_writer_room(in->slot, &release, &room);

	if (rc == 0)
		return 0;
	if (rc == -ENOSPC && !room.row) {
		text_add(&t, "it needs ");
		show_add_size(&t, room.needed);
		text_add(&t, ", and there would be ");
		show_add_size(&t, room.there);
	} else if (room.row) {
		add_partition(&t, in, room.row, rc);
	} else {
		text_add(&t, "%s", strerror(-rc));
	}
	client_say("update: %s: no room for release %llu: %s", in->path,
		   (unsigned long long)release.serial, words);
	return CLIENT_FAILED;
}

/* --- Images ------------------------------------------------------------------------ */

/* 0, or an exit status. */
static int copy(struct install *in, const struct manifest_image *image, struct progress *p)
{
	struct digest digest;
	uint8_t is[SHA256_SIZE];
	uint64_t done = 0;

	digest_begin(&digest);
	while (done < image->size) {
		int n = bundle_read(&in->from, chunk, sizeof(chunk)), rc;

		if (n < 0)
			return cannot_read(in, image->name, n);
		rc = slot_writer_add(&in->to, chunk, (size_t)n);
		if (rc < 0)
			return cannot_write(in, image->name, rc);
		digest_add(&digest, chunk, (size_t)n);
		done += (uint64_t)n;
		progress_show(p, done);
	}
	digest_end(&digest, is);
	return memcmp(is, image->sha256, sizeof(is)) ? refused_image(in, image, "SHA-256") : 0;
}

/* 0, or an exit status. */
static int take_image(struct install *in, const struct manifest_image *image)
{
	struct progress p = progress_of(image->name, image->size);
	uint64_t size;
	int rc = bundle_next(&in->from, image->name, &size);

	if (rc < 0)
		return cannot_read(in, image->name, rc);
	if (size != image->size)
		return refused_image(in, image, "size");
	rc = slot_writer_open(&in->to, image);
	if (rc < 0)
		return cannot_write(in, image->name, rc);
	rc = copy(in, image, &p);
	if (rc)
		return rc;
	rc = slot_writer_close(&in->to);
	if (rc < 0)
		return cannot_write(in, image->name, rc);
	progress_end(&p, "written");
	return 0;
}

static int take_images(struct install *in)
{
	int rc = slot_writer_begin(&in->to, in->slot);

	if (rc < 0)
		return cannot_write(in, "emptying it", rc);
	for (uint32_t i = 0; i < release.count; i++) {
		rc = take_image(in, &release.image[i]);
		if (rc)
			return rc;
	}
	rc = bundle_end(&in->from);
	if (rc < 0)
		return cannot_read(in, "the archive", rc);
	rc = slot_writer_end(&in->to, in->manifest_text.at, in->manifest_text.len,
			     in->signature.at, in->signature.len);
	return rc < 0 ? cannot_write(in, SLOT_MANIFEST, rc) : 0;
}

/* --- All of it ---------------------------------------------------------------------- */

static int install(struct install *in)
{
	int rc = take_short(in, SLOT_MANIFEST, &in->manifest_text);

	if (!rc)
		rc = take_short(in, SLOT_SIGNATURE, &in->signature);
	if (!rc)
		rc = check(in);
	if (!rc)
		rc = check_room(in);
	if (rc) {
		say_kept(in, false);
		return rc;
	}
	out("release %llu for %s on %s: its signature is good\n",
	    (unsigned long long)release.serial, release.product, release.board);
	out_flush();
	rc = take_images(in);
	if (rc)
		say_kept(in, slot_writer_drop(&in->to) == 0);
	return rc;
}

int update_install(const char *path, const struct images *is, int stop)
{
	struct install in = {
		.path = strcmp(path, "-") ? path : "standard input",
		.is = is,
		.manifest_text = { .at = manifest_bytes, .size = sizeof(manifest_bytes) },
		.signature = { .at = signature_bytes, .size = sizeof(signature_bytes) },
		.to = { .folder = -1, .file = -1 },
	};
	struct record record;
	int rc = bundle_open(&in.from, path, stop);

	/* Of one that cannot be read there is nothing to be kept. */
	record_read(&record);
	in.slot = slot_to_write(is->slot, &record);

	if (rc < 0) {
		client_say("update: %s: %s", path, rc == -EINVAL ? "neither a file nor a folder" :
			   strerror(-rc));
		return CLIENT_FAILED;
	}
	rc = install(&in);
	bundle_close(&in.from);
	return rc;
}
