/*
 * The checks that look at more than one value.  Each takes all that was read,
 * decides what is left to decide, and reports what cannot be; they may be
 * called in any order, after spec_read().  Each lives in a file of its own.
 */
#ifndef PITH_TABLE_CHECKS_H
#define PITH_TABLE_CHECKS_H

#include "spec.h"

/* after.c: AFTER's names exist and make no cycle; fills after and before. */
void check_after(struct spec *spec);

/* addresses.c: subnets, uplink, addresses and ports do not collide; fills
 * address and mac. */
void check_addresses(struct spec *spec);

/* ids.c: the services' ranges of ids do not overlap; fills uid_base. */
void check_ids(struct spec *spec);

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

/* root.c: what a service names in its root is there. */
void check_roots(struct spec *spec);

#endif
