/*
 * Signals by name or number.
 */
#ifndef PITH_TABLE_SIGNALS_H
#define PITH_TABLE_SIGNALS_H

/* "TERM", "SIGTERM" or "15"; real-time ones by number alone, because C
 * libraries disagree on where they start.  The signal, or -EINVAL. */
int signal_parse(const char *text);

#endif
