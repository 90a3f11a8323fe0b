/*
 * What a service may use: from the options of the group "use" to rows of
 * (file, value, device) for its cgroup.  Files and formats are those of the
 * kernel's Documentation/admin-guide/cgroup-v2.rst.
 */
#ifndef PITH_TABLE_USE_H
#define PITH_TABLE_USE_H

#include "spec.h"
#include "vocabulary.h"

option_reader read_cpu_max;	/* const char *: "quota period", NULL for "" */
option_reader read_cpuset;	/* const char *: "0-1,3", NULL for "" */
option_reader read_io_max;	/* struct limits with devices */
option_reader read_cgroup;	/* struct limits */

/* What is never taken from a service, in bytes: a vital one keeps all that it
 * may have, if nothing else was said. */
uint64_t use_memory_min(const struct service_spec *service);

/* Its CGROUP has cpu.idle: it runs when no other wants to. */
bool use_is_idle(const struct service_spec *service);

/* Fills service->limits from what was read; options that are empty or 0 get
 * no row. */
void use_collect_limits(struct arena *arena, struct service_spec *service);

/*
 * The rows of the cgroup above the services.  A child's memory.min and
 * memory.low are capped by its ancestors', so those are the sums.
 */
struct limits use_limits_of_board(const struct spec *spec);

#endif
