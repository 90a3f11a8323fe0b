/*
 * What a release comes in, read strictly: of an archive each kind of header that is not
 * a plain file's, each place where it can end too early or too late, and the same on a
 * pipe; of a folder what is no file.
 *
 * links: init/client/bundle.c init/client/tar.c
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "init/client/bundle.h"
#include "init/client/tar.h"

/* Sizes on both sides of a block's. */
static const struct {
	const char *name;
	size_t size;
} files[] = { { "manifest", 700 }, { "manifest.sig", 512 }, { "broker", 1 }, { "web", 1536 } };

#define FILES (sizeof(files) / sizeof(files[0]))

static uint8_t archive[64 * TAR_BLOCK];
static size_t length;
static char path[64];
static int file = -1;

/* --- An archive ---------------------------------------------------------------- */

static void seal(uint8_t *header)
{
	unsigned sum = 0;

	memset(header + 148, ' ', 8);
	for (int i = 0; i < TAR_BLOCK; i++)
		sum += header[i];
	snprintf((char *)header + 148, 8, "%06o", sum);
}

static uint8_t byte_of(size_t which, size_t at)
{
	return (uint8_t)(1 + (which * 31 + at) % 255);
}

/* As bsdtar has it: numbers end in a blank, the last one in nothing. */
static uint8_t *add_file(const char *name, size_t size, size_t which)
{
	uint8_t *header = archive + length;

	memcpy(header, name, strlen(name));
	memcpy(header + 100, "000644 ", 8);
	memcpy(header + 108, "000000 ", 8);
	memcpy(header + 116, "000000 ", 8);
	snprintf((char *)header + 124, 13, "%011o ", (unsigned)size);
	memcpy(header + 136, "00000000000 ", 12);
	header[156] = '0';
	memcpy(header + 257, "ustar\00000", 8);
	memcpy(header + 329, "000000 ", 8);
	memcpy(header + 337, "000000 ", 8);
	seal(header);
	length += TAR_BLOCK;
	for (size_t i = 0; i < size; i++)
		archive[length + i] = byte_of(which, i);
	length += size + tar_padding(size);
	return header;
}

/* Where the header of a file is. */
static uint8_t *header_of(size_t which)
{
	size_t at = 0;

	for (size_t i = 0; i < which; i++)
		at += TAR_BLOCK + files[i].size + tar_padding(files[i].size);
	return archive + at;
}

static size_t end_of_files(void)
{
	return (size_t)(header_of(FILES) - archive);
}

static void make(void)
{
	memset(archive, 0, sizeof(archive));
	length = 0;
	for (size_t i = 0; i < FILES; i++)
		add_file(files[i].name, files[i].size, i);
	length += (size_t)TAR_END_LEAST * TAR_BLOCK;
}

static void put(void)
{
	if (file >= 0)
		close(file);
	file = memfd_create("bundle", 0);
	assert_int_equal(write(file, archive, length), length);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
}

/* Reads all of it, in pieces of that size; what is read has to be right. */
static int read_all(struct bundle *b, size_t piece)
{
	int rc = 0;

	for (size_t i = 0; i < FILES && rc == 0; i++) {
		uint8_t bytes[2048];
		uint64_t size = 0;
		size_t at = 0;

		rc = bundle_next(b, files[i].name, &size);
		if (rc < 0)
			return rc;
		assert_int_equal(size, files[i].size);
		while ((rc = bundle_read(b, bytes, piece)) > 0)
			for (int n = 0; n < rc; n++)
				assert_int_equal(bytes[n], byte_of(i, at++));
		assert_true(rc < 0 || at == size);
	}
	return rc < 0 ? rc : bundle_end(b);
}

static int read_path(const char *from, const char **why)
{
	struct bundle b;
	int rc = bundle_open(&b, from, -1);

	if (rc == 0)
		rc = read_all(&b, 300);
	*why = rc == -EBADMSG ? b.why : NULL;
	bundle_close(&b);
	return rc;
}

static void assert_refused(const char *words)
{
	const char *why;

	put();
	assert_int_equal(read_path(path, &why), -EBADMSG);
	assert_non_null(why);
	assert_string_equal(why, words);
}

static void assert_taken(void)
{
	const char *why;

	put();
	assert_int_equal(read_path(path, &why), 0);
}

/* --- Tests ----------------------------------------------------------------------- */

static void a_plain_archive_is_read_in_any_pieces(void **state)
{
	static const size_t pieces[] = { 1, 511, 512, 513, 2048 };

	(void)state;
	make();
	put();
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		struct bundle b;

		assert_int_equal(bundle_open(&b, path, -1), 0);
		assert_int_equal(read_all(&b, pieces[i]), 0);
		bundle_close(&b);
	}
}

