/*
 * What PID 1 makes of its storage's child, with children that are real and say what
 * a test tells them to.  Nothing here waits for time to pass: it is an argument.
 *
 * links: init/storage.c init/storage_hold.c init/storage_state.c init/text.c init/watch.c init/fds.c
 * links: init/order.c init/step.c init/timers.c
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "init/console.h"
#include "init/fds.h"
#include "init/helper.h"
#include "init/storage.h"
#include "init/storage_child.h"
#include "init/uevents.h"
#include "init/watch.h"

static const struct service_volume written[] = { { .folder = "writer/data" } };
static const struct service_volume read_only[] = { { .folder = "reader/data", .read_only = true } };

enum { PLAIN, READER, WRITER, COUNT };

const struct service services[COUNT] = {
	[PLAIN] = { .name = "plain" },
	[READER] = { .name = "reader", .volumes = read_only, .volume_count = 1 },
	[WRITER] = { .name = "writer", .volumes = written, .volume_count = 1 },
};
const struct board board = { .data_label = "data", .data_type = "ext4" };

/* --- Another part, which has to hear of each state ---------------------------- */

static unsigned heard_state;

static void hear(struct supervisor *of, unsigned is, uint64_t now_ms)
{
	(void)of, (void)now_ms;
	heard_state = is;
}

static const struct part listener = { .stored = hear };
const struct part *const parts[] = { &listener, NULL };

/* --- What is around it ------------------------------------------------------- */

static struct supervisor sup;
static struct order_slot slots[COUNT];
static struct timers_slot timers[COUNT];
static char said[1024];
static int devices;		/* the socket of uevents, or 0 */
static unsigned children;	/* that were started since the last boot */
static pid_t last;
static bool no_process;

/* What the next child says, and whether it then stays. */
static struct storage_word script[4];
static unsigned lines;
static bool stays;

pid_t helper_clone(void)
{
	/* A PID 1 that is hit from here on has to find it. */
	assert_int_equal(fds_find(FDS_STORAGE), FDS_STORAGE);
	if (no_process)
		return -EAGAIN;
	children++;
	last = fork();
	return last;
}

_Noreturn void storage_child_become(int report)
{
	setpgid(0, 0);
	for (unsigned i = 0; i < lines; i++)
		if (write(report, &script[i], sizeof(script[i])) < 0)
			_exit(1);
	while (stays)
		pause();
	_exit(0);
}

void console_say_of(const char *name, const char *fmt, ...)
{
	size_t len = strlen(said);
	va_list args;

	assert_string_equal(name, "storage");
	va_start(args, fmt);
	vsnprintf(said + len, sizeof(said) - len, fmt, args);
	va_end(args);
	strcat(said, "\n");
}

int uevents_open(void)
{
	assert_int_equal(devices, 0);
	devices = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	return devices;
}

void uevents_drain(int fd)
{
	eventfd_t count;

	eventfd_read(fd, &count);
}

static void plug(void)
{
	assert_int_equal(eventfd_write(devices, 1), 0);
}

/* The actions in the queue: "s0 s2" starts plain and writer. */
static const char *actions(void)
{
	static char text[32];
	enum step_action action;
	size_t len = 0;
	uint16_t id;

	text[0] = '\0';
	while (order_next(&sup.order, &id, &action)) {
		assert_int_equal(action, STEP_SPAWN);
		len += (size_t)sprintf(text + len, "%ss%u", len ? " " : "", id);
	}
	return text;
}

static const char *lines_said(void)
{
	static char text[sizeof(said)];

	memcpy(text, said, sizeof(text));
	said[0] = '\0';
	return text;
}

/* Waits for the next event and takes it: the child's words, its end, a device. */
static void turn(uint64_t now_ms)
{
	struct epoll_event e;

	assert_int_equal(epoll_wait(sup.epoll_fd, &e, 1, -1), 1);
	if (watch_source(e.data.u64) == SOURCE_STORAGE)
		storage_read(&sup, now_ms);
	else
		storage_heard(&sup, now_ms);
}

static bool is_quiet(void)
{
	struct epoll_event e;

	return epoll_wait(sup.epoll_fd, &e, 1, 0) == 0;
}

static void child_says(unsigned count, const struct storage_word *words, bool then_stays)
{
	memcpy(script, words, count * sizeof(*words));
	lines = count;
	stays = then_stays;
}

#define STATE(name, ...) { .is = { .state = STORAGE_##name, __VA_ARGS__ }, \
			   .service = STORAGE_NO_SERVICE }
