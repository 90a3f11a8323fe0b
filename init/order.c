/*
 * Decides which service an event sets free to start or to stop, from counts
 * that are kept beside each: how many of what it comes AFTER are not up, how
 * many of what comes AFTER it are not at rest, and how often it is held.  Refuses
 * to know how an action is carried out, and what holds.
 */
#include "order.h"

#include <string.h>

void order_init(struct order *o, const struct service *table, uint16_t count,
		struct order_slot *slot, struct timers_slot *timer)
{
	memset(slot, 0, count * sizeof(*slot));
	memset(timer, 0, count * sizeof(*timer));
	*o = (struct order){
		.table = table, .count = count, .slot = slot,
		.timers = { .slot = timer },
		.first = ORDER_NONE, .last = ORDER_NONE, .changed = ORDER_NONE,
		.first_go = ORDER_NONE, .last_go = ORDER_NONE,
		.starting_max = ORDER_STARTING_MAX,
	};
	for (uint16_t id = 0; id < count; id++)
		slot[id].not_up = table[id].after_count;
}

/* A service has at most one action in the queue.  The caller takes it out
 * before the next event; if it did not, the later action counts. */
static void queue(struct order *o, uint16_t id, enum step_action action)
{
	struct order_slot *slot = &o->slot[id];
	bool queued = slot->action != STEP_NOTHING;

	slot->action = (uint8_t)action;
	if (queued)
		return;
	slot->next_action = ORDER_NONE;
	if (o->last == ORDER_NONE)
		o->first = id;
	else
		o->slot[o->last].next_action = id;
	o->last = id;
}

bool order_next(struct order *o, uint16_t *id, enum step_action *action)
{
	if (o->first == ORDER_NONE)
		return false;
	*id = o->first;
	*action = o->slot[*id].action;
	o->slot[*id].action = STEP_NOTHING;
	o->first = o->slot[*id].next_action;
	if (o->first == ORDER_NONE)
		o->last = ORDER_NONE;
	return true;
}

static void set_step(struct order *o, uint16_t id, struct step_service next)
{
	struct order_slot *slot = &o->slot[id];

	slot->step = next;
	timers_set(&o->timers, id, next.deadline_ms);
	if (slot->changed)
		return;
	slot->changed = true;
	slot->next_changed = o->changed;
	o->changed = id;
}

bool order_changed(struct order *o, uint16_t *id)
{
	if (o->changed == ORDER_NONE)
		return false;
	*id = o->changed;
	o->changed = o->slot[*id].next_changed;
	o->slot[*id].changed = false;
	return true;
}

/* One step of one service; the other services' counts are not yet told. */
static void apply(struct order *o, uint16_t id, enum step_event event, uint64_t now_ms)
{
	struct order_slot *slot = &o->slot[id];
	struct step_result r = step(slot->step, &o->table[id], event, now_ms);

	o->starting -= slot->step.state == STEP_STARTING;
	o->starting += r.next.state == STEP_STARTING;
	set_step(o, id, r.next);
	if (r.action != STEP_NOTHING)
		queue(o, id, r.action);
}

static bool is_free(const struct order_slot *slot)
{
	return slot->step.state == STEP_WAITING && !slot->not_up && !slot->held;
}

/* It starts at the end of this event, or when its turn has come. */
static void go_if_free(struct order *o, uint16_t id)
{
	struct order_slot *slot = &o->slot[id];

	if (!is_free(slot) || slot->go_queued)
		return;
	slot->go_queued = true;
	slot->next_go = ORDER_NONE;
	if (o->last_go == ORDER_NONE)
		o->first_go = id;
	else
		o->slot[o->last_go].next_go = id;
	o->last_go = id;
}

/* Who is not free any more is queued again when it is. */
static void go_on(struct order *o, uint64_t now_ms)
{
	while (o->starting < o->starting_max && o->first_go != ORDER_NONE) {
		uint16_t id = o->first_go;

		o->first_go = o->slot[id].next_go;
		if (o->first_go == ORDER_NONE)
			o->last_go = ORDER_NONE;
		o->slot[id].go_queued = false;
		if (is_free(&o->slot[id]))
			apply(o, id, STEP_GO, now_ms);
	}
}

static void tell_up(struct order *o, uint16_t id, bool up)
{
	const struct service *s = &o->table[id];

	for (unsigned i = 0; i < s->before_count; i++) {
		uint16_t dependent = s->before[i];

		o->slot[dependent].not_up += up ? -1 : 1;
		if (up)
			go_if_free(o, dependent);
	}
}

