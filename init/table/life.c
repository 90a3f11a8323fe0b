/*
 * How a service starts, fails and is watched: values of the group "life" that
 * say nothing, or nothing good, beside each other.  Each by itself was read
 * without complaint.
 */
#include <inttypes.h>

#include "../service.h"
#include "checks.h"
#include "signals.h"

static void check_oneshot(const struct spec *spec, const struct service_spec *service)
{
	if (service->type != SERVICE_TYPE_ONESHOT)
		return;
	if (service->ready == SERVICE_READY_NOTIFY)
		spec_service_error(spec, service, "READY", "a oneshot is ready when it ends; write "
				   "\"exec\", or TYPE=\"service\"");
	if (service->watchdog_ms)
		spec_service_error(spec, service, "WATCHDOG_MS", "a oneshot is ready when it ends, "
				   "which is too late to be watched; write 0, or TYPE=\"service\"");
}

/* What step_delay_ms() of ../step.c says. */
static int64_t delay_ms(const struct service_spec *service, int64_t short_runs)
{
	int64_t delay = service->restart_delay_ms;

	if (short_runs)
		delay = (delay ? delay : 1) << (short_runs < 32 ? short_runs : 32);
	return delay < service->restart_delay_max_ms ? delay : service->restart_delay_max_ms;
}

/*
 * Each pause is longer than the one before, so a window may be over before
 * the limit is reached, and then it never is: a service that fails at once
 * would be started for ever.
 */
static void check_start_limit(const struct spec *spec, const struct service_spec *service)
{
	int64_t spent_ms = 0, window_s;

	if (service->on_limit == SERVICE_ON_LIMIT_REBOOT && !service->start_limit)
		spec_service_error(spec, service, "ON_LIMIT", "there is no limit to be reached; "
				   "write in START_LIMIT how many starts in START_LIMIT_WINDOW_S "
				   "are too many");
	if (service->restart == SERVICE_RESTART_NO)
		return;
	for (int64_t i = 0; i < service->start_limit; i++)
		spent_ms += delay_ms(service, i);
	window_s = spent_ms / 1000 + 1;
	if (window_s > service->start_limit_window_s)
		spec_service_error(spec, service, "START_LIMIT", "never reached: with its "
				   "RESTART_DELAY_MS so many starts take %" PRId64 " s, and "
				   "START_LIMIT_WINDOW_S is %" PRId64 "; write fewer, or a longer "
				   "window", window_s, service->start_limit_window_s);
}

/* A service that may fail for ever is never lost, one that is not started
 * again is at its first failure. */
static void check_vital(const struct spec *spec, const struct service_spec *service)
{
	if (!service->vital)
		return;
	if (!service->start_limit && service->restart != SERVICE_RESTART_NO)
		spec_service_error(spec, service, "VITAL", "never given up, so the board would "
				   "never reset; write in START_LIMIT how many starts in "
				   "START_LIMIT_WINDOW_S are too many");
	if (!spec->board.watchdog_timeout_s && !spec->board.broken)
		spec_service_error(spec, service, "VITAL", "the board has no watchdog that would "
				   "reset it; write CONFIG_WATCHDOG_TIMEOUT_S=30, or leave it off");
}

static void check_service(const struct spec *spec, const struct service_spec *service)
{
	check_oneshot(spec, service);
	if (service->restart_delay_max_ms < service->restart_delay_ms)
		spec_service_error(spec, service, "RESTART_DELAY_MAX_MS", "less than its "
				   "RESTART_DELAY_MS; write at least %" PRId64,
				   service->restart_delay_ms);
	check_start_limit(spec, service);
	if (service->stop_signal == signal_parse("STOP") ||
	    service->stop_signal == signal_parse("CHLD"))
		spec_service_error(spec, service, "STOP_SIGNAL", "ends no program; write one that "
				   "does, such as \"TERM\"");
	check_vital(spec, service);
}

void check_life(struct spec *spec)
{
	for (size_t i = 0; i < spec->count; i++)
		if (!spec->services[i].broken)
			check_service(spec, &spec->services[i]);
}
