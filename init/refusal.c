/*
 * Decides how a refusal reads.  Refuses to know what becomes of it.
 */
#include "refusal.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "service.h"
#include "table.h"

/* Of an image its name comes first; an error follows. */
static const struct {
	const char *name, *text;
	bool of_image;
} rows[REFUSAL_COUNT] = {
	[REFUSAL_NONE] = { "none", "it was taken", false },
	[REFUSAL_ABSENT] = { "absent", "there is none", false },
	[REFUSAL_READ] = { "read", "cannot be read", false },
	[REFUSAL_TOO_LONG] = { "too-long", "its manifest or signature is too long", false },
	[REFUSAL_SIGNATURE_FORM] = { "signature-form", "its signature is neither one of ECDSA nor of RSA", false },
	[REFUSAL_SIGNATURE] = { "signature", "not signed by a key that this board trusts", false },
	[REFUSAL_SYNTAX] = { "syntax", "its manifest cannot be understood", false },
	[REFUSAL_PRODUCT] = { "product", "it is for another product", false },
	[REFUSAL_BOARD] = { "board", "it is for another board", false },
	[REFUSAL_SERIAL] = { "serial", "it is too old", false },
	[REFUSAL_NO_IMAGE] = { "no-image", "is not in it", true },
	[REFUSAL_TYPE] = { "type", "has another type of file system than this board expects", true },
	[REFUSAL_IMAGE_ABSENT] = { "image-absent", "has no file or partition", true },
	[REFUSAL_IMAGE_FILE] = { "image-file", "is no file that can be used", true },
	[REFUSAL_IMAGE_BUSY] = { "image-busy", "is open to be written by somebody", true },
	[REFUSAL_IMAGE_SIZE] = { "image-size", "has another size than its manifest says", true },
	[REFUSAL_IMAGE_DIGEST] = { "image-digest", "has another SHA-256 than its manifest says", true },
	[REFUSAL_VERIFIER] = { "verifier", "it could not be checked", false },
	[REFUSAL_LOOP] = { "loop", "gets no loop device", true },
	[REFUSAL_VERITY] = { "verity", "gets no dm-verity", true },
	[REFUSAL_MOUNT] = { "mount", "cannot be mounted", true },
	[REFUSAL_RECORD] = { "record", "the record of which release counts", false },
};

int refusal_set(struct refusal *to, enum refusal_why why, int error)
{
	*to = (struct refusal){ .why = (uint8_t)why, .image = REFUSAL_NO_IMAGE_ID, .error = error };
	return error ? error : -EBADMSG;
}

/* Without a number of it, of an image that the table has no more. */
static void add_image(struct text *t, unsigned image)
{
	const unsigned count = IMAGE_COUNT;

	if (image < count)
		text_add(t, "image %s ", images[image].name);
	else
		text_add(t, "an image ");
}

void refusal_explain(struct text *t, const struct refusal *is)
{
	if (is->why >= REFUSAL_COUNT) {
		text_add(t, "?");
		return;
	}
	if (rows[is->why].of_image)
		add_image(t, is->image);
	text_add(t, "%s", rows[is->why].text);
	if (is->why == REFUSAL_SYNTAX)
		text_add(t, ", line %u", (unsigned)is->line);
	if (is->why == REFUSAL_SERIAL)
		text_add(t, ": release %llu, and %llu is the least", (unsigned long long)is->serial,
			 (unsigned long long)is->serial_least);
	if (is->error)
		text_add(t, ": %s", strerror(-is->error));
}

const char *refusal_name(unsigned why)
{
	return why < REFUSAL_COUNT ? rows[why].name : "?";
}
