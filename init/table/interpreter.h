/*
 * What the kernel has to find besides a program to run it: the loader of a
 * dynamic one, the interpreter of a script.
 */
#ifndef PITH_TABLE_INTERPRETER_H
#define PITH_TABLE_INTERPRETER_H

#include <stdbool.h>

#include "arena.h"

/*
 * Looks into the file at path.  Returns the absolute path that it names, NULL
 * if it needs nothing (a static program) or cannot be read; the kernel's
 * fs/binfmt_script.c and elf(5) say how they are written.  *of_script tells a
 * script from all else.
 */
const char *interpreter_of(struct arena *arena, const char *path, bool *of_script);

#endif
