/*
 * What PID 1 makes of its images' child, with children that are real and say what a test
 * tells them to.  Nothing here waits for time to pass: it is an argument.
 *
 * links: init/images.c init/images_plan.c init/images_judge.c init/images_process.c init/images_say.c init/images_services.c
 * links: init/images_state.c init/refusal.c
 * links: init/text.c init/watch.c init/fds.c init/order.c init/step.c init/timers.c
 */
#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "init/act.h"
#include "init/clock.h"
#include "init/console.h"
#include "init/fds.h"
#include "init/helper.h"
#include "init/images.h"
#include "init/images_child.h"
#include "init/images_verity.h"
#include "init/slots.h"
#include "init/watch.h"

enum { PLAIN, BROKER, WEB, COUNT };	/* services; web comes AFTER broker */
enum { IMAGE_WEB, IMAGE_BROKER };

static const uint16_t broker[] = { BROKER }, web[] = { WEB };

const struct service services[COUNT] = {
	[PLAIN] = { .name = "plain", .root = "/svc/plain" },
	[BROKER] = { .name = "broker", .image = 2, .before = web, .before_count = 1,
		     .restart = SERVICE_RESTART_ALWAYS, .start_limit = 1,
		     .start_limit_window_ms = 1000000 },
	[WEB] = { .name = "web", .image = 1, .after = broker, .after_count = 1,
		  .restart = SERVICE_RESTART_ALWAYS },
};
const struct image images[] = { { .name = "web", .verity = true }, { .name = "broker" } };
const struct board board = { .data_label = "data", .update_confirm_ms = 60000 };

/* --- What is around it ------------------------------------------------------- */

static struct supervisor sup;
static struct order_slot slots[COUNT];
static struct timers_slot timers[COUNT];
static struct run runs[COUNT];
static struct state_images saved;
static struct state memory;
struct state *state = &memory;
static char said[2048];
static unsigned children;	/* that were started since the last boot */
static struct images_order *ordered;	/* what the last of them was told: shared */
static pid_t last;
static bool no_process;
static uint64_t now = 1000;

/* What the next child says, and whether it then stays. */
static struct images_word script[8];
static unsigned lines;
static bool stays;

const char *slot_name(unsigned slot)
{
	static const char *const names[] = { "none", "a", "b", "factory" };

	return names[slot];
}

struct run *run_of(uint16_t id)
{
	return &runs[id];
}

uint64_t run_event(struct supervisor *of, uint16_t id, enum step_event event)
{
	order_event(&of->order, id, event, now);
	return now;
}

void act_thaw(struct supervisor *of, uint16_t id)
{
	(void)of, (void)id;
}

bool state_read_images(const struct state *from, struct state_images *to)
{
	(void)from;
	*to = saved;
	return true;
}

void state_save_images(const struct state_images *is)
{
	saved = *is;
}

bool state_read_service(const struct state_slot *slot, struct state_service *to)
{
	*to = runs[slot - memory.slot].is;
	return true;
}

void images_verity_open(const struct supervisor *of)
{
	(void)of;
}

bool images_verity_heard(struct images_plan *plan)
{
	plan->image[IMAGE_WEB].corrupted++;
	return true;
}

pid_t helper_clone(void)
{
	/* A PID 1 that is hit from here on has to find it. */
	assert_int_equal(fds_find(FDS_IMAGES), FDS_IMAGES);
	if (no_process)
		return -EAGAIN;
	children++;
	last = fork();
	return last;
}

_Noreturn void images_child_become(const struct images_order *order, int report)
{
	setpgid(0, 0);
	*ordered = *order;
	if (order->task == IMAGES_TIDY) {
		lines = 1;
		script[0] = (struct images_word){ .said = IMAGES_SAID_DONE };
	}
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

	assert_string_equal(name, "images");
	va_start(args, fmt);
	vsnprintf(said + len, sizeof(said) - len, fmt, args);
	va_end(args);
	strcat(said, "\n");
}

/* --- What a test does ------------------------------------------------------------- */

