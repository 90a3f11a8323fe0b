/*
 * Whether a connection to a service comes to its end, and what stops it if not: `pith
 * why web:8080`.  What was planned is found in the table (reach_plan.c), what holds is
 * gathered from PID 1 and the kernel (reach_look.c), and what follows is decided step
 * by step along the way, from the plan to the socket that listens (reach_judge.c).
 */
#ifndef PITH_CLIENT_REACH_H
#define PITH_CLIENT_REACH_H

#include <stdbool.h>
#include <stdint.h>

#include "client.h"
#include "facts.h"
#include "listeners.h"
#include "service.h"
#include "text.h"
#include "ways.h"

struct reach {
	/* What was asked for. */
	const struct service *to;
	const struct service *from;	/* NULL: the outside */
	uint16_t asked;			/* a port of the board or of the service */

	/* What was planned. */
	const struct service *owner, *from_owner;	/* whose networks they have */
	uint8_t protocol;
	uint16_t inside;		/* the service's port */
	const struct service_publish *publish;	/* from the outside; NULL: none */
	const struct service_allow *allow;	/* from a service; NULL: none */
	bool open;			/* it is a port of the board that all may reach */
	const struct service *keeper;	/* whose LISTEN has it: PID 1 keeps the socket; or NULL */

	/* What holds. */
	struct ways ways;
	int rules;			/* as rules_read() */
	int64_t passed;			/* connections, by the row of the plan; -1: no row */
	int64_t spoofed;		/* packets of the service it is from; -1: no row */
	int forwards;			/* the kernel routes: 1 or 0; -1: not known */
	struct state_service is;
	char why[FACTS_WORDS_SIZE];	/* the state's */
	bool looked;			/* listeners is known */
	struct listeners listeners;
};

/* Reads "web:8080" or "web:53/udp".  protocol is 0 if there is none.  False if it is
 * none of these; name has room for any service's, and a longer one is cut. */
bool reach_parse(const char *word, char name[SERVICE_NAME_SIZE + 1], uint16_t *port,
		 uint8_t *protocol);

/* Fills in the plan; what was asked for is there.  From the outside, a port of the board
 * is preferred; between services, one of the service.  protocol 0: TCP, unless only UDP
 * has such a port. */
void reach_plan(struct reach *r, uint8_t protocol);

/* Which port was understood: "8080/tcp of the board, which leads to 80/tcp of web". */
void reach_add_understood(struct text *t, const struct reach *r);

/* Whether both are in one network: nothing stands between them. */
bool reach_is_within(const struct reach *r);

/* With which of FAMILY_… one comes there; 0: with all, or there is no way at present. */
uint8_t reach_families(const struct reach *r);

/* The name of the firewall's row; false if the plan has none. */
bool reach_add_rule(struct text *t, const struct reach *r);

void reach_look(struct reach *r, const struct client *c);

enum reach_step {
	REACH_NETWORK,
	REACH_PLAN,
	REACH_UPLINK,
	REACH_FIREWALL,
	REACH_SERVICE,
	REACH_LISTENER,
	REACH_STEPS,
};

enum reach_verdict {
	REACH_HOLDS,
	REACH_STOPS,
	REACH_UNKNOWN,
	REACH_NOTHING,	/* there is no such step */
};

/* Room for either of the texts. */
#define REACH_WORDS_SIZE 512

/* Judges one step, and says in words what holds; and, if it stops the connection, what
 * to do.  Pure. */
enum reach_verdict reach_judge(const struct reach *r, enum reach_step step, struct text *words,
			       struct text *remedy);

/* "publish" */
const char *reach_step_name(const struct reach *r, enum reach_step step);

/* Shows all steps.  Returns the exit status: CLIENT_OK if it is open, CLIENT_CLOSED, or
 * CLIENT_FAILED if nothing stops it that is known, but not all is known. */
int reach_show(const struct reach *r, bool json);

#endif
