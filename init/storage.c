/*
 * Decides when the storage's child runs and which state follows from what it says,
 * or does not say.  Refuses to know how a partition is found, checked and mounted.
 */
#include "storage.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>

#include "console.h"
#include "fds.h"
#include "helper.h"
#include "storage_child.h"
#include "storage_hold.h"
#include "sys.h"
#include "uevents.h"
#include "watch.h"

/* Words of one turn; what is left comes with the next. */
#define WORDS_MAX 32

/* How it stands, with a label of up to 193 characters, and who waits for it. */
#define LINE_SIZE 512

static struct storage is, told;
static int uevents;		/* open from the first look until the partition is found */
static uint64_t looked_ms, look_ms;	/* the last look; the next one, or 0 */

static struct {
	pid_t pid;		/* 0: there is none, or it is not known any more */
	int report;		/* FDS_STORAGE, while its other end may be open */
	uint64_t deadline_ms;	/* while there is a report */
	bool is_inherited;	/* it was there before this run of PID 1, */
	bool is_anothers;	/* and is of another table: it looks for something else */
} child;

/* --- States -------------------------------------------------------------------- */

/* Looking is not worth a line, unless something comes of it. */
static void say(const struct supervisor *sup)
{
	char line[LINE_SIZE];
	struct text t = TEXT_ON(line);

	if (is.state == STORAGE_LOOKING || !memcmp(&is, &told, sizeof(is)))
		return;
	told = is;
	storage_explain(&t, &is);
	if (storage_is_settled(is.state))
		storage_add_who_waits(&t, sup, is.state);
	console_say_of("storage", "%s", line);
}

static void hear_devices(const struct supervisor *sup, bool on)
{
	if (uevents)
		watch_change(sup->epoll_fd, uevents, SOURCE_UEVENT, 0, on ? EPOLLIN : 0);
}

static void enter(struct supervisor *sup, const struct storage *next, uint64_t now_ms)
{
	unsigned was = is.state;

	is = *next;
	say(sup);
	storage_hold(sup, was, is.state, now_ms);
	FOR_EACH_PART_WITH(stored)
		part->stored(sup, is.state, now_ms);
	if (is.state == STORAGE_CHECKING)
		child.deadline_ms = now_ms + STORAGE_CHECK_TIMEOUT_MS;
	if (is.state == STORAGE_ABSENT)
		hear_devices(sup, true);
	else if (is.state != STORAGE_LOOKING)
		watch_drop(sup->epoll_fd, &uevents);
}

static void break_off(struct supervisor *sup, int error, uint64_t now_ms)
{
	struct storage broken = is;

	broken.step = is.state == STORAGE_CHECKING ? STORAGE_STEP_CHECK : STORAGE_STEP_LOOK;
	broken.state = STORAGE_BROKEN;
	broken.error = error;
	enter(sup, &broken, now_ms);
}

/* --- The child ------------------------------------------------------------------ */

/* What comes between the look and the state is not to be missed. */
static void open_uevents(const struct supervisor *sup)
{
	int fd = uevents ? uevents : uevents_open();
	int rc = fd;

	if (uevents) {
		hear_devices(sup, false);
		uevents_drain(uevents);
	} else if (fd >= 0) {
		rc = watch_add(sup->epoll_fd, fd, SOURCE_UEVENT, 0, 0);
		uevents = fd;
	}
	if (rc < 0)
		console_say_of("storage", "what is plugged in later will not be seen: %s",
			       strerror(-rc));
}

static int start_child(struct supervisor *sup)
{
	int ends[2], rc;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
		return -errno;
	/* Before there is a child: a PID 1 that did not find it would start another
	 * one beside it. */
	rc = fds_keep(ends[0], FDS_STORAGE);
	if (rc < 0) {
		close(ends[1]);
		return rc;
	}
	child.report = rc;
	pid = helper_clone();
	if (pid == 0)
		storage_child_become(ends[1]);
	close(ends[1]);
	if (pid < 0)
		return pid;
	child.pid = pid;
	return watch_add(sup->epoll_fd, child.report, SOURCE_STORAGE, 0, EPOLLIN);
}

/* Its fsck is in its group.  Not reaped yet, so the number is its own. */
static void drop_child(struct supervisor *sup, bool kill_it)
{
	if (kill_it && child.pid > 0) {
		kill(-child.pid, SIGKILL);
		kill(child.pid, SIGKILL);
	}
	watch_drop(sup->epoll_fd, &child.report);
	child.is_anothers = child.is_inherited = false;
}

static void look(struct supervisor *sup, uint64_t now_ms)
{
	int rc;

	look_ms = 0;
	looked_ms = now_ms;
	open_uevents(sup);
	enter(sup, &(struct storage){ .state = STORAGE_LOOKING }, now_ms);
	rc = start_child(sup);
	child.deadline_ms = now_ms + STORAGE_LOOK_TIMEOUT_MS;
	if (rc == 0)
		return;
	console_say_of("storage", "no process to look for it: %s", strerror(-rc));
	drop_child(sup, true);
	look_ms = now_ms + STORAGE_AGAIN_MS;
}

