/*
 * The end of the system: who asked for it, how far it is, and when patience is
 * over.
 */
#ifndef PITH_ENDING_H
#define PITH_ENDING_H

#include <stdbool.h>
#include <stdint.h>

#include "run.h"
#include "supervise.h"

/* Places in the table of endings; supervisor.ending and state_board.ending hold
 * one. */
enum ending_wish {
	ENDING_NONE,
	ENDING_REBOOT,
	ENDING_POWER_OFF,
	ENDING_HALT,
	ENDING_COUNT,
};

const struct ending *ending_of(enum ending_wish wish);

/* What a signal to PID 1 asks for: those of BusyBox's reboot, poweroff and halt,
 * and ctrl-alt-del. */
enum ending_wish ending_asked_by(uint32_t signal);

/* Begins it if somebody wishes it and it has not begun.  True if it did: then
 * kept is to be saved, and the services asked to stop. */
bool ending_begin(struct supervisor *sup, struct state_board *kept, uint64_t now_ms);

/* Whether nothing is left to wait for.  Kills what is left at the deadline, and
 * then sets *changed. */
bool ending_is_over(struct supervisor *sup, struct state_board *kept, uint64_t now_ms,
		    bool *changed);

#endif
