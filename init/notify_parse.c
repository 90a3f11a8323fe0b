/*
 * Decides what a message of sd_notify(3) says: lines "KEY=value", of which
 * those that are not known say nothing.  Refuses to know who sent it and what
 * follows from it.
 */
#include "notify.h"

#include <string.h>

static bool is(const char *line, size_t len, const char *text)
{
	return len == strlen(text) && !memcmp(line, text, len);
}

/* Cuts the key off the line, if it begins with it. */
static bool cut_key(const char **line, size_t *len, const char *key)
{
	size_t key_len = strlen(key);

	if (*len < key_len || memcmp(*line, key, key_len) != 0)
		return false;
	*line += key_len;
	*len -= key_len;
	return true;
}

/* Microseconds to milliseconds, rounded up.  A number beyond 64 bits is the
 * largest one: half a million years.  False if it is no number. */
static bool read_extend(const char *digits, size_t len, uint64_t *ms)
{
	uint64_t us = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned digit = (unsigned char)digits[i] - (unsigned)'0';

		if (digit > 9)
			return false;
		us = us > (UINT64_MAX - digit) / 10 ? UINT64_MAX : us * 10 + digit;
	}
	*ms = us / 1000 + (us % 1000 != 0);
	return len > 0;
}

static void read_line(const char *line, size_t len, struct notify_message *message)
{
	uint64_t ms;

	if (is(line, len, "READY=1")) {
		message->ready = true;
	} else if (is(line, len, "RELOADING=1")) {
		message->reloading = true;
	} else if (is(line, len, "STOPPING=1")) {
		message->stopping = true;
	} else if (is(line, len, "WATCHDOG=1")) {
		message->ping = true;
		message->trigger = false;
	} else if (is(line, len, "WATCHDOG=trigger")) {
		message->ping = false;
		message->trigger = true;
	} else if (cut_key(&line, &len, "STATUS=")) {
		message->status = line;
		message->status_len = len;
	} else if (cut_key(&line, &len, "EXTEND_TIMEOUT_USEC=")) {
		if (read_extend(line, len, &ms))
			message->extend_ms = ms;
	}
}

void notify_parse(const char *bytes, size_t len, struct notify_message *message)
{
	*message = (struct notify_message){ 0 };
	/* Of clients that send a string with its end. */
	if (len && bytes[len - 1] == '\0')
		len--;
	while (len) {
		const char *newline = memchr(bytes, '\n', len);
		size_t line = newline ? (size_t)(newline - bytes) : len;
		size_t skip = newline ? line + 1 : line;

		read_line(bytes, line, message);
		bytes += skip;
		len -= skip;
	}
}
