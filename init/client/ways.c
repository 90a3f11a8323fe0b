/*
 * Finds the board's ways out in PID 1's memory.  What being online means is PID 1's
 * to decide (uplinks.h).
 */
#include "ways.h"

#include <string.h>

#include "uplinks.h"

void ways_read(const struct client *c, struct ways *to)
{
	struct state_board is;

	*to = (struct ways){ .is[0].index = 0 };
	if (!state_read_board(c->state, &is))
		return;
	for (unsigned i = 0; i < board.uplink_count; i++)
		for (unsigned at = 0; at < UPLINKS_MAX; at++)
			if (!strncmp(is.uplink[at].name, board.uplinks[i].name, RTNL_NAME_SIZE))
				to->is[i] = is.uplink[at];
}

bool ways_online(const struct ways *w)
{
	for (unsigned i = 0; i < board.uplink_count; i++)
		if (uplink_is_online(&board.uplinks[i], &w->is[i]))
			return true;
	return false;
}

unsigned ways_families(const struct ways *w, unsigned place)
{
	const struct uplink *uplink = &board.uplinks[place];
	const struct state_uplink *is = &w->is[place];

	if (!uplink_is_online(uplink, is))
		return 0;
	return (uplink->address || is->lease.address ? FAMILY_IPV4 : 0) |
	       (uplink->ipv6 ? FAMILY_IPV6 : 0);
}

void ways_add_lacks(struct text *t, const struct ways *w)
{
	size_t begin = t->len;

	for (unsigned i = 0; i < board.uplink_count; i++) {
		char words[64];
		struct text lack = TEXT_ON(words);

		if (uplink_add_lack(&lack, &board.uplinks[i], &w->is[i]))
			text_add(t, "%s%s", t->len > begin ? ", " : "", words);
	}
	if (t->len == begin)
		text_add(t, "the board has no uplink with an address");
}
