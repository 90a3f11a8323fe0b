/*
 * unpack(): what the host tool packed comes out again, and no block whatsoever makes
 * it touch what is not its own.
 *
 * links: init/unpack.c init/table/pack.c init/table/arena.c
 * libraries: -llz4
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "init/table/pack.h"
#include "init/unpack.h"

/* One turn with a copy that reaches into itself, one with a long length, one with
 * neither: each kind of what a block has. */
#define SIZE 5000

static uint8_t plain[SIZE];

static void fill(void)
{
	uint32_t random = 1;

	memset(plain, 'a', SIZE);
	for (int i = 1000; i < 2000; i++)
		plain[i] = (uint8_t)((random = random * 1103515245 + 12345) >> 16);
	memcpy(plain + 3000, plain + 1200, 700);
}

static size_t pack_plain(struct arena *arena, const uint8_t **packed)
{
	size_t length;

	fill();
	*packed = pack(arena, plain, SIZE, &length);
	return length;
}

static void what_was_packed_comes_out(void **state)
{
	struct arena arena = { 0 };
	uint8_t to[SIZE];
	const uint8_t *packed;
	size_t length = pack_plain(&arena, &packed);

	(void)state;
	assert_true(length < SIZE / 2);
	assert_int_equal(unpack(packed, length, to, SIZE), 0);
	assert_memory_equal(to, plain, SIZE);
	arena_free(&arena);
}

static void another_size_is_refused(void **state)
{
	struct arena arena = { 0 };
	uint8_t to[SIZE + 1];
	const uint8_t *packed;
	size_t length = pack_plain(&arena, &packed);

	(void)state;
	assert_int_equal(unpack(packed, length, to, SIZE - 1), -EBADMSG);
	assert_int_equal(unpack(packed, length, to, SIZE + 1), -EBADMSG);
	assert_int_equal(unpack(packed, 0, to, SIZE), -EBADMSG);
	arena_free(&arena);
}

/* The buffers are just as large as said: the sanitizers see every step beyond. */
static void no_block_reaches_beyond(void **state)
{
	struct arena arena = { 0 };
	uint8_t to[SIZE], bent[SIZE];
	const uint8_t *packed;
	size_t length = pack_plain(&arena, &packed);

	(void)state;
	for (size_t i = 0; i < length; i++)
		unpack(packed, i, to, SIZE);
	memcpy(bent, packed, length);
	for (size_t i = 0; i < length; i++) {
		for (unsigned value = 0; value < 256; value += 5) {
			bent[i] = (uint8_t)value;
			unpack(bent, length, to, SIZE);
		}
		bent[i] = packed[i];
	}
	arena_free(&arena);
}

/* Source: the format's own description. */
static void blocks_by_hand(void **state)
{
	static const struct {
		uint8_t bytes[12];
		size_t length, size;
		const char *gives;	/* NULL: refused */
	} rows[] = {
		{ { 0x30, 'a', 'b', 'c' }, 4, 3, "abc" },
		{ { 0x20, 'a', 'b', 2, 0, 0x10, 'c' }, 7, 7, "abababc" },
		{ { 0x10, 'a', 1, 0, 0x10, 'b' }, 6, 6, "aaaaab" },
		{ { 0x10, 'a', 2, 0, 0x10, 'b' }, 6, 6, NULL },	/* before the beginning */
		{ { 0x10, 'a', 0, 0, 0x10, 'b' }, 6, 6, NULL },	/* no distance at all */
		{ { 0x10, 'a', 1 }, 3, 6, NULL },
		{ { 0x30, 'a', 'b' }, 3, 3, NULL },
		{ { 0xf0 }, 1, 15, NULL },
		{ { 0x1f, 'a', 1, 0 }, 4, 20, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t to[32];
		int rc = unpack(rows[i].bytes, rows[i].length, to, rows[i].size);

		assert_int_equal(rc, rows[i].gives ? 0 : -EBADMSG);
		if (rows[i].gives)
			assert_memory_equal(to, rows[i].gives, rows[i].size);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_packed_comes_out),
		cmocka_unit_test(another_size_is_refused),
		cmocka_unit_test(no_block_reaches_beyond),
		cmocka_unit_test(blocks_by_hand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
