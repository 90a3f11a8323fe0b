/*
 * The socket on which the kernel tells of devices.  Nothing here waits for one.
 *
 * links: init/uevents.c
 */
#include <fcntl.h>
#include <linux/netlink.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "init/uevents.h"

/* epoll(7) tells of an error whatever it was asked for: PID 1 would not sleep. */
static void messages_that_do_not_fit_are_no_error(void **state)
{
	int fd = uevents_open(), on = 0;
	socklen_t size = sizeof(on);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(getsockopt(fd, SOL_NETLINK, NETLINK_NO_ENOBUFS, &on, &size), 0);
	assert_int_equal(on, 1);
	close(fd);
}

static void nobody_waits_for_a_message(void **state)
{
	int fd = uevents_open();

	(void)state;
	assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	uevents_drain(fd);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_that_do_not_fit_are_no_error),
		cmocka_unit_test(nobody_waits_for_a_message),
	};

	return cmocka_run_group_tests_name("uevents", tests, NULL, NULL);
}