#define RELEASE(of, number) { .said = IMAGES_SAID_RELEASE, .slot = of, .serial = number }
#define MOUNTED(which, number) { .said = IMAGES_SAID_MOUNTED, .image = which, .serial = number }
#define UNCHANGED(which) { .said = IMAGES_SAID_UNCHANGED, .image = which }
#define DONE(of, number) { .said = IMAGES_SAID_DONE, .slot = of, .serial = number }
#define REFUSED(reason) { .said = IMAGES_SAID_REFUSED, .slot = SLOT_A, \
			  .why = { .why = reason, .image = REFUSAL_NO_IMAGE_ID } }
#define FAILED(reason) { .said = IMAGES_SAID_DONE, \
			 .why = { .why = reason, .image = REFUSAL_NO_IMAGE_ID } }

/* The next child does, and then ends or stays. */
#define SAYS(then_stays, ...) \
	do { \
		const struct images_word words[] = { __VA_ARGS__ }; \
		lines = sizeof(words) / sizeof(words[0]); \
		memcpy(script, words, sizeof(words)); \
		stays = then_stays; \
	} while (0)

static void mute(bool then_stays)
{
	lines = 0;
	stays = then_stays;
}

static const char *lines_said(void)
{
	static char text[sizeof(said)];

	memcpy(text, said, sizeof(text));
	said[0] = '\0';
	return text;
}

/* The actions in the queue: "s0 t2" starts plain and ends web.  A start is executed at
 * once, and what has no notify socket is up with that. */
static const char *actions(void)
{
	static char text[64];
	enum step_action action;
	size_t len = 0;
	uint16_t id;

	text[0] = '\0';
	while (order_next(&sup.order, &id, &action)) {
		len += (size_t)sprintf(text + len, "%s%c%u", len ? " " : "",
				       action == STEP_SPAWN ? 's' : action == STEP_TERMINATE ? 't' :
				       action == STEP_KILL ? 'k' : 'g', id);
		if (action != STEP_SPAWN)
			continue;
		runs[id].is.image = images_serial(&services[id]);
		runs[id].is.ready_ms = now;
		run_event(&sup, id, STEP_EXECUTED);
	}
	return text;
}

/* Its main process ends, and nothing is left of it. */
static void end_of(uint16_t id, enum step_event how)
{
	run_event(&sup, id, how);
	actions();
	run_event(&sup, id, STEP_EMPTY);
}

/* Takes the next word or words of the child, or its end. */
static void turn(void)
{
	struct epoll_event e;

	assert_int_equal(epoll_wait(sup.epoll_fd, &e, 1, -1), 1);
	assert_true(images_part.happened(&sup, watch_source(e.data.u64), 0, now));
}

static void reap(void)
{
	int status;

	assert_int_equal(waitpid(last, &status, 0), last);
	assert_true(images_part.reaped(last, now));
	assert_false(images_part.reaped(last, now));
}

/* Until all children have ended that follow from one another. */
static void until_rest(void)
{
	while (fds_find(FDS_IMAGES))
		turn();
	reap();
	while (waitpid(-1, NULL, 0) > 0)
		;
}

static struct state_board record;

static void save(void)
{
	images_part.save(&record);
}

static unsigned phase(void)
{
	save();
	return saved.is.phase;
}

static void expect_phase(unsigned is)
{
	assert_string_equal(images_phase_name(phase()), images_phase_name(is));
}

/* A PID 1 begins, or goes on: what another has put down is in record and saved. */
static void take_up(enum state_origin origin)
{
	images_part.take_up(&sup, &record, origin, now);
	if (origin != STATE_FRESH) {
		order_take_up(&sup.order, false);
		for (uint16_t id = 0; id < COUNT; id++)
			order_resume(&sup.order, id, step_has_process(&slots[id].step), now);
	}
	images_part.open(&sup, origin, false);
}