/* A record of bsdtar's and GNU tar's is 20 blocks. */
static void zeros_may_fill_a_record_and_no_more(void **state)
{
	(void)state;
	for (unsigned blocks = 0; blocks <= TAR_END_MOST + 1; blocks++) {
		make();
		length = end_of_files() + (size_t)blocks * TAR_BLOCK;
		if (blocks < TAR_END_LEAST)
			assert_refused("has no proper end");
		else if (blocks > TAR_END_MOST)
			assert_refused("has something behind its last file");
		else
			assert_taken();
	}
}

static void an_archive_that_ends_anywhere_before_its_end_is_refused(void **state)
{
	(void)state;
	make();
	for (size_t len = length; len-- > 0;) {
		const char *why;

		length = len;
		put();
		assert_int_equal(read_path(path, &why), -EBADMSG);
	}
}

static void nothing_may_stand_behind_the_last_file(void **state)
{
	(void)state;
	make();
	add_file("extra", 1, 0);
	assert_refused("has something behind its last file");
	make();
	memmove(archive + end_of_files() + TAR_BLOCK + TAR_BLOCK, archive, TAR_BLOCK);
	length += TAR_BLOCK;
	assert_refused("has something behind its last file");
	make();
	archive[length - 1] = 1;
	assert_refused("has something behind its last file");
	make();
	archive[length] = 0;
	length++;
	assert_refused("has no proper end");
}

static void zeros_alone_fill_a_block(void **state)
{
	(void)state;
	make();
	header_of(1)[-1] = 1;
	assert_refused("has something before it that is in no file");
	make();
	archive[end_of_files() - TAR_BLOCK * 3 - 1 - TAR_BLOCK] = 1;
	assert_refused("has something before it that is in no file");
}

static void files_come_in_their_order_and_once(void **state)
{
	(void)state;
	make();
	length = 0;
	memset(archive, 0, sizeof(archive));
	add_file("manifest.sig", 512, 1);
	add_file("manifest", 700, 0);
	assert_refused("is not there: another file has its place");

	/* A second manifest, where the signature would be. */
	memset(archive, 0, sizeof(archive));
	length = 0;
	add_file("manifest", 700, 0);
	add_file("manifest", 700, 0);
	assert_refused("is not there: another file has its place");

	/* And one behind all. */
	make();
	length = end_of_files();
	add_file("manifest", 700, 0);
	length += (size_t)2 * TAR_BLOCK;
	assert_refused("has something behind its last file");

	make();
	memset(header_of(2), 0, TAR_BLOCK);
	assert_refused("is not there");
}

