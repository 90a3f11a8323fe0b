/*
 * Single files of the board that a service sees: unix sockets of LISTEN, its own and
 * those of its ALLOW, and the board's resolv.conf.  A socket is the same for all who
 * see it, by its inode, whatever network namespace each of them is in.
 */
#include "view_parts.h"

#include <string.h>
#include <sys/stat.h>

#include "mounting.h"
#include "uplinks.h"

/* Nothing about the file can be changed from inside; a socket may be connected to
 * all the same. */
static void place(const struct recipe *r, enum stage stage, const char *source, int at)
{
	int tree = must(r, stage, sys_open_tree(AT_FDCWD, source, OPEN_TREE_CLONE));

	must(r, stage, sys_mount_setattr(tree, MOUNTING_HARMLESS | MOUNT_ATTR_RDONLY));
	must(r, stage, sys_move_mount(tree, at));
}

/* An empty file for the socket to lie on, in folders that are the service's: a TMPFS
 * has neither.  Where the image has it, it is found. */
static int make_file(const struct recipe *r, int root, const char *path)
{
	const struct service *s = r->service;
	const char *name = path + 1;
	int folder = must(r, STAGE_SOCKET, mounting_make_folders(root, &name, s->uid_base + s->uid,
								 s->uid_base + s->gid));
	int rc = SYS_INT(SYS_mknodat, folder, name, S_IFREG | 0600, 0);

	must(r, STAGE_SOCKET, rc == -EEXIST ? 0 : rc);
	return must(r, STAGE_SOCKET, mounting_open_inside(root, path, 0));
}

void view_place_files(const struct recipe *r, int root)
{
	const struct service *s = r->service;

	for (unsigned i = 0; i < s->socket_count; i++) {
		int at = mounting_open_inside(root, s->sockets[i].path, 0);

		if (at == -ENOENT)
			at = make_file(r, root, s->sockets[i].path);
		place(r, STAGE_SOCKET, s->sockets[i].source, must(r, STAGE_SOCKET, at));
	}
	if (s->resolves)
		place(r, STAGE_RESOLV_CONF, UPLINKS_RESOLV_CONF,
		      must(r, STAGE_RESOLV_CONF, mounting_open_inside(root, "etc/resolv.conf", 0)));
}
