/*
 * Turns rows of the table into writes, and a device's path into the numbers
 * that only the running kernel knows.  Refuses to know what a file means.
 */
#include "limit.h"

#include <errno.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "cgroup/cgroup.h"
#include "text.h"

/* A row that names a device gets "MAJ:MIN " (at most 12 and 20 bits) in
 * front of a value that the host tool bounds to four keys of 20 digits. */
#define VALUE_SIZE 160

static int write_row(int cgroup, const struct service_limit *row)
{
	char value[VALUE_SIZE];
	struct text t = TEXT_ON(value);
	struct stat st;

	if (!row->device)
		return cgroup_write(cgroup, row->file, row->value);
	if (stat(row->device, &st) < 0)
		return -errno;
	if (!S_ISBLK(st.st_mode))
		return -ENOTBLK;
	text_add(&t, "%u:%u %s", major(st.st_rdev), minor(st.st_rdev), row->value);
	return t.cut ? -EMSGSIZE : cgroup_write(cgroup, row->file, value);
}

int limit_apply(int cgroup, const struct service_limit *rows, unsigned count,
		struct limit_result *result)
{
	*result = (struct limit_result){ 0 };
	for (unsigned i = 0; i < count; i++) {
		const char *device = rows[i].device;
		int rc = write_row(cgroup, &rows[i]);

		if (rc < 0 && device && access(device, F_OK) < 0 && errno == ENOENT) {
			result->missing = device;
		} else if (rc < 0) {
			result->refused = device ? device : rows[i].file;
			return rc;
		}
	}
	return 0;
}