static void boot(void)
{
	take_up(STATE_FRESH);
	order_start_all(&sup.order, now);
	assert_string_equal(actions(), "s0");
	images_part.stored(&sup, STORAGE_MOUNTED, now);
}

/* PID 1 is executed anew, and finds what was put down. */
static void go_on(enum state_origin origin)
{
	struct step_service steps[COUNT];

	for (unsigned id = 0; id < COUNT; id++)
		steps[id] = slots[id].step;
	close(sup.epoll_fd);
	sup.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	order_init(&sup.order, services, COUNT, slots, timers);
	for (unsigned id = 0; id < COUNT; id++)
		slots[id].step = steps[id];
	take_up(origin);
}

static void reexec(enum state_origin origin)
{
	save();
	go_on(origin);
}

static void tick(uint64_t at_ms)
{
	now = at_ms;
	images_part.tick(&sup, now);
}

/* Release 42 in slot b is in use. */
static void be_ready(void)
{
	SAYS(false, RELEASE(SLOT_B, 42), MOUNTED(IMAGE_BROKER, 42), MOUNTED(IMAGE_WEB, 42),
	     DONE(SLOT_B, 42));
	boot();
	until_rest();
	assert_string_equal(actions(), "s1 s2");
	expect_phase(IMAGES_READY);
	assert_string_equal(lines_said(), "release 42 in slot b\n");
	assert_int_equal(images_part.deadline(), 0);
}

/* And 43 in slot a is tried, in which both are others, or web alone. */
static void be_trying(bool both)
{
	be_ready();
	if (both)
		SAYS(false, RELEASE(SLOT_A, 43), MOUNTED(IMAGE_BROKER, 43),
		     MOUNTED(IMAGE_WEB, 43), DONE(SLOT_A, 43));
	else
		SAYS(false, RELEASE(SLOT_A, 43), UNCHANGED(IMAGE_BROKER),
		     MOUNTED(IMAGE_WEB, 43), DONE(SLOT_A, 43));
	assert_int_equal(images_ask(&sup, CONTROL_UPDATE_TRY, now), 0);
	until_rest();
	assert_int_equal(ordered->task, IMAGES_TRY);
	assert_int_equal(ordered->slot, SLOT_B);
	expect_phase(IMAGES_TRYING);
	lines_said();
}

static int set_up(void **unused)
{
	(void)unused;
	memset(&sup, 0, sizeof(sup));
	memset(runs, 0, sizeof(runs));
	memset(&saved, 0, sizeof(saved));
	memset(&record, 0, sizeof(record));
	sup.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	order_init(&sup.order, services, COUNT, slots, timers);
	no_process = false;
	said[0] = '\0';
	children = 0;
	now = 1000;
	return 0;
}

static int tear_down(void **unused)
{
	(void)unused;
	close(FDS_IMAGES);
	close(sup.epoll_fd);
	if (children && last > 0)
		kill(last, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0)
		;
	return 0;
}

/* --- At boot ---------------------------------------------------------------------- */

static void who_has_an_image_waits_until_it_is_mounted(void **unused)
{
	(void)unused;
	SAYS(true, RELEASE(SLOT_B, 42), MOUNTED(IMAGE_WEB, 42));
	boot();
	while (slots[WEB].held)
		turn();
	assert_string_equal(actions(), "");	/* web comes AFTER broker */
	images_part.tick(&sup, now);
	expect_phase(IMAGES_LOOKING);
	assert_int_equal(slots[BROKER].step.state, STEP_WAITING);
	assert_int_equal(slots[BROKER].held, 1);
	assert_int_equal(slots[WEB].held, 0);
}

static void each_starts_from_its_own_image(void **unused)
{
	char root[IMAGES_ROOT_SIZE];

	(void)unused;
	be_ready();
	assert_string_equal(images_root(&services[WEB], root), "/run/pith/images/42/web");
	assert_string_equal(images_root(&services[PLAIN], root), "/svc/plain");
	assert_int_equal(images_serial(&services[PLAIN]), 0);
}

