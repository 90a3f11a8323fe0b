/*
 * The services' ranges of ids outside.  Every service has 65,536 of its own,
 * so that no two share an owner, and none is anybody of the board itself.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "../service.h"
#include "checks.h"
#include "images.h"

/* Above what distributions hand out to people and to their subuids' start. */
#define ID_FIRST (17 * SERVICE_ID_RANGE)

/* The last start of a range that ends below (uid_t)-1. */
#define ID_LAST 4294836224

static int by_uid_base(const void *a, const void *b)
{
	const struct service_spec *left = *(struct service_spec *const *)a;
	const struct service_spec *right = *(struct service_spec *const *)b;

	if (left->uid_base != right->uid_base)
		return left->uid_base < right->uid_base ? -1 : 1;
	return (left > right) - (left < right);
}

/* Sorted by start, ranges of one length that overlap are neighbours. */
static void check_overlaps(const struct spec *spec, struct service_spec **chosen, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		int64_t gap = chosen[i]->uid_base - chosen[i - 1]->uid_base;

		if (gap < SERVICE_ID_RANGE)
			spec_service_error(spec, chosen[i], "UID_BASE", "overlaps the range of %s; "
					   "write %" PRId64 " or more, or 0 for the next free one",
					   chosen[i - 1]->name,
					   chosen[i - 1]->uid_base + SERVICE_ID_RANGE);
	}
}

/* What lies on the board's partition keeps its owner when services come and go, and so
 * does what lies in an image that was made for another firmware. */
static void check_kept(const struct spec *spec, const struct service_spec *service)
{
	const char *reason = images_fix_owner(spec, service);

	if (service->broken)
		return;
	if (reason)
		spec_service_error(spec, service, "UID_BASE", "%s, so they are those of its own ids, "
				   "which must never change; write %" PRId64 ", or another start of a "
				   "range of its own", reason, service->uid_base);
	if (service->volumes.count)
		spec_service_error(spec, service, "UID_BASE", "what it keeps in its VOLUMES belongs "
				   "to its ids, so they must never change; write %" PRId64 ", or "
				   "another start of a range of its own", service->uid_base);
}

/* Both the candidates and the chosen ranges ascend: one pass is enough. */
static void assign_free(struct spec *spec, struct service_spec *const *chosen, size_t count)
{
	int64_t next = ID_FIRST;

	for (size_t i = 0, taken = 0; i < spec->count; i++) {
		struct service_spec *service = &spec->services[i];

		if (service->uid_base)
			continue;
		for (; taken < count && chosen[taken]->uid_base < next + SERVICE_ID_RANGE; taken++)
			while (next < chosen[taken]->uid_base + SERVICE_ID_RANGE)
				next += SERVICE_ID_RANGE;
		if (next > ID_LAST) {
			spec_service_error(spec, service, "UID_BASE",
					   "no free range is left; write lower ones elsewhere");
			return;
		}
		service->uid_base = next;
		check_kept(spec, service);
		next += SERVICE_ID_RANGE;
	}
}

void check_ids(struct spec *spec)
{
	struct service_spec **chosen = arena_array(spec->arena, spec->count, sizeof(*chosen));
	size_t count = 0;

	for (size_t i = 0; i < spec->count; i++) {
		struct service_spec *service = &spec->services[i];

		if (service->uid_base && service->uid_base < SERVICE_ID_RANGE)
			spec_service_error(spec, service, "UID_BASE", "these ids are the board's "
					   "own; write 65536 or more, or 0 for the next free one");
		else if (service->uid_base)
			chosen[count++] = service;
	}
	if (count)
		qsort(chosen, count, sizeof(chosen[0]), by_uid_base);
	check_overlaps(spec, chosen, count);
	assign_free(spec, chosen, count);
}