#define SAYS(then_stays, ...) \
	do { \
		const struct storage_word words[] = { __VA_ARGS__ }; \
		child_says(sizeof(words) / sizeof(words[0]), words, then_stays); \
	} while (0)

static void mute(bool then_stays)
{
	lines = 0;
	stays = then_stays;
}

/* Until the child of that number has ended and its end was seen. */
static void until_end(uint64_t now_ms)
{
	int status;

	while (fds_find(FDS_STORAGE))
		turn(now_ms);
	assert_int_equal(waitpid(last, &status, 0), last);
	assert_true(storage_reaped(last));
	assert_false(storage_reaped(last));
}

static void boot(const struct state_board *was, enum state_origin origin, uint64_t now_ms)
{
	order_init(&sup.order, services, COUNT, slots, timers);
	children = 0;
	storage_take_up(&sup, was, origin, now_ms);
	order_start_all(&sup.order, now_ms);
}

static void boot_first(void)
{
	boot(&(struct state_board){ 0 }, STATE_FRESH, 1000);
}

/* PID 1 is executed anew: what is not kept goes.  Its record follows. */
static struct state_board crash(void)
{
	struct state_board record = { 0 };

	storage_save(&record);
	if (devices > 0)
		close(devices);
	devices = 0;
	close(sup.epoll_fd);
	sup.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	return record;
}

static unsigned state_now(void)
{
	struct state_board record = { 0 };

	storage_save(&record);
	return record.storage.state;
}

static int set_up(void **unused)
{
	(void)unused;
	sup.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	devices = 0;
	no_process = false;
	said[0] = '\0';
	return 0;
}

static int tear_down(void **unused)
{
	(void)unused;
	close(FDS_STORAGE);
	close(sup.epoll_fd);
	if (children && last > 0)
		kill(last, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0)
		;
	return 0;
}

/* The socket is closed by watch_drop() when it is not wanted any more. */
static bool hears_devices(void)
{
	bool open = devices && fds_find(devices);

	if (!open)
		devices = 0;
	return open;
}

/* --- From boot on ----------------------------------------------------------------- */

static void who_has_volumes_waits_until_it_is_mounted(void **unused)
{
	(void)unused;
	SAYS(false, STATE(CHECKING, .device = "vda"),
	     STATE(MOUNTED, .check = STORAGE_CLEAN, .device = "vda", .free_bytes = 1 << 20));
	boot_first();
	assert_string_equal(actions(), "s0");
	assert_int_equal(slots[WRITER].step.state, STEP_WAITING);
	until_end(1010);
	assert_string_equal(actions(), "s1 s2");
	assert_string_equal(lines_said(), "checking /dev/vda\n"
			    "data is /dev/vda, ext4: checked, mounted, 1.0M free\n");
	assert_int_equal(heard_state, STORAGE_MOUNTED);
	assert_int_equal(storage_deadline(), 0);
	assert_false(hears_devices());
}

static void who_only_reads_starts_on_a_read_only_medium(void **unused)
{
	(void)unused;
	SAYS(false, STATE(READ_ONLY, .check = STORAGE_CLEAN, .device = "vda"));
	boot_first();
	until_end(1010);
	assert_string_equal(actions(), "s0 s1");
	assert_non_null(strstr(lines_said(), "; services wait: writer\n"));
}

static void what_is_broken_keeps_nobody_else(void **unused)
{
	(void)unused;
	SAYS(false, STATE(BROKEN, .step = STORAGE_STEP_MOUNT, .error = -EIO, .device = "vda"));
	boot_first();
	until_end(1010);
	assert_string_equal(actions(), "s0");
	assert_string_equal(lines_said(), "data is /dev/vda, ext4: not mounted, mounting it: "
			    "Input/output error; services wait: reader writer\n");
	assert_int_equal(storage_deadline(), 0);
	assert_false(hears_devices());
}

static void a_folder_that_cannot_be_made_is_said(void **unused)
{
	(void)unused;
	SAYS(false, { .is.error = -ENOTDIR, .service = WRITER },
	     { .is.error = -EIO, .service = WRITER, .volume = 1 },	/* there is none */
	     STATE(FULL, .device = "vda"));
	boot_first();
	until_end(1010);
	assert_string_equal(lines_said(), "making the folder writer/data: Not a directory\n"
			    "data is /dev/vda, ext4: mounted, full\n");
	assert_string_equal(actions(), "s0 s1 s2");
}

/* --- A device that comes late -------------------------------------------------------- */

