/*
 * What is known of one service at this moment: PID 1's memory of it, and the
 * kernel's numbers.  -1 is "not known": the kernel has no such file, or there
 * is no such process.
 */
#ifndef PITH_CLIENT_FACTS_H
#define PITH_CLIENT_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "client.h"
#include "show.h"
#include "text.h"

/* Numbers, in the order in which they may be picked to be shown. */
enum facts_number {
	FACTS_PID,		/* of its own process */
	FACTS_UPTIME,		/* ms, since its program was executed */
	FACTS_RESTARTS,		/* since boot */
	FACTS_MEMORY,		/* bytes */
	FACTS_PEAK,
	FACTS_MAX,
	FACTS_CPU,		/* ms, since boot */
	FACTS_TASKS,		/* pids.current */
	FACTS_TASKS_PEAK,
	FACTS_IO,		/* bytes read and written */
	FACTS_STALL,		/* tenths of a percent of the last 10 s that memory was waited for */
	FACTS_SHARE,		/* tenths of a percent of one CPU, since the look before */
	FACTS_NUMBERS,
};

struct facts {
	struct state_service is;	/* .step.state is STEP_STATE_COUNT if it is not known */
	int64_t number[FACTS_NUMBERS];
	int64_t cpu_us;
};

/* PID 1's memory of it alone. */
void facts_read_state(const struct client *c, uint16_t id, struct state_service *is);

void facts_read(const struct client *c, uint16_t id, struct facts *f);

/* How the storage for VOLUMES stands; false if the board has none. */
bool facts_read_storage(const struct client *c, struct storage *to);

/* PID 1's own: memory is what it holds in RAM, CPU since boot. */
void facts_read_own(struct facts *f);

/* Shows the numbers that which[], up to FACTS_NUMBERS, names. */
void facts_show(struct show *s, const struct facts *f, const uint8_t *which);

/* Its name and state, since when and why, and what it says itself. */
void facts_show_state(struct show *s, const struct client *c, uint16_t id, const struct facts *f);

/* Directory of its cgroup, which the caller closes, or -errno. */
int facts_open_cgroup(uint16_t id);

/* How many exits there are to be read, and the one that is `back` before the
 * last.  False if it is not kept (any more). */
bool facts_exit(const struct client *c, uint16_t id, uint32_t back, struct end *end);

/* Why it is in this state, as far as there is more to say than its name. */
void facts_add_why(struct text *t, const struct client *c, uint16_t id);

/* The last exit, as explain_end() has it; "" if there was none. */
void facts_add_last_exit(struct text *t, const struct client *c, uint16_t id);

/* Room for either. */
#define FACTS_WORDS_SIZE 512

#endif
