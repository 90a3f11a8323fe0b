/*
 * Decides who is held when the storage's state changes.  Refuses to know why it
 * does.
 */
#include "storage_hold.h"

#include "storage_state.h"

/* What stands before the first name, the name, and a mark for the rest. */
#define WAITS_SIZE (24 + SERVICE_NAME_SIZE)

void storage_hold(struct supervisor *sup, unsigned was, unsigned is, uint64_t now_ms)
{
	for (uint16_t id = 0; id < sup->order.count; id++) {
		bool served = storage_serves(was, &services[id]);

		if (served == storage_serves(is, &services[id]))
			continue;
		if (served)
			order_hold(&sup->order, id);
		else
			order_release(&sup->order, id, now_ms);
	}
}

void storage_add_who_waits(struct text *t, const struct supervisor *sup, unsigned is)
{
	const char *before = "; services wait: ";

	for (uint16_t id = 0; id < sup->order.count; id++) {
		if (run_state(sup, id) != STEP_WAITING || storage_serves(is, &services[id]))
			continue;
		if (t->size - t->len < WAITS_SIZE) {
			text_add(t, " …");
			return;
		}
		text_add(t, "%s%s", before, services[id].name);
		before = " ";
	}
}
