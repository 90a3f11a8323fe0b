/*
 * Parts of PID 1 that a board may do without.  The host tool lists those that
 * the table needs in parts[]; what is not listed is not even linked.
 *
 * A hook that is NULL is no concern of the part.  bool hooks answer whether
 * something of theirs is to be saved.
 */
#ifndef PITH_PART_H
#define PITH_PART_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "control.h"
#include "run.h"
#include "state.h"
#include "watch.h"

struct part {
	/* While the system is prepared, before anything else: what services need of the
	 * board, to be filled into the site.  Nothing here stops the boot. */
	void (*boot)(struct sandbox_site *site, enum state_origin origin);

	/* After order_init(), before any service is started or resumed.  was: the
	 * record of an earlier PID 1, zeroed if there is none. */
	void (*take_up)(struct supervisor *sup, const struct state_board *was,
			enum state_origin origin, uint64_t now_ms);

	/* Before the first service is started, or when all are taken up.  ending: the
	 * system does. */
	void (*open)(struct supervisor *sup, enum state_origin origin, bool ending);

	/* Puts down what another run of PID 1 has to know. */
	void (*save)(struct state_board *to);

	/* An fd of the set speaks of that source; it may be another part's. */
	bool (*happened)(struct supervisor *sup, enum source source, uint16_t id,
			 uint64_t now_ms);

	/* Does what is due at the deadline, which is 0 for never.  Neither is called
	 * once the system ends, unless it is to the end. */
	bool (*tick)(struct supervisor *sup, uint64_t now_ms);
	uint64_t (*deadline)(void);
	bool to_the_end;

	/* Something that a client can see has changed. */
	void (*changed)(void);

	/* A child was reaped, perhaps another's.  True if it is this part's. */
	bool (*reaped)(pid_t pid, uint64_t now_ms);

	/* How the storage stands now (storage.h).  Not called where there is none. */
	void (*stored)(struct supervisor *sup, unsigned state, uint64_t now_ms);

	/* A service said something by its notify socket that is no text.  Its bytes may be
	 * anything. */
	bool (*told)(struct supervisor *sup, uint16_t id, const void *bytes, size_t len,
		     uint64_t now_ms);

	/* An operator asks for something, which is not done yet. */
	void (*asked)(struct supervisor *sup, uint16_t id, enum control_verb verb);

	/* The system ends; services are still to be stopped. */
	void (*end)(struct supervisor *sup);
};

/* Of this board, ends with NULL. */
extern const struct part *const parts[];

/* part is each of the board's that has the hook. */
#define FOR_EACH_PART_WITH(hook) \
	for (const struct part *const *at = parts, *part; (part = *at); at++) \
		if (part->hook)

#endif
