/*
 * PID 1's signals as its loop hears them: all that wait at once, and not while one
 * orphan after the other ends.
 *
 * links: init/hearing.c init/signals.c init/watch.c init/fds.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "init/ending.h"
#include "init/hearing.h"
#include "init/signals.h"
#include "init/watch.h"

static int epoll_fd;
static struct supervisor sup;

enum ending_wish ending_asked_by(uint32_t signal)
{
	return signal == SIGUSR2 ? ENDING_POWER_OFF : ENDING_NONE;
}

/* Each test has its own hour. */
static uint64_t now;

static int set_up(void **unused)
{
	sigset_t all;

	(void)unused;
	now += 3600000;
	sup = (struct supervisor){ 0 };
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	epoll_fd = epoll_create1(0);
	return hearing_open(epoll_fd);
}

static int tear_down(void **unused)
{
	(void)unused;
	hearing_resume(epoll_fd);
	hearing_spoke();
	hearing_take(&sup);
	return close(epoll_fd);
}

/* As the loop does it.  True if the set speaks of signals. */
static bool speaks(void)
{
	struct epoll_event event;

	if (epoll_wait(epoll_fd, &event, 1, 0) != 1)
		return false;
	assert_int_equal(watch_source(event.data.u64), SOURCE_SIGNAL);
	hearing_spoke();
	return true;
}

static void nothing_is_taken_that_was_not_told(void **unused)
{
	(void)unused;
	raise(SIGCHLD);
	assert_false(hearing_take(&sup));
	assert_true(speaks());
	assert_true(hearing_take(&sup));
	assert_false(hearing_take(&sup));
	assert_false(speaks());
}

static void all_that_wait_are_taken_at_once(void **unused)
{
	static const int signals[] = {
		SIGHUP, SIGUSR1, SIGALRM, SIGCONT, SIGWINCH, SIGURG, SIGCHLD, SIGIO, SIGUSR2,
	};

	(void)unused;
	for (unsigned i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		raise(signals[i]);
	assert_true(speaks());
	assert_true(hearing_take(&sup));
	assert_int_equal(sup.ending, ENDING_POWER_OFF);
	assert_false(speaks());
}

static void no_other_signal_is_of_a_child(void **unused)
{
	(void)unused;
	raise(SIGUSR2);
	assert_true(speaks());
	assert_false(hearing_take(&sup));
	assert_int_equal(sup.ending, ENDING_POWER_OFF);
}

static void orphans_now_and_then_are_heard_at_once(void **unused)
{
	(void)unused;
	for (int i = 0; i < 3; i++) {
		hearing_met_orphan(epoll_fd, now);
		assert_int_equal(hearing_deadline(), 0);
		now += HEARING_PAUSE_MS;
	}
	raise(SIGCHLD);
	assert_true(speaks());
}

static void orphans_one_after_the_other_wait_for_each_other(void **unused)
{
	(void)unused;
	hearing_met_orphan(epoll_fd, now);
	now += HEARING_PAUSE_MS - 1;
	hearing_met_orphan(epoll_fd, now);
	assert_int_equal(hearing_deadline(), now + HEARING_PAUSE_MS);
	raise(SIGCHLD);
	assert_false(speaks());
	/* A further one does not make it longer. */
	hearing_met_orphan(epoll_fd, now + 1);
	assert_int_equal(hearing_deadline(), now + HEARING_PAUSE_MS);
	hearing_resume(epoll_fd);
	assert_int_equal(hearing_deadline(), 0);
	assert_true(speaks());
	assert_true(hearing_take(&sup));
}

static void after_a_pause_it_takes_two_more_for_the_next(void **unused)
{
	(void)unused;
	hearing_met_orphan(epoll_fd, now);
	hearing_met_orphan(epoll_fd, now);
	assert_true(hearing_deadline());
	hearing_resume(epoll_fd);
	hearing_met_orphan(epoll_fd, now + 1);
	assert_int_equal(hearing_deadline(), 0);
	raise(SIGCHLD);
	assert_true(speaks());
	hearing_met_orphan(epoll_fd, now + 2);
	assert_int_equal(hearing_deadline(), now + 2 + HEARING_PAUSE_MS);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_is_taken_that_was_not_told),
		TEST(all_that_wait_are_taken_at_once),
		TEST(no_other_signal_is_of_a_child),
		TEST(orphans_now_and_then_are_heard_at_once),
		TEST(orphans_one_after_the_other_wait_for_each_other),
		TEST(after_a_pause_it_takes_two_more_for_the_next),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