/* What stands in a header, its checksum being right. */
static void each_other_kind_of_header_is_refused(void **state)
{
	static const struct {
		unsigned at;
		const char *bytes;
		unsigned len;
		const char *words;
	} rows[] = {
		{ 156, "1", 1, "is a link" },			/* a hard one */
		{ 156, "2", 1, "is a link" },
		{ 156, "3", 1, "is no regular file" },
		{ 156, "4", 1, "is no regular file" },
		{ 156, "5", 1, "is no regular file" },
		{ 156, "6", 1, "is no regular file" },
		{ 156, "7", 1, "is no regular file" },
		{ 156, "\0", 1, "is no regular file" },		/* of tar before POSIX */
		{ 156, "A", 1, "is no regular file" },
		{ 156, "L", 1, "has a long name of GNU tar" },
		{ 156, "K", 1, "has a long name of GNU tar" },
		{ 156, "x", 1, "has a header of pax" },
		{ 156, "g", 1, "has a header of pax" },
		{ 156, "S", 1, "is sparse" },
		{ 257, "ustar  \0", 8, "is not in tar's format ustar" },
		{ 257, "ustar\00001", 8, "is not in tar's format ustar" },
		{ 257, "\0\0\0\0\0\0\0\0", 8, "is not in tar's format ustar" },
		{ 0, "\0", 1, "has a name that is not plain" },
		{ 99, "x", 1, "has a name that is not plain" },	/* behind the NUL */
		{ 157, "x", 1, "has a name that is not plain" },	/* a link's */
		{ 256, "x", 1, "has a name that is not plain" },
		{ 345, "x", 1, "has a name that is not plain" },	/* the prefix */
		{ 511, "x", 1, "has a name that is not plain" },
		{ 0, "./manifest", 10, "is not there: another file has its place" },
		{ 0, "manifests", 9, "is not there: another file has its place" },
		{ 0, "Manifest", 8, "is not there: another file has its place" },
		{ 124, "\200\0\0\0\0\0\0\0\0\0\2\274", 12,
		  "has a size that is no octal number" },	/* base 256 */
		{ 124, "\377\377\377\377\377\377\377\377\377\377\377\377", 12,
		  "has a size that is no octal number" },
		{ 124, "            ", 12, "has a size that is no octal number" },
		{ 124, "\0\0\0\0\0\0\0\0\0\0\0\0", 12, "has a size that is no octal number" },
		{ 124, " 0000001274 ", 12, "has a size that is no octal number" },
		{ 124, "00000001278 ", 12, "has a size that is no octal number" },
		{ 124, "0000000127x ", 12, "has a size that is no octal number" },
		{ 124, "0000001274 1", 12, "has a size that is no octal number" },
		{ 124, "-0000001274 ", 12, "has a size that is no octal number" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		make();
		memcpy(archive + rows[i].at, rows[i].bytes, rows[i].len);
		seal(archive);
		assert_refused(rows[i].words);
	}
}

/* Each bit of a header counts, or is in its checksum. */
static void each_flipped_bit_of_a_header_is_refused(void **state)
{
	(void)state;
	for (unsigned bit = 0; bit < TAR_BLOCK * 8; bit++) {
		const char *why;

		make();
		archive[bit / 8] ^= (uint8_t)(1u << bit % 8);
		put();
		/* Either may stand behind the checksum. */
		if ((bit / 8 == 154 || bit / 8 == 155) &&
		    (!archive[bit / 8] || archive[bit / 8] == ' ')) {
			assert_int_equal(read_path(path, &why), 0);
			continue;
		}
		assert_int_equal(read_path(path, &why), -EBADMSG);
		assert_string_equal(why, "has a broken tar header");
	}
}

static void both_ways_to_end_a_number_are_taken(void **state)
{
	uint64_t size = 0;
	char name[TAR_NAME_SIZE];

	(void)state;
	make();
	memcpy(archive + 124, "00000001274\0", 12);	/* GNU tar's */
	seal(archive);
	assert_taken();
	make();
	memcpy(archive + 124, "777777777777", 12);	/* without an end */
	seal(archive);
	assert_int_equal(tar_read(archive, name, &size), TAR_FILE);
	assert_int_equal(size, 68719476735);
	assert_string_equal(name, "manifest");
}

static void a_name_may_fill_its_field(void **state)
{
	char name[TAR_NAME_SIZE];
	uint64_t size;

	(void)state;
	make();
	memset(archive, 'x', 100);
	seal(archive);
	assert_int_equal(tar_read(archive, name, &size), TAR_FILE);
	assert_int_equal(strlen(name), 100);
}

/* A pipe gives what is in it, in the pieces in which it came. */
static void standard_input_is_read_as_it_comes(void **state)
{
	int ends[2], was = dup(STDIN_FILENO), status = 0;
	const char *why;
	pid_t pid;

	(void)state;
	make();
	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		for (size_t i = 0; i < length; i += 100)
			if (write(ends[1], archive + i, length - i < 100 ? length - i : 100) < 0)
				_exit(1);
		_exit(0);
	}
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	close(ends[1]);
	assert_int_equal(read_path("-", &why), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	dup2(was, STDIN_FILENO);
	close(was);
}

static void it_stops_when_it_is_told_to(void **state)
{
	int stop = eventfd(0, EFD_NONBLOCK), ends[2], was = dup(STDIN_FILENO);
	struct bundle b;
	uint64_t size;

	(void)state;
	/* Nothing will ever come. */
	assert_int_equal(pipe(ends), 0);
	dup2(ends[0], STDIN_FILENO);
	assert_int_equal(eventfd_write(stop, 1), 0);
	assert_int_equal(bundle_open(&b, "-", stop), 0);
	assert_int_equal(bundle_next(&b, "manifest", &size), -EINTR);
	bundle_close(&b);

	/* Though there would be enough. */
	make();
	put();
	assert_int_equal(bundle_open(&b, path, stop), 0);
	assert_int_equal(bundle_next(&b, "manifest", &size), -EINTR);
	bundle_close(&b);
	dup2(was, STDIN_FILENO);
	close(was);
	close(ends[0]);
	close(ends[1]);
	close(stop);
}

static void a_file_that_is_not_read_to_its_end_is_an_error(void **state)
{
	struct bundle b;
	uint64_t size;
	uint8_t byte;

	(void)state;
	make();
	put();
	assert_int_equal(bundle_open(&b, path, -1), 0);
	assert_int_equal(bundle_next(&b, "manifest", &size), 0);
	assert_int_equal(bundle_read(&b, &byte, 1), 1);
	assert_int_equal(bundle_next(&b, "manifest.sig", &size), -EINVAL);
	bundle_close(&b);
}

/* --- Folders --------------------------------------------------------------------- */

static char folder[] = "/tmp/test_bundle.XXXXXX";

static void in_folder(char *to, size_t size, const char *name)
{
	snprintf(to, size, "%s/%s", folder, name);
}

static void write_file(size_t which, size_t size)
{
	char name[128];
	int fd;

	in_folder(name, sizeof(name), files[which].name);
	unlink(name);
	fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0600);
	assert_true(fd >= 0);
	for (size_t i = 0; i < size; i++) {
		uint8_t byte = byte_of(which, i);

		assert_int_equal(write(fd, &byte, 1), 1);
	}
	close(fd);
}

