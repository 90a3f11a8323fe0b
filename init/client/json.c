/*
 * Decides where commas stand and what has to be escaped.
 */
#include "json.h"

#include <string.h>

#include "text.h"

static void put(struct json *j, const char *s)
{
	j->put(s, strlen(s));
}

/* One character of len bytes, which is printable, or one byte that is not. */
static void put_escaped(struct json *j, const char *at, size_t len)
{
	uint8_t byte = (uint8_t)*at;
	char buf[8];
	struct text t = TEXT_ON(buf);

	if (byte == '"' || byte == '\\')
		text_add(&t, "\\%c", *at);
	else if (byte < ' ' || byte == 0x7f)
		text_add(&t, "\\u%04x", byte);
	else if (byte >= 0x80 && len == 1)
		text_add(&t, "\\ufffd");
	else
		text_add(&t, "%.*s", (int)len, at);
	j->put(buf, t.len);
}

static void put_string(struct json *j, const char *bytes, size_t len)
{
	put(j, "\"");
	for (size_t n; len; bytes += n, len -= n) {
		n = text_character(bytes, len);
		n = n ? n : 1;
		put_escaped(j, bytes, n);
	}
	put(j, "\"");
}

static void begin(struct json *j, const char *key)
{
	if (j->more)
		put(j, ",");
	j->more = true;
	if (key) {
		put_string(j, key, strlen(key));
		put(j, ":");
	}
}

void json_open(struct json *j, const char *key, char bracket)
{
	begin(j, key);
	j->put(&bracket, 1);
	j->more = false;
}

void json_close(struct json *j, char bracket)
{
	j->put(&bracket, 1);
	j->more = true;
}

void json_string(struct json *j, const char *key, const char *bytes, size_t len)
{
	begin(j, key);
	put_string(j, bytes, len);
}

void json_number(struct json *j, const char *key, int64_t n)
{
	char buf[24];
	struct text t = TEXT_ON(buf);

	text_add(&t, "%lld", (long long)n);
	json_literal(j, key, buf);
}

void json_literal(struct json *j, const char *key, const char *literal)
{
	begin(j, key);
	put(j, literal);
}