/* Puts what is now free to stop before the list *stops. */
static void tell_rest(struct order *o, uint16_t id, bool at_rest, uint16_t *stops)
{
	const struct service *s = &o->table[id];

	o->running += at_rest ? -1 : 1;
	for (unsigned i = 0; i < s->after_count; i++) {
		uint16_t base = s->after[i];

		o->slot[base].not_at_rest += at_rest ? -1 : 1;
		if (at_rest && o->stopping && !o->slot[base].not_at_rest) {
			o->slot[base].next_stop = *stops;
			*stops = base;
		}
	}
}

static void change(struct order *o, uint16_t id, enum step_event event,
		   uint64_t now_ms, uint16_t *stops)
{
	const struct step_service *s = &o->slot[id].step;
	bool was_up = step_is_up(s), was_at_rest = step_at_rest(s);

	apply(o, id, event, now_ms);
	go_if_free(o, id);
	if (step_is_up(s) != was_up)
		tell_up(o, id, step_is_up(s));
	if (step_at_rest(s) != was_at_rest)
		tell_rest(o, id, step_at_rest(s), stops);
}

/* A stop may bring a service to rest at once, which frees others to stop. */
static void stop_list(struct order *o, uint16_t stops, uint64_t now_ms)
{
	while (stops != ORDER_NONE) {
		uint16_t id = stops;

		stops = o->slot[id].next_stop;
		change(o, id, STEP_STOP, now_ms, &stops);
	}
}

void order_event(struct order *o, uint16_t id, enum step_event event, uint64_t now_ms)
{
	uint16_t stops = ORDER_NONE;

	if ((event == STEP_START || event == STEP_RESTART) && o->stopping)
		return;
	change(o, id, event, now_ms, &stops);
	stop_list(o, stops, now_ms);
	go_on(o, now_ms);
}

void order_hold(struct order *o, uint16_t id)
{
	o->slot[id].held++;
}

void order_release(struct order *o, uint16_t id, uint64_t now_ms)
{
	o->slot[id].held--;
	go_if_free(o, id);
	go_on(o, now_ms);
}

void order_extend(struct order *o, uint16_t id, uint64_t more_ms, uint64_t now_ms)
{
	set_step(o, id, step_extend(o->slot[id].step, more_ms, now_ms));
}

void order_start_all(struct order *o, uint64_t now_ms)
{
	for (uint16_t id = 0; id < o->count; id++)
		order_event(o, id, STEP_START, now_ms);
}

void order_stop_all(struct order *o, uint64_t now_ms)
{
	uint16_t stops = ORDER_NONE;

	if (o->stopping)
		return;
	/* First nobody restarts any more; then the ends of the chains stop,
	 * and each that comes to rest frees what it came AFTER. */
	for (uint16_t id = 0; id < o->count; id++)
		change(o, id, STEP_RETIRE, now_ms, &stops);
	o->stopping = true;
	for (uint16_t id = 0; id < o->count; id++) {
		if (o->slot[id].not_at_rest)
			continue;
		o->slot[id].next_stop = stops;
		stops = id;
	}
	stop_list(o, stops, now_ms);
}

void order_take_up(struct order *o, bool stopping)
{
	o->stopping = stopping;
	for (uint16_t id = 0; id < o->count; id++) {
		const struct service *s = &o->table[id];
		const struct step_service *is = &o->slot[id].step;

		timers_set(&o->timers, id, is->deadline_ms);
		o->running += !step_at_rest(is);
		o->starting += is->state == STEP_STARTING;
		for (unsigned i = 0; i < s->before_count; i++)
			o->slot[s->before[i]].not_up -= step_is_up(is);
		for (unsigned i = 0; i < s->after_count; i++)
			o->slot[s->after[i]].not_at_rest += !step_at_rest(is);
	}
}

void order_resume(struct order *o, uint16_t id, bool has_process, uint64_t now_ms)
{
	const struct order_slot *slot = &o->slot[id];
	bool lost = step_has_process(&slot->step) && !has_process;

	/* Perhaps it was about to be told; before it could go on. */
	if (o->stopping)
		order_event(o, id, STEP_RETIRE, now_ms);
	if (!o->stopping || !step_at_rest(&slot->step))
		order_event(o, id, lost ? STEP_LOST : STEP_RESUME, now_ms);
	if (o->stopping && !slot->not_at_rest)
		order_event(o, id, STEP_STOP, now_ms);
}

void order_expire(struct order *o, uint64_t now_ms)
{
	uint16_t id;
	uint64_t deadline;

	while ((deadline = timers_first(&o->timers, &id)) && deadline <= now_ms)
		order_event(o, id, STEP_TIMEOUT, now_ms);
}

uint64_t order_deadline(const struct order *o)
{
	return timers_first(&o->timers, NULL);
}
