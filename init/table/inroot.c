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

struct walk {
	struct arena *arena;
	const char *root;
	const char *inside;	/* where it stands; "" is the root itself */
	const char *rest;	/* of the path */
	unsigned int links;	/* that were followed */
	const struct inroot_user *user;
	const char *closed;
	int error;		/* the first */
};

mode_t inroot_rights(const struct inroot_user *user, const char *inside, mode_t mode)
{
	struct owner owner = owners_of(user->owners, *inside ? inside : "/", mode);

	if (user->is_nobody)
		return owner.mode & 7;
	if (user->uid == owner.uid)
		return owner.mode >> 6 & 7;
	return user->gid == owner.gid ? owner.mode >> 3 & 7 : owner.mode & 7;
}

/* The folder that holds inside. */
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

static const char *outside_of(const struct walk *walk, const char *inside)
{
	return arena_printf(walk->arena, "%s%s", walk->root, inside);
}

/* Something is to be looked up in the place where the walk stands. */
static void enter_folder(struct walk *walk)
{
	struct stat status;

	if (walk->error)
		return;
	if (lstat(outside_of(walk, walk->inside), &status))
		walk->error = -errno;
	else if (!S_ISDIR(status.st_mode))
		walk->error = -ENOTDIR;
	else if (!walk->closed && walk->user &&
		 !(inroot_rights(walk->user, walk->inside, status.st_mode) & 1))
		walk->closed = *walk->inside ? walk->inside : "/";
}

/* Takes the first length bytes of the rest, a name, as the next step. */
static void take_name(struct walk *walk, size_t length)
{
	const char *next = arena_printf(walk->arena, "%s/%.*s", walk->inside, (int)length,
					walk->rest);
	const char *target = link_target(walk->arena, outside_of(walk, next));

	walk->rest += length;
	if (target) {
		walk->links++;
		walk->rest = arena_printf(walk->arena, "%s%s", target, walk->rest);
		if (*target == '/')
			walk->inside = "";
		return;
	}
	walk->inside = next;
	if (*walk->rest)
		enter_folder(walk);
}

static void take_step(struct walk *walk)
{
	size_t length = strcspn(walk->rest, "/");

	if (length == 2 && !strncmp(walk->rest, "..", 2))
		walk->inside = parent_of(walk->arena, walk->inside);
	else if (length != 1 || *walk->rest != '.') {
		take_name(walk, length);
		return;
	}
	walk->rest += length;
}

int inroot_resolve(struct arena *arena, const char *root, const char *path,
		   const struct inroot_user *user, struct inroot *found)
{
	struct walk walk = {
		.arena = arena, .root = root, .inside = "", .rest = path, .user = user,
	};

	enter_folder(&walk);
	while (walk.rest += strspn(walk.rest, "/"), *walk.rest && walk.links <= LINKS_MAX)
		take_step(&walk);
	found->inside = *walk.inside ? walk.inside : "/";
	found->outside = outside_of(&walk, walk.inside);
	found->closed = walk.closed;
	if (walk.links > LINKS_MAX)
		return -ELOOP;
	if (walk.error)
		return walk.error;
	return lstat(found->outside, &found->status) ? -errno : 0;
}
