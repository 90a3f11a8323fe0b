/*
 * What the releases in a plan (images_plan.h) mean for the services that have images:
 * who is held, who begins anew, and how each does in a trial.
 */
#ifndef PITH_IMAGES_SERVICES_H
#define PITH_IMAGES_SERVICES_H

#include "images_judge.h"
#include "images_plan.h"
#include "run.h"

/* After order_init(): nobody is held yet. */
void images_services_begin(void);

/* Holds those whose image is not there, releases those whose image is. */
void images_services_hold(struct supervisor *sup, const struct images_plan *plan,
			  uint64_t now_ms);

/* Starts those anew that have another image than they would start from now. */
void images_services_renew(struct supervisor *sup, const struct images_plan *plan);

/* Something of another image than the plan's may still run. */
bool images_services_use_old(const struct supervisor *sup, const struct images_plan *plan);

/* Of those that run from the trial, the first that has failed for good; at its end the
 * first that has not proved itself.  ORDER_NONE if there is none. */
uint16_t images_services_find(const struct supervisor *sup, const struct images_plan *plan,
			      enum images_verdict verdict, uint64_t now_ms);

#endif
