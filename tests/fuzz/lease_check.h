/*
 * What has to hold for whatever lease_is_sound() and the helpers' words are given:
 * another reading of the same bytes, which takes its time, comes to the same.
 */
#ifndef TESTS_FUZZ_LEASE_CHECK_H
#define TESTS_FUZZ_LEASE_CHECK_H

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "init/lease.h"
#include "init/service.h"
#include "init/tell/words.h"

static const struct bridge check_bridges[] = {
	{ .name = "br0", .address = 0x0a4d0001, .prefix = 24 },	/* 10.77.0.1 */
	{ .name = "lab", .address = 0xac100101, .prefix = 20 },	/* 172.16.1.1 */
};
static const struct uplink check_uplinks[] = {
	{ .name = "eth0", .dhcp = true },
	{ .name = "eth1", .address = 0xc0a80502, .prefix = 24 },	/* 192.168.5.2 */
	/* 203.0.113.7, by 198.18.0.1 */
	{ .name = "eth2", .address = 0xcb007107, .prefix = 32, .gateway = 0xc6120001 },
};
static const struct board check_board = {
	.bridges = check_bridges, .bridge_count = 2, .uplinks = check_uplinks, .uplink_count = 3,
};

/* A subnet as the first and the last of its addresses. */
struct check_range {
	uint64_t first, last;
};

static inline struct check_range check_range(uint32_t address, unsigned prefix)
{
	uint64_t size = UINT64_C(1) << (32 - prefix), first = address / size * size;

	return (struct check_range){ first, first + size - 1 };
}

static inline bool check_is_free(uint32_t address, unsigned prefix)
{
	struct check_range own = check_range(address, prefix);

	for (unsigned i = 0; i < check_board.bridge_count; i++) {
		struct check_range other = check_range(check_bridges[i].address,
						       check_bridges[i].prefix);

		if (own.first <= other.last && other.first <= own.last)
			return false;
	}
	return true;
}

/* Not the other uplinks'. */
static inline bool check_is_nobodys(uint32_t address, unsigned prefix)
{
	static const struct check_range taken[] = {
		{ 0xc0a80500, 0xc0a805ff }, { 0xcb007107, 0xcb007107 }, { 0xc6120001, 0xc6120001 },
	};
	struct check_range own = check_range(address, prefix);

	for (unsigned i = 0; i < 3; i++)
		if (own.first <= taken[i].last && taken[i].first <= own.last)
			return false;
	return true;
}

static inline bool check_is_host(uint32_t address)
{
	unsigned first = address / 0x1000000;

	return first >= 1 && first != 127 && first <= 223;
}

static inline bool check_is_host_in(uint32_t address, unsigned prefix)
{
	struct check_range range = check_range(address, prefix);

	return check_is_host(address) &&
	       (prefix >= 31 || (address != range.first && address != range.last));
}

static inline uint32_t check_word(const uint8_t *bytes, unsigned at)
{
	uint32_t word;

	memcpy(&word, bytes + at, sizeof(word));
	return word;
}

/* By its bytes, as they stand in the message. */
static inline bool check_lease_is_sound(const uint8_t *bytes, size_t len)
{
	uint32_t address, gateway;
	struct check_range range;

	if (len != 28 || bytes[0] != 0 || bytes[1] != 1 || bytes[2] < 8 || bytes[2] > 32 ||
	    bytes[3] > 3)
		return false;
	address = check_word(bytes, 4);
	gateway = check_word(bytes, 8);
	range = check_range(address, bytes[2]);
	if (!check_word(bytes, 12) || !check_is_host_in(address, bytes[2]) ||
	    !check_is_free(address, bytes[2]) || !check_is_nobodys(address, bytes[2]))
		return false;
	if (gateway && (gateway == address || !check_is_host(gateway) ||
			!check_is_free(gateway, 32)))
		return false;
	if (gateway >= range.first && gateway <= range.last &&
	    !check_is_host_in(gateway, bytes[2]))
		return false;
	for (unsigned i = 0; i < 3; i++) {
		uint32_t dns = check_word(bytes, 16 + 4 * i);

		if (i < bytes[3] ? !check_is_host(dns) : dns != 0)
			return false;
	}
	return true;
}

