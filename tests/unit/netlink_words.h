/*
 * A batch of rtnetlink messages in words: "up eth0; +10.0.2.15/24 dev 2; -default dev 2".
 * What is no link, address or default route fails the test.
 *
 * Include cmocka.h first.
 */
#ifndef TESTS_UNIT_NETLINK_WORDS_H
#define TESTS_UNIT_NETLINK_WORDS_H

#include <arpa/inet.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "netsetup/nlmsg.h"
#include "netsetup/nlread.h"

static inline void netlink_add_address(char *text, int family, struct nlread value)
{
	char buf[INET6_ADDRSTRLEN];

	assert_int_equal(value.left, family == AF_INET ? 4 : 16);
	strcat(text, inet_ntop(family, value.at, buf, sizeof(buf)));
}

static inline uint32_t netlink_number_of(struct nlread value)
{
	uint32_t number;

	assert_int_equal(nlread_value(value, &number, sizeof(number)), 0);
	return number;
}

static inline void netlink_add_addr(char *text, struct nlread body)
{
	struct ifaddrmsg header;
	struct nlread value;
	uint16_t type;

	assert_int_equal(nlread_header(&body, &header, sizeof(header)), 0);
	while (nlread_attr(&body, &type, &value) > 0)
		if (type == IFA_LOCAL)
			netlink_add_address(text, header.ifa_family, value);
	sprintf(text + strlen(text), "/%u dev %u%s", header.ifa_prefixlen, header.ifa_index,
		header.ifa_flags & IFA_F_NODAD ? " nodad" : "");
}

static inline void netlink_add_route(char *text, struct nlread body)
{
	struct rtmsg header;
	struct nlread value;
	uint16_t type;

	assert_int_equal(nlread_header(&body, &header, sizeof(header)), 0);
	assert_int_equal(header.rtm_dst_len, 0);
	strcat(text, header.rtm_family == AF_INET ? "default" : "default6");
	while (nlread_attr(&body, &type, &value) > 0) {
		if (type == RTA_GATEWAY) {
			strcat(text, " via ");
			netlink_add_address(text, header.rtm_family, value);
		} else if (type == RTA_OIF) {
			sprintf(text + strlen(text), " dev %u", netlink_number_of(value));
		} else if (type == RTA_PRIORITY) {
			sprintf(text + strlen(text), " metric %u", netlink_number_of(value));
		}
	}
	if (header.rtm_flags & RTNH_F_ONLINK)
		strcat(text, " onlink");
}

static inline void netlink_add_link(char *text, uint16_t type, struct nlread body)
{
	struct ifinfomsg header;
	struct nlread value;
	uint16_t attr;

	assert_int_equal(nlread_header(&body, &header, sizeof(header)), 0);
	strcat(text, type == RTM_DELLINK ? "remove" : "up");
	while (nlread_attr(&body, &attr, &value) > 0) {
		if (attr == IFLA_IFNAME)
			sprintf(text + strlen(text), " %.*s", (int)value.left,
				(const char *)value.at);
		else if (attr == IFLA_LINK)
			sprintf(text + strlen(text), " on %u", netlink_number_of(value));
	}
}

static inline void netlink_add_message(char *text, uint16_t type, struct nlread body)
{
	bool is_link = type == RTM_NEWLINK || type == RTM_DELLINK;

	if (is_link)
		netlink_add_link(text, type, body);
	else
		strcat(text, type == RTM_NEWADDR || type == RTM_NEWROUTE ? "+" : "-");
	if (type == RTM_NEWADDR || type == RTM_DELADDR)
		netlink_add_addr(text, body);
	else if (type == RTM_NEWROUTE || type == RTM_DELROUTE)
		netlink_add_route(text, body);
	else
		assert_true(is_link);
}

static inline const char *netlink_words(const struct nlmsg *batch)
{
	static char text[1024];
	struct nlread all = { batch->buf, batch->len }, body;
	struct nlmsghdr header;

	assert_int_equal(batch->error, 0);
	text[0] = '\0';
	while (nlread_message(&all, &header, &body) > 0) {
		if (text[0])
			strcat(text, "; ");
		netlink_add_message(text, header.nlmsg_type, body);
	}
	return text;
}

#endif
