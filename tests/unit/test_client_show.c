/*
 * How the client shows values: the same calls as lines, as a table and as JSON.
 *
 * links: init/client/show.c init/client/json.c init/client/out.c init/text.c
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "init/client/out.h"
#include "init/client/show.h"

static char written[8192];

/* Standard output becomes a file in memory, and what was written to it comes back. */
static int real_stdout, file;

static void begin(void)
{
	out_flush();
	file = memfd_create("out", MFD_CLOEXEC);
	real_stdout = dup(STDOUT_FILENO);
	dup2(file, STDOUT_FILENO);
}

static const char *end(void)
{
	ssize_t n;

	assert_int_equal(out_flush(), 0);
	dup2(real_stdout, STDOUT_FILENO);
	close(real_stdout);
	n = pread(file, written, sizeof(written) - 1, 0);
	close(file);
	assert_true(n >= 0);
	written[n] = '\0';
	return written;
}

static void tell(struct show *s)
{
	show_open_row(s);
	show_string(s, "last_exit", "a\tb\x1b");
	show_string(s, "none", NULL);
	show_number(s, "memory", SHOW_BYTES, 1536 * 1024);
	show_number(s, "unknown", SHOW_BYTES, -1);
	show_number(s, "delay", SHOW_MS, 250);
	show_number(s, "cpu", SHOW_TENTHS, 1234);
	show_number(s, "adj", SHOW_SIGNED, -500);
	show_number(s, "on", SHOW_BOOL, 1);
	show_number(s, "address", SHOW_ADDRESS, 0x0a4d0002);
	show_number(s, "hash", SHOW_HASH, -1);
	show_open(s, "list", '[');
	show_string(s, NULL, "one");
	show_string(s, NULL, "two");
	show_close(s, ']');
	show_open(s, "rows", '[');
	show_open(s, NULL, '{');
	show_string(s, "file", "f");
	show_number(s, "n", SHOW_COUNT, 5);
	show_close(s, '}');
	show_close(s, ']');
	show_open(s, "sets", '{');
	show_string(s, "a", "x");
	show_close(s, '}');
	show_open(s, "empty", '[');
	show_close(s, ']');
	show_string(s, "after", "z");
	show_close_row(s);
	show_end(s);
}

static void lines_are_for_people(void **state)
{
	struct show s = show_as(SHOW_LINES, NULL);

	(void)state;
	begin();
	tell(&s);
	assert_string_equal(end(),
		"last exit:          a\tb?\n"
		"none:               -\n"
		"memory:             1.5M\n"
		"unknown:            -\n"
		"delay:              250 ms\n"
		"cpu:                123.4%\n"
		"adj:                -500\n"
		"on:                 yes\n"
		"address:            10.77.0.2\n"
		"hash:               ffffffffffffffff\n"
		"list:               one\n"
		"                    two\n"
		"rows:               f  n 5\n"
		"sets:               a x\n"
		"empty:              none\n"
		"after:              z\n");
}

static void json_has_units_and_null(void **state)
{
	struct show s = show_as(SHOW_JSON, NULL);

	(void)state;
	begin();
	tell(&s);
	assert_string_equal(end(),
		"{\"last_exit\":\"a\\u0009b\\u001b\",\"none\":null,\"memory_bytes\":1572864,"
		"\"unknown_bytes\":null,\"delay_ms\":250,\"cpu_percent\":123.4,\"adj\":-500,"
		"\"on\":true,\"address\":\"10.77.0.2\",\"hash\":\"ffffffffffffffff\","
		"\"list\":[\"one\",\"two\"],\"rows\":[{\"file\":\"f\",\"n\":5}],"
		"\"sets\":{\"a\":\"x\"},\"empty\":[],\"after\":\"z\"}\n");
}

static void tell_row(struct show *s, const char *name, int64_t memory)
{
	show_open_row(s);
	show_string(s, "name", name);
	show_number(s, "memory", SHOW_BYTES, memory);
	show_string(s, "last_exit", memory < 0 ? NULL : "killed\tby\nme");
	show_close_row(s);
}

static void rows_stand_in_columns_and_are_cut_for_a_terminal(void **state)
{
	static const struct {
		struct out_layout layout;
		const char *is;
	} rows[] = {
		{ { .end = "\n" },
		  "NAME    MEMORY  LAST EXIT\n"
		  "w\xc3\xa4" "b     16M     killed by?me\n"
		  "broker  -       -\n" },
		{ { .end = "$\n", .right = 2, .rows = 2 },
		  "NAME    MEMORY  LAST EXIT$\n"
		  "w\xc3\xa4" "b        16M  killed by?me$\n" },
		{ { .end = "\n", .columns = 18 },
		  "NAME    MEMORY  L\xe2\x80\xa6\n"
		  "w\xc3\xa4" "b     16M     k\xe2\x80\xa6\n"
		  "broker  -       -\n" },
		{ { .end = "\n", .columns = 1 }, "\xe2\x80\xa6\n\xe2\x80\xa6\n\xe2\x80\xa6\n" },
		{ { .end = "\n", .columns = 3 },
		  "NA\xe2\x80\xa6\nw\xc3\xa4\xe2\x80\xa6\nbr\xe2\x80\xa6\n" },
	};
	char cells[256];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text t = TEXT_ON(cells);
		struct show s = show_as(SHOW_HEADER, &t);

		begin();
		tell_row(&s, "", 0);
		s.mode = SHOW_ROW;
		tell_row(&s, "w\xc3\xa4" "b", 16 << 20);
		tell_row(&s, "broker", -1);
		out_rows(cells, &rows[i].layout);
		assert_string_equal(end(), rows[i].is);
	}
}

static void sizes_have_three_digits_or_less(void **state)
{
	static const struct {
		uint64_t bytes;
		const char *is;
	} rows[] = {
		{ 0, "0" }, { 1023, "1023" }, { 1024, "1K" }, { 1536, "1.5K" }, { 16 << 20, "16M" },
		{ (1 << 20) - 1, "1M" }, { (1 << 20) - 513, "1023K" },
		{ 16777216 - 4096, "16M" }, { 123 << 20, "123M" }, { 1300000, "1.2M" },
		{ UINT64_C(5) << 40, "5T" }, { UINT64_MAX, "16E" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char buf[32];
		struct text t = TEXT_ON(buf);

		show_add_size(&t, rows[i].bytes);
		assert_string_equal(buf, rows[i].is);
	}
}

static void more_than_the_buffer_comes_out_whole(void **state)
{
	size_t len = 0;

	(void)state;
	begin();
	for (int i = 0; i < 700; i++)
		out("%03u-%s", (unsigned)i, "abcdef");
	for (const char *at = end(); *at; at += 10, len++) {
		assert_int_equal((at[0] - '0') * 100 + (at[1] - '0') * 10 + at[2] - '0', len);
		assert_memory_equal(at + 3, "-abcdef", 7);
	}
	assert_int_equal(len, 700);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_for_people),
		cmocka_unit_test(json_has_units_and_null),
		cmocka_unit_test(rows_stand_in_columns_and_are_cut_for_a_terminal),
		cmocka_unit_test(sizes_have_three_digits_or_less),
		cmocka_unit_test(more_than_the_buffer_comes_out_whole),
	};

	return cmocka_run_group_tests_name("client_show", tests, NULL, NULL);
}
