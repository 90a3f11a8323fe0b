/*
 * Reports of a start that bring files along for PID 1, or say which socket could not
 * be opened: through a socket, where rows that never have any take a pipe (stage.h).
 */
#ifndef PITH_REPORT_H
#define PITH_REPORT_H

#include <stdbool.h>

#include "recipe.h"

struct report_of_socket {
	struct stage_report report;
	int32_t place;		/* in the row's listen[] */
};

/* Whether it is a socket that this row's reports come by, at each of its starts. */
bool report_has_socket(const struct service *s);

/* What a report goes by: ends[0] is PID 1's.  Neither end waits.  0 or -errno. */
int report_open(const struct service *s, int ends[2]);

/* A step of the recipe.  At most SERVICE_LISTEN_MAX of them; they stay open. */
void report_files(const struct recipe *r, enum stage stage, const int *fds, unsigned count);

/* Reads a report as read(2) does, from a socket.  What comes along
 * is kept at its number: with STAGE_LISTEN sockets, with STAGE_VIEW box->view_fd.  Of a
 * socket that could not be opened *err tells which.  Never waits.  sizeof(*report), 0 at
 * the end of file, or -1 and errno. */
int report_read(const struct service *s, struct sandbox *box, int fd,
		struct stage_report *report, struct start_error *err);

#endif
