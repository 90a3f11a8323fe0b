/*
 * One write into a file of /proc or /sys.  Usable in a child before exec.
 */
#ifndef PITH_PROCFILE_H
#define PITH_PROCFILE_H

/* Writes text in one write(2).  0 or -errno. */
int procfile_write(const char *path, const char *text);

#endif
