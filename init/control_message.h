/*
 * One message through a connection of the control socket (control.h), on
 * PID 1's side.  Neither function waits.
 */
#ifndef PITH_CONTROL_MESSAGE_H
#define PITH_CONTROL_MESSAGE_H

#include "control.h"

/*
 * Takes the next request.  Returns 0; -EPROTO if it is none of ours, an end of
 * file included, which looks like a request of no bytes; or the -errno of
 * recvmsg(2), of which -EAGAIN means that there is none.  *fd is 0 or one that
 * came along, and is the caller's whatever is returned.
 */
int control_receive(int socket, struct control_request *request, int *fd);

/* fd goes along if it is not 0; the caller keeps it.  0 or -errno. */
int control_send(int socket, int result, int fd);

#endif
