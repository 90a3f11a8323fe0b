/*
 * Decides when the watchdog is fed, and what is said of the one that is there.
 * Refuses to know whether the board deserves it.
 */
#include "watchdog.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/watchdog.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "config.h"
#include "console.h"
#include "fds.h"
#include "paths.h"

/* The board asks for one, or an earlier PID 1 may have left one. */
#define POSSIBLE (CONFIG_WATCHDOG_TIMEOUT_S || IS_ENABLED(CONFIG_REEXEC))

/* What could not be fed is fed after this time. */
#define RETRY_MS 100

static int fd;			/* 0: none */
static uint64_t interval_ms;
static uint64_t next_ms;	/* to feed it */

/* Who executed us as PID 1 may have left any other file behind the number. */
static bool identify(int candidate, struct watchdog_info *info)
{
	return candidate > 0 && ioctl(candidate, WDIOC_GETSUPPORT, info) == 0;
}

static int open_anew(bool say_missing)
{
	/* A FIFO under this name must not make us wait. */
	int opened = open(PATH_WATCHDOG, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	bool missing = opened < 0 && (errno == ENOENT || errno == ENODEV || errno == ENXIO);

	opened = fds_keep(opened < 0 ? -errno : opened, FDS_WATCHDOG);
	if (opened < 0 && (say_missing || !missing))
		console_say("watchdog: %s: %s", PATH_WATCHDOG, strerror(-opened));
	return opened < 0 ? 0 : opened;
}

/* A driver refuses what it cannot, without saying what it can. */
static void set_timeout(unsigned timeout_s)
{
	for (int s = (int)timeout_s; s > 0; s--) {
		int given = s;

		if (ioctl(fd, WDIOC_SETTIMEOUT, &given) == 0 || errno != EINVAL)
			return;
	}
}

/* The real one, which the driver may have rounded.  Where it does not tell, what
 * was asked for, and at least a second. */
static unsigned get_timeout(unsigned asked_s)
{
	int s = 0;

	if (ioctl(fd, WDIOC_GETTIMEOUT, &s) == 0 && s > 0)
		return (unsigned)s;
	return asked_s ? asked_s : 1;
}

void watchdog_open(unsigned timeout_s, bool say_missing)
{
	struct watchdog_info info = { .identity = "without a name" };
	bool taken_over;
	unsigned real_s;

	if (fd || !POSSIBLE)
		return;
	fd = fds_find(FDS_WATCHDOG);
	taken_over = identify(fd, &info);
	if (!taken_over)
		fd = timeout_s ? open_anew(say_missing) : 0;
	if (!fd)
		return;
	set_timeout(timeout_s);
	real_s = get_timeout(timeout_s);
	interval_ms = (uint64_t)real_s * 1000 / 2;
	next_ms = 1;	/* at once */
	if (taken_over)
		return;
	identify(fd, &info);
	console_say("watchdog: %.*s, %u s", (int)sizeof(info.identity),
		    (const char *)info.identity, real_s);
}

void watchdog_feed(uint64_t now_ms)
{
	if (!fd || now_ms < next_ms)
		return;
	/* Each driver takes a byte, not each one WDIOC_KEEPALIVE; any but 'V',
	 * which announces a close. */
	if (write(fd, "", 1) == 1)
		next_ms = now_ms + interval_ms;
	else
		next_ms = now_ms + RETRY_MS;
}

uint64_t watchdog_deadline(void)
{
	return next_ms;
}
