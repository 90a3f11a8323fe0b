/*
 * Decides what a manifest says, and whether that is for this board.  Refuses to know who
 * wrote it: verify.h has looked at that before.
 */
#include "manifest.h"

#include <errno.h>
#include <string.h>

#include "service.h"
#include "table.h"

const char *const image_type_names[IMAGE_TYPE_COUNT] = {
	[IMAGE_EROFS] = "erofs",
	[IMAGE_SQUASHFS] = "squashfs",
};

/* What is left to be read.  The first thing that is not as it has to be ends it: from
 * then on each line is refused, and `line` is where. */
struct reader {
	const char *at, *end;
	uint32_t line;
	bool failed;
};

struct value {
	const char *at;
	size_t len;
};

static bool says(const char *at, size_t len, const char *word)
{
	return len == strlen(word) && memcmp(at, word, len) == 0;
}

/* Whether the next line has this key; does not move. */
static bool is_next(const struct reader *r, const char *key)
{
	size_t len = strlen(key);

	return (size_t)(r->end - r->at) > len && memcmp(r->at, key, len) == 0 &&
	       r->at[len] == ' ';
}

/* The value of the next line, which has to have this key; empty once something failed. */
static struct value take(struct reader *r, const char *key)
{
	struct value v = { "", 0 };
	const char *newline;

	if (r->failed)
		return v;
	r->line++;
	newline = memchr(r->at, '\n', (size_t)(r->end - r->at));
	if (!newline || !is_next(r, key)) {
		r->failed = true;
		return v;
	}
	v.at = r->at + strlen(key) + 1;
	v.len = (size_t)(newline - v.at);
	r->at = newline + 1;
	return v;
}

static void expect(struct reader *r, bool holds)
{
	if (!holds)
		r->failed = true;
}

static bool is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

/* With its NUL it fits into size bytes. */
static bool is_name(const char *at, size_t len, size_t size)
{
	if (!len || len >= size || !is_letter(at[0]))
		return false;
	for (size_t i = 1; i < len; i++)
		if (!is_letter(at[i]) && !(at[i] >= '0' && at[i] <= '9') && at[i] != '-' &&
		    at[i] != '_')
			return false;
	return true;
}

/* *to has been zeroed. */
static void take_name(struct reader *r, const char *key, char *to, size_t size)
{
	struct value v = take(r, key);

	if (is_name(v.at, v.len, size))
		memcpy(to, v.at, v.len);
	else
		r->failed = true;
}

static uint64_t take_number(struct reader *r, const char *key)
{
	struct value v = take(r, key);
	uint64_t n = 0;

	expect(r, v.len && (v.at[0] != '0' || v.len == 1));
	for (size_t i = 0; i < v.len && !r->failed; i++) {
		unsigned digit = (unsigned)(v.at[i] - '0');

		expect(r, digit <= 9 && !__builtin_mul_overflow(n, 10, &n) &&
			  !__builtin_add_overflow(n, digit, &n));
	}
	return n;
}

/* 16 if it is none, or an upper-case one. */
static unsigned hex_digit(char c)
{
	return c >= '0' && c <= '9' ? (unsigned)(c - '0') :
	       c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10) : 16;
}

static void take_digest(struct reader *r, const char *key, uint8_t to[SHA256_SIZE])
{
	struct value v = take(r, key);

	expect(r, v.len == (size_t)2 * SHA256_SIZE);
	for (size_t i = 0; i < SHA256_SIZE && !r->failed; i++) {
		unsigned high = hex_digit(v.at[2 * i]), low = hex_digit(v.at[2 * i + 1]);

		expect(r, high < 16 && low < 16);
		to[i] = (uint8_t)(high << 4 | low);
	}
}

static void take_type(struct reader *r, uint8_t *to)
{
	struct value v = take(r, "type");

	for (*to = 0; *to < IMAGE_TYPE_COUNT; ++*to)
		if (says(v.at, v.len, image_type_names[*to]))
			return;
	r->failed = true;
}

/* The file `manifest` lies beside the images. */
static bool is_image_name(const char *name)
{
	size_t len = strnlen(name, IMAGE_NAME_SIZE);

	return is_name(name, len, IMAGE_NAME_SIZE) && !says(name, len, "manifest");
}

static bool is_size(uint64_t bytes)
{
	return bytes && bytes <= INT64_MAX && bytes % IMAGE_BLOCK_SIZE == 0;
}

