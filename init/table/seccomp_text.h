/*
 * A program in the making: BPF instructions, one behind the other.
 */
#ifndef PITH_TABLE_SECCOMP_TEXT_H
#define PITH_TABLE_SECCOMP_TEXT_H

#include <linux/filter.h>
#include <stddef.h>
#include <stdint.h>

/* The kernel's limit for one program.  A tree of all the calls of an architecture
 * and every check take an eighth of that. */
struct seccomp_text {
	struct sock_filter at[BPF_MAXINSNS];
	size_t count;
};

/* Returns its place.  Jumps are filled in later. */
size_t seccomp_put(struct seccomp_text *text, uint16_t code, uint32_t k);

/* A jump without a condition, which has room for any distance. */
struct sock_filter seccomp_jump(size_t distance);

/* Takes out what is there in vain: all but one of the same returns, comparisons of
 * which one can know how they end, jumps to jumps, and what no way leads to then. */
void seccomp_tidy(struct seccomp_text *text);

#endif
