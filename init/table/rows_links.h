/*
 * The rows of the board's network: bridges, uplinks and what is open.
 */
#ifndef PITH_TABLE_ROWS_LINKS_H
#define PITH_TABLE_ROWS_LINKS_H

#include <stdint.h>
#include <stdio.h>

#include "spec.h"

/* The lists that the fields of the board's row point to. */
void rows_of_links(const struct spec *spec, FILE *to);

void rows_links_fields(const struct spec *spec, FILE *to);

/* Of all that, and of the firewall. */
uint64_t rows_links_fingerprint(const struct spec *spec);

#endif
