/*
 * UPLINK_GATEWAY: the router that an uplink leads to the rest of the world by.
 */
#ifndef PITH_TABLE_GATEWAYS_H
#define PITH_TABLE_GATEWAYS_H

#include "spec.h"

/* Gives it to the uplink; reports what cannot be a router of it.  Needs the bridges, and
 * the addresses of all uplinks. */
void gateways_set(const struct spec *spec, struct uplink_spec *uplink, const struct ip *gateway);

#endif
