/*
 * What a service's environment has besides its ENV.
 */
#ifndef PITH_TABLE_ENVIRONMENT_H
#define PITH_TABLE_ENVIRONMENT_H

#include "spec.h"

/* Adds to service->env what everyone expects there and ENV has not, and where
 * and how often to speak to pith. */
void environment_complete(struct arena *arena, struct service_spec *service);

#endif
