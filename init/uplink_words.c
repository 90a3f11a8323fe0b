/*
 * Decides whether an uplink is online, and what it lacks in words.  Pure, since
 * clients ask as well.
 */
#include "uplinks.h"

static bool may_have_address(const struct uplink *uplink)
{
	return uplink->dhcp || uplink->address || uplink->ipv6;
}

bool uplink_is_online(const struct uplink *uplink, const struct state_uplink *is)
{
	return is->index && is->carrier &&
	       (uplink->address || uplink->ipv6 || is->lease.address);
}

bool uplink_add_lack(struct text *t, const struct uplink *uplink, const struct state_uplink *is)
{
	if (!may_have_address(uplink) || uplink_is_online(uplink, is))
		return false;
	if (!is->index)
		text_add(t, "there is no %s", uplink->name);
	else if (!is->carrier)
		text_add(t, "%s has no carrier", uplink->name);
	else
		text_add(t, "%s has no address from DHCP", uplink->name);
	return true;
}