static void nothing_is_looked_at_before_the_storage_is_settled(void **unused)
{
	(void)unused;
	take_up(STATE_FRESH);
	images_part.stored(&sup, STORAGE_LOOKING, now);
	images_part.stored(&sup, STORAGE_CHECKING, now);
	expect_phase(IMAGES_WAITING);
	assert_int_equal(children, 0);
	mute(true);
	images_part.stored(&sup, STORAGE_ABSENT, now);
	expect_phase(IMAGES_LOOKING);
	assert_int_equal(children, 1);
}

static void without_a_release_they_wait_and_it_is_said(void **unused)
{
	(void)unused;
	SAYS(false, REFUSED(REFUSAL_SIGNATURE), FAILED(REFUSAL_SIGNATURE));
	boot();
	until_rest();
	assert_string_equal(lines_said(),
			    "the release in slot a is refused: not signed by a key that this board "
			    "trusts\n"
			    "no release may be used: not signed by a key that this board trusts\n");
	assert_string_equal(actions(), "");
	assert_int_equal(slots[WEB].step.state, STEP_WAITING);
	assert_int_equal(images_part.deadline(), 0);
}

/* --- An update -------------------------------------------------------------------- */

static void only_who_has_another_image_begins_anew(void **unused)
{
	(void)unused;
	be_trying(false);
	assert_string_equal(actions(), "t2");
	assert_int_equal(runs[WEB].is.image, 42);
	end_of(WEB, STEP_EXITED);
	assert_string_equal(actions(), "s2");
	assert_int_equal(runs[WEB].is.image, 43);
	images_part.tick(&sup, now);
	assert_string_equal(actions(), "");
}

static void they_begin_anew_in_their_order(void **unused)
{
	(void)unused;
	be_trying(true);
	assert_string_equal(actions(), "t1 t2");
	end_of(WEB, STEP_EXITED);
	assert_string_equal(actions(), "");
	end_of(BROKER, STEP_EXITED);
	assert_string_equal(actions(), "s1 s2");
}

static void who_does_well_to_the_end_proves_it(void **unused)
{
	const uint64_t kept[] = { [IMAGE_WEB] = 43, [IMAGE_BROKER] = 42 };

	(void)unused;
	be_trying(false);
	actions();
	end_of(WEB, STEP_EXITED);
	assert_string_equal(actions(), "s2");
	assert_int_equal(images_part.deadline(), 61000);
	tick(60999);
	expect_phase(IMAGES_TRYING);
	SAYS(false, DONE(SLOT_A, 43));
	tick(61000);
	expect_phase(IMAGES_CONFIRMING);
	until_rest();
	assert_int_equal(ordered->task, IMAGES_TIDY);
	assert_memory_equal(ordered->keep, kept, sizeof(kept));
	expect_phase(IMAGES_READY);
	assert_int_equal(saved.is.serial, 43);
	assert_string_equal(lines_said(), "release 43 in slot a: it counts from now on\n");
	assert_string_equal(actions(), "");
	assert_int_equal(images_part.deadline(), 0);
}

static void who_came_up_too_late_is_no_proof(void **unused)
{
	(void)unused;
	be_trying(false);
	actions();
	now = 31001;
	end_of(WEB, STEP_EXITED);
	assert_string_equal(actions(), "s2");
	mute(true);
	tick(61000);
	expect_phase(IMAGES_GOING_BACK);
	assert_string_equal(lines_said(), "release 43 is given up: web did not become ready, or "
			    "did not stay up; back to release 42 in slot b\n");
	assert_string_equal(actions(), "t2");
	end_of(WEB, STEP_EXITED);
	assert_string_equal(actions(), "s2");
	assert_int_equal(runs[WEB].is.image, 42);
}

