/*
 * Numbers as people write them, read strictly: decimal digits alone, no sign,
 * no blank, nothing behind them.
 */
#ifndef PITH_TABLE_NUMBER_H
#define PITH_TABLE_NUMBER_H

#include <stddef.h>
#include <stdint.h>

/* Both read the first length bytes.  0, -EINVAL for what is no number, or
 * -ERANGE for one beyond 64 bits. */
int number_parse(const char *text, size_t length, uint64_t *number);

/* A number with K, M or G behind it for a power of 1024. */
int number_parse_scaled(const char *text, size_t length, uint64_t *number);

#endif
