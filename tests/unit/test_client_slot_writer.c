/*
 * In which order a release comes to the disk, and what is left when any step of it
 * fails: a slot without a manifest, or the whole release.
 *
 * links: init/client/slot_writer.c init/sys.c
 * libraries: -Wl,--wrap=openat -Wl,--wrap=write -Wl,--wrap=fsync -Wl,--wrap=renameat
 * libraries: -Wl,--wrap=posix_fallocate -Wl,--wrap=statvfs -Wl,--wrap=ioctl
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cmocka.h>

#include "init/client/slot_writer.h"
#include "init/paths.h"

const struct image images[] = {
	{ .name = "broker" }, { .name = "web", .is_partition = true },
};

/* extra is in no table. */
static struct manifest release = {
	.serial = 43, .count = 3,
	.image = {
		{ .name = "broker", .size = 8192 }, { .name = "extra", .size = 4096 },
		{ .name = "web", .size = 12288 },
	},
};

static char folder[] = "/tmp/test_slot_writer.XXXXXX";
static uint64_t partition_bytes, free_bytes;
static fsblkcnt_t blocks;		/* of the file system, of 1024 bytes */

/* --- What is done ----------------------------------------------------------------- */

static char done[2048];		/* a word for each step, in order */
static unsigned steps, fails;	/* the step that fails; 0: none */
static bool emptied_last;

static void note(const char *what, const char *name)
{
	size_t len = strlen(done);

	snprintf(done + len, sizeof(done) - len, "%s %s\n", what, name);
	emptied_last = !strcmp(what, "empty");
}

static bool step_fails(void)
{
	return ++steps == fails;
}

static const char *name_of(int fd)
{
	static char target[256];
	char link[64];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, target, sizeof(target) - 1);
	target[n > 0 ? n : 0] = '\0';
	if (!strncmp(target, "/memfd:", 7))
		return "partition";
	return strcmp(target, folder) ? strrchr(target, '/') + 1 : "folder";
}

static bool is_there(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return access(path, F_OK) == 0;
}

static void assert_content(const char *name, char is, off_t size)
{
	char path[128], byte;
	struct stat st;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_RDONLY);
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_size, size);
	assert_int_equal(pread(fd, &byte, 1, size - 1), 1);
	assert_int_equal(byte, is);
	close(fd);
}

static void remove_all(void)
{
	static const char *const names[] = {
		"manifest", "manifest.new", "manifest.sig", "broker", "extra", "old",
	};
	char path[128];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		unlink(path);
	}
}

int __real_openat(int dir, const char *name, int flags, ...);
int __wrap_openat(int dir, const char *name, int flags, ...);
int __wrap_openat(int dir, const char *name, int flags, ...)
{
	if (!(flags & O_CREAT))
		return __real_openat(dir, name, flags);
	assert_true(flags & O_EXCL);
	if (step_fails()) {
		errno = ENOSPC;
		return -1;
	}
	note("create", name);
	return __real_openat(dir, name, flags, 0600);
}

ssize_t __real_write(int fd, const void *bytes, size_t len);
ssize_t __wrap_write(int fd, const void *bytes, size_t len);
ssize_t __wrap_write(int fd, const void *bytes, size_t len)
{
	size_t some = len > 3000 ? 3000 : len;

	if (step_fails()) {
		errno = EIO;
		return -1;
	}
	/* In pieces, as a disk may take it; each is a step of its own. */
	if (some == len)
		note("write", name_of(fd));
	return __real_write(fd, bytes, some);
}

int __wrap_fsync(int fd);
int __wrap_fsync(int fd)
{
	if (step_fails()) {
		errno = EIO;
		return -1;
	}
	note("fsync", name_of(fd));
	return 0;
}

int __real_renameat(int from, const char *name, int to, const char *as);
int __wrap_renameat(int from, const char *name, int to, const char *as);
int __wrap_renameat(int from, const char *name, int to, const char *as)
{
	if (step_fails()) {
		errno = EIO;
		return -1;
	}
	note("rename", as);
	return __real_renameat(from, name, to, as);
}

static int fallocate_says;

int __wrap_posix_fallocate(int fd, off_t at, off_t len);
int __wrap_posix_fallocate(int fd, off_t at, off_t len)
{
	(void)fd;
	assert_int_equal(at, 0);
	assert_int_not_equal(len, 0);
	if (step_fails())
		return ENOSPC;
	return fallocate_says;
}

int __wrap_statvfs(const char *path, struct statvfs *fs);
int __wrap_statvfs(const char *path, struct statvfs *fs)
{
	assert_string_equal(path, PATH_DATA);
	*fs = (struct statvfs){ .f_frsize = 1024, .f_bsize = 4096, .f_bfree = free_bytes / 1024,
				 .f_blocks = blocks };
	return 0;
}