static bool may_change(void)
{
	return !storage_is_settled(is.state) || is.state == STORAGE_ABSENT;
}

static void take_word(struct supervisor *sup, const struct storage_word *word, uint64_t now_ms)
{
	if (word->service == STORAGE_NO_SERVICE)
		enter(sup, &word->is, now_ms);
	else if (word->service < sup->order.count &&
		 word->volume < services[word->service].volume_count)
		console_say_of("storage", "making the folder %s: %s",
			       services[word->service].volumes[word->volume].folder,
			       strerror(-word->is.error));
}

/* The pipe is at its end: so is the child. */
static void take_end(struct supervisor *sup, uint64_t now_ms)
{
	/* What an earlier PID 1 has read but not put down is asked for again, nobody
	 * heard of a device that came meanwhile, and another's words did not count. */
	bool again = child.is_inherited && may_change();

	drop_child(sup, false);
	if (again)
		look_ms = now_ms;
	else if (!storage_is_settled(is.state))
		break_off(sup, -EINTR, now_ms);
}

bool storage_read(struct supervisor *sup, uint64_t now_ms)
{
	struct storage_word word;
	ssize_t n = -1;

	for (int i = 0; child.report && i < WORDS_MAX; i++) {
		n = read(child.report, &word, sizeof(word));
		if (n <= 0)
			break;
		if (n == sizeof(word) && !child.is_anothers)
			take_word(sup, &word, now_ms);
	}
	if (n == 0)
		take_end(sup, now_ms);
	return true;
}

bool storage_reaped(pid_t pid)
{
	if (!pid || pid != child.pid)
		return false;
	child.pid = 0;
	return true;
}

/* --- Time -------------------------------------------------------------------------- */

void storage_heard(const struct supervisor *sup, uint64_t now_ms)
{
	hear_devices(sup, false);
	look_ms = looked_ms + STORAGE_AGAIN_MS;
	if (look_ms < now_ms)
		look_ms = now_ms;
}

uint64_t storage_deadline(void)
{
	return child.report ? child.deadline_ms : look_ms;
}

bool storage_tick(struct supervisor *sup, uint64_t now_ms)
{
	uint64_t due = storage_deadline();

	if (!due || due > now_ms)
		return false;
	if (!child.report) {
		look(sup, now_ms);
		return true;
	}
	drop_child(sup, true);
	if (!storage_is_settled(is.state))
		break_off(sup, -ETIMEDOUT, now_ms);
	return true;
}

/* --- Over the end of a PID 1 ------------------------------------------------------- */

static void take_up_child(struct supervisor *sup, bool same_table, uint64_t now_ms)
{
	child.report = fds_find(FDS_STORAGE);
	if (!child.report)
		return;
	child.is_inherited = true;
	child.is_anothers = !same_table;
	child.deadline_ms = now_ms + STORAGE_CHECK_TIMEOUT_MS;
	if (watch_add(sup->epoll_fd, child.report, SOURCE_STORAGE, 0, EPOLLIN) < 0)
		drop_child(sup, true);
}

void storage_take_up(struct supervisor *sup, const struct state_board *was,
		     enum state_origin origin, uint64_t now_ms)
{
	bool same_table = origin == STATE_KEPT && was->storage.state != STORAGE_NONE;

	is = told = (struct storage){ 0 };
	uevents = 0;
	look_ms = 0;
	child.pid = was->storage_pid;
	if (origin != STATE_FRESH)
		take_up_child(sup, same_table, now_ms);
	if (!board.data_label) {
		drop_child(sup, true);
		return;
	}
	if (same_table)
		is = told = was->storage;
	else
		is.state = STORAGE_LOOKING;
	if (!child.report && may_change())
		look_ms = 1;	/* at once */
	/* With it mounted nobody is held. */
	storage_hold(sup, STORAGE_MOUNTED, is.state, now_ms);
	if (!was->ending)
		storage_tick(sup, now_ms);
}

void storage_save(struct state_board *to)
{
	to->storage = is;
	to->storage_pid = child.pid;
}

/* --- As a part of PID 1 ------------------------------------------------------------ */

static bool happened(struct supervisor *sup, enum source source, uint16_t id, uint64_t now_ms)
{
	(void)id;
	if (source == SOURCE_UEVENT)
		storage_heard(sup, now_ms);
	return source == SOURCE_STORAGE && storage_read(sup, now_ms);
}

static bool reaped(pid_t pid, uint64_t now_ms)
{
	(void)now_ms;
	return storage_reaped(pid);
}

const struct part storage_part = {
	.take_up = storage_take_up, .save = storage_save, .happened = happened,
	.tick = storage_tick, .deadline = storage_deadline, .reaped = reaped,
};
