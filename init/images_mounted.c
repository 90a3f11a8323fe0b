/*
 * Decides where an image is mounted, and which mounts go.  Refuses to know who needs one.
 */
#include "images_mounted.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "paths.h"
#include "service.h"
#include "sys.h"
#include "table.h"
#include "text.h"

#define MARK ".sha256"

/* PATH_IMAGES, 20 digits, and a name with its mark behind it: NAME_MAX for whatever
 * lies there. */
#define PATH_SIZE (sizeof(PATH_IMAGES) + 22 + 256)

/* Entries of a folder that are read at once. */
#define ENTRIES_SIZE 2048

#define SERIAL_SIZE 21

/* --- One image ---------------------------------------------------------------------- */

static const char *path_of(char *buf, uint64_t serial, const char *name, const char *tail)
{
	struct text t = { .buf = buf, .size = PATH_SIZE };

	text_add(&t, PATH_IMAGES "/%llu/%s%s", (unsigned long long)serial, name, tail);
	return buf;
}

static bool is_mounted(const char *path)
{
	struct stat image, above;

	return stat(path, &image) == 0 && stat(PATH_IMAGES, &above) == 0 &&
	       image.st_dev != above.st_dev;
}

/* A process that was killed may have left one on another. */
static void unmount(const char *path)
{
	while (is_mounted(path) && sys_umount_detach(path) == 0)
		;
}

int images_mounted_make(uint64_t serial, const char *name)
{
	char path[PATH_SIZE], above[PATH_SIZE];
	int fd;

	mkdir(PATH_IMAGES, 0700);
	mkdir(path_of(above, serial, "", ""), 0700);
	unlink(path_of(path, serial, name, MARK));
	path_of(path, serial, name, "");
	mkdir(path, 0700);
	unmount(path);
	fd = open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int images_mounted_mark(uint64_t serial, const char *name, const uint8_t sha256[SHA256_SIZE])
{
	char path[PATH_SIZE];
	int fd = open(path_of(path, serial, name, MARK), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
		      0600);
	int rc = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, sha256, SHA256_SIZE) != SHA256_SIZE)
		rc = -ENOSPC;
	close(fd);
	return rc;
}

bool images_mounted_is(uint64_t serial, const char *name, const uint8_t sha256[SHA256_SIZE])
{
	uint8_t mark[SHA256_SIZE];
	char path[PATH_SIZE];
	int fd = open(path_of(path, serial, name, MARK), O_RDONLY | O_CLOEXEC);
	bool same;

	if (fd < 0)
		return false;
	same = read(fd, mark, sizeof(mark)) == sizeof(mark) && !memcmp(mark, sha256, sizeof(mark));
	close(fd);
	return same && is_mounted(path_of(path, serial, name, ""));
}

/* --- All of them ---------------------------------------------------------------------- */

static bool is_kept(const char *serial, const char *name, const uint64_t *keep)
{
	const unsigned count = IMAGE_COUNT;
	char kept[SERIAL_SIZE];

	for (unsigned i = 0; i < count; i++) {
		struct text t = TEXT_ON(kept);
		size_t len = strlen(images[i].name);

		text_add(&t, "%llu", (unsigned long long)keep[i]);
		if (keep[i] && !strcmp(serial, kept) && !strncmp(name, images[i].name, len) &&
		    (!name[len] || !strcmp(name + len, MARK)))
			return true;
	}
	return false;
}

/* Calls it for what is in the folder at that path, but for "." and "..". */
static void each_entry(const char *path, void (*take)(const char *above, const char *name,
						      const uint64_t *keep),
		       const char *above, const uint64_t *keep)
{
	_Alignas(struct dirent) char buf[ENTRIES_SIZE];
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), n;

	if (folder < 0)
		return;
	while ((n = SYS_INT(SYS_getdents64, folder, buf, sizeof(buf))) > 0)
		for (int at = 0; at < n;) {
			const struct dirent *entry = (const void *)(buf + at);

			at += entry->d_reclen;
			if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
				take(above, entry->d_name, keep);
		}
	close(folder);
}

static void tidy_image(const char *serial, const char *name, const uint64_t *keep)
{
	char path[PATH_SIZE];
	struct text t = TEXT_ON(path);

	text_add(&t, PATH_IMAGES "/%s/%s", serial, name);
	if (t.cut || is_kept(serial, name, keep))
		return;
	unmount(path);
	if (rmdir(path) < 0)
		unlink(path);
}

static void tidy_release(const char *none, const char *serial, const uint64_t *keep)
{
	char path[PATH_SIZE];
	struct text t = TEXT_ON(path);

	(void)none;
	text_add(&t, PATH_IMAGES "/%s", serial);
	if (t.cut)
		return;
	each_entry(path, tidy_image, serial, keep);
	rmdir(path);	/* if nothing is in it */
}

void images_mounted_tidy(const uint64_t *keep)
{
	each_entry(PATH_IMAGES, tidy_release, NULL, keep);
}