static void a_folder_holds_the_same_files(void **state)
{
	char name[128], target[128];
	const char *why;

	(void)state;
	for (size_t i = 0; i < FILES; i++)
		write_file(i, files[i].size);
	assert_int_equal(read_path(folder, &why), 0);

	/* What is not asked for may be there. */
	in_folder(name, sizeof(name), "bundle.tar");
	close(open(name, O_WRONLY | O_CREAT, 0600));
	assert_int_equal(read_path(folder, &why), 0);
	unlink(name);

	in_folder(name, sizeof(name), "broker");
	unlink(name);
	assert_int_equal(read_path(folder, &why), -EBADMSG);
	assert_string_equal(why, "is not there");

	in_folder(target, sizeof(target), "web");
	assert_int_equal(symlink(target, name), 0);
	assert_int_equal(read_path(folder, &why), -EBADMSG);
	assert_string_equal(why, "is a link");
	unlink(name);

	assert_int_equal(mkdir(name, 0700), 0);
	assert_int_equal(read_path(folder, &why), -EBADMSG);
	assert_string_equal(why, "is no regular file");
	rmdir(name);

	/* It has no writer, and is not waited for. */
	assert_int_equal(mkfifo(name, 0600), 0);
	assert_int_equal(read_path(folder, &why), -EBADMSG);
	assert_string_equal(why, "is no regular file");
	unlink(name);
}

static void a_file_that_shrinks_while_it_is_read_ends_too_early(void **state)
{
	char name[128];
	struct bundle b;
	uint8_t bytes[1024];
	uint64_t size;

	(void)state;
	write_file(0, 700);
	in_folder(name, sizeof(name), "manifest");
	assert_int_equal(bundle_open(&b, folder, -1), 0);
	assert_int_equal(bundle_next(&b, "manifest", &size), 0);
	assert_int_equal(truncate(name, 699), 0);
	assert_int_equal(bundle_read(&b, bytes, sizeof(bytes)), -EBADMSG);
	assert_string_equal(b.why, "ends too early");
	bundle_close(&b);
}

static void nothing_else_is_opened(void **state)
{
	char name[128];
	struct bundle b;

	(void)state;
	in_folder(name, sizeof(name), "fifo");
	assert_int_equal(mkfifo(name, 0600), 0);
	assert_int_equal(bundle_open(&b, name, -1), -EINVAL);
	unlink(name);
	assert_int_equal(bundle_open(&b, name, -1), -ENOENT);
	assert_int_equal(bundle_open(&b, "/dev/null", -1), -EINVAL);
}

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	for (size_t i = 0; i < FILES; i++) {
		char name[128];

		in_folder(name, sizeof(name), files[i].name);
		unlink(name);
	}
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plain_archive_is_read_in_any_pieces),
		cmocka_unit_test(zeros_may_fill_a_record_and_no_more),
		cmocka_unit_test(an_archive_that_ends_anywhere_before_its_end_is_refused),
		cmocka_unit_test(nothing_may_stand_behind_the_last_file),
		cmocka_unit_test(zeros_alone_fill_a_block),
		cmocka_unit_test(files_come_in_their_order_and_once),
		cmocka_unit_test(each_other_kind_of_header_is_refused),
		cmocka_unit_test(each_flipped_bit_of_a_header_is_refused),
		cmocka_unit_test(both_ways_to_end_a_number_are_taken),
		cmocka_unit_test(a_name_may_fill_its_field),
		cmocka_unit_test(standard_input_is_read_as_it_comes),
		cmocka_unit_test(it_stops_when_it_is_told_to),
		cmocka_unit_test(a_file_that_is_not_read_to_its_end_is_an_error),
		cmocka_unit_test(a_folder_holds_the_same_files),
		cmocka_unit_test(a_file_that_shrinks_while_it_is_read_ends_too_early),
		cmocka_unit_test(nothing_else_is_opened),
	};

	return cmocka_run_group_tests_name("client_bundle", tests, make_folder, remove_folder);
}