static void nothing_is_due_until_a_device_comes(void **unused)
{
	(void)unused;
	SAYS(false, STATE(ABSENT, .error = -ENOENT));
	boot_first();
	until_end(1010);
	assert_string_equal(lines_said(), "no partition labelled data; services wait: reader writer\n");
	assert_int_equal(storage_deadline(), 0);
	assert_true(is_quiet());
	plug();
	turn(90000);
	assert_int_equal(storage_deadline(), 90000);
	SAYS(false, STATE(MOUNTED, .device = "sda1"));
	assert_true(storage_tick(&sup, 90000));
	until_end(90010);
	assert_string_equal(actions(), "s0 s1 s2");
}

static void devices_make_it_look_once_a_second(void **unused)
{
	(void)unused;
	SAYS(false, STATE(ABSENT, .error = -ENOENT));
	boot_first();
	until_end(1010);
	lines_said();
	plug();
	turn(1300);
	plug();
	assert_true(is_quiet());	/* they do not wake PID 1 meanwhile */
	assert_int_equal(storage_deadline(), 1000 + STORAGE_AGAIN_MS);
	assert_false(storage_tick(&sup, 1999));
	assert_true(storage_tick(&sup, 2000));
	assert_int_equal(children, 2);
	until_end(2010);
	assert_string_equal(lines_said(), "");	/* it is as it was */
	assert_true(is_quiet());
	assert_int_equal(storage_deadline(), 0);
}

static void a_device_that_comes_while_it_looks_is_not_missed(void **unused)
{
	(void)unused;
	SAYS(false, STATE(ABSENT, .error = -ENOENT));
	boot_first();
	plug();
	until_end(1010);
	while (!storage_deadline())
		turn(1020);
	assert_int_equal(storage_deadline(), 2000);
}

/* --- Children that fail ----------------------------------------------------------------- */

static void a_child_that_ends_without_a_word_is_said(void **unused)
{
	(void)unused;
	mute(false);
	boot_first();
	until_end(1010);
	assert_int_equal(state_now(), STORAGE_BROKEN);
	assert_non_null(strstr(lines_said(), "data: not mounted, looking for it: Interrupted"));
	assert_int_equal(storage_deadline(), 0);
}