static void who_fails_for_good_ends_the_trial_at_once(void **unused)
{
	(void)unused;
	be_trying(true);
	assert_string_equal(actions(), "t1 t2");
	end_of(WEB, STEP_EXITED);
	end_of(BROKER, STEP_EXITED);
	assert_true(images_tries(&services[BROKER]));
	assert_string_equal(actions(), "s1 s2");
	end_of(BROKER, STEP_FAILED);
	assert_int_equal(slots[BROKER].step.state, STEP_GIVEN_UP);
	mute(true);
	tick(2000);
	expect_phase(IMAGES_GOING_BACK);
	assert_int_equal(saved.is.service, BROKER);
	/* One that had given up begins anew as well. */
	assert_int_equal(slots[BROKER].step.state, STEP_STARTING);
}

static void what_is_still_used_is_not_tidied_away(void **unused)
{
	unsigned before;

	(void)unused;
	be_trying(false);
	mute(true);
	assert_int_equal(images_ask(&sup, CONTROL_UPDATE_GO_BACK, now), 0);
	/* It has not even ended from the old one yet: it goes on with that. */
	actions();
	assert_int_equal(kill(last, SIGKILL), 0);
	SAYS(false, RELEASE(SLOT_B, 42), UNCHANGED(IMAGE_BROKER), UNCHANGED(IMAGE_WEB),
	     DONE(SLOT_B, 42));
	until_rest();
	expect_phase(IMAGES_READY);
	before = children;
	tick(2000);
	assert_int_equal(children, before);
}

static void another_update_has_to_wait(void **unused)
{
	(void)unused;
	be_trying(false);
	assert_int_equal(images_ask(&sup, CONTROL_UPDATE_TRY, now), -EBUSY);
	sup.order.stopping = true;
	assert_int_equal(images_ask(&sup, CONTROL_UPDATE_TRY, now), -ESHUTDOWN);
}

/* Its last run had the first one's image, and nothing of it is left. */
static void a_start_that_is_still_to_be_made_is_made(void **unused)
{
	(void)unused;
	SAYS(false, FAILED(REFUSAL_ABSENT));
	boot();
	until_rest();
	SAYS(false, RELEASE(SLOT_A, 43), MOUNTED(IMAGE_BROKER, 43), MOUNTED(IMAGE_WEB, 43),
	     DONE(SLOT_A, 43));
	assert_int_equal(images_ask(&sup, CONTROL_UPDATE_TRY, now), 0);
	until_rest();
	assert_string_equal(actions(), "s1 s2");
	end_of(BROKER, STEP_FAILED);
	SAYS(false, DONE(SLOT_NONE, 0));
	tick(2000);
	until_rest();
	expect_phase(IMAGES_ABSENT);
	end_of(WEB, STEP_EXITED);
	assert_string_equal(actions(), "");
	SAYS(false, RELEASE(SLOT_A, 44), MOUNTED(IMAGE_BROKER, 44), MOUNTED(IMAGE_WEB, 44),
	     DONE(SLOT_A, 44));
	assert_int_equal(images_ask(&sup, CONTROL_UPDATE_TRY, now), 0);
	until_rest();
	assert_string_equal(actions(), "s1 s2");
	assert_int_equal(runs[WEB].is.image, 44);
	assert_int_equal(slots[BROKER].step.state, STEP_UP);
}

/* --- A child that does not do its work -------------------------------------------- */

static void a_child_that_hangs_is_killed(void **unused)
{
	pid_t hung;
	int status;

	(void)unused;
	be_ready();
	mute(true);
	images_ask(&sup, CONTROL_UPDATE_TRY, now);
	assert_int_equal(images_part.deadline(), 1000 + IMAGES_READ_TIMEOUT_MS);
	tick(1000 + IMAGES_READ_TIMEOUT_MS - 1);
	expect_phase(IMAGES_PREPARING);
	hung = record.images_pid;
	assert_int_equal(hung, last);
	SAYS(false, RELEASE(SLOT_B, 42), UNCHANGED(IMAGE_BROKER), UNCHANGED(IMAGE_WEB),
	     DONE(SLOT_B, 42));
	tick(1000 + IMAGES_READ_TIMEOUT_MS);
	assert_int_equal(waitpid(hung, &status, 0), hung);
	assert_int_equal(WTERMSIG(status), SIGKILL);
	expect_phase(IMAGES_LOOKING);
	until_rest();
	expect_phase(IMAGES_READY);
	assert_int_equal(saved.is.why.error, -ETIMEDOUT);
	assert_non_null(strstr(lines_said(), "took too long: killed\n"));
	assert_string_equal(actions(), "");
}

