/*
 * Files of the kernel, line by line: whatever the length of a line, nothing is
 * lost.
 *
 * links: init/client/files.c
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "init/client/files.h"

static char path[64];
static int file;

/* A file with these bytes, at path. */
static void put(const char *bytes, size_t len)
{
	close(file);
	file = memfd_create("file", 0);
	assert_int_equal(write(file, bytes, len), len);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
}

static void lines_of_any_length_come_whole_or_in_pieces(void **state)
{
	static const size_t lengths[] = {
		0, 1, FILES_LINE_SIZE - 3, FILES_LINE_SIZE - 2, FILES_LINE_SIZE - 1,
		FILES_LINE_SIZE, FILES_LINE_SIZE + 1, 3 * FILES_LINE_SIZE,
	};
	static char bytes[4 * FILES_LINE_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct files_lines f;
		size_t seen = 0;
		bool last = false;

		memcpy(bytes, "first\n", 6);
		memset(bytes + 6, 'x', lengths[i]);
		memcpy(bytes + 6 + lengths[i], "\nlast", 5);
		put(bytes, 6 + lengths[i] + 5);
		assert_int_equal(files_open(&f, AT_FDCWD, path), 0);
		assert_string_equal(files_next_line(&f), "first");
		for (const char *line; (line = files_next_line(&f));) {
			assert_false(last);
			last = !strcmp(line, "last");
			seen += last ? 0 : strlen(line);
			assert_int_equal(strspn(line, "x"), last ? 0 : strlen(line));
		}
		files_close(&f);
		assert_true(last);
		assert_int_equal(seen, lengths[i]);
	}
}

static void short_files_come_whole(void **state)
{
	static const struct {
		const char *bytes, *text;
		int rc;
	} rows[] = {
		{ "12345\n", "12345", 5 },
		{ "max\n", "max", 3 },
		{ "", "", 0 },
		{ "50000 100000\n", "50000 100000", 12 },
		{ "9223372036854775807", "9223372036854775807", 19 },
	};
	char buf[20], little[4];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		put(rows[i].bytes, strlen(rows[i].bytes));
		assert_int_equal(files_read(AT_FDCWD, path, buf, sizeof(buf)), rows[i].rc);
		assert_string_equal(buf, rows[i].text);
	}
	put("1234", 4);
	assert_int_equal(files_read(AT_FDCWD, path, little, sizeof(little)), -EMSGSIZE);
	assert_string_equal(little, "");
	assert_int_equal(files_read(-1, "memory.current", buf, sizeof(buf)), -EBADF);
}

static void fields_are_found_by_their_whole_key(void **state)
{
	static const char bytes[] = "Name:\tx\nVmRSSX:\t1\nVmRSS:\t   12 kB\nCapEff:\t00000000a80425fb\n";
	char buf[20], little[4];

	(void)state;
	put(bytes, strlen(bytes));
	assert_true(files_field(AT_FDCWD, path, "VmRSS", buf, sizeof(buf)));
	assert_string_equal(buf, "12 kB");
	assert_true(files_field(AT_FDCWD, path, "CapEff", buf, sizeof(buf)));
	assert_int_equal(files_parse(buf, 16, NULL), 0xa80425fb);
	assert_false(files_field(AT_FDCWD, path, "Vm", buf, sizeof(buf)));
	assert_false(files_field(AT_FDCWD, path, "VmRSS", little, sizeof(little)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_of_any_length_come_whole_or_in_pieces),
		cmocka_unit_test(short_files_come_whole),
		cmocka_unit_test(fields_are_found_by_their_whole_key),
	};

	return cmocka_run_group_tests_name("client_files", tests, NULL, NULL);
}
