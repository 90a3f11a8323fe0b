/*
 * Decides how the record lies on the disk, and how it is replaced.  Refuses to know when.
 */
#include "record.h"

#include <errno.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/stat.h>

#include "paths.h"
#include "slots.h"
#include "state_copy.h"
#include "sys.h"

#define NAME	"record"
#define COMING	NAME ".new"

static const uint8_t magic[8] = "pithrec1";

/* Little-endian; bytes between them are 0. */
enum {
	AT_MAGIC = 0,
	AT_CURRENT = 8,
	AT_TRIAL = 9,
	AT_SERIAL = 16,
	AT_TRIAL_SERIAL = 24,
	AT_HIGHEST = 32,
	AT_CHECK = 40,
};

/* --- Its bytes ------------------------------------------------------------------ */

static void put_number(uint8_t *to, uint64_t value)
{
	for (unsigned i = 0; i < 8; i++)
		to[i] = (uint8_t)(value >> 8 * i);
}

static uint64_t number(const uint8_t *at)
{
	uint64_t value = 0;

	for (unsigned i = 8; i--;)
		value = value << 8 | at[i];
	return value;
}

void record_encode(uint8_t to[RECORD_SIZE], const struct record *is)
{
	memset(to, 0, RECORD_SIZE);
	memcpy(to + AT_MAGIC, magic, sizeof(magic));
	to[AT_CURRENT] = is->current;
	to[AT_TRIAL] = is->trial;
	put_number(to + AT_SERIAL, is->serial);
	put_number(to + AT_TRIAL_SERIAL, is->trial_serial);
	put_number(to + AT_HIGHEST, is->highest);
	put_number(to + AT_CHECK, state_checksum(to, AT_CHECK));
}

/* No slot has no serial, and a slot has one. */
static int is_sound(const struct record *r)
{
	return r->current < SLOT_COUNT && r->trial < SLOT_FACTORY &&
	       !r->current == !r->serial && !r->trial == !r->trial_serial &&
	       (!r->trial || r->trial != r->current);
}

int record_decode(struct record *to, const uint8_t *bytes, size_t len)
{
	uint8_t again[RECORD_SIZE];

	*to = (struct record){ 0 };
	if (len != RECORD_SIZE)
		return -EBADMSG;
	*to = (struct record){
		.current = bytes[AT_CURRENT], .trial = bytes[AT_TRIAL],
		.serial = number(bytes + AT_SERIAL),
		.trial_serial = number(bytes + AT_TRIAL_SERIAL),
		.highest = number(bytes + AT_HIGHEST),
	};
	record_encode(again, to);
	if (is_sound(to) && !memcmp(again, bytes, RECORD_SIZE))
		return 0;
	*to = (struct record){ 0 };
	return -EBADMSG;
}

/* --- Its file ------------------------------------------------------------------- */

static int open_folder(void)
{
	return sys_openat2(AT_FDCWD, PATH_RELEASES, O_RDONLY | O_DIRECTORY,
			   RESOLVE_NO_SYMLINKS);
}

/* With one byte more than it may have. */
static int read_all(int fd, struct record *to)
{
	uint8_t bytes[RECORD_SIZE + 1];
	size_t len = 0;
	ssize_t n = 0;

	while (len < sizeof(bytes) && (n = read(fd, bytes + len, sizeof(bytes) - len)) > 0)
		len += (size_t)n;
	return n < 0 ? -errno : record_decode(to, bytes, len);
}

int record_read(struct record *to)
{
	int folder = open_folder(), fd, rc;

	*to = (struct record){ 0 };
	if (folder < 0)
		return folder;
	fd = slots_open_file(folder, NAME);
	close(folder);
	/* Something that is no file has its name. */
	if (fd == -EINVAL || fd == -ELOOP)
		return -EBADMSG;
	if (fd < 0)
		return fd;
	rc = read_all(fd, to);
	close(fd);
	return rc;
}

/* The file that is there is written again: a service that has used up all inodes of the
 * partition does not keep anything from being put down.  Whatever else has its name goes. */
static int open_new(int folder)
{
	int fd = openat(folder, COMING, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_nlink == 1)
		return fd;
	if (fd >= 0)
		close(fd);
	slots_remove(folder, COMING);
	fd = openat(folder, COMING, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	return fd < 0 ? -errno : fd;
}

static int write_new(int folder, const struct record *is)
{
	uint8_t bytes[RECORD_SIZE];
	int fd = open_new(folder), rc = 0;
	ssize_t n;

	if (fd < 0)
		return fd;
	record_encode(bytes, is);
	n = write(fd, bytes, sizeof(bytes));
	if (n != sizeof(bytes))
		rc = n < 0 ? -errno : -ENOSPC;
	else if (ftruncate(fd, sizeof(bytes)) < 0 || fsync(fd) < 0)
		rc = -errno;
	close(fd);
	return rc;
}

/* The old one is the next one's file. */
static int exchange(int folder)
{
	int rc = SYS_INT(SYS_renameat2, folder, COMING, folder, NAME, RENAME_EXCHANGE);

	if (rc == -ENOENT || rc == -EINVAL)
		rc = SYS_INT(SYS_renameat2, folder, COMING, folder, NAME, 0);
	return rc;
}

/* What is no record, or may not be changed, does not keep its place. */
static int take_its_place(int folder)
{
	int rc = exchange(folder);

	if (rc != -EPERM && rc != -EISDIR && rc != -ENOTEMPTY)
		return rc;
	slots_remove(folder, NAME);
	return exchange(folder);
}

int record_write(const struct record *is)
{
	int folder = slots_make_folder(), rc;

	if (folder < 0)
		return folder;
	rc = write_new(folder, is);
	if (rc == 0)
		rc = take_its_place(folder);
	if (rc == 0 && fsync(folder) < 0)
		rc = -errno;
	close(folder);
	return rc;
}