static inline bool check_lease(const uint8_t *bytes, size_t len)
{
	static const uint8_t end[28] = { 0, LEASE_VERSION };

	return lease_is_sound(bytes, len, &check_board) == check_lease_is_sound(bytes, len) &&
	       lease_is_end(bytes, len) == (len == sizeof(end) && !memcmp(bytes, end, len));
}

/* --- A helper's words ------------------------------------------------------------ */

static inline bool check_address(const char *text, uint32_t *address)
{
	struct in_addr at;

	if (inet_pton(AF_INET, text, &at) != 1)
		return false;
	*address = ntohl(at.s_addr);
	return true;
}

/* Blanks of any number but at the beginning, or two of them. */
static inline bool check_hosts(const char *text, uint32_t *to, unsigned max, unsigned *count)
{
	char copy[4096], *save = NULL;
	uint32_t address;

	*count = 0;
	if (strlen(text) >= sizeof(copy) || text[0] == ' ' || strstr(text, "  "))
		return false;
	strcpy(copy, text);
	for (char *word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		if (!check_address(word, &address))
			return false;
		if (check_is_host(address) && *count < max)
			to[(*count)++] = address;
	}
	return true;
}

static inline bool check_number(const char *text, uint64_t max, uint64_t *number)
{
	char again[24];

	if (strlen(text) > 10 || strspn(text, "0123456789") != strlen(text))
		return false;
	*number = strtoull(text, NULL, 10);
	snprintf(again, sizeof(again), "%llu", (unsigned long long)*number);
	return !strcmp(again, text) && *number <= max;
}

/* Texts of ip, subnet, router, dns and lease, all there. */
static inline bool check_dhcp(const char *const text[5])
{
	const struct tell_dhcp said = { text[0], text[1], text[2], text[3], text[4] };
	struct lease lease, is = { .version = LEASE_VERSION };
	const char *odd = tell_read_lease(&said, &lease);
	unsigned routers, servers;
	uint64_t seconds = 0;
	uint32_t mask = 0;
	bool good;

	good = check_address(text[0], &is.address) && check_address(text[1], &mask) &&
	       check_hosts(text[2], &is.gateway, 1, &routers) &&
	       check_hosts(text[3], is.dns, LEASE_DNS_MAX, &servers) &&
	       check_number(text[4], UINT32_MAX, &seconds);
	for (unsigned prefix = 0; good && prefix <= 32; prefix++)
		if ((uint64_t)mask + (UINT64_C(1) << (32 - prefix)) == UINT64_C(1) << 32) {
			is.prefix = (uint8_t)prefix;
			is.dns_count = (uint8_t)servers;
			is.seconds = (uint32_t)seconds;
			return !odd && !memcmp(&is, &lease, sizeof(is));
		}
	return odd;
}

static inline bool check_time(const char *stratum, const char *offset)
{
	char text[TELL_TEXT_SIZE], is[4200] = "STATUS=no server to go by";
	uint64_t number;
	bool good = check_number(stratum, 16, &number) && strlen(offset) <= 32 &&
		    strspn(offset, "0123456789.+-") == strlen(offset);

	if (!good)
		return tell_read_time(false, stratum, offset, text) &&
		       tell_read_time(true, stratum, offset, text);
	if (number < 16)
		snprintf(is, sizeof(is), "READY=1\nSTATUS=stratum %s, offset %s s", stratum,
			 offset);
	if (tell_read_time(false, stratum, offset, text) || strcmp(text, is) != 0)
		return false;
	snprintf(is, sizeof(is), "READY=1\nSTATUS=stepped by %s s", offset);
	return !tell_read_time(true, stratum, offset, text) && !strcmp(text, is);
}

/* Any text: a line for each, of which what is missing is empty. */
static inline bool check_words(const uint8_t *bytes, size_t len)
{
	char copy[4097], *at = copy;
	const char *text[5];

	if (len >= sizeof(copy))
		return true;
	memcpy(copy, bytes, len);
	copy[len] = '\0';
	for (unsigned i = 0; i < 5; i++) {
		text[i] = at;
		at += strcspn(at, "\n");
		if (*at)
			*at++ = '\0';
	}
	return check_dhcp(text) && check_time(text[0], text[1]);
}

#endif
