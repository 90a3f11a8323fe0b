/*
 * Fields of a row as C source: one line `.name = value,` each.  A comment
 * behind a value is for whoever reads table.c.
 */
#ifndef PITH_TABLE_FIELD_H
#define PITH_TABLE_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "arena.h"

void field_text(const char *field, const char *text, FILE *to);
void field_number(const char *field, int64_t number, FILE *to);
void field_unsigned(const char *field, uint64_t number, FILE *to);
void field_flag(const char *field, bool flag, FILE *to);

/* A symbol or any other expression, as it stands. */
void field_symbol(const char *field, const char *symbol, FILE *to);

/* A list and its length; C makes them NULL and 0 if nothing is said. */
void field_list(const char *field, const char *symbol, const char *count_field, size_t count,
		FILE *to);

void field_address(struct arena *arena, const char *field, uint32_t address, FILE *to);
void field_address6(struct arena *arena, const char *field, const uint8_t address[16], FILE *to);
void field_bytes(const char *field, const uint8_t *bytes, size_t count, FILE *to);
void field_fingerprint(const char *field, uint64_t fingerprint, FILE *to);

#endif