int __wrap_ioctl(int fd, unsigned long what, ...);
int __wrap_ioctl(int fd, unsigned long what, ...)
{
	va_list args;

	assert_int_not_equal(fd, -1);
	assert_int_equal(what, BLKGETSIZE64);
	va_start(args, what);
	*va_arg(args, uint64_t *) = partition_bytes;
	va_end(args);
	return 0;
}

/* --- Slots ---------------------------------------------------------------------------- */

uint16_t manifest_image_place(const struct manifest_image *image)
{
	for (uint16_t i = 0; i < 2; i++)
		if (!strcmp(images[i].name, image->name))
			return i;
	return REFUSAL_NO_IMAGE_ID;
}

int slot_open(unsigned slot)
{
	assert_int_equal(slot, SLOT_B);
	return open(folder, O_PATH | O_DIRECTORY);
}

int slot_empty(unsigned slot)
{
	assert_int_equal(slot, SLOT_B);
	if (step_fails())
		return -EIO;
	note("empty", "b");
	remove_all();
	return 0;
}

static int partition_says;

int slot_open_partition(unsigned slot, const struct image *row)
{
	assert_int_equal(slot, SLOT_B);
	assert_ptr_equal(row, &images[1]);
	if (partition_says)
		return partition_says;
	return memfd_create("web_b", 0);
}

/* --- Tests ------------------------------------------------------------------------------ */

static void reset(void)
{
	remove_all();
	done[0] = '\0';
	steps = fails = 0;
	partition_says = fallocate_says = 0;
	blocks = 0;
	emptied_last = false;
}

static int write_image(struct slot_writer *w, const struct manifest_image *image)
{
	static uint8_t bytes[4096];
	int rc = slot_writer_open(w, image);

	memset(bytes, image->name[0], sizeof(bytes));
	for (uint64_t at = 0; rc == 0 && at < image->size; at += sizeof(bytes))
		rc = slot_writer_add(w, bytes, sizeof(bytes));
	return rc < 0 ? rc : slot_writer_close(w);
}

static int write_release(struct slot_writer *w)
{
	int rc = slot_writer_begin(w, SLOT_B);

	for (uint32_t i = 0; rc == 0 && i < release.count; i++)
		rc = write_image(w, &release.image[i]);
	return rc < 0 ? rc : slot_writer_end(w, "manifest", 8, "signature", 9);
}

static void the_manifest_comes_last_and_all_else_is_on_the_disk(void **state)
{
	static const char *const order =
		"empty b\n"
		"create broker\nwrite broker\nwrite broker\nfsync broker\n"
		"create extra\nwrite extra\nfsync extra\n"
		"write partition\nwrite partition\nwrite partition\nfsync partition\n"
		"create manifest.sig\nwrite manifest.sig\nfsync manifest.sig\n"
		"fsync folder\n"
		"create manifest.new\nwrite manifest.new\nfsync manifest.new\n"
		"rename manifest\n"
		"fsync folder\n";
	struct slot_writer w;

	(void)state;
	reset();
	assert_int_equal(write_release(&w), 0);
	assert_string_equal(done, order);
	assert_content("manifest", 't', 8);
	assert_content("manifest.sig", 'e', 9);
	assert_content("broker", 'b', 8192);
	assert_content("extra", 'e', 4096);
	/* It is complete: nothing is left to be dropped. */
	assert_int_equal(slot_writer_drop(&w), -ENOENT);
	assert_string_equal(done, order);
}

/* Each step in turn.  What is renamed and not yet on the disk may be there after a power
 * cut, or not. */
static void what_fails_leaves_no_release(void **state)
{
	struct slot_writer w;
	unsigned all, failed = 0;

	(void)state;
	reset();
	assert_int_equal(write_release(&w), 0);
	all = steps;
	assert_true(all > 25);
	for (unsigned i = 1; i <= all; i++) {
		reset();
		fails = i;
		assert_true(write_release(&w) < 0);
		failed++;
		/* All before the rename and the last fsync. */
		assert_int_equal(is_there("manifest"), i == all);
		assert_int_equal(slot_writer_drop(&w), i > 1 ? 0 : -ENOENT);
		assert_false(is_there("manifest"));
		assert_int_equal(emptied_last, i > 1);
	}
	assert_int_equal(failed, all);
}

/* A link, or a file that somebody made there meanwhile. */
static void what_is_there_already_is_not_written(void **state)
{
	struct slot_writer w;
	char path[128];

	(void)state;
	reset();
	assert_int_equal(slot_writer_begin(&w, SLOT_B), 0);
	snprintf(path, sizeof(path), "%s/broker", folder);
	assert_int_equal(symlink("/dev/null", path), 0);
	assert_int_equal(slot_writer_open(&w, &release.image[0]), -EEXIST);
	slot_writer_drop(&w);
}

