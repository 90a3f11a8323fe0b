/*
 * Runs the child that the plan needs, and tells the plan what it says, or does not say.
 * Refuses to know what follows from it (images_plan.h).
 */
#include "images.h"

#include <errno.h>
#include <string.h>

#include "clock.h"
#include "console.h"
#include "has.h"
#include "images_plan.h"
#include "images_process.h"
#include "images_say.h"
#include "images_services.h"
#include "images_verity.h"

/* Words of one turn; what is left comes with the next. */
#define WORDS_MAX 32

static struct images_plan plan;
static struct images told;	/* what was said on the console */
static bool is_open;		/* services may be started and ended */

static struct {
	struct images_process process;
	uint8_t task;		/* enum images_task */
	bool is_done;		/* its last word has come, */
	bool is_anothers;	/* or does not count: an earlier PID 1 had started it */
	uint64_t deadline_ms;	/* while there is a report */
	uint64_t again_ms;	/* not to be started before; 0: at once */
} child;

/* --- For others ----------------------------------------------------------------- */

uint64_t images_serial(const struct service *s)
{
	return has_image(s) ? plan.image[s->image - 1].serial : 0;
}

bool images_may_start(const struct service *s)
{
	return !has_image(s) || images_plan_has(&plan, s->image - 1u);
}

bool images_tries(const struct service *s)
{
	return has_image(s) && images_plan_tries(&plan, s->image - 1u);
}

const char *images_root(const struct service *s, char *buf)
{
	struct text t = { .buf = buf, .size = IMAGES_ROOT_SIZE };

	if (!has_image(s))
		return s->root;
	text_add(&t, PATH_IMAGES "/%llu/%s", (unsigned long long)images_serial(s),
		 images[s->image - 1].name);
	return buf;
}

/* --- The child ------------------------------------------------------------------ */

static uint64_t timeout_of(unsigned task)
{
	return task == IMAGES_BEGIN || task == IMAGES_TRY || task == IMAGES_GO_BACK ?
	       IMAGES_READ_TIMEOUT_MS : IMAGES_RECORD_TIMEOUT_MS;
}

static void start(struct supervisor *sup, unsigned task, uint64_t now_ms)
{
	struct images_order order;
	int rc;

	images_plan_order(&plan, task, &order);
	child.task = (uint8_t)task;
	child.again_ms = 0;
	child.deadline_ms = now_ms + timeout_of(task);
	child.is_anothers = child.is_done = false;
	rc = images_process_start(&child.process, sup->epoll_fd, &order);
	if (rc == 0)
		return;
	console_say_of("images", "no process to look after them: %s", strerror(-rc));
	plan.untidy |= task == IMAGES_TIDY;
	child.again_ms = now_ms + IMAGES_START_AGAIN_MS;
}

static unsigned next_task(const struct supervisor *sup)
{
	bool settled = plan.is.phase == IMAGES_READY || plan.is.phase == IMAGES_ABSENT;

	return images_plan_task(&plan, settled && plan.untidy &&
				images_services_use_old(sup, &plan));
}

/* What the plan says by now, of services and of the child.  True if a child was
 * started. */
static bool follow(struct supervisor *sup, uint64_t now_ms)
{
	unsigned task;

	if (sup->order.stopping)
		return false;
	images_say(&told, &plan.is);
	told = plan.is;
	images_services_hold(sup, &plan, now_ms);
	if (!is_open)
		return false;
	images_services_renew(sup, &plan);
	if (child.process.report || now_ms < child.again_ms)
		return false;
	task = next_task(sup);
	if (task == IMAGES_NO_TASK) {
		child.again_ms = 0;
		return false;
	}
	start(sup, task, now_ms);
	return true;
}

static void take_word(const struct images_word *word, uint64_t now_ms)
{
	child.deadline_ms = now_ms + timeout_of(child.task);
	if (word->said == IMAGES_SAID_BUSY)
		child.deadline_ms += word->serial;
	child.is_done = word->said == IMAGES_SAID_DONE;
	images_say_word(child.task, word);
	images_plan_word(&plan, word, now_ms);
}

static void lose(int error, uint64_t now_ms)
{
	bool counts = !child.is_done && !child.is_anothers;

	if (!counts)
		return;
	console_say_of("images", "the process that looks after them %s",
		       error == -ETIMEDOUT ? "took too long: killed" : "ended before its work did");
	images_plan_lost(&plan, error, now_ms);
}

static void read_words(struct supervisor *sup, uint64_t now_ms)
{
	struct images_word word;
	int rc = -EAGAIN;

	for (int i = 0; child.process.report && i < WORDS_MAX; i++) {
		rc = images_process_read(&child.process, &word);
		if (rc < 0)
			break;
		if (!child.is_anothers && !child.is_done && !sup->order.stopping)
			take_word(&word, now_ms);
	}
	if (rc != -EPIPE)
		return;
	if (!sup->order.stopping)
		lose(-EINTR, now_ms);
	images_process_end(&child.process, sup->epoll_fd);
}

/* --- Time ----------------------------------------------------------------------- */

static bool tick_child(struct supervisor *sup, uint64_t now_ms)
{
	if (!child.process.report || now_ms < child.deadline_ms)
		return false;
	lose(-ETIMEDOUT, now_ms);
	images_process_end(&child.process, sup->epoll_fd);
	return true;
}

