/*
 * What each state of the storage means for services, and its words.
 *
 * links: init/storage_state.c init/text.c
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "init/storage_state.h"

const struct board board = { .data_label = "data", .data_type = "ext4" };

static const struct service_volume write_one[] = { { .folder = "a/b" } };
static const struct service_volume read_one[] = { { .folder = "a/b", .read_only = true } };
static const struct service_volume both[] = {
	{ .folder = "a/b", .read_only = true }, { .folder = "a/c" },
};

static const struct service none = { .name = "none" };
static const struct service writer = { .volumes = write_one, .volume_count = 1 };
static const struct service reader = { .volumes = read_one, .volume_count = 1 };
static const struct service mixed = { .volumes = both, .volume_count = 2 };

static void each_state_serves_whom_it_can(void **state)
{
	static const bool serves[STORAGE_STATE_COUNT][3] = {	/* writer, reader, mixed */
		[STORAGE_MOUNTED] = { true, true, true },
		[STORAGE_FULL] = { true, true, true },
		[STORAGE_READ_ONLY] = { false, true, false },
	};

	(void)state;
	for (unsigned i = 0; i < STORAGE_STATE_COUNT; i++) {
		assert_true(storage_serves(i, &none));
		assert_int_equal(storage_serves(i, &writer), serves[i][0]);
		assert_int_equal(storage_serves(i, &reader), serves[i][1]);
		assert_int_equal(storage_serves(i, &mixed), serves[i][2]);
	}
}

static void each_state_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (unsigned i = 0; i < STORAGE_STATE_COUNT; i++)
		for (unsigned j = 0; j <= i; j++)
			assert_int_equal(strcmp(storage_state_name(i), storage_state_name(j)) == 0,
					 i == j);
	assert_string_equal(storage_state_name(STORAGE_STATE_COUNT), "?");
}

static void a_state_is_told_in_words(void **state)
{
	static const struct {
		struct storage is;
		const char *words;
	} rows[] = {
		{ { .state = STORAGE_NONE }, "there is no DATA" },
		{ { .state = STORAGE_LOOKING }, "looking for a partition labelled data" },
		{ { .state = STORAGE_CHECKING, .device = "vda" }, "checking /dev/vda" },
		{ { .state = STORAGE_MOUNTED, .check = STORAGE_CLEAN, .device = "vda",
		    .free_bytes = 5347738 }, "data is /dev/vda, ext4: checked, mounted, 5.0M free" },
		{ { .state = STORAGE_MOUNTED, .device = "vda", .free_bytes = 1023 },
		  "data is /dev/vda, ext4: mounted, 0.9K free" },
		{ { .state = STORAGE_MOUNTED, .check = STORAGE_REPAIRED, .device = "vda",
		    .free_bytes = UINT64_C(64) << 30 },
		  "data is /dev/vda, ext4: repaired, mounted, 64.0G free" },
		{ { .state = STORAGE_FULL, .check = STORAGE_SALVAGED, .device = "vda" },
		  "data is /dev/vda, ext4: repaired with possible losses, mounted, full" },
		{ { .state = STORAGE_READ_ONLY, .check = STORAGE_CLEAN, .device = "vda",
		    .free_bytes = 1 << 20 },
		  "data is /dev/vda, ext4: checked, mounted, read-only since the medium cannot be "
		  "written, 1.0M free" },
		{ { .state = STORAGE_ABSENT, .error = -ENOENT }, "no partition labelled data" },
		{ { .state = STORAGE_ABSENT, .error = -ENOTUNIQ },
		  "more than one partition is labelled data" },
		{ { .state = STORAGE_BROKEN, .step = STORAGE_STEP_LOOK, .error = -EFBIG },
		  "data: not mounted, looking for it: File too large" },
		{ { .state = STORAGE_BROKEN, .step = STORAGE_STEP_CHECK, .error = -EIO,
		    .device = "sda1" },
		  "data is /dev/sda1, ext4: not mounted, checking it: Input/output error" },
		{ { .state = STORAGE_BROKEN, .step = STORAGE_STEP_DAMAGE, .error = 12 << 8,
		    .device = "vda" }, "data is /dev/vda, ext4: not mounted, damaged beyond repair, "
		  "its fsck ended with status 12" },
		{ { .state = STORAGE_BROKEN, .step = STORAGE_STEP_DAMAGE, .error = SIGKILL,
		    .device = "vda" },
		  "data is /dev/vda, ext4: not mounted, its fsck was killed by SIGKILL" },
		{ { .state = STORAGE_BROKEN, .step = STORAGE_STEP_MOUNT, .error = -ENODEV,
		    .device = "vda" }, "data is /dev/vda, ext4: not mounted, the kernel has no ext4" },
		{ { .state = STORAGE_BROKEN, .step = STORAGE_STEP_MOUNT, .error = -EBUSY,
		    .device = "vda" }, "data is /dev/vda, ext4: not mounted, another partition is "
		  "mounted until the next boot" },
		{ { .state = STORAGE_BROKEN, .step = STORAGE_STEP_MOUNT, .error = -EIO,
		    .device = "vda" },
		  "data is /dev/vda, ext4: not mounted, mounting it: Input/output error" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char words[256];
		struct text t = TEXT_ON(words);

		storage_explain(&t, &rows[i].is);
		assert_false(t.cut);
		assert_string_equal(words, rows[i].words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_state_serves_whom_it_can),
		cmocka_unit_test(each_state_has_a_name_of_its_own),
		cmocka_unit_test(a_state_is_told_in_words),
	};

	return cmocka_run_group_tests_name("storage_state", tests, NULL, NULL);
}
