/*
 * Bounded text: the only formatter in PID 1.  A caller owns the buffer; what
 * does not fit sets `cut`, and the text stays terminated.  No floating point,
 * no locale, no allocation, safe in a child between clone and exec.
 */
#ifndef PITH_TEXT_H
#define PITH_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
	char *buf;
	size_t size;	/* of buf, with room for the NUL; at least 1 */
	size_t len;	/* without the NUL */
	bool cut;	/* something did not fit */
};

#define TEXT_ON(array) \
	(struct text){ .buf = (array), .size = sizeof(array) }

/*
 * Understands %s %.*s %c %d %u %x and %%, the length modifiers l, ll and z
 * for the numbers, and a width with or without a leading 0.  Anything else
 * stands in the output as it was written.
 */
void text_add(struct text *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void text_vadd(struct text *t, const char *fmt, va_list args)
	__attribute__((format(printf, 2, 0)));

/* Bytes of unknown origin for a terminal: printable characters and tabs, in
 * ASCII or well-formed UTF-8 (RFC 3629).  All else, which could steer the
 * terminal, is shown as one '?' a byte. */
void text_add_printable(struct text *t, const char *bytes, size_t len);

/* Bytes of the printable character that begins here, 0 if none does.  len is at
 * least 1. */
size_t text_character(const char *bytes, size_t len);

/* "250 ms", "3.4 s", "12 min", "5 h": as precise as a person asks. */
void text_add_duration(struct text *t, uint64_t ms);

/* Dotted quad; the address is in host order. */
void text_add_ipv4(struct text *t, uint32_t address);

/* As RFC 5952 has it, "fd70:6974:6800::9"; the address is in network order. */
void text_add_ipv6(struct text *t, const uint8_t address[16]);

/* "SIGKILL", or "signal 63" where it has no name. */
void text_add_signal(struct text *t, int signal);

#endif
