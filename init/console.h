/*
 * The console: lines that never block PID 1.  What the terminal doesn't take
 * at once waits in a ring; what the ring doesn't take is counted, and the
 * count is said when there is room again.
 *
 * Each line is "[seconds.millis] name: text".
 */
#ifndef PITH_CONSOLE_H
#define PITH_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>

/* The longest line of a service that is kept; the name, the time and the
 * mark of a cut come on top. */
#define CONSOLE_LINE_MAX 1000

/* Opens the console.  Until then, and without one, lines wait in the ring. */
void console_open(void);

/* The console's fd while lines wait for it, else -1. */
int console_waiting_fd(void);

/* Writes what the terminal takes. */
void console_flush(void);

/* The same, and no word about what was dropped: for a signal handler.  Nothing if it has
 * come in the middle of a write: better lost than said twice. */
void console_drain(void);

/* From here on no line is written before the next console_flush(), or is again. */
void console_hold(bool on);

/* One line of PID 1's own. */
void console_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* One line about a service. */
void console_say_of(const char *name, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* One line of a service's, which waits for the next console_flush().  Bytes
 * that could steer a terminal are shown as '?'. */
void console_relay(const char *name, const char *bytes, size_t len, bool cut);

#endif
