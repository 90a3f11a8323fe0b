/*
 * Decides which devices of device-mapper there are.  Refuses to know what is mounted.
 */
#include "dm.h"

#include <errno.h>
#include <linux/dm-ioctl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "image_device.h"
#include "sys.h"

#define PATH_DM_CONTROL "/dev/mapper/control"

/* Mounted at the same time, by the same name: ".1" to ".9" behind it. */
#define NAMES_MAX 10
#define NAME_SIZE (IMAGE_DEVICE_SIZE + 2)

#define OUR_NAME "pith-"

#define SECTOR_SIZE 512

/* "/dev/dm-" and 10 digits. */
#define PATH_NODE_SIZE 24

/* 12 parameters, of which three have 64 digits and two are numbers of a device. */
#define TABLE_SIZE 384

/* What goes into the kernel and comes back: a table, or a list of a hundred devices. */
#define ROOM 8192

struct request {
	struct dm_ioctl head;
	union {
		struct {
			struct dm_target_spec target;
			char parameters[TABLE_SIZE];
		};
		struct dm_name_list list;
		uint8_t room[ROOM];
	};
};

/* All of it is given to the kernel, so none of it is left to chance. */
static void begin(struct request *r, const char *name, unsigned flags)
{
	memset(r, 0, sizeof(*r));
	r->head.version[0] = DM_VERSION_MAJOR;
	r->head.data_size = sizeof(*r);
	r->head.data_start = offsetof(struct request, target);
	r->head.flags = flags;
	memcpy(r->head.name, name, strlen(name));
}

static int ask(int control, unsigned long what, struct request *r)
{
	return ioctl(control, (int)what, r) < 0 ? -errno : 0;
}

static int open_control(void)
{
	int fd = open(PATH_DM_CONTROL, O_RDWR | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/* --- The table ---------------------------------------------------------------------- */

static void add_hex(struct text *t, const uint8_t bytes[SHA256_SIZE])
{
	for (unsigned i = 0; i < SHA256_SIZE; i++)
		text_add(t, "%02x", bytes[i]);
}

/* Version 1, data and hashes on the same device, sizes of their blocks, how many of data,
 * in which the hashes begin.  No optional parameter: a block that does not fit is EIO. */
void dm_verity_table(struct text *t, dev_t over, const struct manifest_image *image)
{
	unsigned long long blocks = image->data / IMAGE_BLOCK_SIZE;

	text_add(t, "1 %u:%u %u:%u %u %u %llu %llu sha256 ", major(over), minor(over),
		 major(over), minor(over), IMAGE_BLOCK_SIZE, IMAGE_BLOCK_SIZE, blocks, blocks);
	add_hex(t, image->root);
	text_add(t, " ");
	add_hex(t, image->salt);
}

static int load_table(int control, struct request *r, const char *name, dev_t over,
		      const struct manifest_image *image)
{
	struct text t;

	begin(r, name, DM_READONLY_FLAG);
	r->head.target_count = 1;
	r->target.length = image->data / SECTOR_SIZE;
	memcpy(r->target.target_type, "verity", sizeof("verity"));
	t = TEXT_ON(r->parameters);
	dm_verity_table(&t, over, image);
	return t.cut ? -E2BIG : ask(control, DM_TABLE_LOAD, r);
}

/* --- A device ------------------------------------------------------------------------ */

static int remove_device(int control, struct request *r, const char *name, unsigned flags)
{
	begin(r, name, flags);
	return ask(control, DM_DEV_REMOVE, r);
}

/* By its number, whose node the kernel makes: nothing is found by the name. */
static int open_node(uint64_t number)
{
	char path[PATH_NODE_SIZE];
	struct text t = TEXT_ON(path);
	struct stat st;
	int fd;

	text_add(&t, "/dev/dm-%u", minor((dev_t)number));
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) == 0 && S_ISBLK(st.st_mode) && st.st_rdev == (dev_t)number)
		return fd;
	close(fd);
	return -ENODEV;
}

/* Where the name is taken, its device is mounted somewhere still, and another is made
 * beside it. */
static int create(int control, struct request *r, char *name, uint64_t serial,
		  const char *image)
{
	int rc = -EBUSY;

	for (unsigned again = 0; again < NAMES_MAX && rc == -EBUSY; again++) {
		struct text t = { .buf = name, .size = NAME_SIZE };

		t.len = strlen(image_device_name(name, serial, image));
		if (again)
			text_add(&t, ".%u", again);
		begin(r, name, DM_READONLY_FLAG);
		rc = ask(control, DM_DEV_CREATE, r);
	}
	return rc;
}

/* Once it is open it is removed, which takes place when nobody has it open any more: so
 * whatever becomes of this process, nothing is left. */
static int set_up(int control, struct request *r, const char *name, dev_t over,
		  const struct manifest_image *image)
{
	uint64_t number = r->head.dev;
	int rc = load_table(control, r, name, over, image), fd;

	if (rc < 0)
		return rc;
	begin(r, name, 0);	/* without DM_SUSPEND_FLAG: resume */
	rc = ask(control, DM_DEV_SUSPEND, r);
	if (rc < 0)
		return rc;
	fd = open_node(number);
	if (fd < 0)
		return fd;
	rc = remove_device(control, r, name, DM_DEFERRED_REMOVE);
	if (rc == 0)
		return fd;
	close(fd);
	return rc;
}

static struct request request;

int dm_verity_open(dev_t over, const struct manifest_image *image, uint64_t serial)
{
	char name[NAME_SIZE];
	int control = open_control(), rc;

	if (control < 0)
		return control;
	rc = create(control, &request, name, serial, image->name);
	if (rc == 0) {
		rc = set_up(control, &request, name, over, image);
		if (rc < 0)
			remove_device(control, &request, name, 0);
	}
	close(control);
	return rc;
}

/* The kernel refuses to remove what is open. */
static void remove_unused(int control, const char *name)
{
	if (!strncmp(name, OUR_NAME, sizeof(OUR_NAME) - 1))
		remove_device(control, &request, name, 0);
}

/* The list is read before any is removed. */
void dm_sweep(void)
{
	static struct request list;
	const struct dm_name_list *at = &list.list;
	int control = open_control();

	if (control < 0)
		return;
	begin(&list, "", 0);
	if (ask(control, DM_LIST_DEVICES, &list) == 0 &&
	    !(list.head.flags & DM_BUFFER_FULL_FLAG) && at->dev)
		for (;; at = (const void *)((const char *)at + at->next)) {
			remove_unused(control, at->name);
			if (!at->next)
				break;
		}
	close(control);
}
