/*
 * The rows of the table as C source: services[] and board, each after the
 * lists that it points to.
 */
#ifndef PITH_TABLE_ROWS_H
#define PITH_TABLE_ROWS_H

#include <stdio.h>

#include "spec.h"

void rows_of_services(const struct spec *spec, FILE *to);

/* All of the board's row but its fingerprint, which covers this text as well,
 * and the end: the caller writes "};" behind it. */
void rows_of_board(const struct spec *spec, FILE *to);

#endif
