/*
 * Networks and sockets of services: what of one is another's.
 */
#ifndef PITH_TABLE_SOCKETS_H
#define PITH_TABLE_SOCKETS_H

#include "spec.h"

/* The place of the service whose network namespace this one is in: its own, or that
 * of NET=share:…; all with NET=host are in that of the first of them. */
size_t sockets_network_of(const struct spec *spec, const struct service_spec *service);

/* True if somebody in that service's network namespace serves the port, by PORTS,
 * PUBLISH or LISTEN; a path only if it is one of its own LISTEN. */
bool sockets_are_served(const struct spec *spec, const struct service_spec *service,
			const struct port *port);

struct socket {
	const char *source, *path;	/* as in struct service_socket */
	const char *option;		/* "LISTEN" or "ALLOW" */
};

struct sockets {
	struct socket *at;
	size_t count;
};

/* The unix sockets that are seen inside: its own in the order of LISTEN, then those
 * of ALLOW, whose services are resolved. */
struct sockets sockets_of(const struct spec *spec, const struct service_spec *service);

#endif