static bool tick_trial(const struct supervisor *sup, uint64_t now_ms)
{
	uint16_t id;

	if (plan.is.phase != IMAGES_TRYING)
		return false;
	id = images_services_find(sup, &plan, IMAGES_LOST, now_ms);
	if (id == ORDER_NONE && now_ms < plan.is.trial_ends_ms)
		return false;
	if (id == ORDER_NONE)
		id = images_services_find(sup, &plan, IMAGES_NOT_YET, now_ms);
	if (id == ORDER_NONE)
		images_plan_prove(&plan);
	else
		images_plan_fail(&plan, id);
	return true;
}

static bool tick_again(uint64_t now_ms)
{
	if (!plan.again_ms || now_ms < plan.again_ms)
		return false;
	images_plan_again(&plan);
	return true;
}

static bool tick(struct supervisor *sup, uint64_t now_ms)
{
	bool changed = tick_child(sup, now_ms);

	changed |= tick_trial(sup, now_ms);
	changed |= tick_again(now_ms);
	changed |= follow(sup, now_ms);
	return changed;
}

static uint64_t sooner(uint64_t a, uint64_t b)
{
	return !a || (b && b < a) ? b : a;
}

static uint64_t deadline(void)
{
	uint64_t at = child.process.report ? child.deadline_ms : child.again_ms;

	if (plan.is.phase == IMAGES_TRYING)
		at = sooner(at, plan.is.trial_ends_ms);
	return sooner(at, plan.again_ms);
}

/* --- What happens --------------------------------------------------------------- */

static bool happened(struct supervisor *sup, enum source source, uint16_t id, uint64_t now_ms)
{
	(void)id;
	if (source == SOURCE_VERITY && VERITY_COUNT)
		return images_verity_heard(&plan);
	if (source != SOURCE_IMAGES)
		return false;
	read_words(sup, now_ms);
	follow(sup, now_ms);
	return true;
}

static bool reaped(pid_t pid, uint64_t now_ms)
{
	(void)now_ms;
	if (pid != child.process.pid)
		return false;
	child.process.pid = 0;
	return true;
}

int images_ask(struct supervisor *sup, int number, uint64_t now_ms)
{
	int rc = sup->order.stopping ? -ESHUTDOWN : images_plan_ask(&plan, number);

	if (rc < 0)
		return rc;
	follow(sup, now_ms);
	sup->unsaved = true;
	return 0;
}

static bool is_usable(unsigned storage)
{
	return storage == STORAGE_MOUNTED || storage == STORAGE_FULL ||
	       storage == STORAGE_READ_ONLY;
}

static void stored(struct supervisor *sup, unsigned is, uint64_t now_ms)
{
	if (!storage_is_settled(is))
		return;
	images_plan_stored(&plan, is_usable(is));
	follow(sup, now_ms);
}

/* --- Over the end of a PID 1 ---------------------------------------------------- */

/* Whoever goes on has an image that is mounted. */
static void find_images(void)
{
	struct state_service is;

	for (uint16_t id = 0; id < SERVICE_SLOTS; id++)
		if (has_image(&services[id]) && state_read_service(&state->slot[id], &is) &&
		    is.image > plan.image[services[id].image - 1].serial)
			plan.image[services[id].image - 1].serial = is.image;
}

static void find_plan(enum state_origin origin)
{
	struct state_images was;

	memset(&plan, 0, sizeof(plan));
	plan.is.phase = IMAGES_WAITING;
	plan.untidy = origin != STATE_FRESH;
	plan.confirm_ms = board.update_confirm_ms;
	plan.may_go_back = board.update_rollback;
	if (origin == STATE_KEPT && state_read_images(state, &was)) {
		plan.is = was.is;
		memcpy(plan.image, was.image, sizeof(plan.image));
	} else if (origin == STATE_MOVED) {
		plan.is.inherited = true;
		find_images();
	}
	told = plan.is;
}

/* Its words may have been read and not been put down: they are not heard any more, and
 * the next one says them again. */
static void find_child(struct supervisor *sup, pid_t pid, enum state_origin origin,
		       uint64_t now_ms)
{
	memset(&child, 0, sizeof(child));
	if (origin == STATE_FRESH)
		return;
	images_process_find(&child.process, sup->epoll_fd, pid);
	child.is_anothers = true;
	/* One of unknown number cannot be killed, and may be at a big image. */
	child.deadline_ms = now_ms + (pid ? IMAGES_RECORD_TIMEOUT_MS : IMAGES_READ_TIMEOUT_MS);
}

static void take_up(struct supervisor *sup, const struct state_board *was,
		    enum state_origin origin, uint64_t now_ms)
{
	is_open = false;
	images_services_begin();
	find_plan(origin);
	plan.stored = origin == STATE_KEPT && is_usable(was->storage.state);
	find_child(sup, was->images_pid, origin, now_ms);
	if (origin == STATE_KEPT && board.data_label)
		stored(sup, was->storage.state, now_ms);
	if (!board.data_label)
		stored(sup, STORAGE_NONE, now_ms);
	if (plan.is.phase == IMAGES_ABSENT && plan.is.why.why == REFUSAL_VERIFIER)
		plan.again_ms = now_ms;
	images_services_hold(sup, &plan, now_ms);
}

static void begin(struct supervisor *sup, enum state_origin origin, bool ending)
{
	(void)origin;
	if (ending)
		return;
	is_open = true;
	if (VERITY_COUNT)
		images_verity_open(sup);
	follow(sup, clock_now_ms());
}

static void save(struct state_board *to)
{
	struct state_images is = { .is = plan.is };

	memcpy(is.image, plan.image, sizeof(is.image));
	state_save_images(&is);
	to->images_pid = child.process.pid;
}

const struct part images_part = {
	.take_up = take_up, .open = begin, .save = save, .happened = happened, .tick = tick,
	.deadline = deadline, .reaped = reaped, .stored = stored,
};
