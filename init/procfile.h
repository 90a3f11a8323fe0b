/*
 * One write into a file of /proc or /sys, or one look.  Usable in a child before exec.
 */
#ifndef PITH_PROCFILE_H
#define PITH_PROCFILE_H

/* Writes text in one write(2).  0 or -errno. */
int procfile_write(const char *path, const char *text);

/* The first character of what it says: of a switch, all that matters.  Or -errno. */
int procfile_first(const char *path);

#endif
