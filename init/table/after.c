/*
 * The order of the start: AFTER's names become places in the table, and their
 * inverse tells what a start makes possible.  Refuses what can never start.
 */
#include <string.h>

#include "checks.h"
#include "nearest.h"

static void unknown_name(const struct spec *spec, const struct service_spec *service,
			 const char *name)
{
	struct nearest nearest = { .word = name };

	if (folders_find(spec->folders, name)) {
		spec_service_error(spec, service, "AFTER", "%s is switched off; switch it on with "
				   "CONFIG_%s=y or leave it out", name,
				   folders_find(spec->folders, name)->symbol);
		return;
	}
	for (size_t i = 0; i < spec->count; i++)
		nearest_offer(&nearest, spec->services[i].name);
	spec_service_error(spec, service, "AFTER", "there is no service %s; %s%s", name,
			   nearest.best ? "write " : "leave it out",
			   nearest.best ? nearest.best : "");
}

static void resolve_names(struct spec *spec, struct service_spec *service)
{
	struct places *after = &service->after;

	after->at = arena_array(spec->arena, service->after_names.count, sizeof(*after->at));
	for (size_t i = 0; i < service->after_names.count; i++) {
		const char *name = service->after_names.at[i];
		const struct service_spec *other = spec_find(spec, name);

		if (other == service)
			spec_service_error(spec, service, "AFTER",
					   "waits for itself; leave it out");
		else if (other)
			after->at[after->count++] = (uint16_t)(other - spec->services);
		else
			unknown_name(spec, service, name);
	}
}

static void invert(struct spec *spec)
{
	for (size_t i = 0; i < spec->count; i++)
		for (size_t j = 0; j < spec->services[i].after.count; j++)
			spec->services[spec->services[i].after.at[j]].before.count++;
	for (size_t i = 0; i < spec->count; i++) {
		struct places *before = &spec->services[i].before;

		before->at = arena_array(spec->arena, before->count, sizeof(*before->at));
		before->count = 0;
	}
	for (size_t i = 0; i < spec->count; i++) {
		for (size_t j = 0; j < spec->services[i].after.count; j++) {
			struct places *before =
				&spec->services[spec->services[i].after.at[j]].before;

			before->at[before->count++] = (uint16_t)i;
		}
	}
}

/* A depth-first walk along AFTER.  The path holds the places from where the
 * walk began to where it is; next says how many of each one's names were
 * followed. */
struct walk {
	size_t *path, *next;
	size_t depth;
	bool *done, *on_path;
};

static void report_cycle(const struct spec *spec, const struct walk *walk, size_t first)
{
	const char *text = spec->services[first].name;
	size_t from = walk->depth;

	while (walk->path[from - 1] != first)
		from--;
	for (size_t i = from; i < walk->depth; i++)
		text = arena_printf(spec->arena, "%s -> %s", text,
				    spec->services[walk->path[i]].name);
	spec_service_error(spec, &spec->services[first], "AFTER",
			   "the cycle %s -> %s; take one of them out of another's AFTER", text,
			   spec->services[first].name);
}

static void walk_push(struct walk *walk, size_t place)
{
	walk->on_path[place] = true;
	walk->path[walk->depth++] = place;
}

static void walk_from(const struct spec *spec, struct walk *walk, size_t start)
{
	walk_push(walk, start);
	while (walk->depth) {
		size_t place = walk->path[walk->depth - 1];
		const struct places *after = &spec->services[place].after;

		if (walk->next[place] == after->count) {
			walk->done[place] = true;
			walk->on_path[place] = false;
			walk->depth--;
			continue;
		}
		place = after->at[walk->next[place]++];
		if (walk->on_path[place])
			report_cycle(spec, walk, place);
		else if (!walk->done[place])
			walk_push(walk, place);
	}
}

void check_after(struct spec *spec)
{
	struct walk walk = {
		.path = arena_array(spec->arena, spec->count, sizeof(*walk.path)),
		.next = arena_array(spec->arena, spec->count, sizeof(*walk.next)),
		.done = arena_array(spec->arena, spec->count, sizeof(*walk.done)),
		.on_path = arena_array(spec->arena, spec->count, sizeof(*walk.on_path)),
	};

	for (size_t i = 0; i < spec->count; i++)
		resolve_names(spec, &spec->services[i]);
	for (size_t i = 0; i < spec->count; i++)
		if (!walk.done[i])
			walk_from(spec, &walk, i);
	invert(spec);
}
