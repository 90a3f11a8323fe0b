/*
 * Decides how the system ends and for how long its services are waited for.
 * Refuses to know in which order they stop (order.h) and what comes after them
 * (shutdown.h).
 */
#include "ending.h"

#include <signal.h>
#include <sys/reboot.h>

#include "cgroup/cgroup.h"
#include "console.h"

/* After the shutdown's deadline everything is killed; this long the loop
 * waits for the kernel to bury it. */
#define LAST_GRACE_MS 1000

const struct ending *ending_of(enum ending_wish wish)
{
	static const struct ending endings[ENDING_COUNT] = {
		[ENDING_REBOOT] = { RB_AUTOBOOT, "rebooting" },
		[ENDING_POWER_OFF] = { RB_POWER_OFF, "powering off" },
		[ENDING_HALT] = { RB_HALT_SYSTEM, "halting" },
	};

	return &endings[wish];
}

enum ending_wish ending_asked_by(uint32_t signal)
{
	switch (signal) {
	case SIGTERM:
	case SIGINT:
		return ENDING_REBOOT;
	case SIGUSR2:
		return ENDING_POWER_OFF;
	case SIGUSR1:
		return ENDING_HALT;
	default:
		return ENDING_NONE;
	}
}

bool ending_begin(struct supervisor *sup, struct state_board *kept, uint64_t now_ms)
{
	if (kept->ending || !sup->ending)
		return false;
	kept->ending = sup->ending;
	kept->deadline_ms = now_ms + board.shutdown_timeout_ms;
	console_say("stopping %u services, then %s", sup->order.running,
		    ending_of((enum ending_wish)kept->ending)->doing);
	return true;
}

static void kill_all(struct supervisor *sup)
{
	console_say("%u services did not stop in time: killing them", sup->order.running);
	for (uint16_t id = 0; id < sup->order.count; id++)
		if (step_has_process(&sup->order.slot[id].step))
			run_of(id)->is.reason = END_DEADLINE;
	cgroup_kill(sup->site.cgroup_fd);
}

bool ending_is_over(struct supervisor *sup, struct state_board *kept, uint64_t now_ms,
		    bool *changed)
{
	if (!kept->ending)
		return false;
	if (order_at_rest(&sup->order))
		return true;
	if (now_ms < kept->deadline_ms)
		return false;
	if (kept->killed)
		return true;
	kill_all(sup);
	kept->killed = true;
	kept->deadline_ms = now_ms + LAST_GRACE_MS;
	*changed = true;
	return false;
}
