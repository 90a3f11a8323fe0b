/*
 * Lines of many logs as one stream, the oldest first: the rings of services
 * and of PID 1, and the kernel's messages (kmsg.h).
 *
 * There is one such stream, since its place for each log is some KB.
 */
#ifndef PITH_CLIENT_LINES_H
#define PITH_CLIENT_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "show.h"
#include "state.h"

/* Beside the places in services[]. */
#define LINES_OF_PITH	SERVICE_SLOTS
#define LINES_OF_KERNEL	(SERVICE_SLOTS + 1)
#define LINES_SOURCES	(SERVICE_SLOTS + 2)

/* STATE_LINE_SIZE for services.  The kernel's are below 1 KB; characters that
 * it escapes have four times the length. */
#define LINES_MAX 4096

struct lines_line {
	uint32_t source;
	struct logring_record record;	/* .len is that of bytes */
	uint64_t lost;			/* bytes that were overwritten before it */
	char bytes[LINES_MAX];
};

/* Adds a source; from its oldest line on. */
void lines_add(uint32_t source);

/* All that were added begin anew. */
void lines_rewind(void);

/* The oldest line that was not returned yet; false if there is none right now. */
bool lines_next(const struct state *from, struct lines_line *line);

/* Has something to read when the kernel has said something; -1 if it is no source. */
int lines_kernel_fd(void);

/* "pith", "kernel" or the service's name. */
const char *lines_name(uint32_t source);

/* Shows the last lines of one source as a list. */
void lines_show_last(struct show *s, const struct state *from, uint32_t source, unsigned count);

/* Behind a line that was longer. */
#define LINES_CUT " (cut)"

/* What stands for a line: its bytes, or what its flags mean, in brackets. */
void lines_add_text(struct text *t, const struct lines_line *line);

/* One object. */
void lines_add_json(struct json *j, const struct lines_line *line);

#endif
