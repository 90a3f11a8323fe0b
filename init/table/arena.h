/*
 * Memory of a tool that runs once: taken piece by piece, given back whole.
 * Whoever makes an arena frees it; what came out of it lives until then.
 * A build machine without memory ends the tool with a sentence, so that no
 * caller has to carry a check that never fires.
 */
#ifndef PITH_TABLE_ARENA_H
#define PITH_TABLE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena_block;

/* All zeroes is an empty arena. */
struct arena {
	struct arena_block *newest;
};

/* Zeroed, aligned for any object, never NULL. */
void *arena_alloc(struct arena *arena, size_t size);

/* Room for count objects; a product beyond size_t is as fatal as no memory. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/* The first length bytes of text, which need not end there, and a NUL. */
char *arena_copy(struct arena *arena, const char *text, size_t length);

char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

char *arena_vprintf(struct arena *arena, const char *format, va_list arguments)
	__attribute__((format(printf, 2, 0)));

void arena_free(struct arena *arena);

#endif
