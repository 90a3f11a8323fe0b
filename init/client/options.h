/*
 * The words of a command line: options as the command's rows have them, and
 * names.  Both may stand in any order; behind "--" all are names.
 */
#ifndef PITH_CLIENT_OPTIONS_H
#define PITH_CLIENT_OPTIONS_H

#include "table.h"

/* All services, PID 1 and the kernel. */
#define OPTIONS_NAMES (SERVICE_SLOTS + 2)

/* The largest number that makes sense anywhere. */
#define OPTIONS_NUMBER_MAX 1000000000

enum option_kind {
	OPTION_FLAG,	/* to: bool */
	OPTION_NUMBER,	/* to: int */
	OPTION_SECONDS,	/* to: int, of milliseconds; "2" or "0.5" */
	OPTION_WORD,	/* to: const char * */
};

struct option_row {
	char letter;		/* 0: none */
	const char *word;	/* without its "--" */
	enum option_kind kind;
	void *to;		/* left as it is if the option is not there */
};

/* argv[0] is the command.  Returns how many names there are, of at least least
 * and at most `most`, which is at most OPTIONS_NAMES; or -1 after having said
 * what is wrong. */
int options_read(int argc, char **argv, const struct option_row *rows, unsigned count,
		 const char **names, int least, int most);

#endif
