/*
 * Puts together what PID 1 remembers and what the kernel knows.  Refuses to
 * know how it is shown.
 */
#include "facts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cgroup/cgroup.h"
#include "clock.h"
#include "explain.h"
#include "files.h"
#include "paths.h"

/* The folder and a name. */
#define CGROUP_PATH_SIZE (sizeof(PATH_SERVICES_CGROUP) + 1 + SERVICE_NAME_SIZE)

int facts_open_cgroup(uint16_t id)
{
	char path[CGROUP_PATH_SIZE];
	struct text t = TEXT_ON(path);
	int fd;

	text_add(&t, PATH_SERVICES_CGROUP "/%s", services[id].name);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static void read_state(const struct client *c, uint16_t id, struct state_service *is)
{
	if (!state_read_service(&c->state->slot[id], is))
		*is = (struct state_service){ .step.state = STEP_STATE_COUNT };
}

/* All are "not known" so far. */
static void clear(struct facts *f)
{
	*f = (struct facts){ .cpu_us = -1 };
	for (int i = 0; i < FACTS_NUMBERS; i++)
		f->number[i] = -1;
}

static void set_cpu(struct facts *f, int64_t us)
{
	f->cpu_us = us;
	f->number[FACTS_CPU] = us < 0 ? -1 : us / 1000;
}

void facts_read(const struct client *c, uint16_t id, struct facts *f)
{
	static const struct {
		uint8_t number;
		const char *file;
	} files[] = {
		{ FACTS_MEMORY, "memory.current" },
		{ FACTS_PEAK, "memory.peak" },
		{ FACTS_MAX, "memory.max" },
		{ FACTS_TASKS, "pids.current" },
	};
	int dir = facts_open_cgroup(id);

	clear(f);
	read_state(c, id, &f->is);
	if (f->is.phase == PHASE_START || f->is.phase == PHASE_RUN)
		f->number[FACTS_PID] = f->is.pid;
	if (f->is.phase == PHASE_RUN && f->is.executed_ms)
		f->number[FACTS_UPTIME] = (int64_t)(clock_now_ms() - f->is.executed_ms);
	f->number[FACTS_RESTARTS] = f->is.runs ? f->is.runs - 1 : 0;
	if (dir < 0)
		return;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		f->number[files[i].number] = files_number(dir, files[i].file);
	set_cpu(f, cgroup_read_key(dir, "cpu.stat", "usage_usec"));
	close(dir);
}

/* From "Rss:                1234 kB".  VmRSS and VmHWM of /proc/1/status may be off
 * by 64 pages, as proc(5) warns: that is more than PID 1 has. */
static int64_t own_memory(void)
{
	char size[32];

	if (!files_field(AT_FDCWD, "/proc/1/smaps_rollup", "Rss", size, sizeof(size)))
		return -1;
	return (int64_t)files_parse(size, 10, NULL) * 1024;
}

void facts_read_own(struct facts *f)
{
	int64_t ns = files_number(AT_FDCWD, "/proc/1/schedstat");

	clear(f);
	f->is.step.state = STEP_UP;
	f->number[FACTS_PID] = 1;
	f->number[FACTS_UPTIME] = (int64_t)clock_now_ms();
	f->number[FACTS_MEMORY] = own_memory();
	set_cpu(f, ns < 0 ? -1 : ns / 1000);
}

void facts_show(struct show *s, const struct facts *f, const uint8_t *which)
{
	static const struct {
		const char *key;
		uint8_t kind;
	} numbers[FACTS_NUMBERS] = {
		[FACTS_PID] = { "pid", SHOW_COUNT },
		[FACTS_UPTIME] = { "uptime", SHOW_MS },
		[FACTS_RESTARTS] = { "restarts", SHOW_COUNT },
		[FACTS_MEMORY] = { "memory", SHOW_BYTES },
		[FACTS_PEAK] = { "peak", SHOW_BYTES },
		[FACTS_MAX] = { "max", SHOW_BYTES },
		[FACTS_CPU] = { "cpu", SHOW_MS },
		[FACTS_TASKS] = { "tasks", SHOW_COUNT },
		[FACTS_SHARE] = { "cpu", SHOW_TENTHS },
	};

	for (; *which < FACTS_NUMBERS; which++)
		show_number(s, numbers[*which].key, (enum show_kind)numbers[*which].kind,
			    f->number[*which]);
}

bool facts_exit(const struct client *c, uint16_t id, uint32_t back, struct end *end)
{
	const struct state_slot *slot = &c->state->slot[id];
	struct state_service is;

	read_state(c, id, &is);
	if (back >= is.exits || back >= STATE_EXITS)
		return false;
	*end = slot->exits[(is.exits - 1 - back) % STATE_EXITS];
	end->error.what[sizeof(end->error.what) - 1] = '\0';
	end->error.words[sizeof(end->error.words) - 1] = '\0';
	/* The next one may have been put down meanwhile, in place of the oldest. */
	if (back == STATE_EXITS - 1) {
		uint32_t before = is.exits;

		read_state(c, id, &is);
		return is.exits == before;
	}
	return true;
}

/* When it came into the state that it is in, or -1. */
static int64_t since(const struct client *c, uint16_t id, unsigned in_state)
{
	uint64_t last = c->state->changes;

	for (uint64_t i = last; i && last - i < STATE_CHANGES; i--) {
		struct state_change change = c->state->change[(i - 1) % STATE_CHANGES];

		if (change.id == id)
			return change.to == in_state ? (int64_t)change.time_ms : -1;
	}
	return -1;
}

/* The first of what it comes AFTER that is not up. */
static void add_waiting(struct text *t, const struct client *c, const struct service *s)
{
	for (unsigned i = 0; i < s->after_count; i++) {
		struct state_service other;

		read_state(c, s->after[i], &other);
		if (step_is_up(&other.step))
			continue;
		text_add(t, "waits for %s, which is %s", services[s->after[i]].name,
			 step_state_name(other.step.state));
		return;
	}
	text_add(t, "waits for its turn: no more services are started at once");
}

static void add_deadline(struct text *t, const struct state_service *is, const char *words)
{
	uint64_t now = clock_now_ms();

	if (!is->step.deadline_ms)
		return;
	text_add(t, "%s ", words);
	text_add_duration(t, is->step.deadline_ms > now ? is->step.deadline_ms - now : 0);
}

static void add_limit(struct text *t, const struct service *s)
{
	text_add(t, "reached START_LIMIT: %u starts within ", s->start_limit);
	text_add_duration(t, s->start_limit_window_ms);
	text_add(t, "; `pith start %s` tries again", s->name);
}

void facts_add_why(struct text *t, const struct client *c, uint16_t id)
{
	const struct service *s = &services[id];
	struct state_service is;

	read_state(c, id, &is);
	switch (is.step.state) {
	case STEP_OFF:
		text_add(t, is.runs ? "was stopped" : "was not started");
		break;
	case STEP_WAITING:
		add_waiting(t, c, s);
		break;
	case STEP_STARTING:
		add_deadline(t, &is, "its program is not yet executed; is killed in");
		break;
	case STEP_READYING:
		text_add(t, s->type == SERVICE_TYPE_ONESHOT ? "has not ended" :
							      "has not said READY=1");
		add_deadline(t, &is, "; is killed in");
		break;
	case STEP_UP:
		text_add(t, "its program runs");
		add_deadline(t, &is, "; has to say WATCHDOG=1 within");
		break;
	case STEP_STOPPING:
		text_add_signal(t, s->stop_signal);
		text_add(t, " was sent");
		add_deadline(t, &is, "; is killed in");
		break;
	case STEP_KILLING:
		text_add(t, "was killed, and its end is not seen yet");
		break;
	case STEP_CLEANING:
		text_add(t, "its main process has ended, others are left");
		break;
	case STEP_BACKOFF:
		add_deadline(t, &is, "starts again in");
		text_add(t, "; short runs in a row: %u", is.step.short_runs);
		break;
	case STEP_DONE:
		text_add(t, "%s, and is not started again: RESTART=%s", is.step.failed ? "failed" :
			 "ended", s->restart == SERVICE_RESTART_NO ? "no" : "on-failure");
		break;
	case STEP_FINISHED:
		text_add(t, "ended with status 0");
		break;
	case STEP_GIVEN_UP:
		add_limit(t, s);
		break;
	}
}

void facts_add_last_exit(struct text *t, const struct client *c, uint16_t id)
{
	struct end end;

	if (facts_exit(c, id, 0, &end))
		explain_end(t, &end);
}

void facts_show_state(struct show *s, const struct client *c, uint16_t id, const struct facts *f)
{
	char words[FACTS_WORDS_SIZE];
	struct text t = TEXT_ON(words);

	show_string(s, "name", services[id].name);
	show_string(s, "state", step_state_name(f->is.step.state));
	show_number(s, "since", SHOW_WHEN, since(c, id, f->is.step.state));
	facts_add_why(&t, c, id);
	show_string(s, "why", t.len ? words : NULL);
	memcpy(words, c->state->slot[id].text, STATE_TEXT_SIZE);
	words[STATE_TEXT_SIZE - 1] = '\0';
	show_string(s, "says", words[0] ? words : NULL);
	if (f->is.reloading || f->is.leaving)
		show_string(s, "said", f->is.leaving ? "STOPPING=1" : "RELOADING=1");
}
