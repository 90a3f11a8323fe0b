/*
 * Which files pith writes into a service's root.  Decides what they are for; whether
 * they have room there, nesting.c and root.c decide.
 */
#include "files.h"

#include <string.h>

#include "../service.h"
#include "hosts.h"
#include "sockets.h"

static struct words split_lines(struct arena *arena, const char *text)
{
	struct words lines = { arena_array(arena, strlen(text) + 1, sizeof(*lines.at)), 0 };

	while (*text) {
		size_t length = strcspn(text, "\n");

		lines.at[lines.count++] = arena_copy(arena, text, length);
		text += length + (text[length] == '\n');
	}
	return lines;
}

/* Without a network there is nobody to ask.  Where leases say whom, PID 1 has
 * something to mount over the empty file. */
static bool has_resolv_conf(const struct service_spec *service)
{
	return service->net != SERVICE_NET_NONE;
}

struct root_files files_of(const struct spec *spec, const struct service_spec *service)
{
	struct sockets sockets = sockets_of(spec, service);
	const char *resolv_conf = spec->board.resolv_conf;
	struct root_files files = {
		arena_array(spec->arena, 2 + sockets.count, sizeof(*files.at)), 0,
	};

	files.at[files.count++] = (struct root_file){
		.path = "/etc/hosts", .keeps = true, .lines = hosts_lines(spec, service),
	};
	if (has_resolv_conf(service))
		files.at[files.count++] = (struct root_file){
			.path = "/etc/resolv.conf",
			.lines = split_lines(spec->arena, resolv_conf ? resolv_conf : ""),
		};
	for (size_t i = 0; i < sockets.count; i++)
		files.at[files.count++] = (struct root_file){
			.path = sockets.at[i].path, .option = sockets.at[i].option,
		};
	return files;
}

const struct mount_point *files_tmpfs_of(const struct mount_points *mounts,
					 const struct root_file *file)
{
	const struct mount_point *mount = mounts_find(mounts, file->path);

	return mount && mount->option && !strcmp(mount->option, "TMPFS") ? mount : NULL;
}

const char *files_source(const struct spec *spec, const struct service_spec *service,
			 const struct root_file *file)
{
	struct mount_points mounts = mounts_of(spec->arena, service);

	if (!service->image || file->option || !file->lines.count ||
	    files_tmpfs_of(&mounts, file))
		return NULL;
	return arena_printf(spec->arena, "/lib/pith/files/%s%s", service->name,
			    strrchr(file->path, '/'));
}
