/*
 * What dm-verity's uevents say: the kernel's own, and bytes that only look so.
 *
 * links: init/images_verity.c init/text.c init/watch.c init/fds.c
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "init/console.h"
#include "init/images_verity.h"
#include "init/uevents.h"

const struct service services[] = { { .name = "web" }, { .name = "broker" }, { .name = "third" } };
const struct image images[] = { { .name = "web" }, { .name = "broker" } };

int uevents_open(void)
{
	return -EAFNOSUPPORT;
}

void console_say_of(const char *name, const char *fmt, ...)
{
	(void)name, (void)fmt;
}

#define HEADER "change@/devices/virtual/block/dm-12\0" \
	"ACTION=change\0DEVPATH=/devices/virtual/block/dm-12\0SUBSYSTEM=block\0"
#define TAIL "\0MAJOR=254\0MINOR=12\0DEVNAME=dm-12\0DEVTYPE=disk\0SEQNUM=1042"

struct message {
	const char *bytes;
	size_t len;
};

/* With the NUL behind the last, as the kernel sends it. */
#define MESSAGE(text) { text, sizeof(text) }

static void the_kernel_s_word_is_understood(void **unused)
{
	static const struct message data = MESSAGE(HEADER "DM_VERITY_ERR_BLOCK_NR=0,7" TAIL);
	static const struct message tree =
		MESSAGE(HEADER "DM_VERITY_ERR_BLOCK_NR=1,18446744073709551615" TAIL);
	struct verity_event is;

	(void)unused;
	assert_true(images_verity_parse(&is, data.bytes, data.len));
	assert_string_equal(is.device, "dm-12");
	assert_true(is.block == 7);
	assert_false(is.in_tree);
	assert_true(images_verity_parse(&is, tree.bytes, tree.len));
	assert_true(is.block == UINT64_MAX);
	assert_true(is.in_tree);
}

static void what_is_something_else_is_left_alone(void **unused)
{
	static const struct message rows[] = {
		MESSAGE(""),
		MESSAGE("change@/devices/virtual/block/dm-"),
		MESSAGE("change@/devices/virtual/block/dm-\0DM_VERITY_ERR_BLOCK_NR=0,7"),
		MESSAGE("change@/devices/virtual/block/dm-x\0DM_VERITY_ERR_BLOCK_NR=0,7"),
		MESSAGE("change@/devices/virtual/block/dm-1x\0DM_VERITY_ERR_BLOCK_NR=0,7"),
		MESSAGE("change@/devices/virtual/block/dm-1/../sda\0DM_VERITY_ERR_BLOCK_NR=0,7"),
		MESSAGE("change@/devices/virtual/block/dm-1234567890123456\0"
			"DM_VERITY_ERR_BLOCK_NR=0,7"),
		MESSAGE("add@/devices/virtual/block/dm-1\0DM_VERITY_ERR_BLOCK_NR=0,7"),
		MESSAGE(HEADER "DM_COOKIE=17" TAIL),
		MESSAGE(HEADER "DM_VERITY_ERR_BLOCK_NR=" TAIL),
		MESSAGE(HEADER "DM_VERITY_ERR_BLOCK_NR=0" TAIL),
		MESSAGE(HEADER "DM_VERITY_ERR_BLOCK_NR=0," TAIL),
		MESSAGE(HEADER "DM_VERITY_ERR_BLOCK_NR=,7" TAIL),
		MESSAGE(HEADER "DM_VERITY_ERR_BLOCK_NR=0,7x" TAIL),
		MESSAGE(HEADER "XDM_VERITY_ERR_BLOCK_NR=0,7" TAIL),
	};
	struct verity_event is;

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_false(images_verity_parse(&is, rows[i].bytes, rows[i].len));
}

/* Nothing behind the end is looked at: the sanitizer would tell. */
static void a_message_may_end_anywhere(void **unused)
{
	static const struct message whole = MESSAGE(HEADER "DM_VERITY_ERR_BLOCK_NR=0,7");
	struct verity_event is;

	(void)unused;
	for (size_t len = 1; len <= whole.len; len++) {
		char *bytes = test_malloc(len);

		memcpy(bytes, whole.bytes, len);
		assert_int_equal(images_verity_parse(&is, bytes, len), len == whole.len);
		test_free(bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_kernel_s_word_is_understood),
		cmocka_unit_test(what_is_something_else_is_left_alone),
		cmocka_unit_test(a_message_may_end_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
