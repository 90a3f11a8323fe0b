/*
 * What the kernel says in files of /proc and of cgroups.
 */
#ifndef PITH_CLIENT_FILES_H
#define PITH_CLIENT_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The longest line that is understood: one of mountinfo, which has two paths in
 * it, each of at most 4096 bytes but some 60 in fact. */
#define FILES_LINE_SIZE 1024

struct files_lines {
	int fd;
	size_t at, len;		/* what is read and not yet taken */
	char buf[FILES_LINE_SIZE];
};

/* dir is an fd or AT_FDCWD.  0 or -errno. */
int files_open(struct files_lines *f, int dir, const char *path);

/* The next line, without its end, until the next call; NULL behind the last one.
 * One that is longer comes in pieces. */
char *files_next_line(struct files_lines *f);

void files_close(struct files_lines *f);

/* A short file: at most size - 1 bytes of it, without the last end of line, and
 * a NUL.  Its length or -errno; -EMSGSIZE if there is more. */
int files_read(int dir, const char *path, char *buf, size_t size);

/* What stands behind "key:" and blanks, in a file of such lines; false if nothing
 * does. */
bool files_field(int dir, const char *path, const char *key, char *buf, size_t size);

/* The number at the beginning of such text; *end, if not NULL, is behind it. */
uint64_t files_parse(const char *s, unsigned base, const char **end);

#endif
