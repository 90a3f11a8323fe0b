/*
 * Looks at a program before it is executed by its path, as a script has to be.
 * Refuses to know what kind of program it is.
 *
 * At a start nothing of the service runs that could put another in its place.
 * Beside `pith exec` it does, and would gain little: our binary in its view is
 * nobody's that it could write to.
 */
#include "program.h"

#include <sys/stat.h>

#include "sys.h"

void program_check(const struct recipe *r, const char *path)
{
	int fd = sys_openat2(AT_FDCWD, path, O_PATH, RESOLVE_NO_MAGICLINKS);
	struct stat st;

	/* Too many symbolic links, or one of /proc, which leads anywhere. */
	if (fd == -ELOOP && sys_openat2(AT_FDCWD, path, O_PATH, 0) != -ELOOP)
		must(r, STAGE_PROC_LINK, -EPERM);
	must(r, STAGE_EXEC, fd);
	must(r, STAGE_EXEC, fstat(fd, &st) < 0 ? -errno : 0);
	must(r, STAGE_EXEC, S_ISREG(st.st_mode) ? 0 : -EACCES);
	close(fd);
}
