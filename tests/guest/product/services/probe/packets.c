/*
 * Verbs that send and see whole frames: how far a service gets, whatever it makes up.
 */
#include "probe.h"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* The longest frame that a request can spell in hex. */
#define FRAME_SIZE 256

/* So much of each frame that is heard is told: the headers. */
#define HEARD_SIZE 96

static int open_packets(const char *interface, int protocol)
{
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons((uint16_t)protocol));
	struct sockaddr_ll at = {
		.sll_family = AF_PACKET, .sll_protocol = htons((uint16_t)protocol),
		.sll_ifindex = (int)if_nametoindex(interface),
	};

	return fd < 0 || bind(fd, (void *)&at, sizeof(at)) < 0 ? -1 : fd;
}

/* One frame, as it is written in hex, so many times. */
static void send_frame(int out, char **argv)
{
	int fd = open_packets(argv[1], 0), times = argv[3] ? atoi(argv[3]) : 1;
	unsigned char frame[FRAME_SIZE];
	unsigned int byte;
	size_t len = 0;
	long rc = fd;

	while (len < sizeof(frame) && sscanf(argv[2] + 2 * len, "%2x", &byte) == 1)
		frame[len++] = (unsigned char)byte;
	while (rc >= 0 && times-- > 0)
		rc = write(fd, frame, len);
	answer(out, rc);
}

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (long)(t.tv_sec * 1000 + t.tv_nsec / 1000000);
}

/* The frames that come in from now on for so many milliseconds, in hex. */
static void hear(int out, char **argv)
{
	struct pollfd in = { .fd = open_packets(argv[1], ETH_P_ALL), .events = POLLIN };
	long end = now_ms() + atol(argv[2]), left;
	unsigned char frame[HEARD_SIZE];
	struct sockaddr_ll from;
	socklen_t size;
	ssize_t n;

	answer(out, in.fd);
	while (in.fd >= 0 && (left = end - now_ms()) > 0 && poll(&in, 1, (int)left) > 0) {
		size = sizeof(from);
		n = recvfrom(in.fd, frame, sizeof(frame), 0, (void *)&from, &size);
		if (n <= 0 || from.sll_pkttype == PACKET_OUTGOING)
			continue;
		dprintf(out, "frame ");
		for (ssize_t i = 0; i < n; i++)
			dprintf(out, "%02x", frame[i]);
		dprintf(out, "\n");
	}
}

const struct verb packets[] = {
	{ "frame", "INTERFACE HEX [TIMES]", 2, IN_CHILD, send_frame },
	{ "hear", "INTERFACE MS", 2, IN_CHILD, hear },
	{ .name = NULL },
};
