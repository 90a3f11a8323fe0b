/*
 * JSON (RFC 8259), written piece by piece.  Knows nothing of where the bytes
 * go.  The caller opens and closes in order; key is NULL within a list and at
 * the top.
 */
#ifndef PITH_CLIENT_JSON_H
#define PITH_CLIENT_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json {
	void (*put)(const char *bytes, size_t len);
	bool more;	/* a value stands before the next one */
};

/* bracket: '{' or '[', and '}' or ']'. */
void json_open(struct json *j, const char *key, char bracket);
void json_close(struct json *j, char bracket);

/* Any bytes.  A byte from 0x80 on that is not part of a printable character in
 * UTF-8 becomes U+FFFD, since JSON has no other way of having it. */
void json_string(struct json *j, const char *key, const char *bytes, size_t len);

void json_number(struct json *j, const char *key, int64_t n);

/* "null", "true", or a number that is already text. */
void json_literal(struct json *j, const char *key, const char *literal);

#endif
