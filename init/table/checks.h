/*
 * The checks that look at more than one value.  Each takes all that was read,
 * decides what is left to decide, and reports what cannot be; they come
 * after spec_read() and, unless one says what it needs, in any order.  Each lives
 * in a file of its own.
 */
#ifndef PITH_TABLE_CHECKS_H
#define PITH_TABLE_CHECKS_H

#include "spec.h"

/* oci_defaults.c: what the options leave open is what the service's OCI image says, or the
 * usual; fills workdir, user, home, stop_signal, argv, env and ports.  The first of all. */
void check_oci(struct spec *spec);

/* bridges.c: names of bridges are their own; fills board.bridges. */
void check_bridges(struct spec *spec);

/* uplinks.c: UPLINK's options fit together; fills board.uplinks and resolv_conf.  Needs
 * the bridges. */
void check_uplinks(struct spec *spec);

/* subnets.c: no two links have addresses in common.  Needs bridges and uplinks. */
void check_subnets(struct spec *spec);

/* leases.c: nothing is provided twice, and each uplink with dhcp has a service that
 * asks for its lease; makes a row of that service for each of them, and so comes before
 * all that notes places.  Needs the uplinks. */
void check_leases(struct spec *spec);

/* shares.c: NET=share: names a network; fills net_of. */
void check_shares(struct spec *spec);

/* allow.c: ALLOW's names and ports exist; fills in their places.  Needs net_of. */
void check_allow(struct spec *spec);

/* listen.c: no two sockets are one port of a network; fills listen_first.  Needs
 * net_of. */
void check_listen(struct spec *spec);

/* after.c: AFTER's names exist and make no cycle; fills after, before and
 * after_network.  Needs net_of and the uplinks. */
void check_after(struct spec *spec);

/* addresses.c: addresses of services do not collide; fills bridge, address, address6 and
 * mac.  Needs the bridges. */
void check_addresses(struct spec *spec);

/* ports.c: each port of the board leads to one service.  Needs the uplinks, and the
 * services' addresses. */
void check_ports(struct spec *spec);

/* ids.c: the services' ranges of ids do not overlap; fills uid_base. */
void check_ids(struct spec *spec);

/* images.c: what services have images, and what the board needs for them; fills images,
 * image and idmap.  Before check_ids(): a range that was not chosen yet may be wanted.
 * Needs the kernel's version. */
void check_images(struct spec *spec);

/* keys.c: the keys that count.  path: the list of them that board/scripts/trusted-keys
 * writes, or NULL; fills keys.  Needs the images. */
void check_keys(struct spec *spec, const char *path);

/* life.c: how a service starts, fails and is watched makes sense together. */
void check_life(struct spec *spec);

/* nesting.c: nothing is mounted in the place of another thing. */
void check_nesting(struct spec *spec);

/* trust.c: capabilities count where they are kept; USERNS=n has a filter. */
void check_trust(struct spec *spec);

/* budget.c: the board's memory is enough for all services. */
void check_budget(struct spec *spec);

/* sanity.c: values that contradict each other or what a start needs. */
void check_sanity(struct spec *spec);

/* points.c: in a root there is room for what is mounted and written there.  Needs
 * ALLOW's places. */
void check_points(struct spec *spec);

/* root.c: what a service names in its root is there; fills owners. */
void check_roots(struct spec *spec);

#endif