static void not_every_file_system_allocates(void **state)
{
	static const int says[] = { EOPNOTSUPP, EINVAL, ENOSPC };
	struct slot_writer w;

	(void)state;
	for (int i = 0; i < 3; i++) {
		reset();
		fallocate_says = says[i];
		assert_int_equal(slot_writer_begin(&w, SLOT_B), 0);
		assert_int_equal(slot_writer_open(&w, &release.image[0]),
				 says[i] == ENOSPC ? -ENOSPC : 0);
		slot_writer_drop(&w);
	}
}

/* --- Room --------------------------------------------------------------------------------- */

static void what_the_slot_holds_counts_as_free(void **state)
{
	struct slot_room room;
	char path[128];
	uint64_t needed;
	int fd;

	(void)state;
	reset();
	partition_bytes = 12288;
	free_bytes = 1 << 30;
	assert_int_equal(slot_writer_room(SLOT_B, &release, &room), 0);
	needed = room.needed;
	/* Of the two files, not of the partition. */
	assert_in_range(needed, 12288, 12288 + 1024 * 1024);

	free_bytes = (needed + 1023) / 1024 * 1024;
	assert_int_equal(slot_writer_room(SLOT_B, &release, &room), 0);
	free_bytes -= 8192;
	assert_int_equal(slot_writer_room(SLOT_B, &release, &room), -ENOSPC);
	assert_null(room.row);
	assert_int_equal(room.there, free_bytes);

	snprintf(path, sizeof(path), "%s/old", folder);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	for (int i = 0; i < 4; i++)
		assert_int_equal(__real_write(fd, (char[4096]){ 1 }, 4096), 4096);
	assert_int_equal(fsync(fd), 0);
	close(fd);
	assert_int_equal(slot_writer_room(SLOT_B, &release, &room), 0);
	assert_true(room.there >= free_bytes + 16384);
	assert_true(is_there("old"));
}

/* What ext4 keeps for itself is in its number of free blocks. */
static void what_nobody_gets_does_not_count_as_free(void **state)
{
	static const struct {
		fsblkcnt_t blocks, kept;
	} rows[] = { { 49, 0 }, { 50, 1 }, { 21623, 432 }, { 204800, 4096 }, { 1 << 30, 4096 } };
	struct slot_room room;

	(void)state;
	reset();
	partition_bytes = 12288;
	free_bytes = 1 << 30;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		blocks = rows[i].blocks;
		assert_int_equal(slot_writer_room(SLOT_B, &release, &room), 0);
		assert_int_equal(room.there, free_bytes - rows[i].kept * 1024);
	}
	free_bytes = 4095 * 1024;
	assert_int_equal(slot_writer_room(SLOT_B, &release, &room), -ENOSPC);
	assert_int_equal(room.there, 0);
}

static void a_partition_has_to_be_large_enough_and_unused(void **state)
{
	struct slot_room room;

	(void)state;
	reset();
	free_bytes = 1 << 30;
	partition_bytes = 12287;
	assert_int_equal(slot_writer_room(SLOT_B, &release, &room), -EFBIG);
	assert_ptr_equal(room.row, &images[1]);
	partition_says = -EBUSY;
	assert_int_equal(slot_writer_room(SLOT_B, &release, &room), -EBUSY);
	assert_ptr_equal(room.row, &images[1]);
}

static void sizes_that_add_up_to_more_than_there_can_be_are_too_many(void **state)
{
	struct slot_room room;

	(void)state;
	reset();
	partition_bytes = 12288;
	free_bytes = 1 << 30;
	release.image[0].size = release.image[1].size = INT64_MAX & ~(uint64_t)4095;
	assert_int_equal(slot_writer_room(SLOT_B, &release, &room), -ENOSPC);
	assert_int_equal(room.needed, UINT64_MAX);
	release.image[0].size = 8192;
	release.image[1].size = 4096;
}

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	remove_all();
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_manifest_comes_last_and_all_else_is_on_the_disk),
		cmocka_unit_test(what_fails_leaves_no_release),
		cmocka_unit_test(what_is_there_already_is_not_written),
		cmocka_unit_test(not_every_file_system_allocates),
		cmocka_unit_test(what_the_slot_holds_counts_as_free),
		cmocka_unit_test(what_nobody_gets_does_not_count_as_free),
		cmocka_unit_test(a_partition_has_to_be_large_enough_and_unused),
		cmocka_unit_test(sizes_that_add_up_to_more_than_there_can_be_are_too_many),
	};

	return cmocka_run_group_tests_name("client_slot_writer", tests, make_folder, remove_folder);
}
