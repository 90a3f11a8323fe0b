/*
 * What has to hold for whatever notify_parse() is given: it says what another
 * reading of the same bytes says, one that looks for each line in turn and
 * takes its time.
 */
#ifndef TESTS_FUZZ_NOTIFY_CHECK_H
#define TESTS_FUZZ_NOTIFY_CHECK_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "init/notify.h"

/* Where the last line begins that is, or with open begins with, the text;
 * -1: there is none. */
static inline long check_find(const char *bytes, size_t len, const char *text, bool open)
{
	size_t n = strlen(text);
	long found = -1;

	for (size_t at = 0; at + n <= len; at++)
		if ((at == 0 || bytes[at - 1] == '\n') && memcmp(bytes + at, text, n) == 0 &&
		    (open || at + n == len || bytes[at + n] == '\n'))
			found = (long)at;
	return found;
}

/* The last number of EXTEND_TIMEOUT_USEC that is one, in ms. */
static inline uint64_t check_extend(const char *bytes, size_t len)
{
	static const char key[] = "EXTEND_TIMEOUT_USEC=";
	long at;

	while ((at = check_find(bytes, len, key, true)) >= 0) {
		size_t digits = (size_t)at + sizeof(key) - 1, i = digits;
		unsigned __int128 us = 0;

		for (; i < len && bytes[i] >= '0' && bytes[i] <= '9'; i++)
			if ((us = us * 10 + (unsigned)(bytes[i] - '0')) > UINT64_MAX)
				us = UINT64_MAX;
		if (i > digits && (i == len || bytes[i] == '\n'))
			return (uint64_t)((us + 999) / 1000);
		len = at ? (size_t)at - 1 : 0;
	}
	return 0;
}

static inline bool notify_check(const char *bytes, size_t len)
{
	struct notify_message m;
	long ping, trigger, status;
	const char *end;

	memset(&m, 0xff, sizeof(m));
	notify_parse(bytes, len, &m);
	if (len && bytes[len - 1] == '\0')
		len--;
	ping = check_find(bytes, len, "WATCHDOG=1", false);
	trigger = check_find(bytes, len, "WATCHDOG=trigger", false);
	if (m.ready != (check_find(bytes, len, "READY=1", false) >= 0) ||
	    m.reloading != (check_find(bytes, len, "RELOADING=1", false) >= 0) ||
	    m.stopping != (check_find(bytes, len, "STOPPING=1", false) >= 0) ||
	    m.ping != (ping > trigger) || m.trigger != (trigger > ping) ||
	    m.extend_ms != check_extend(bytes, len))
		return false;
	status = check_find(bytes, len, "STATUS=", true);
	if (status < 0)
		return !m.status && !m.status_len;
	status += 7;
	end = memchr(bytes + status, '\n', len - (size_t)status);
	return m.status == bytes + status &&
	       m.status_len == (end ? (size_t)(end - m.status) : len - (size_t)status);
}

#endif
