/*
 * A socket at a path, unix(7).
 */
#ifndef PITH_UNIX_SOCKET_H
#define PITH_UNIX_SOCKET_H

/* Makes it anew, in place of what is there; its mode is 0600 from the first
 * moment.  Returns an fd (non-blocking, close-on-exec) or -errno. */
int unix_socket_bind(int type, const char *path);

#endif
