/*
 * Log files in a folder of the test's own: how they follow each other, and what
 * a disk costs that does not take them.
 *
 * links: init/client/logfile.c init/text.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "init/client/logfile.h"

static char folder[64], path[128];

static int set_up(void **unused)
{
	(void)unused;
	strcpy(folder, "/tmp/test_logfile.XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/log", folder);
	return 0;
}

static int remove_one(const char *name, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(name);
}

static int tear_down(void **unused)
{
	(void)unused;
	return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void put(struct logfile *f, const char *lines, uint64_t now_ms)
{
	logfile_write(f, lines, strlen(lines), now_ms);
}

/* The whole file; NULL if there is none.  n 0 is the one without a number. */
static const char *text_of(unsigned n)
{
	static char text[8192];
	char name[160];
	ssize_t len;
	int fd;

	snprintf(name, sizeof(name), n ? "%s.%u" : "%s", path, n);
	fd = open(name, O_RDONLY);
	if (fd < 0)
		return NULL;
	len = read(fd, text, sizeof(text) - 1);
	close(fd);
	assert_true(len >= 0);
	text[len] = '\0';
	return text;
}

static void lines_follow_those_of_an_earlier_writer(void **unused)
{
	struct logfile first = LOGFILE_AT(path, 1000, 2), second = LOGFILE_AT(path, 1000, 2);

	(void)unused;
	put(&first, "one\ntwo\n", 0);
	put(&first, "three\n", 0);
	put(&second, "four\n", 0);
	assert_string_equal(text_of(0), "one\ntwo\nthree\nfour\n");
	close(first.fd);
	close(second.fd);
}

static void folders_are_made(void **unused)
{
	struct logfile f;

	(void)unused;
	snprintf(path, sizeof(path), "%s/a/b/c/log", folder);
	f = LOGFILE_AT(path, 1000, 2);
	put(&f, "line\n", 0);
	assert_string_equal(text_of(0), "line\n");
	close(f.fd);
}

static void half_a_line_of_a_crash_is_ended(void **unused)
{
	struct logfile f = LOGFILE_AT(path, 1000, 2);
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	(void)unused;
	assert_int_equal(write(fd, "whole\nhal", 9), 9);
	close(fd);
	put(&f, "next\n", 0);
	assert_string_equal(text_of(0), "whole\nhal\nnext\n");
	assert_int_equal(f.size, strlen("whole\nhal\nnext\n"));
	close(f.fd);
}

/* 100 lines of 10 bytes into three files of at most 105. */
static void a_full_file_gives_way_and_the_oldest_goes(void **unused)
{
	static const unsigned batches[] = { 1, 3, 10, 11, 100 };

	for (size_t i = 0; i < sizeof(batches) / sizeof(batches[0]); i++) {
		struct logfile f = LOGFILE_AT(path, 105, 3);
		char lines[1001], *at = lines;

		for (unsigned n = 0; n < 100; n++) {
			at += sprintf(at, "line %04u\n", n);
			if ((n + 1) % batches[i] && n != 99)
				continue;
			put(&f, lines, 0);
			at = lines;
		}
		assert_int_equal(strlen(text_of(0)), 100);
		assert_memory_equal(text_of(0), "line 0090\n", 10);
		assert_int_equal(strlen(text_of(1)), 100);
		assert_memory_equal(text_of(1), "line 0080\n", 10);
		assert_int_equal(strlen(text_of(2)), 100);
		assert_memory_equal(text_of(2), "line 0070\n", 10);
		assert_null(text_of(3));
		close(f.fd);
		tear_down(unused);
		assert_int_equal(set_up(unused), 0);
	}
}

static void a_line_longer_than_a_file_has_one_to_itself(void **unused)
{
	struct logfile f = LOGFILE_AT(path, 10, 4);

	(void)unused;
	put(&f, "1\na line of some length\n2\n", 0);
	assert_string_equal(text_of(2), "1\n");
	assert_string_equal(text_of(1), "a line of some length\n");
	assert_string_equal(text_of(0), "2\n");
	close(f.fd);
}

