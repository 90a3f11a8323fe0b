/*
 * The board's memory and who takes how much of it.  The image, which is
 * unpacked into memory as well, is weighed by whoever builds it.
 */
#ifndef PITH_TABLE_BUDGET_H
#define PITH_TABLE_BUDGET_H

#include "spec.h"

/* All in bytes. */
struct budget {
	uint64_t ram;		/* RAM_MB */
	uint64_t services;	/* at most: each MEMORY_MAX and every LOG_KB */
	uint64_t kept;		/* the part of it that is never given back */
	uint64_t reserve;	/* RESERVE_MB */
};

struct budget budget_of(const struct spec *spec);

#endif
