/*
 * Makes mounts, places them and opens what they are placed on.  Refuses to know
 * which ones a service sees.
 */
#include "mounting.h"

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