static void what_a_full_disk_does_not_take_is_counted_and_said(void **unused)
{
	struct logfile f = LOGFILE_AT(path, 1000, 2);

	(void)unused;
	assert_int_equal(symlink("/dev/full", path), 0);
	put(&f, "1\n2\n3\n", 10000);
	assert_int_equal(f.fd, -1);
	assert_int_equal(unlink(path), 0);
	/* It is not tried before its time. */
	put(&f, "4\n5\n", 10000 + LOGFILE_AGAIN_MS - 1);
	assert_null(text_of(0));
	put(&f, "6\n", 10000 + LOGFILE_AGAIN_MS);
	assert_string_equal(text_of(0), "[11.000] pith: 5 lines were not written: "
					"No space left on device\n6\n");
	put(&f, "7\n", 10000 + LOGFILE_AGAIN_MS);
	assert_non_null(strstr(text_of(0), "\n6\n7\n"));
	close(f.fd);
}

static void a_disk_that_stays_full_is_tried_less_and_less_often(void **unused)
{
	static const uint32_t delays[] = { 1, 2, 4, 8, 16, 32, 60, 60 };
	struct logfile f = LOGFILE_AT(path, 1000, 2);
	uint64_t now = 5000;

	(void)unused;
	assert_int_equal(symlink("/dev/full", path), 0);
	for (size_t i = 0; i < sizeof(delays) / sizeof(delays[0]); i++) {
		put(&f, "x\n", now);
		assert_int_equal(f.again_ms, now + delays[i] * 1000);
		now = f.again_ms;
	}
	assert_int_equal(unlink(path), 0);
	put(&f, "x\n", now);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("/dev/full", path), 0);
	put(&f, "x\n", now);
	assert_int_equal(f.again_ms, now + 1000);
}

static void a_folder_that_is_no_folder_is_another_reason(void **unused)
{
	char parent[96];
	struct logfile f;
	int fd;

	(void)unused;
	snprintf(parent, sizeof(parent), "%s/volume", folder);
	snprintf(path, sizeof(path), "%s/log", parent);
	f = LOGFILE_AT(path, 1000, 2);
	fd = open(parent, O_WRONLY | O_CREAT, 0600);
	close(fd);
	put(&f, "1\n", 0);
	assert_int_equal(unlink(parent), 0);
	put(&f, "2\n", 2000);
	assert_string_equal(text_of(0), "[2.000] pith: 1 lines were not written: "
					"Not a directory\n2\n");
	close(f.fd);
}

static void of_a_line_that_fits_only_in_part_nothing_stays(void **unused)
{
	struct rlimit most, little;
	struct logfile f = LOGFILE_AT(path, 1000, 2);

	(void)unused;
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &most);
	little = (struct rlimit){ 15, most.rlim_max };
	setrlimit(RLIMIT_FSIZE, &little);
	put(&f, "line one\nline two\nline three\n", 0);
	setrlimit(RLIMIT_FSIZE, &most);
	assert_string_equal(text_of(0), "line one\n");
	put(&f, "four\n", 1000);
	assert_string_equal(text_of(0), "line one\n[1.000] pith: 2 lines were not written: "
					"No space left on device\nfour\n");
	close(f.fd);
}

static void a_file_that_was_moved_or_removed_is_left_alone(void **unused)
{
	struct logfile f = LOGFILE_AT(path, 1000, 2);
	char other[160];

	(void)unused;
	snprintf(other, sizeof(other), "%s.9", path);
	put(&f, "1\n", 0);
	assert_int_equal(rename(path, other), 0);
	put(&f, "2\n", 0);
	assert_string_equal(text_of(9), "1\n");
	assert_string_equal(text_of(0), "2\n");
	assert_int_equal(unlink(path), 0);
	put(&f, "3\n", 0);
	assert_string_equal(text_of(0), "3\n");
	close(f.fd);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(lines_follow_those_of_an_earlier_writer),
		TEST(folders_are_made),
		TEST(half_a_line_of_a_crash_is_ended),
		TEST(a_full_file_gives_way_and_the_oldest_goes),
		TEST(a_line_longer_than_a_file_has_one_to_itself),
		TEST(what_a_full_disk_does_not_take_is_counted_and_said),
		TEST(a_disk_that_stays_full_is_tried_less_and_less_often),
		TEST(a_folder_that_is_no_folder_is_another_reason),
		TEST(of_a_line_that_fits_only_in_part_nothing_stays),
		TEST(a_file_that_was_moved_or_removed_is_left_alone),
	};

	return cmocka_run_group_tests_name("logfile", tests, NULL, NULL);
}
