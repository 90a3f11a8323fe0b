/*
 * The public keys whose signature counts.  Decides which kinds there are and which a
 * product may have; openssl has read the files (board/scripts/trusted-keys), a line for
 * each, of fields that are separated by tabs:
 *
 *	PATH MARK KIND VALUE...
 *
 * PATH as IMAGE_KEYS has it; MARK is "development" or "-"; KIND and VALUE are
 *	ecdsa POINT		of P-256, in hexadecimal digits
 *	rsa MODULUS EXPONENT
 *	private			it is the other half
 *	absent			it cannot be read
 *	other WHAT		anything else, in words
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "checks.h"
#include "images.h"

enum { PATH, MARK, KIND, FIRST, SECOND, FIELD_COUNT };

/* What BearSSL is built to take (verify.h). */
#define MODULUS_BITS_MIN 2048
#define MODULUS_BITS_MAX 4096
#define EXPONENT_SIZE_MAX 8

static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Without leading zeros; 0 bytes if it is no such number. */
static uint8_t *read_hex(struct arena *arena, const char *text, size_t *size)
{
	size_t length = strlen(text);
	uint8_t *bytes = arena_alloc(arena, length / 2 + 1);

	*size = 0;
	if (length % 2)
		return bytes;
	for (size_t i = 0; i < length; i += 2) {
		int high = hex_digit(text[i]), low = hex_digit(text[i + 1]);

		if (high < 0 || low < 0) {
			*size = 0;
			return bytes;
		}
		bytes[*size] = (uint8_t)(high << 4 | low);
		*size += *size || bytes[*size];
	}
	return bytes;
}

static size_t bits_of(const uint8_t *bytes, size_t size)
{
	size_t bits = size * 8;

	for (uint8_t bit = 0x80; size && bit && !(bytes[0] & bit); bit >>= 1)
		bits--;
	return bits;
}

static const char *read_rsa(struct arena *arena, char *const field[], struct key_spec *key)
{
	size_t bits;

	key->is_rsa = true;
	key->modulus = read_hex(arena, field[FIRST], &key->modulus_size);
	key->exponent = read_hex(arena, field[SECOND], &key->exponent_size);
	bits = bits_of(key->modulus, key->modulus_size);
	if (bits != 2048 && bits != 3072 && bits != MODULUS_BITS_MAX)
		return arena_printf(arena, "is RSA of %zu bits; take one of %d, 3072 or %d, or of "
				    "ECDSA P-256", bits, MODULUS_BITS_MIN, MODULUS_BITS_MAX);
	if (!key->exponent_size || key->exponent_size > EXPONENT_SIZE_MAX ||
	    !(key->exponent[key->exponent_size - 1] & 1) || bits_of(key->exponent,
								    key->exponent_size) < 2)
		return "is RSA with an exponent that nobody uses; make one with 65537";
	return NULL;
}

/* NULL, or what is wrong with it and what to do. */
static const char *read_key(const struct spec *spec, char *const field[], struct key_spec *key)
{
	const char *kind = field[KIND];
	size_t size;

	if (!strcmp(kind, "absent"))
		return "cannot be read; write the path of a public key, from the defconfig's folder "
		       "or absolute";
	if (!strcmp(kind, "private") && !strcmp(field[MARK], "development"))
		return "is the private half of a development key; write development.pem, which lies "
		       "beside it";
	if (!strcmp(kind, "private"))
		return arena_printf(spec->arena, "is a private key, which no board may have; write "
				    "that of its public half: openssl pkey -pubout -in %s",
				    field[PATH]);
	if (!strcmp(kind, "other"))
		return arena_printf(spec->arena, "is %s; write the path of a public key of ECDSA "
				    "P-256, or of RSA, in PEM", field[FIRST]);
	if (spec->board.production && !strcmp(field[MARK], "development"))
		return "is a development key, and PRODUCTION forbids it; write that of the product";
	if (!strcmp(kind, "rsa"))
		return read_rsa(spec->arena, field, key);
	key->point = read_hex(spec->arena, field[FIRST], &size);
	return size == KEY_POINT_SIZE && key->point[0] == 4 ? NULL : "is no point of P-256";
}

static bool is_same(const struct key_spec *one, const struct key_spec *other)
{
	if (one->is_rsa != other->is_rsa)
		return false;
	if (!one->is_rsa)
		return !memcmp(one->point, other->point, KEY_POINT_SIZE);
	return one->modulus_size == other->modulus_size &&
	       !memcmp(one->modulus, other->modulus, one->modulus_size);
}

static void key_add(struct spec *spec, char *const field[], const char *const paths[])
{
	struct key_spec *key = &spec->keys[spec->key_count];
	const char *error = read_key(spec, field, key);

	if (error) {
		spec_board_error(spec, "IMAGE_KEYS", "%s %s", field[PATH], error);
		return;
	}
	for (size_t i = 0; i < spec->key_count; i++)
		if (is_same(&spec->keys[i], key)) {
			spec_board_error(spec, "IMAGE_KEYS", "%s is the same key as %s; leave one out",
					 field[PATH], paths[i]);
			return;
		}
	spec->key_count++;
}

static void split(char *line, char *field[FIELD_COUNT])
{
	line[strcspn(line, "\n")] = '\0';
	for (int i = 0; i < FIELD_COUNT; i++) {
		char *tab = strchr(line, '\t');

		field[i] = line;
		line = tab ? tab + 1 : line + strlen(line);
		if (tab)
			*tab = '\0';
	}
}

void check_keys(struct spec *spec, const char *path)
{
	size_t most = spec->board.image_keys.count, room = 0;
	const char **paths = arena_array(spec->arena, most, sizeof(*paths));
	char *line = NULL, *field[FIELD_COUNT];
	size_t seen = 0;
	FILE *file;

	if (!spec->image_count || spec->board.broken || !most)
		return;
	file = path ? fopen(path, "re") : NULL;
	if (!file) {
		report_error(spec->report, "%s: %s", path ? path : "--keys",
			     path ? strerror(errno) : "is left out, and a service has an image");
		return;
	}
	spec->keys = arena_array(spec->arena, most, sizeof(*spec->keys));
	for (; seen < most && getline(&line, &room, file) > 0; seen++) {
		split(arena_copy(spec->arena, line, strlen(line)), field);
		paths[spec->key_count] = field[PATH];
		key_add(spec, field, paths);
	}
	free(line);
	fclose(file);
	/* make takes their paths as they are, and none at all where one is quoted. */
	if (seen < most)
		spec_board_error(spec, "IMAGE_KEYS", "%zu of %zu keys were read; write their paths "
				 "without quotes and backslashes", seen, most);
}
