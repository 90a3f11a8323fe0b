/*
 * The board's memory.  Decides what counts against it and whether it is
 * enough for everything but the image.
 *
 * TMPFS and WRITABLE need no term: their pages count against MEMORY_MAX.  The
 * logs are PID 1's memory and count beside it.
 */
#include "budget.h"

#include "checks.h"
#include "size.h"
#include "use.h"

struct budget budget_of(const struct spec *spec)
{
	struct budget budget = {
		.ram = (uint64_t)spec->board.ram_mb << 20,
		.services = spec_board_log_bytes(spec),
		.kept = spec_board_log_bytes(spec),
		.reserve = (uint64_t)spec->board.reserve_mb << 20,
	};

	for (size_t i = 0; i < spec->count; i++) {
		const struct service_spec *service = &spec->services[i];

		budget.services += service->memory_max + spec_log_bytes(service);
		budget.kept += use_memory_min(service) + spec_log_bytes(service);
	}
	return budget;
}

/* Who overcommits bets that services give memory back; what is kept for them
 * and the logs they never do. */
void check_budget(struct spec *spec)
{
	struct budget budget = budget_of(spec);

	if (!budget.ram)
		return;		/* it could not be read */
	if (!spec->board.overcommit && budget.services + budget.reserve > budget.ram)
		spec_board_error(spec, "RAM_MB", "the services' MEMORY_MAX, all LOG_KB and "
				 "RESERVE_MB add up to %s; write less there, or "
				 "CONFIG_OVERCOMMIT=y if they never peak together",
				 size_text(spec->arena, budget.services + budget.reserve));
	else if (budget.kept + budget.reserve > budget.ram)
		spec_board_error(spec, "RAM_MB", "what is never taken back, MEMORY_MIN (MEMORY_MAX "
				 "of a VITAL service without), all LOG_KB and RESERVE_MB, adds up to "
				 "%s; write less there",
				 size_text(spec->arena, budget.kept + budget.reserve));
}
