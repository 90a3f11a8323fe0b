/*
 * Decides what of a release, and of an image, is read by whom, and how long that may
 * take.  Refuses to know how a child is kept from doing more than that.
 */
#include "verify.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "digest.h"
#include "strict.h"

/* For what one read of a slow disk takes, and a slow CPU: an RSA signature is checked
 * in less than a second by any. */
#define RELEASE_LIMIT_MS	30000

/* The slowest card and CPU read and hash some megabytes in a second. */
#define BYTES_PER_MS_LEAST	1024

/* Of the child, and what the caller gets of it. */
static struct {
	struct refusal why;
	struct manifest manifest;
} answer;

/* One byte more, to see that there is none. */
static uint8_t text[MANIFEST_SIZE_MAX + 1];
static uint8_t signature[SIGNATURE_SIZE_MAX + 1];

/* As much as there is, up to size; -errno. */
static ssize_t read_whole(int fd, uint8_t *to, size_t size)
{
	size_t len = 0;

	while (len < size) {
		ssize_t n = read(fd, to + len, size - len);

		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	return (ssize_t)len;
}

/* Nothing in the manifest is looked at before its signature is found good. */
static void check_release(const void *what)
{
	ssize_t len = read_whole(STRICT_FIRST, text, sizeof(text));
	ssize_t signature_len = read_whole(STRICT_SECOND, signature, sizeof(signature));

	(void)what;
	if (len < 0 || signature_len < 0)
		refusal_set(&answer.why, REFUSAL_READ, (int)(len < 0 ? len : signature_len));
	else if (len > MANIFEST_SIZE_MAX || signature_len > SIGNATURE_SIZE_MAX)
		refusal_set(&answer.why, REFUSAL_TOO_LONG, 0);
	else if (signature_check(text, (size_t)len, signature, (size_t)signature_len,
				 &answer.why) == 0)
		manifest_parse(&answer.manifest, (const char *)text, (size_t)len, &answer.why);
}

static void check_content(const void *what)
{
	const struct manifest_image *is = what;
	uint8_t found[SHA256_SIZE];
	struct digest d;

	digest_begin(&d);
	for (uint64_t left = is->size; left; ) {
		size_t most = left < MANIFEST_SIZE_MAX ? (size_t)left : MANIFEST_SIZE_MAX;
		ssize_t n = read_whole(STRICT_FIRST, text, most);

		if (n < 0) {
			refusal_set(&answer.why, REFUSAL_READ, (int)n);
			return;
		}
		if ((size_t)n < most) {
			refusal_set(&answer.why, REFUSAL_IMAGE_SIZE, 0);
			return;
		}
		digest_add(&d, text, most);
		left -= most;
	}
	digest_end(&d, found);
	if (memcmp(found, is->sha256, sizeof(found)))
		refusal_set(&answer.why, REFUSAL_IMAGE_DIGEST, 0);
}

/* What cannot be sought, such as a pipe, has only its beginning. */
static int rewind_fd(int fd)
{
	return fd >= 0 && lseek(fd, 0, SEEK_SET) < 0 && errno != ESPIPE ? -errno : 0;
}

/* In a child.  0 and its answer, or -errno with why. */
static int ask(const struct strict *s, struct refusal *why)
{
	int rc = rewind_fd(s->first);

	if (rc == 0)
		rc = rewind_fd(s->second);
	if (rc < 0)
		return refusal_set(why, REFUSAL_READ, rc);
	memset(&answer, 0, sizeof(answer));
	rc = strict_run(s);
	if (rc < 0)
		return refusal_set(why, REFUSAL_VERIFIER, rc);
	if (answer.why.why == REFUSAL_NONE)
		return 0;
	*why = answer.why;
	return why->error < 0 ? why->error : -EBADMSG;
}

int verify_release(struct manifest *to, int manifest_fd, int signature_fd, struct refusal *why)
{
	const struct strict s = {
		.work = check_release, .first = manifest_fd, .second = signature_fd,
		.answer = &answer, .size = sizeof(answer), .limit_ms = RELEASE_LIMIT_MS,
	};
	int rc = ask(&s, why);

	if (rc < 0)
		return rc;
	/* It may have been made to lie, but not to name a file that is none of a slot. */
	if (!manifest_is_sound(&answer.manifest))
		return refusal_set(why, REFUSAL_VERIFIER, -EPROTO);
	*to = answer.manifest;
	return 0;
}

uint64_t verify_content_limit_ms(const struct manifest_image *image)
{
	return RELEASE_LIMIT_MS + image->size / BYTES_PER_MS_LEAST;
}

int verify_content(int fd, const struct manifest_image *image, struct refusal *why)
{
	const struct strict s = {
		.work = check_content, .what = image, .first = fd, .second = -1,
		.answer = &answer.why, .size = sizeof(answer.why),
		.limit_ms = verify_content_limit_ms(image),
	};
	struct stat st;
	int rc;

	if (fstat(fd, &st) < 0)
		rc = refusal_set(why, REFUSAL_READ, -errno);
	else if (S_ISREG(st.st_mode) && (uint64_t)st.st_size != image->size)
		rc = refusal_set(why, REFUSAL_IMAGE_SIZE, 0);
	else
		rc = ask(&s, why);
	if (rc < 0)
		why->image = manifest_image_place(image);
	return rc;
}
