/*
 * PID 1's side of the control socket (control.h): connections, their requests
 * and their wake-ups.  It decides who is answered and in which order; what a
 * request means is in asked.h.
 *
 * At most CONTROLS_MAX connections at once, half of them with CONTROL_WATCH.
 * A connection that comes when all are taken takes the place of the one that
 * does not watch and has been silent longest, for a second or more; where there
 * is none, it waits in the listen queue, and the listener is not watched for a
 * while.
 */
#ifndef PITH_CONTROLS_H
#define PITH_CONTROLS_H

#include <stdint.h>

#include "control.h"

#define CONTROLS_MAX 32

/* Connections that are accepted in one turn. */
#define CONTROLS_A_TURN 16

/* Binds the socket and adds it to the epoll set (SOURCE_LISTEN; connections are
 * SOURCE_CLIENT with their place as id).  0 or -errno. */
int controls_open(int epoll_fd);

/* Somebody wants to connect, or controls_deadline() has passed. */
void controls_accept(uint64_t now_ms);

/* When to look at the listener again; 0 while it is watched. */
uint64_t controls_deadline(void);

/*
 * Takes the next request of a connection.  Returns 1 with *request and *fd (0,
 * or one that came along with CONTROL_REEXEC and belongs to the caller) filled
 * in; the caller then answers by controls_answer().  0: nothing there, or the
 * connection was closed.  What is no whole request of ours is answered with
 * -EPROTO here.  One call for each event: then each has its turn, and what is
 * left is an event of the next one.
 */
int controls_take(uint16_t place, struct control_request *request, int *fd, uint64_t now_ms);

/* fd goes along if it is not 0; the caller keeps it.  A client whose socket
 * does not take its answer is closed. */
void controls_answer(uint16_t place, int result, int fd);

/* The connection asked to be told of changes.  0, or -EBUSY: too many do. */
int controls_watch(uint16_t place);

/* Something in the state has changed: every watcher is told, once, that does
 * not have such a word waiting. */
void controls_tell_change(void);

#endif
