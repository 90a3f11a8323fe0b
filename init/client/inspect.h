/*
 * Everything about one service: `pith status NAME`.
 */
#ifndef PITH_CLIENT_INSPECT_H
#define PITH_CLIENT_INSPECT_H

#include <stdbool.h>

#include "facts.h"

void inspect(const struct client *c, uint16_t id, const struct facts *f, bool json);

/* A list of strings that ends with NULL, or is NULL. */
void inspect_words(struct show *s, const char *key, const char *const *words);

/* Rows of the table, and what the kernel has in their files now; dir: of the
 * cgroup, or negative. */
void inspect_limits(struct show *s, const struct service_limit *limits, unsigned count, int dir);

#endif
