/*
 * Decides nothing: puts what images_plan.h says of a service into the order.
 */
#include "images_services.h"

#include <string.h>

#include "act.h"
#include "has.h"

static bool held[SERVICE_SLOTS];

/* Pressure may have it frozen: it could not hear that it shall end. */
static void renew(struct supervisor *sup, uint16_t id)
{
	act_thaw(sup, id);
	run_event(sup, id, STEP_RESTART);
}

static uint64_t serial_of(const struct images_plan *plan, uint16_t id)
{
	return plan->image[services[id].image - 1].serial;
}

void images_services_begin(void)
{
	memset(held, 0, sizeof(held));
}

void images_services_hold(struct supervisor *sup, const struct images_plan *plan,
			  uint64_t now_ms)
{
	for (uint16_t id = 0; id < sup->order.count; id++) {
		bool absent = has_image(&services[id]) &&
			      !images_plan_has(plan, services[id].image - 1u);

		if (absent == held[id])
			continue;
		held[id] = absent;
		if (absent)
			order_hold(&sup->order, id);
		else
			order_release(&sup->order, id, now_ms);
	}
}

/* No hold keeps it from the start that its back-off ends in. */
static bool is_to_be_held(const struct images_plan *plan, uint16_t id,
			  const struct step_service *step)
{
	return step->state == STEP_BACKOFF &&
	       !images_plan_has(plan, services[id].image - 1u);
}

void images_services_renew(struct supervisor *sup, const struct images_plan *plan)
{
	for (uint16_t id = 0; id < sup->order.count; id++) {
		const struct order_slot *slot = &sup->order.slot[id];

		/* A start that is still to be made is made from the new one. */
		if (!has_image(&services[id]) || slot->action == STEP_SPAWN)
			continue;
		if (images_judge_renews(&slot->step, run_of(id)->is.image, serial_of(plan, id)) ||
		    is_to_be_held(plan, id, &slot->step))
			renew(sup, id);
	}
}

bool images_services_use_old(const struct supervisor *sup, const struct images_plan *plan)
{
	for (uint16_t id = 0; id < sup->order.count; id++) {
		const struct step_service *step = &sup->order.slot[id].step;

		if (has_image(&services[id]) && run_of(id)->is.image != serial_of(plan, id) &&
		    (step_has_process(step) || step->state == STEP_CLEANING))
			return true;
	}
	return false;
}

uint16_t images_services_find(const struct supervisor *sup, const struct images_plan *plan,
			      enum images_verdict verdict, uint64_t now_ms)
{
	for (uint16_t id = 0; id < sup->order.count; id++)
		if (has_image(&services[id]) &&
		    images_plan_tries(plan, services[id].image - 1u) &&
		    images_judge(&sup->order.slot[id].step, run_of(id)->is.ready_ms,
				 plan->confirm_ms, now_ms) == verdict)
			return id;
	return ORDER_NONE;
}
