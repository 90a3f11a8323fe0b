/*
 * A peer of PID 1: not a service, but what the harness runs in the debug shell
 * to do what no shell can.  What it sees is said on standard output; what that
 * means is decided by the harness alone.
 */
#ifndef PEER_H
#define PEER_H

#include "init/control.h"

/* Each returns an exit status; argv[0] is its name. */
int peer_ask(int argc, char **argv);
int peer_noise(int argc, char **argv);
int peer_mutes(int argc, char **argv);
int peer_full(int argc, char **argv);
int peer_crowd(int argc, char **argv);
int peer_as(int argc, char **argv);
int peer_pty(int argc, char **argv);
int peer_digest(int argc, char **argv);
int peer_abstract(int argc, char **argv);
int peer_times(int argc, char **argv);
int peer_unlock(int argc, char **argv);
int peer_plant(int argc, char **argv);
int peer_limit(int argc, char **argv);

/* An fd that is connected to PID 1's socket, or -1 with errno.  It waits for its
 * answers for five seconds at most. */
int peer_connect(const char *path);

/* Asks for an fd of the state: the result, or -errno if no answer came. */
int peer_attach(int fd, struct control_answer *answer);

/* The verb's program, which is searched for in PATH; does not return. */
_Noreturn void peer_become(char **argv);

void peer_sleep_ms(long ms);

#endif
