/*
 * Names: what stands in a service's /etc/hosts, and whether its /etc/resolv.conf is
 * known when the image is built.
 */
#ifndef PITH_TABLE_HOSTS_H
#define PITH_TABLE_HOSTS_H

#include "spec.h"

/* The lines that its root's /etc/hosts gets, behind those that it has. */
struct words hosts_lines(const struct spec *spec, const struct service_spec *service);

/* PID 1 makes its /etc/resolv.conf, of leases: struct service's resolves. */
bool hosts_need_leases(const struct spec *spec, const struct service_spec *service);

#endif