static void without_a_process_it_is_tried_again_in_a_second(void **unused)
{
	(void)unused;
	no_process = true;
	boot();
	expect_phase(IMAGES_LOOKING);
	assert_int_equal(images_part.deadline(), 1000 + IMAGES_START_AGAIN_MS);
	tick(1999);
	assert_int_equal(children, 0);
	no_process = false;
	mute(true);
	tick(2000);
	assert_int_equal(children, 1);
	assert_int_equal(images_part.deadline(), 2000 + IMAGES_READ_TIMEOUT_MS);
}

/* --- Over the end of a PID 1 ------------------------------------------------------ */

/* The old child is killed, its words count no more, and its task is done anew. */
static void a_task_is_done_anew(void **unused)
{
	unsigned before;

	(void)unused;
	be_ready();
	SAYS(true, RELEASE(SLOT_A, 43), MOUNTED(IMAGE_WEB, 43), DONE(SLOT_A, 43));
	images_ask(&sup, CONTROL_UPDATE_TRY, now);
	before = children;
	SAYS(false, RELEASE(SLOT_A, 43), UNCHANGED(IMAGE_BROKER), MOUNTED(IMAGE_WEB, 43),
	     DONE(SLOT_A, 43));
	reexec(STATE_KEPT);
	assert_int_equal(children, before);
	expect_phase(IMAGES_PREPARING);
	until_rest();
	assert_int_equal(children, before + 1);
	assert_int_equal(ordered->task, IMAGES_TRY);
	expect_phase(IMAGES_TRYING);
	assert_string_equal(actions(), "t2");
}

static void what_is_in_use_is_not_looked_at_again(void **unused)
{
	(void)unused;
	be_ready();
	record.storage.state = STORAGE_MOUNTED;
	reexec(STATE_KEPT);
	expect_phase(IMAGES_READY);
	until_rest();
	assert_int_equal(ordered->task, IMAGES_TIDY);
	expect_phase(IMAGES_READY);
	assert_string_equal(actions(), "");
}

/* Some of them may have been read, and not been put down. */
static void words_of_an_earlier_child_do_not_count(void **unused)
{
	int waiting = 0;

	(void)unused;
	SAYS(true, RELEASE(SLOT_B, 42), MOUNTED(IMAGE_BROKER, 42), MOUNTED(IMAGE_WEB, 42),
	     DONE(SLOT_B, 42));
	boot();
	while (ioctl(FDS_IMAGES, FIONREAD, &waiting) == 0 && waiting < 4 * (int)sizeof(script[0]))
		sched_yield();
	SAYS(false, FAILED(REFUSAL_SIGNATURE));
	reexec(STATE_KEPT);
	until_rest();
	expect_phase(IMAGES_ABSENT);
	assert_string_equal(actions(), "");
}

static void a_trial_goes_on(void **unused)
{
	(void)unused;
	be_trying(false);
	actions();
	end_of(WEB, STEP_EXITED);
	actions();
	now = 20000;
	reexec(STATE_KEPT);
	expect_phase(IMAGES_TRYING);
	assert_int_equal(images_part.deadline(), 61000);
	assert_string_equal(actions(), "");
	mute(true);
	tick(61000);
	expect_phase(IMAGES_CONFIRMING);
}

/* It was put down that web is tried, and not yet that it shall begin anew. */
static void who_was_not_told_to_begin_anew_is_told(void **unused)
{
	(void)unused;
	be_ready();
	save();
	saved.is.phase = IMAGES_TRYING;
	saved.is.trial_serial = 43;
	saved.is.trial_ends_ms = 61000;
	saved.image[IMAGE_WEB] = (struct state_image){ .serial = 43, .before = 42 };
	now = 2000;
	go_on(STATE_KEPT);
	assert_string_equal(actions(), "t2");
}

