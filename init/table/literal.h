/*
 * Data as C source: literals and the arrays that the table points to.
 */
#ifndef PITH_TABLE_LITERAL_H
#define PITH_TABLE_LITERAL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "spec.h"

/* A string literal, quotes included, that means exactly these bytes. */
void literal_string(const char *text, FILE *to);

/* A protocol's number. */
const char *literal_protocol(bool udp);

/* Prefix, '_' and a service's name as an identifier, another one for each name. */
const char *literal_symbol(struct arena *arena, const char *prefix, const char *name);

/* Definitions of static const arrays; nothing for an empty list, but that of
 * words then has its closing NULL. */
void literal_words(const char *symbol, const struct words *words, FILE *to);
void literal_places(const char *symbol, const struct places *places, FILE *to);
void literal_limits(const char *symbol, const struct limits *limits, FILE *to);
void literal_tmpfs(const char *symbol, const struct tmpfs_list *tmpfs, FILE *to);
void literal_volumes(struct arena *arena, const char *symbol, const char *service,
		     const struct volumes *volumes, FILE *to);
void literal_devices(const char *symbol, const struct devices *devices, FILE *to);
void literal_bytes(const char *symbol, const uint8_t *bytes, size_t count, FILE *to);

#endif
