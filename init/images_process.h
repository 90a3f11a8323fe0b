/*
 * The images' child (images_child.h) as a process: one at a time, with a pipe whose
 * number a PID 1 that is executed anew finds again.  At the pipe's end is the child's.
 */
#ifndef PITH_IMAGES_PROCESS_H
#define PITH_IMAGES_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#include "images_child.h"

struct images_process {
	pid_t pid;	/* 0: there is none, or it is not known any more */
	int report;	/* FDS_IMAGES, while its other end may be open */
};

/* 0, or -errno with nothing left behind. */
int images_process_start(struct images_process *p, int epoll_fd, const struct images_order *order);

/* What an earlier PID 1 has started, of that number if it knew it: killed, and to be
 * waited for as long as there is a report. */
void images_process_find(struct images_process *p, int epoll_fd, pid_t pid);

/* The next word.  -EAGAIN: there is none yet; -EPIPE: there will be none. */
int images_process_read(const struct images_process *p, struct images_word *to);

/* Nobody waits for it any more; kills it if it may still be there. */
void images_process_end(struct images_process *p, int epoll_fd);

#endif
