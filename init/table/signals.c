/*
 * Signals by name or number.  The numbers are written out because they are
 * the target's, which has them in common with x86 and arm (signal(7)), and
 * not those of whatever machine builds.
 */
#include "signals.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "number.h"

#define SIGNAL_LAST 64

static const struct {
	const char *name;
	int number;
} signals[] = {
	{ "HUP", 1 }, { "INT", 2 }, { "QUIT", 3 }, { "ILL", 4 }, { "TRAP", 5 },
	{ "ABRT", 6 }, { "BUS", 7 }, { "FPE", 8 }, { "KILL", 9 }, { "USR1", 10 },
	{ "SEGV", 11 }, { "USR2", 12 }, { "PIPE", 13 }, { "ALRM", 14 }, { "TERM", 15 },
	{ "STKFLT", 16 }, { "CHLD", 17 }, { "CONT", 18 }, { "STOP", 19 }, { "TSTP", 20 },
	{ "TTIN", 21 }, { "TTOU", 22 }, { "URG", 23 }, { "XCPU", 24 }, { "XFSZ", 25 },
	{ "VTALRM", 26 }, { "PROF", 27 }, { "WINCH", 28 }, { "IO", 29 }, { "PWR", 30 },
	{ "SYS", 31 },
};

int signal_parse(const char *text)
{
	uint64_t number;

	if (!number_parse(text, strlen(text), &number))
		return number && number <= SIGNAL_LAST ? (int)number : -EINVAL;
	if (!strncmp(text, "SIG", 3))
		text += 3;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (!strcmp(text, signals[i].name))
			return signals[i].number;
	return -EINVAL;
}
