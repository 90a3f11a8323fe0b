/*
 * Makes mounts, places them and opens what they are placed on.  Refuses to know
 * which ones a service sees.
 */
#include "mounting.h"

#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "text.h"

int mounting_new(const char *type, const struct mounting_option *options, unsigned attributes)
{
	int fs = sys_fsopen(type);
	int rc = fs;

	for (; rc >= 0 && options && options->key; options++)
		rc = sys_fsconfig(fs, FSCONFIG_SET_STRING, options->key, options->value);
	if (rc >= 0)
		rc = sys_fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL);
	if (rc >= 0)
		rc = sys_fsmount(fs, attributes);
	if (fs >= 0)
		close(fs);
	return rc;
}

int mounting_open_inside(int root, const char *path, uint64_t flags)
{
	return sys_openat2(root, path, O_PATH | O_NOFOLLOW | flags,
			   RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS);
}

int mounting_open_beneath(int folder, const char *path, uint64_t flags)
{
	return sys_openat2(folder, path, O_PATH | O_NOFOLLOW | flags,
			   RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS |
			   RESOLVE_NO_XDEV);
}

/* One of the names in *path, up to its slash. */
static int make_folder(int at, const char *from, size_t len, uint32_t uid, uint32_t gid)
{
	char name[NAME_MAX + 1];
	int rc;

	if (len >= sizeof(name))
		return -ENAMETOOLONG;
	memcpy(name, from, len);
	name[len] = '\0';
	rc = SYS_INT(SYS_mkdirat, at, name, 0755);
	if (rc == 0)
		rc = SYS_INT(SYS_fchownat, at, name, uid, gid, AT_SYMLINK_NOFOLLOW);
	if (rc < 0 && rc != -EEXIST)
		return rc;
	return mounting_open_inside(at, name, O_DIRECTORY);
}

int mounting_make_folders(int root, const char **path, uint32_t uid, uint32_t gid)
{
	const char *slash;
	int at = root;

	for (; at >= 0 && (slash = strchr(*path, '/')); *path = slash + 1)
		at = make_folder(at, *path, (size_t)(slash - *path), uid, gid);
	return at;
}

int mounting_place(int mount, int root, const char *path)
{
	int at, rc;

	if (mount < 0)
		return mount;
	at = mounting_open_inside(root, path, O_DIRECTORY);
	rc = at < 0 ? at : sys_move_mount(mount, at);
	return rc < 0 ? rc : mount;
}

const char *mounting_id(char *buf, uint32_t id)
{
	struct text t = { .buf = buf, .size = MOUNTING_ID_SIZE };

	text_add(&t, "%u", id);
	return buf;
}
