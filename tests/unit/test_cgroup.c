/*
 * What control files say, from files with the same words.
 *
 * links: cgroup/cgroup.c
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

#include "cgroup/cgroup.h"

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

static void a_file_of_one_number(void **state)
{
	static const struct {
		const char *bytes;
		int64_t number;
	} rows[] = {
		{ "12345\n", 12345 }, { "max\n", -ERANGE }, { "", -ERANGE },
		{ "50000 100000\n", 50000 }, { "9223372036854775807", INT64_MAX },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		put(rows[i].bytes, strlen(rows[i].bytes));
		assert_int_equal(cgroup_read_number(AT_FDCWD, path), rows[i].number);
	}
	assert_int_equal(cgroup_read_number(AT_FDCWD, "/nowhere"), -ENOENT);
}

static void several_keys_by_one_read(void **state)
{
	static const char *const keys[] = { "oom", "oom_kill", "max", "kill", "low" };
	static const char events[] = "low 0\nhigh 7\nmax 12\noom 3\noom_kill 2\n";
	int64_t values[5];

	(void)state;
	put(events, strlen(events));
	assert_int_equal(cgroup_read_keys(AT_FDCWD, path, keys, values, 5), 0);
	assert_int_equal(values[0], 3);
	assert_int_equal(values[1], 2);
	assert_int_equal(values[2], 12);
	assert_int_equal(values[3], -ENODATA);	/* the end of another key */
	assert_int_equal(values[4], 0);
	assert_int_equal(cgroup_read_key(AT_FDCWD, path, "high"), 7);
	assert_int_equal(cgroup_read_key(AT_FDCWD, path, "hig"), -ENODATA);
}

static void what_cannot_be_read_is_every_value(void **state)
{
	static const char *const keys[] = { "a", "b" };
	static char large[5000];
	int64_t values[2] = { 1, 1 };

	(void)state;
	assert_int_equal(cgroup_read_keys(AT_FDCWD, "/nowhere", keys, values, 2), -ENOENT);
	assert_int_equal(values[0], -ENOENT);
	assert_int_equal(values[1], -ENOENT);
	memset(large, 'a', sizeof(large));
	put(large, sizeof(large));
	assert_int_equal(cgroup_read_keys(AT_FDCWD, path, keys, values, 2), -EMSGSIZE);
	assert_int_equal(values[1], -EMSGSIZE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_of_one_number),
		cmocka_unit_test(several_keys_by_one_read),
		cmocka_unit_test(what_cannot_be_read_is_every_value),
	};

	return cmocka_run_group_tests_name("cgroup", tests, NULL, NULL);
}
