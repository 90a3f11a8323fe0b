/*
 * Decides which deadline comes first.  Refuses to know what a deadline is
 * for, and what time it is.
 */
#include "timers.h"

static uint64_t deadline_at(const struct timers *t, unsigned place)
{
	return t->slot[t->slot[place].heap].deadline_ms;
}

static void stand(struct timers *t, unsigned place, uint16_t id)
{
	t->slot[place].heap = id;
	t->slot[id].place = (uint16_t)place;
}

static void swap(struct timers *t, unsigned a, unsigned b)
{
	uint16_t id = t->slot[a].heap;

	stand(t, a, t->slot[b].heap);
	stand(t, b, id);
}

static void settle(struct timers *t, unsigned place)
{
	while (place && deadline_at(t, place) < deadline_at(t, (place - 1) / 2)) {
		swap(t, place, (place - 1) / 2);
		place = (place - 1) / 2;
	}
	for (;;) {
		unsigned least = place;

		for (unsigned child = 2 * place + 1; child <= 2 * place + 2; child++)
			if (child < t->count && deadline_at(t, child) < deadline_at(t, least))
				least = child;
		if (least == place)
			return;
		swap(t, place, least);
		place = least;
	}
}

static void take_out(struct timers *t, uint16_t id)
{
	unsigned place = t->slot[id].place;

	t->count--;
	if (place == t->count)
		return;
	stand(t, place, t->slot[t->count].heap);
	settle(t, place);
}

void timers_set(struct timers *t, uint16_t id, uint64_t deadline_ms)
{
	uint64_t had = t->slot[id].deadline_ms;

	t->slot[id].deadline_ms = deadline_ms;
	if (!deadline_ms) {
		if (had)
			take_out(t, id);
		return;
	}
	if (!had)
		stand(t, t->count++, id);
	settle(t, t->slot[id].place);
}

uint64_t timers_first(const struct timers *t, uint16_t *id)
{
	if (!t->count)
		return 0;
	if (id)
		*id = t->slot[0].heap;
	return deadline_at(t, 0);
}

bool timers_take_due(struct timers *t, uint64_t now_ms, uint16_t *id)
{
	uint64_t deadline = timers_first(t, id);

	if (!deadline || deadline > now_ms)
		return false;
	timers_set(t, *id, 0);
	return true;
}
