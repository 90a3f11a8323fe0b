/*
 * Hears uevents.  Refuses to know what they are about.
 */
#include "uevents.h"

#include <errno.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <unistd.h>

/* The kernel's own; 2 is udev's. */
#define GROUP_KERNEL 1

/* In one go: a board sends some hundred when it starts. */
#define MESSAGES_MAX 1024

int uevents_open(void)
{
	const struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = GROUP_KERNEL };
	const int on = 1;
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			NETLINK_KOBJECT_UEVENT);
	int rc;

	if (fd < 0)
		return -errno;
	/* An error is told even to who does not listen for now: messages that do not
	 * fit would keep the loop awake for as long as nobody takes the others. */
	if (setsockopt(fd, SOL_NETLINK, NETLINK_NO_ENOBUFS, &on, sizeof(on)) == 0 &&
	    bind(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	rc = -errno;
	close(fd);
	return rc;
}

void uevents_drain(int fd)
{
	char byte;

	for (int i = 0; i < MESSAGES_MAX; i++)
		if (recv(fd, &byte, 1, 0) < 0)
			return;
}
