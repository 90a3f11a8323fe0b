/*
 * Who waits for connections in one network: sockets of TCP that listen, and of UDP
 * that are bound and not connected.
 *
 * Source: proc_pid_net(5), net/ipv4/tcp_ipv4.c, net/ipv6/udp.c.
 */
#ifndef PITH_CLIENT_LISTENERS_H
#define PITH_CLIENT_LISTENERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "family.h"
#include "text.h"

struct listeners_socket {
	uint8_t address[16];	/* network order; IPv4 as ::ffff:10.77.0.4 */
	uint16_t port;
	uint8_t protocol;
	uint32_t uid;		/* who opened it, as the board has it */
};

/* Where one is reached, the worst first.  Of [::] the kernel does not write there
 * whether it is for IPv6 alone (IPV6_V6ONLY). */
enum listeners_reach {
	LISTENERS_NONE,
	LISTENERS_LOOPBACK,	/* in its own network alone */
	LISTENERS_FAMILY,	/* by a family that does not lead there */
	LISTENERS_PERHAPS,	/* [::], where only IPv4 leads there */
	LISTENERS_ADDRESS,	/* at one address */
	LISTENERS_ANY,
};

/* More than a person reads. */
#define LISTENERS_OTHERS 8

struct listeners {
	/* What is looked for: */
	uint16_t port;
	uint8_t protocol;
	uint32_t first_uid, uid_count;	/* of whom; 0: of anybody */
	uint8_t families;		/* FAMILY_… that lead there; 0: all */

	/* What was found: the one that is reached best, */
	enum listeners_reach reach;
	struct listeners_socket best;
	bool strangers;		/* there is one of somebody else */
	/* and some of those with another port. */
	unsigned other_count;
	struct listeners_socket other[LISTENERS_OTHERS];
};

/* Reads a line of tcp or udp, or of tcp6 or udp6.  False if it is no socket that
 * waits.  Pure, and so are the next ones. */
bool listeners_parse(const char *line, bool ipv6, uint8_t protocol,
		     struct listeners_socket *to);

enum listeners_reach listeners_reach(const struct listeners *l,
				     const struct listeners_socket *socket);

void listeners_add(struct listeners *l, const struct listeners_socket *socket);

/* All of the network of a process; proc is its folder in /proc.  0 or -errno. */
int listeners_read(struct listeners *l, int proc);

/* "127.0.0.1:80" or "[::]:80" */
void listeners_add_socket(struct text *t, const struct listeners_socket *socket);

#endif
