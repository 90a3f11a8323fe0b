/*
 * Which superblock is the one that is looked for.  The golden bytes are of mke2fs
 * 1.47.0 and mkfs.f2fs 1.15.0, with the label "data".
 *
 * links: init/storage_find.c init/text.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hex.h"
#include "init/storage_find.h"

#define EXT4(group) \
	"001000000040000033030000eb360000f50f000001000000000000000000" \
	"0000002000000020000000080000000000004af2026b0000ffff53ef0100" \
	"010000004af2026b000000000000000001000000000000000b0000000001" \
	group "3c000000c20200006b040000166dbfdf4d99429a8f471b30adb0bb4d" \
	"646174610000000000000000000000000000000000000000"

static const char ext4[] = EXT4("0000"), ext4_copy[] = EXT4("0100");
static const char f2fs[] =
	"1020f5f201000f0009000000030000000c00000009000000010000000100"
	"0000000000000040000000000000180000001f0000000200000002000000"
	"020000000100000018000000000200000002000000060000000a0000000e"
	"000000100000030000000100000002000000a389c145d31e489783e08e87"
	"4383443f6400610074006100000000000000000000000000";

static uint8_t block[SUPERBLOCK_SIZE];

static const uint8_t *bytes(const char *hex)
{
	memset(block, 0, sizeof(block));
	hex_read(hex, block, sizeof(block));
	return block;
}

static bool has(const char *type, unsigned place, const char *label)
{
	const struct superblock_kind *kind = superblock_kind(type);

	assert_non_null(kind);
	return kind->has(block, &kind->place[place], label);
}

static void a_label_is_found_whole(void **state)
{
	static const struct {
		const char *type, *label;
		bool found;
	} rows[] = {
		{ "ext4", "data", true }, { "ext4", "dat", false }, { "ext4", "data2", false },
		{ "ext4", "Data", false }, { "ext4", "", false },
		{ "f2fs", "data", true }, { "f2fs", "dat", false }, { "f2fs", "data2", false },
		{ "f2fs", "Data", false }, { "f2fs", "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bytes(!strcmp(rows[i].type, "ext4") ? ext4 : f2fs);
		assert_int_equal(has(rows[i].type, 0, rows[i].label), rows[i].found);
	}
}

static void a_file_system_of_the_other_type_is_none(void **state)
{
	(void)state;
	bytes(ext4);
	assert_false(has("f2fs", 0, "data"));
	bytes(f2fs);
	assert_false(has("ext4", 0, "data"));
	assert_null(superblock_kind("vfat"));
}

static void a_magic_that_is_spoilt_is_none(void **state)
{
	(void)state;
	bytes(ext4);
	block[0x38] ^= 1;
	assert_false(has("ext4", 0, "data"));
	bytes(f2fs);
	block[3] ^= 1;
	assert_false(has("f2fs", 0, "data"));
}

/* A label that fills its field has no NUL. */
static void the_longest_label_is_found(void **state)
{
	const char *longest = "0123456789abcdef";
	char label[SUPERBLOCK_SIZE] = "";

	(void)state;
	bytes(ext4);
	memcpy(block + 0x78, longest, 16);
	block[0x78 + 16] = 'x';		/* what comes after it */
	assert_true(has("ext4", 0, longest));
	assert_false(has("ext4", 0, "0123456789abcdefx"));
	bytes(f2fs);
	for (size_t i = 0; i < 193; i++)
		block[0x7c + 2 * i] = (uint8_t)(label[i] = 'y');
	assert_true(has("f2fs", 0, label));
	label[193] = 'y';
	assert_false(has("f2fs", 0, label));
}

/* Where a copy lies on a disk, there may be the first superblock of a partition. */
static void a_copy_counts_where_it_belongs(void **state)
{
	const struct superblock_kind *kind = superblock_kind("ext4");

	(void)state;
	assert_int_equal(kind->place[1].at, 8193 * 1024);
	bytes(ext4_copy);
	assert_true(has("ext4", 1, "data"));
	assert_false(has("ext4", 0, "data"));
	assert_false(has("ext4", 2, "data"));		/* of other blocks */
	block[0x18] = 1;
	assert_true(has("ext4", 2, "data"));
	bytes(ext4);
	assert_false(has("ext4", 1, "data"));
}

static void names_are_taken_from_the_kernels_list(void **state)
{
	static const struct {
		const char *line, *name;	/* NULL: none */
	} rows[] = {
		{ " 254        0      16384 vda", "vda" },
		{ " 179       24 9223372036854775807 mmcblk0p3", "mmcblk0p3" },
		{ "major minor  #blocks  name", NULL }, { "", NULL }, { " ", NULL }, { " x", NULL },
		{ " 254        0      16384 ", NULL },
		{ " 254 0 1 a123456789012345678901234567890", "a123456789012345678901234567890" },
		{ " 254 0 1 a1234567890123456789012345678901", NULL },
	};
	char name[STORAGE_NAME_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool found = storage_partition_name(rows[i].line, strlen(rows[i].line), name);

		assert_int_equal(found, rows[i].name != NULL);
		if (found)
			assert_string_equal(name, rows[i].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_label_is_found_whole),
		cmocka_unit_test(a_file_system_of_the_other_type_is_none),
		cmocka_unit_test(a_magic_that_is_spoilt_is_none),
		cmocka_unit_test(the_longest_label_is_found),
		cmocka_unit_test(a_copy_counts_where_it_belongs),
		cmocka_unit_test(names_are_taken_from_the_kernels_list),
	};

	return cmocka_run_group_tests_name("storage_find", tests, NULL, NULL);
}