static void another_table_looks_anew_and_keeps_who_goes_on(void **unused)
{
	(void)unused;
	be_ready();
	reexec(STATE_MOVED);
	expect_phase(IMAGES_WAITING);
	assert_string_equal(actions(), "");
	assert_int_equal(slots[WEB].step.state, STEP_UP);
	/* Perhaps the keys that this table trusts are others: nobody starts from it yet. */
	assert_int_equal(slots[WEB].held, 1);
	SAYS(false, RELEASE(SLOT_B, 42), MOUNTED(IMAGE_BROKER, 42), MOUNTED(IMAGE_WEB, 42),
	     DONE(SLOT_B, 42));
	images_part.stored(&sup, STORAGE_MOUNTED, now);
	until_rest();
	assert_string_equal(actions(), "");
	assert_int_equal(slots[WEB].held, 0);
	expect_phase(IMAGES_READY);
	assert_int_equal(saved.is.serial, 42);
}

static void whose_back_off_ends_before_another_table_has_looked_waits(void **unused)
{
	(void)unused;
	be_ready();
	reexec(STATE_MOVED);
	end_of(WEB, STEP_FAILED);
	assert_int_equal(slots[WEB].step.state, STEP_BACKOFF);
	images_part.tick(&sup, now);
	assert_int_equal(slots[WEB].step.state, STEP_WAITING);
	order_expire(&sup.order, 100000);
	assert_string_equal(actions(), "");
	assert_false(images_may_start(&services[WEB]));
	assert_true(images_may_start(&services[PLAIN]));
	SAYS(false, RELEASE(SLOT_B, 42), MOUNTED(IMAGE_BROKER, 42), MOUNTED(IMAGE_WEB, 42),
	     DONE(SLOT_B, 42));
	images_part.stored(&sup, STORAGE_MOUNTED, now);
	until_rest();
	assert_string_equal(actions(), "s2");
	assert_true(images_may_start(&services[WEB]));
}

/* It crashed before it knew what its table's keys have signed. */
static void what_no_key_has_vouched_for_is_remembered(void **unused)
{
	(void)unused;
	be_ready();
	reexec(STATE_MOVED);
	mute(true);
	images_part.stored(&sup, STORAGE_MOUNTED, now);
	expect_phase(IMAGES_LOOKING);
	assert_int_equal(slots[WEB].held, 1);
	record.storage.state = STORAGE_MOUNTED;
	SAYS(false, RELEASE(SLOT_B, 42), MOUNTED(IMAGE_BROKER, 42), MOUNTED(IMAGE_WEB, 42),
	     DONE(SLOT_B, 42));
	reexec(STATE_KEPT);
	assert_int_equal(slots[WEB].held, 1);
	assert_false(images_may_start(&services[WEB]));
	until_rest();
	assert_int_equal(slots[WEB].held, 0);
	assert_true(images_may_start(&services[WEB]));
}

/* Nobody knows its number, so it is waited for: two would mount at the same place. */
static void after_a_record_that_was_broken_the_old_child_is_waited_for(void **unused)
{
	unsigned before;
	pid_t old;

	(void)unused;
	be_ready();
	mute(true);
	images_ask(&sup, CONTROL_UPDATE_TRY, now);
	before = children;
	old = last;
	memset(&record, 0, sizeof(record));
	for (uint16_t id = 0; id < COUNT; id++)
		runs[id].is.image = 0;
	go_on(STATE_BROKEN);
	images_part.stored(&sup, STORAGE_MOUNTED, now);
	expect_phase(IMAGES_LOOKING);
	assert_int_equal(children, before);
	assert_int_equal(images_part.deadline(), now + IMAGES_READ_TIMEOUT_MS);
	kill(old, SIGKILL);
	while (children == before)
		turn();
	assert_int_equal(ordered->task, IMAGES_BEGIN);
}

