/*
 * The services' folders.  A directory such as services/ holds one folder per
 * service; several directories (pith's own and EXTERNAL's) make one list.
 */
#ifndef PITH_TABLE_FOLDERS_H
#define PITH_TABLE_FOLDERS_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "report.h"

struct folder {
	const char *name;	/* of the service, such as "web-ui" */
	const char *symbol;	/* of its switch, such as "SVC_WEB_UI" */
	const char *path;	/* directory/name, as the caller spelt it */
	bool has_kconfig;	/* the folder brings defaults of its own */
};

struct folders {
	struct folder *at;	/* in the order of the names */
	size_t count;
};

/*
 * Reads the directories and checks every name.  Entries that are no
 * directories and those that start with a dot are passed over; a directory
 * that cannot be read is an error.  What is wrong goes to the report; the
 * folders that are left are those whose names can be used.
 */
struct folders folders_read(struct arena *arena, struct report *report,
			    char *const *directories, size_t count);

/* The folder of that service, or NULL. */
const struct folder *folders_find(const struct folders *folders, const char *name);

/* What is wrong with a service's name and what to write, or NULL. */
const char *folders_name_error(const char *name);

#endif
