/*
 * The script of two helpers, in their services' roots: BusyBox's udhcpc and ntpd run
 * it when something has happened, named by its first argument, with the rest in its
 * environment.  It tells PID 1 and ends: a lease (lease.h), or in the words of
 * sd_notify(3) that the clock is right.
 *
 * A program rather than a shell's script: the service then needs no shell, and its
 * filter allows what a shell would need to nobody.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "words.h"

/* To the service's log; there is nobody else to tell. */
static void complain(const char *what, const char *detail)
{
	const char *const parts[] = { "tell: ", what, " ", detail, "\n" };

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (write(STDERR_FILENO, parts[i], strlen(parts[i])) < 0)
			return;
}

static int send_bytes(const void *bytes, size_t len)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	const char *path = getenv("NOTIFY_SOCKET");
	int fd;

	if (!path || path[0] != '/' || strlen(path) >= sizeof(to.sun_path)) {
		complain("no path in", "NOTIFY_SOCKET");
		return 1;
	}
	memcpy(to.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || sendto(fd, bytes, len, 0, (struct sockaddr *)&to, sizeof(to)) < 0) {
		complain("cannot send to", path);
		return 1;
	}
	return 0;
}

static int send_text(const char *text)
{
	return send_bytes(text, strlen(text));
}

static int refuse(const char *name)
{
	const char *value = getenv(name);

	complain(value ? "not understood:" : "not there:", name);
	if (value)
		complain("  it is", value);
	return 1;
}

static int tell_nothing(void)
{
	return 0;
}

static int tell_lease(void)
{
	const struct tell_dhcp said = {
		.ip = getenv("ip"), .subnet = getenv("subnet"), .router = getenv("router"),
		.dns = getenv("dns"), .lease = getenv("lease"),
	};
	struct lease lease;
	const char *odd = tell_read_lease(&said, &lease);

	if (odd)
		return refuse(odd);
	return send_bytes(&lease, sizeof(lease)) || send_text("READY=1\nSTATUS=has a lease");
}

/* The server says that the address is not ours. */
static int tell_end(void)
{
	return send_bytes(&LEASE_END, sizeof(LEASE_END)) ||
	       send_text("STATUS=the server took the lease back");
}

static int tell_failure(void)
{
	return send_text("STATUS=no server answers");
}

static int tell_time_of(bool stepped)
{
	char text[TELL_TEXT_SIZE];
	const char *odd = tell_read_time(stepped, getenv("stratum"), getenv("offset"), text);

	return odd ? refuse(odd) : send_text(text);
}

static int tell_step(void)
{
	return tell_time_of(true);
}

static int tell_time(void)
{
	return tell_time_of(false);
}

/* A lease outlives its service, which says "deconfig" when it starts. */
static const struct {
	const char *event;
	int (*tell)(void);
} rows[] = {
	{ "deconfig", tell_nothing },
	{ "bound", tell_lease },
	{ "renew", tell_lease },
	{ "nak", tell_end },
	{ "leasefail", tell_failure },
	{ "step", tell_step },
	{ "stratum", tell_time },
	{ "periodic", tell_time },
	{ "unsync", tell_time },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!strcmp(argv[1], rows[i].event))
			return rows[i].tell();
	complain("run by udhcpc -s or ntpd -S, with the event; not", argc > 1 ? argv[1] : "alone");
	return 1;
}
