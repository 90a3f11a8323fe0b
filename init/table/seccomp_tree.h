/*
 * The comparisons of a call's number, as few of them as there can be.
 */
#ifndef PITH_TABLE_SECCOMP_TREE_H
#define PITH_TABLE_SECCOMP_TREE_H

#include <stddef.h>
#include <stdint.h>

#include "seccomp_text.h"

/*
 * Of what stands before `end`, nothing may look at more than the architecture and the
 * call's number, and change neither.  It is replaced by comparisons with the same
 * outcome for each of both; what stands behind may follow anywhere in the text.
 * arch: the one that the program is for, as in struct seccomp_data.
 * Ends the tool if there is no memory.  seccomp_tidy() has to come after it.
 */
void seccomp_tree_shorten(struct seccomp_text *text, size_t end, uint32_t arch);

#endif