/* before: the one in front of it, or NULL. */
static void take_image(struct reader *r, struct manifest_image *to,
		       const struct manifest_image *before)
{
	take_name(r, "image", to->name, sizeof(to->name));
	expect(r, is_image_name(to->name) && (!before || strcmp(before->name, to->name) < 0));
	take_type(r, &to->type);
	to->size = take_number(r, "size");
	expect(r, is_size(to->size));
	take_digest(r, "sha256", to->sha256);
	to->data = take_number(r, "data");
	expect(r, is_size(to->data) && to->data < to->size);
	take_digest(r, "root", to->root);
	take_digest(r, "salt", to->salt);
}

static void take_all(struct reader *r, struct manifest *to)
{
	struct value version = take(r, "pith-manifest");

	expect(r, says(version.at, version.len, "1"));
	take_name(r, "product", to->product, sizeof(to->product));
	take_name(r, "board", to->board, sizeof(to->board));
	to->serial = take_number(r, "serial");
	expect(r, to->serial > 0);
	while (!r->failed && to->count < MANIFEST_IMAGES_MAX && is_next(r, "image")) {
		struct manifest_image *image = &to->image[to->count];

		take_image(r, image, to->count++ ? image - 1 : NULL);
	}
	expect(r, take_number(r, "end") == to->count);
	if (!r->failed && r->at != r->end) {
		r->line++;
		r->failed = true;
	}
}

int manifest_parse(struct manifest *to, const char *text, size_t len, struct refusal *why)
{
	struct reader r = { .at = text, .end = text + len };

	memset(to, 0, sizeof(*to));
	if (len > MANIFEST_SIZE_MAX)
		return refusal_set(why, REFUSAL_TOO_LONG, 0);
	take_all(&r, to);
	if (!r.failed)
		return 0;
	refusal_set(why, REFUSAL_SYNTAX, 0);
	why->line = r.line;
	return -EBADMSG;
}

bool manifest_is_sound(const struct manifest *is)
{
	if (!is_name(is->product, strnlen(is->product, sizeof(is->product)), sizeof(is->product)) ||
	    !is_name(is->board, strnlen(is->board, sizeof(is->board)), sizeof(is->board)) ||
	    !is->serial || is->count > MANIFEST_IMAGES_MAX)
		return false;
	for (uint32_t i = 0; i < is->count; i++) {
		const struct manifest_image *image = &is->image[i];

		if (!is_image_name(image->name) || image->type >= IMAGE_TYPE_COUNT ||
		    !is_size(image->size) || !is_size(image->data) || image->data >= image->size ||
		    (i && strcmp(image[-1].name, image->name) >= 0))
			return false;
	}
	return true;
}

static int refuse_image(struct refusal *why, enum refusal_why what, uint16_t place)
{
	refusal_set(why, what, 0);
	why->image = place;
	return -EBADMSG;
}

int manifest_check(const struct manifest *is, uint64_t serial_least, struct refusal *why)
{
	const unsigned count = IMAGE_COUNT;

	if (strcmp(is->product, board.product))
		return refusal_set(why, REFUSAL_PRODUCT, 0);
	if (strcmp(is->board, board.name))
		return refusal_set(why, REFUSAL_BOARD, 0);
	if (serial_least < board.serial_least)
		serial_least = board.serial_least;
	if (is->serial < serial_least) {
		refusal_set(why, REFUSAL_SERIAL, 0);
		why->serial = is->serial;
		why->serial_least = serial_least;
		return -EBADMSG;
	}
	for (unsigned i = 0; i < count; i++) {
		const struct manifest_image *image = manifest_find(is, images[i].name);

		if (!image)
			return refuse_image(why, REFUSAL_NO_IMAGE, (uint16_t)i);
		if (image->type != images[i].type)
			return refuse_image(why, REFUSAL_TYPE, (uint16_t)i);
	}
	return 0;
}

uint16_t manifest_image_place(const struct manifest_image *image)
{
	const unsigned count = IMAGE_COUNT;

	for (unsigned i = 0; i < count; i++)
		if (!strcmp(images[i].name, image->name))
			return (uint16_t)i;
	return REFUSAL_NO_IMAGE_ID;
}

const struct manifest_image *manifest_find(const struct manifest *in, const char *name)
{
	for (uint32_t i = 0; i < in->count; i++)
		if (!strcmp(in->image[i].name, name))
			return &in->image[i];
	return NULL;
}
