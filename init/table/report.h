/*
 * The errors of one run.  All of them are said, each on one line; the count
 * decides about the tool's exit status.
 */
#ifndef PITH_TABLE_REPORT_H
#define PITH_TABLE_REPORT_H

#include <stdio.h>

struct report {
	FILE *to;
	unsigned int errors;
};

/* Writes one line and counts it.  Control characters and malformed UTF-8,
 * which may come from a file that is no configuration at all, are shown as
 * \xNN. */
void report_error(struct report *report, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Writes a line that starts with "note: ", the same way, and does not count it. */
void report_note(struct report *report, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
