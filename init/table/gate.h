/*
 * The gate between a table and the kernel that it is for: what services and
 * board use has to be in that kernel, built in or as a module that is loaded.
 *
 * path is the kernel's own .config, as its package or its build has it; its
 * first lines name the version.  A file without content stands for a kernel
 * whose .config is not at hand: that is said, and nothing is checked.  So it is
 * without a path, when nobody asked.  What is missing goes to the report, once
 * for all services that need it.  Needs what spec_read() has read, and the
 * board's modules.
 */
#ifndef PITH_TABLE_GATE_H
#define PITH_TABLE_GATE_H

#include "spec.h"

void check_kernel(struct spec *spec, const char *path);

/* The version that stands there: 601 for 6.1; 0 if none is known. */
unsigned int gate_kernel_version(const char *path);

struct gate_row {
	const char *kernel;	/* the kernel's option, without CONFIG_ */
	const char *module;	/* what it is called as a module; NULL: it cannot be one */

	/* Who needs it: a service, for `option`, if this says so or if its CGROUP
	 * names a file that starts so; or the board, if this says so. */
	bool (*service)(const struct service_spec *service);
	const char *file;
	bool (*board)(const struct board_spec *board);

	const char *option;	/* without SVC_<NAME>_; NULL: none asks for it */
	const char *otherwise;	/* what else one can write, or what it is for */
	bool is_wish;		/* it does without, and says so */
	bool is_part;		/* as a module too: its code is in that of another row */
};

/* gate_rows.c */
extern const struct gate_row gate_rows[];
extern const size_t gate_row_count;

#endif
