/*
 * Decides whether a lease is one that the board can live with.  A DHCP server is
 * anybody on the link: nothing that it says may lead packets for the services
 * away from their bridges, or those for another uplink away from that.  Refuses to know what is done with a lease
 * (uplink_lease.c).
 */
#include "lease.h"

#include <string.h>

#include "service.h"

static uint32_t mask(unsigned prefix)
{
	return prefix ? UINT32_MAX << (32 - prefix) : 0;
}

/* An address that one host may have: RFC 1122, 3.2.1.3. */
static bool is_hosts(uint32_t address)
{
	return address >> 24 != 0 && address >> 24 != 127 && address < 0xe0000000;
}

/* Of a subnet's addresses the first and the last are nobody's, unless it has but two
 * (RFC 3021) or one. */
static bool is_hosts_in(uint32_t address, unsigned prefix)
{
	uint32_t host = address & ~mask(prefix);

	return is_hosts(address) && (prefix > 30 || (host != 0 && host != ~mask(prefix)));
}

/* One of two subnets that overlap contains the other. */
static bool overlap(uint32_t one, unsigned prefix, uint32_t other, unsigned other_prefix)
{
	return !((one ^ other) & mask(prefix < other_prefix ? prefix : other_prefix));
}

static bool overlaps_bridge(uint32_t address, unsigned prefix, const struct board *on)
{
	for (unsigned i = 0; i < on->bridge_count; i++)
		if (overlap(address, prefix, on->bridges[i].address, on->bridges[i].prefix))
			return true;
	return false;
}

/* A subnet that is more specific than another uplink's would draw its traffic, whatever
 * the metrics say. */
static bool overlaps_uplink(uint32_t address, unsigned prefix, const struct board *on)
{
	for (unsigned i = 0; i < on->uplink_count; i++) {
		const struct uplink *uplink = &on->uplinks[i];

		if ((uplink->address &&
		     overlap(address, prefix, uplink->address, uplink->prefix)) ||
		    (uplink->gateway && overlap(address, prefix, uplink->gateway, 32)))
			return true;
	}
	return false;
}

/* A router may be outside of the subnet: some providers lease single addresses. */
static bool gateway_is_sound(const struct lease *lease, const struct board *on)
{
	bool inside = !((lease->gateway ^ lease->address) & mask(lease->prefix));

	return lease->gateway != lease->address && !overlaps_bridge(lease->gateway, 32, on) &&
	       is_hosts_in(lease->gateway, inside ? lease->prefix : 32);
}

/* What is not used is zero: there is one form of each lease. */
static bool dns_is_sound(const struct lease *lease)
{
	if (lease->dns_count > LEASE_DNS_MAX)
		return false;
	for (unsigned i = 0; i < LEASE_DNS_MAX; i++)
		if (i < lease->dns_count ? !is_hosts(lease->dns[i]) : lease->dns[i] != 0)
			return false;
	return true;
}

static bool read_form(const void *bytes, size_t len, struct lease *lease)
{
	if (len != sizeof(*lease))
		return false;
	memcpy(lease, bytes, len);
	return lease->zero == 0 && lease->version == LEASE_VERSION;
}

bool lease_is_sound(const void *bytes, size_t len, const struct board *on)
{
	struct lease lease;

	return read_form(bytes, len, &lease) && lease.seconds &&
	       lease.prefix >= LEASE_PREFIX_MIN && lease.prefix <= 32 && is_hosts_in(lease.address, lease.prefix) &&
	       !overlaps_bridge(lease.address, lease.prefix, on) &&
	       !overlaps_uplink(lease.address, lease.prefix, on) &&
	       (!lease.gateway || gateway_is_sound(&lease, on)) && dns_is_sound(&lease);
}

bool lease_is_end(const void *bytes, size_t len)
{
	struct lease lease, end = LEASE_END;

	return read_form(bytes, len, &lease) && !memcmp(&lease, &end, sizeof(end));
}
