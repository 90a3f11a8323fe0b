/*
 * Decides the order of the steps, and which state each failure is.  Refuses to
 * know what PID 1 makes of it.
 */
#include "storage_child.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "paths.h"
#include "storage_check.h"
#include "storage_find.h"
#include "storage_folders.h"
#include "sys.h"
#include "table.h"
#include "worker.h"

static void tell(const struct storage_word *word)
{
	worker_tell(word, sizeof(*word));
}

static void tell_state(const struct storage *is)
{
	tell(&(struct storage_word){ .is = *is, .service = STORAGE_NO_SERVICE });
}

static _Noreturn void end(struct storage *is, unsigned state)
{
	is->state = (uint8_t)state;
	tell_state(is);
	_exit(0);
}

static _Noreturn void fail(struct storage *is, unsigned step, int error)
{
	is->step = (uint8_t)step;
	is->error = error;
	end(is, STORAGE_BROKEN);
}

/* The number of the file system on PATH_DATA, or 0: it is a folder of PID 1's. */
static dev_t mounted(void)
{
	struct stat data, above;

	mkdir(PATH_DATA, 0755);
	if (stat(PATH_DATA, &data) < 0 || stat(PATH_RUN, &above) < 0)
		return 0;
	return data.st_dev == above.st_dev ? 0 : data.st_dev;
}

/* With MS_NOEXEC no volume could have `exec`: each is mounted with its own. */
static int mount_data(const struct storage_device *device)
{
	const unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOATIME |
				    (device->read_only ? MS_RDONLY : 0);
	/* The default of mke2fs is to go on, and to spoil more. */
	const char *data = strcmp(board.data_type, "ext4") ? NULL : "errors=remount-ro";
	char path[sizeof("/dev/") + STORAGE_NAME_SIZE];
	struct text t = TEXT_ON(path);

	text_add(&t, "/dev/%s", device->name);
	return sys_mount(path, PATH_DATA, board.data_type, flags, data);
}

/* ext4's and f2fs' own words for it, and what they say of a superblock. */
static bool tells_of_damage(int rc)
{
	return rc == -EUCLEAN || rc == -EBADMSG || rc == -EINVAL || rc == -EIO;
}

/* Checks and mounts it, unless an earlier PID 1 has. */
static void check_and_mount(const struct storage_device *device, struct storage *is)
{
	dev_t there = mounted();
	int rc;

	if (there == device->number)
		return;
	if (there)
		fail(is, STORAGE_STEP_MOUNT, -EBUSY);
	is->state = STORAGE_CHECKING;
	tell_state(is);
	if (storage_check(device, board.data_type, is) < 0)
		end(is, STORAGE_BROKEN);
	rc = mount_data(device);
	/* A mark that says it is clean may be wrong, and only that was looked at. */
	if (tells_of_damage(rc) && !device->read_only) {
		if (storage_salvage(device, board.data_type, is) < 0)
			end(is, STORAGE_BROKEN);
		rc = mount_data(device);
	}
	if (rc < 0)
		fail(is, STORAGE_STEP_MOUNT, rc);
}

/* One that cannot be made is a matter of its service alone. */
static void make_folders_of(uint16_t id)
{
	for (uint16_t i = 0; i < services[id].volume_count; i++) {
		int rc = storage_make_folder(PATH_DATA, &services[id], &services[id].volumes[i]);

		if (rc < 0)
			tell(&(struct storage_word){ .is.error = rc, .service = id, .volume = i });
	}
}

/* Of those that are going to start. */
static void make_folders(const struct storage_device *device)
{
	const unsigned state = device->read_only ? STORAGE_READ_ONLY : STORAGE_MOUNTED;
	const unsigned count = SERVICE_COUNT;

	for (unsigned id = 0; id < count; id++)
		if (storage_serves(state, &services[id]))
			make_folders_of((uint16_t)id);
}

static unsigned look_at_space(struct storage *is)
{
	struct statvfs vfs;

	if (statvfs(PATH_DATA, &vfs) < 0)
		fail(is, STORAGE_STEP_MOUNT, -errno);
	is->free_bytes = (uint64_t)vfs.f_bavail * vfs.f_frsize;
	if (vfs.f_flag & ST_RDONLY)
		return STORAGE_READ_ONLY;
	/* Some file systems have no fixed number of inodes. */
	return !vfs.f_bavail || (vfs.f_files && !vfs.f_ffree) ? STORAGE_FULL : STORAGE_MOUNTED;
}

_Noreturn void storage_child_become(int report)
{
	const struct superblock_kind *kind = superblock_kind(board.data_type);
	struct storage is = { .state = STORAGE_LOOKING };
	struct storage_device device = { 0 };
	int rc = worker_begin(report);

	if (rc < 0)
		fail(&is, STORAGE_STEP_LOOK, rc);
	rc = kind ? storage_find(kind, board.data_label, &device) : -ENODEV;
	is.error = rc;
	if (rc == -ENOENT || rc == -ENOTUNIQ)
		end(&is, STORAGE_ABSENT);
	if (rc < 0)
		fail(&is, STORAGE_STEP_LOOK, rc);
	memcpy(is.device, device.name, sizeof(is.device));
	check_and_mount(&device, &is);
	make_folders(&device);
	end(&is, look_at_space(&is));
}
