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

void report_error(struct report *report, const char *format, ...)
{
	va_list arguments;
	char *line = NULL;
	size_t length = 0;
	FILE *memory = open_memstream(&line, &length);

	report->errors++;
	if (!memory)
		return;
	va_start(arguments, format);
	vfprintf(memory, format, arguments);
	va_end(arguments);
	if (!fclose(memory))
		write_visibly(report->to, line, length);
	free(line);
}
