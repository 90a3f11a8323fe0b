/*
 * Single files of the board that a service sees: unix sockets of LISTEN, its own and
 * those of its ALLOW, and the board's resolv.conf.  A socket is the same for all who
 * see it, by its inode, whatever network namespace each of them is in.
 */
#include "view_parts.h"

#include <string.h>
#include <sys/stat.h>

#include "has.h"
#include "mounting.h"
#include "uplinks.h"

/* Sockets in their order, and resolv.conf behind them.  The child's own: it is a copy of
 * PID 1. */
static int trees[FILE_COUNT + 1];

/* Nothing about the file can be changed from inside; a socket may be connected to
 * all the same. */
static int take(const struct recipe *r, enum stage stage, const char *source)
{
	int tree = must(r, stage, sys_open_tree(AT_FDCWD, source, OPEN_TREE_CLONE));

	must(r, stage, sys_mount_setattr(tree, MOUNTING_HARMLESS | MOUNT_ATTR_RDONLY));
	return tree;
}

void view_take_files(const struct recipe *r)
{
	const struct service *s = r->service;

	for (unsigned i = 0; i < s->socket_count; i++)
		trees[i] = take(r, STAGE_SOCKET, s->sockets[i].source);
	if (s->resolves)
		trees[s->socket_count] = take(r, STAGE_RESOLV_CONF, UPLINKS_RESOLV_CONF);
}

/* An empty file for the socket to lie on, in folders that are the service's: a TMPFS
 * has neither.  Where the image has it, it is found. */
static int make_file(const struct recipe *r, const char *path)
{
	const struct service *s = r->service;
	const char *name = path + 1;
	int folder = must(r, STAGE_SOCKET, mounting_make_folders(AT_FDCWD, &name,
								 s->uid_base + s->uid,
								 s->uid_base + s->gid));
	int rc = SYS_INT(SYS_mknodat, folder, name, S_IFREG | 0600, 0);

	must(r, STAGE_SOCKET, rc == -EEXIST ? 0 : rc);
	return must(r, STAGE_SOCKET, mounting_open_inside(AT_FDCWD, path, 0));
}

void view_place_files(const struct recipe *r)
{
	const struct service *s = r->service;
	int at;

	for (unsigned i = 0; i < s->socket_count; i++) {
		at = mounting_open_inside(AT_FDCWD, s->sockets[i].path, 0);
		if (at == -ENOENT)
			at = make_file(r, s->sockets[i].path);
		must(r, STAGE_SOCKET, at);
		must(r, STAGE_SOCKET, sys_move_mount(trees[i], at));
	}
	if (!s->resolves)
		return;
	at = must(r, STAGE_RESOLV_CONF, mounting_open_inside(AT_FDCWD, "etc/resolv.conf", 0));
	must(r, STAGE_RESOLV_CONF, sys_move_mount(trees[s->socket_count], at));
}