static void what_another_table_does_not_trust_ends(void **unused)
{
	(void)unused;
	be_ready();
	reexec(STATE_MOVED);
	SAYS(false, REFUSED(REFUSAL_SIGNATURE), FAILED(REFUSAL_SIGNATURE));
	images_part.stored(&sup, STORAGE_MOUNTED, now);
	until_rest();
	expect_phase(IMAGES_ABSENT);
	assert_string_equal(actions(), "t1 t2");
	end_of(BROKER, STEP_EXITED);
	end_of(WEB, STEP_EXITED);
	assert_string_equal(actions(), "");
	assert_int_equal(slots[BROKER].step.state, STEP_WAITING);
}

static void a_table_with_another_release_moves_them_to_it(void **unused)
{
	(void)unused;
	be_ready();
	reexec(STATE_MOVED);
	SAYS(false, RELEASE(SLOT_FACTORY, 50), MOUNTED(IMAGE_BROKER, 50), MOUNTED(IMAGE_WEB, 50),
	     DONE(SLOT_FACTORY, 50));
	images_part.stored(&sup, STORAGE_MOUNTED, now);
	until_rest();
	assert_string_equal(actions(), "t1 t2");
}

/* --- Beside all that -------------------------------------------------------------- */

static void once_the_system_ends_nothing_begins(void **unused)
{
	unsigned before;

	(void)unused;
	be_ready();
	SAYS(true, RELEASE(SLOT_A, 43), MOUNTED(IMAGE_WEB, 43), DONE(SLOT_A, 43));
	images_ask(&sup, CONTROL_UPDATE_TRY, now);
	before = children;
	order_stop_all(&sup.order, now);
	actions();
	turn();
	expect_phase(IMAGES_PREPARING);
	kill(last, SIGKILL);
	while (fds_find(FDS_IMAGES))
		turn();
	assert_int_equal(children, before);
}

static void a_corrupted_block_is_counted(void **unused)
{
	(void)unused;
	be_ready();
	assert_true(images_part.happened(&sup, SOURCE_VERITY, 0, now));
	save();
	assert_int_equal(saved.image[IMAGE_WEB].corrupted, 1);
}

static int share(void **unused)
{
	(void)unused;
	ordered = mmap(NULL, sizeof(*ordered), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return ordered == MAP_FAILED;
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(who_has_an_image_waits_until_it_is_mounted),
		TEST(each_starts_from_its_own_image),
		TEST(nothing_is_looked_at_before_the_storage_is_settled),
		TEST(without_a_release_they_wait_and_it_is_said),
		TEST(only_who_has_another_image_begins_anew),
		TEST(they_begin_anew_in_their_order),
		TEST(who_does_well_to_the_end_proves_it),
		TEST(who_came_up_too_late_is_no_proof),
		TEST(who_fails_for_good_ends_the_trial_at_once),
		TEST(what_is_still_used_is_not_tidied_away),
		TEST(another_update_has_to_wait),
		TEST(a_start_that_is_still_to_be_made_is_made),
		TEST(a_child_that_hangs_is_killed),
		TEST(without_a_process_it_is_tried_again_in_a_second),
		TEST(a_task_is_done_anew),
		TEST(what_is_in_use_is_not_looked_at_again),
		TEST(words_of_an_earlier_child_do_not_count),
		TEST(a_trial_goes_on),
		TEST(who_was_not_told_to_begin_anew_is_told),
		TEST(another_table_looks_anew_and_keeps_who_goes_on),
		TEST(whose_back_off_ends_before_another_table_has_looked_waits),
		TEST(what_no_key_has_vouched_for_is_remembered),
		TEST(after_a_record_that_was_broken_the_old_child_is_waited_for),
		TEST(what_another_table_does_not_trust_ends),
		TEST(a_table_with_another_release_moves_them_to_it),
		TEST(once_the_system_ends_nothing_begins),
		TEST(a_corrupted_block_is_counted),
	};

	return cmocka_run_group_tests(tests, share, NULL);
}
