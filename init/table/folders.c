/*
 * The services' folders: which names there are and whether they can be used.
 * A name ends up as a network interface, a cgroup, a host name, a part of
 * Kconfig symbols and a C identifier, so the strictest of them decides.
 * Knows nothing of what the folders hold, but for a file called Kconfig.
 */
#include "folders.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../service.h"
#include "vocabulary.h"

/* eth0, eth1 and so on are what the kernel calls cards as it finds them.  How
 * many a board has is not known here, so all such names are theirs. */
static bool is_card_name(const char *name)
{
	return !strncmp(name, "eth", 3) && name[3] && !name[3 + strspn(name + 3, "0123456789")];
}

const char *folders_name_error(const char *name)
{
	/* Two interfaces; two words of net.ipv4.conf; whose logs `pith logs`
	 * shows besides the services', of which "all" is one more; PID 1's
	 * cgroup; what AFTER knows besides the services; what rules of the
	 * firewall are named by (firewall.h); and a name of everybody's own.
	 * The uplink's name is refused with the addresses. */
	static const char *const reserved[] = {
		"lo", "br0", "all", "default", "pith", "kernel", "init",
		"network-online", "time-valid", "outside", "board", "localhost",
	};
	size_t length = strlen(name);

	if (length >= SERVICE_NAME_SIZE)
		return "a service's name has at most 15 characters; rename the folder";
	if (strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != length)
		return "a service's name is made of a-z, 0-9 and '-'; rename the folder";
	if (name[0] < 'a' || name[0] > 'z')
		return "a service's name starts with a letter; rename the folder";
	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (!strcmp(name, reserved[i]))
			return "this name is reserved; rename the folder";
	if (is_card_name(name))
		return "network cards have such names; rename the folder";
	return NULL;
}

static const char *folder_symbol(struct arena *arena, const char *name)
{
	char *symbol = arena_printf(arena, "SVC_%s", name);

	for (char *at = symbol + 4; *at; at++)
		*at = *at == '-' ? '_' : (char)toupper((unsigned char)*at);
	return symbol;
}

static bool path_is(const char *path, mode_t type)
{
	struct stat status;

	return !stat(path, &status) && (status.st_mode & S_IFMT) == type;
}

static void folder_add(struct arena *arena, struct folders *folders, size_t *room,
		       const char *name, const char *path)
{
	if (folders->count == *room) {
		struct folder *old = folders->at;

		*room = *room ? *room * 2 : 64;
		folders->at = arena_array(arena, *room, sizeof(*folders->at));
		if (old)
			memcpy(folders->at, old, folders->count * sizeof(*old));
	}
	folders->at[folders->count++] = (struct folder){
		.name = arena_copy(arena, name, strlen(name)),
		.symbol = folder_symbol(arena, name),
		.path = path,
		.has_kconfig = path_is(arena_printf(arena, "%s/Kconfig", path), S_IFREG),
	};
}

static void entry_read(struct arena *arena, struct report *report, struct folders *folders,
		       size_t *room, const char *directory, const char *name)
{
	size_t length = strlen(directory);
	const char *path, *error;

	while (length > 1 && directory[length - 1] == '/')
		length--;
	path = arena_printf(arena, "%.*s/%s", (int)length, directory, name);
	if (*name == '.' || !path_is(path, S_IFDIR))
		return;
	error = folders_name_error(name);
	if (error)
		report_error(report, "%s: %s", path, error);
	else
		folder_add(arena, folders, room, name, path);
}

static void directory_read(struct arena *arena, struct report *report,
			   struct folders *folders, size_t *room, const char *directory)
{
	struct dirent **entries;
	int count = scandir(directory, &entries, NULL, alphasort);

	if (count < 0) {
		report_error(report, "%s: %s; name a directory that holds services' folders",
			     directory, strerror(errno));
		return;
	}
	for (int i = 0; i < count; i++) {
		entry_read(arena, report, folders, room, directory, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
}

static int by_name(const void *a, const void *b)
{
	const struct folder *left = a, *right = b;
	int order = strcmp(left->name, right->name);

	return order ? order : strcmp(left->path, right->path);
}

/* The list is sorted, so that twins are neighbours; the first stays. */
static void drop_twins(struct report *report, struct folders *folders)
{
	size_t kept = 0;

	for (size_t i = 0; i < folders->count; i++) {
		const struct folder *folder = &folders->at[i];

		if (kept && !strcmp(folders->at[kept - 1].name, folder->name))
			report_error(report, "%s: there is %s already; rename one of the two",
				     folder->path, folders->at[kept - 1].path);
		else
			folders->at[kept++] = *folder;
	}
	folders->count = kept;
}

/*
 * The service a-argv switches on with SVC_A_ARGV, which is also what option
 * ARGV of a service a is called; and a-x would share SVC_A_X_Y with a, if
 * there were the options X_Y and Y.  Every part of a name that ends before
 * a '-' may be such an a.
 */
static void check_symbols(struct arena *arena, struct report *report,
			  const struct folders *folders)
{
	for (size_t i = 0; i < folders->count; i++) {
		const struct folder *folder = &folders->at[i];

		for (const char *dash = strchr(folder->name, '-'); dash;
		     dash = strchr(dash + 1, '-')) {
			size_t length = (size_t)(dash - folder->name);
			const struct folder *other = folders_find(folders,
				arena_copy(arena, folder->name, length));

			if (other && vocabulary_overlaps(folder->symbol + 4 + length + 1))
				report_error(report, "%s: its options would have the names of "
					     "%s's; rename one of the two", folder->path,
					     other->path);
		}
	}
}

struct folders folders_read(struct arena *arena, struct report *report,
			    char *const *directories, size_t count)
{
	struct folders folders = { NULL, 0 };
	size_t room = 0;

	for (size_t i = 0; i < count; i++)
		directory_read(arena, report, &folders, &room, directories[i]);
	if (folders.count)
		qsort(folders.at, folders.count, sizeof(folders.at[0]), by_name);
	drop_twins(report, &folders);
	check_symbols(arena, report, &folders);
	return folders;
}

static int name_against_folder(const void *name, const void *folder)
{
	return strcmp(name, ((const struct folder *)folder)->name);
}

const struct folder *folders_find(const struct folders *folders, const char *name)
{
	if (!folders->count)
		return NULL;
	return bsearch(name, folders->at, folders->count, sizeof(folders->at[0]),
		       name_against_folder);
}
