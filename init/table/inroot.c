/*
 * Paths inside a service's root.  What openat2(2) calls RESOLVE_IN_ROOT, in
 * words of our own: the build machine's kernel or sandbox may lack that call,
 * and nothing here races with anyone.
 */
#include "inroot.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

/* As the kernel's MAXSYMLINKS. */
#define LINKS_MAX 40

/* The folder that holds inside; "" is the root itself. */
static const char *parent_of(struct arena *arena, const char *inside)
{
	const char *slash = strrchr(inside, '/');

	return slash ? arena_copy(arena, inside, (size_t)(slash - inside)) : "";
}

/* What the link says, or NULL if it is no link. */
static const char *link_target(struct arena *arena, const char *path)
{
	char target[PATH_MAX];
	ssize_t length = readlink(path, target, sizeof(target));

	if (length < 0 || (size_t)length == sizeof(target))
		return NULL;
	return arena_copy(arena, target, (size_t)length);
}

int inroot_resolve(struct arena *arena, const char *root, const char *path,
		   struct inroot *found)
{
	const char *inside = "";
	unsigned int links = 0;

	while (*(path += strspn(path, "/"))) {
		size_t length = strcspn(path, "/");
		const char *target, *next;

		if (length == 2 && !strncmp(path, "..", 2)) {
			inside = parent_of(arena, inside);
		} else if (length != 1 || *path != '.') {
			next = arena_printf(arena, "%s/%.*s", inside, (int)length, path);
			target = link_target(arena, arena_printf(arena, "%s%s", root, next));
			if (!target) {
				inside = next;
			} else {
				if (++links > LINKS_MAX)
					break;
				path = arena_printf(arena, "%s%s", target, path + length);
				if (*target == '/')
					inside = "";
				continue;
			}
		}
		path += length;
	}
	found->inside = *inside ? inside : "/";
	found->outside = arena_printf(arena, "%s%s", root, inside);
	if (links > LINKS_MAX)
		return -ELOOP;
	return lstat(found->outside, &found->status) ? -errno : 0;
}
