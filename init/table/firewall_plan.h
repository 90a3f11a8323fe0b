/*
 * What the firewall is to let pass, put together from all that was read and checked.
 */
#ifndef PITH_TABLE_FIREWALL_PLAN_H
#define PITH_TABLE_FIREWALL_PLAN_H

#include "spec.h"

/* Fills spec's firewall, if there is a service or an uplink that it is for; what cannot
 * be goes to the report. */
void firewall_make(struct spec *spec);

#endif
