/*
 * The errors of one run: says each on a line of its own and counts.  Decides
 * only how a byte is shown; what is an error is everyone else's business.
 */
#include "report.h"

#include <stdarg.h>
#include <stdlib.h>

#include "utf8.h"

static void write_visibly(FILE *to, const char *line, size_t length)
{
	for (size_t at = 0, step; at < length; at += step ? step : 1) {
		step = utf8_printable(line + at, length - at);
		if (step)
			fwrite(line + at, 1, step, to);
		else
			fprintf(to, "\\x%02x", (unsigned char)line[at]);
	}
	fputc('\n', to);
}

static void write_formatted(FILE *to, const char *before, const char *format, va_list arguments)
{
	char *line = NULL;
	size_t length = 0;
	FILE *memory = open_memstream(&line, &length);

	if (!memory)
		return;
	fputs(before, memory);
	vfprintf(memory, format, arguments);
	if (!fclose(memory))
		write_visibly(to, line, length);
	free(line);
}

void report_error(struct report *report, const char *format, ...)
{
	va_list arguments;

	report->errors++;
	va_start(arguments, format);
	write_formatted(report->to, "", format, arguments);
	va_end(arguments);
}

void report_note(struct report *report, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	write_formatted(report->to, "note: ", format, arguments);
	va_end(arguments);
}