static void expect_killed(void)
{
	int status;

	assert_int_equal(waitpid(last, &status, 0), last);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void a_child_that_hangs_is_killed_at_its_deadline(void **unused)
{
	(void)unused;
	mute(true);
	boot_first();
	assert_int_equal(storage_deadline(), 1000 + STORAGE_LOOK_TIMEOUT_MS);
	assert_false(storage_tick(&sup, storage_deadline() - 1));
	assert_true(storage_tick(&sup, storage_deadline()));
	expect_killed();
	assert_int_equal(state_now(), STORAGE_BROKEN);
	assert_int_equal(storage_deadline(), 0);
	assert_int_equal(fds_find(FDS_STORAGE), 0);
	assert_string_equal(actions(), "s0");
}

static void a_check_may_take_longer_than_a_look(void **unused)
{
	(void)unused;
	SAYS(true, STATE(CHECKING, .device = "vda"));
	boot_first();
	turn(5000);
	assert_int_equal(storage_deadline(), 5000 + STORAGE_CHECK_TIMEOUT_MS);
	storage_tick(&sup, storage_deadline());
	expect_killed();
	assert_non_null(strstr(lines_said(), "/dev/vda, ext4: not mounted, checking it: "));
}

static void without_a_process_it_tries_again(void **unused)
{
	(void)unused;
	no_process = true;
	boot_first();
	assert_int_equal(children, 0);
	assert_int_equal(storage_deadline(), 1000 + STORAGE_AGAIN_MS);
	no_process = false;
	SAYS(false, STATE(MOUNTED, .device = "vda"));
	storage_tick(&sup, 2000);
	until_end(2010);
	assert_string_equal(actions(), "s0 s1 s2");
}

/* --- After PID 1 was executed anew ------------------------------------------------------- */

static void a_check_goes_on_over_it(void **unused)
{
	struct state_board record;

	(void)unused;
	SAYS(true, STATE(CHECKING, .device = "vda"));
	boot_first();
	turn(1010);
	lines_said();
	record = crash();
	boot(&record, STATE_KEPT, 3000);
	assert_int_equal(children, 0);
	assert_string_equal(actions(), "s0");
	assert_int_equal(state_now(), STORAGE_CHECKING);
	assert_true(is_quiet());
	assert_true(storage_tick(&sup, storage_deadline()));	/* and it has its pid */
	expect_killed();
}

static void what_the_child_says_meanwhile_is_heard(void **unused)
{
	struct state_board record;

	(void)unused;
	SAYS(false, STATE(CHECKING, .device = "vda"), STATE(MOUNTED, .device = "vda"));
	boot_first();
	record = crash();
	boot(&record, STATE_KEPT, 3000);
	until_end(3010);
	assert_int_equal(children, 0);
	assert_string_equal(actions(), "s0 s1 s2");
}

/* It was read, and the record does not tell of it. */
static void a_word_that_got_lost_is_asked_for_again(void **unused)
{
	struct state_board record;

	(void)unused;
	mute(false);
	boot_first();
	record = crash();
	boot(&record, STATE_KEPT, 3000);
	until_end(3010);
	assert_int_equal(storage_deadline(), 3010);
	SAYS(false, STATE(MOUNTED, .device = "vda"));
	storage_tick(&sup, 3010);
	until_end(3020);
	assert_string_equal(actions(), "s0 s1 s2");
}

static void what_is_settled_stays_so(void **unused)
{
	struct state_board record;

	(void)unused;
	SAYS(false, STATE(MOUNTED, .device = "vda"));
	boot_first();
	until_end(1010);
	lines_said();
	record = crash();
	boot(&record, STATE_KEPT, 3000);
	assert_int_equal(children, 0);
	assert_string_equal(actions(), "s0 s1 s2");
	assert_string_equal(lines_said(), "");
	assert_int_equal(storage_deadline(), 0);
}

static void what_is_absent_is_looked_for_again(void **unused)
{
	struct state_board record;

	(void)unused;
	SAYS(false, STATE(ABSENT, .error = -ENOENT));
	boot_first();
	until_end(1010);
	lines_said();
	record = crash();
	boot(&record, STATE_KEPT, 3000);
	assert_int_equal(children, 1);
	until_end(3010);
	assert_string_equal(lines_said(), "");
	assert_string_equal(actions(), "s0");
	plug();
	turn(3020);
	assert_int_equal(storage_deadline(), 4000);
}

static void another_table_has_its_own_folders_made(void **unused)
{
	struct state_board record;

	(void)unused;
	SAYS(false, STATE(MOUNTED, .device = "vda"));
	boot_first();
	until_end(1010);
	record = crash();
	boot(&record, STATE_MOVED, 3000);
	assert_int_equal(children, 1);
	assert_string_equal(actions(), "s0");
	until_end(3010);
	assert_string_equal(actions(), "s1 s2");
}

static void the_child_of_another_table_is_waited_for_and_not_believed(void **unused)
{
	struct state_board record;

	(void)unused;
	SAYS(false, STATE(CHECKING, .device = "vda"), STATE(MOUNTED, .device = "vda"));
	boot_first();
	record = crash();
	boot(&record, STATE_MOVED, 3000);
	assert_int_equal(children, 0);
	until_end(3010);
	assert_string_equal(actions(), "s0");
	assert_int_equal(storage_deadline(), 3010);
	storage_tick(&sup, 3010);
	assert_int_equal(children, 1);
	until_end(3020);
	assert_string_equal(actions(), "s1 s2");
}

static void a_system_that_ends_does_not_look(void **unused)
{
	struct state_board record = { .ending = 1 };

	(void)unused;
	boot(&record, STATE_KEPT, 3000);
	assert_int_equal(children, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(who_has_volumes_waits_until_it_is_mounted),
		TEST(who_only_reads_starts_on_a_read_only_medium),
		TEST(what_is_broken_keeps_nobody_else),
		TEST(a_folder_that_cannot_be_made_is_said),
		TEST(nothing_is_due_until_a_device_comes),
		TEST(devices_make_it_look_once_a_second),
		TEST(a_device_that_comes_while_it_looks_is_not_missed),
		TEST(a_child_that_ends_without_a_word_is_said),
		TEST(a_child_that_hangs_is_killed_at_its_deadline),
		TEST(a_check_may_take_longer_than_a_look),
		TEST(without_a_process_it_tries_again),
		TEST(a_check_goes_on_over_it),
		TEST(what_the_child_says_meanwhile_is_heard),
		TEST(a_word_that_got_lost_is_asked_for_again),
		TEST(what_is_settled_stays_so),
		TEST(what_is_absent_is_looked_for_again),
		TEST(another_table_has_its_own_folders_made),
		TEST(the_child_of_another_table_is_waited_for_and_not_believed),
		TEST(a_system_that_ends_does_not_look),
	};

	return cmocka_run_group_tests_name("storage", tests, NULL, NULL);
}
