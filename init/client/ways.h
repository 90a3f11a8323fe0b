/*
 * The board's ways out, as PID 1 knows them at this moment (struct state_uplink).
 */
#ifndef PITH_CLIENT_WAYS_H
#define PITH_CLIENT_WAYS_H

#include "client.h"
#include "family.h"
#include "text.h"

/* Of board.uplinks, in its order. */
struct ways {
	struct state_uplink is[UPLINKS_MAX];
};

void ways_read(const struct client *c, struct ways *to);

/* The rest is pure.  Whether one of them is online. */
bool ways_online(const struct ways *w);

/* With which of FAMILY_… the uplink at that place is online; 0: it is not. */
unsigned ways_families(const struct ways *w, unsigned place);

/* What each lacks: "eth0 has no carrier, there is no eth1"; or that the board has no
 * uplink that could be online. */
void ways_add_lacks(struct text *t, const struct ways *w);

#endif
