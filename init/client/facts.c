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
#include "counters.h"
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

void facts_read_state(const struct client *c, uint16_t id, struct state_service *is)
{
	if (!state_read_service(&c->state->slot[id], is))
		*is = (struct state_service){ .step.state = STATE_UNKNOWN };
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
		{ FACTS_TASKS_PEAK, "pids.peak" },
	};
	int dir = facts_open_cgroup(id);

	clear(f);
	facts_read_state(c, id, &f->is);
	if (f->is.phase == PHASE_START || f->is.phase == PHASE_RUN)
		f->number[FACTS_PID] = f->is.pid;
	if (f->is.phase == PHASE_RUN && f->is.executed_ms)
		f->number[FACTS_UPTIME] = (int64_t)(clock_now_ms() - f->is.executed_ms);
	f->number[FACTS_RESTARTS] = f->is.runs ? f->is.runs - 1 : 0;
	if (dir < 0)
		return;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		f->number[files[i].number] = cgroup_read_number(dir, files[i].file);
	set_cpu(f, cgroup_read_key(dir, "cpu.stat", "usage_usec"));
	f->number[FACTS_IO] = counters_io(dir);
	f->number[FACTS_STALL] = counters_pressure(dir, "memory.pressure");
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
	int64_t ns = cgroup_read_number(AT_FDCWD, "/proc/1/schedstat");

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
		[FACTS_TASKS_PEAK] = { "tasks_peak", SHOW_COUNT },
		[FACTS_IO] = { "io", SHOW_BYTES },
		[FACTS_STALL] = { "stall", SHOW_TENTHS },
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

	facts_read_state(c, id, &is);
	if (back >= is.exits || back >= STATE_EXITS)
		return false;
	*end = slot->exits[(is.exits - 1 - back) % STATE_EXITS];
	end->error.what[sizeof(end->error.what) - 1] = '\0';
	end->error.words[sizeof(end->error.words) - 1] = '\0';
	/* The next one may have been put down meanwhile, in place of the oldest. */
	if (back == STATE_EXITS - 1) {
		uint32_t before = is.exits;

		facts_read_state(c, id, &is);
		return is.exits == before;
	}
	return true;
}

/* When it came into the state that is shown, or -1. */
static int64_t since(const struct client *c, uint16_t id, unsigned shown)
{
	unsigned in_state = shown == STATE_SHED ? STEP_OFF : shown;
	uint64_t last = c->state->changes;

	for (uint64_t i = last; i && last - i < STATE_CHANGES; i--) {
		struct state_change change = c->state->change[(i - 1) % STATE_CHANGES];

		if (change.id == id)
			return change.to == in_state ? (int64_t)change.time_ms : -1;
	}
	return -1;
}

bool facts_read_storage(const struct client *c, struct storage *to)
{
	struct state_board is;

	if (!board.data_label || !state_read_board(c->state, &is))
		return false;
	*to = is.storage;
	return true;
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
	show_string(s, "state", state_shown_name(state_shown(&f->is)));
	show_number(s, "since", SHOW_WHEN, since(c, id, state_shown(&f->is)));
	facts_add_why(&t, c, id);
	show_string(s, "why", t.len ? words : NULL);
	memcpy(words, c->state->slot[id].text, STATE_TEXT_SIZE);
	words[STATE_TEXT_SIZE - 1] = '\0';
	show_string(s, "says", words[0] ? words : NULL);
	if (f->is.reloading || f->is.leaving)
		show_string(s, "said", f->is.leaving ? "STOPPING=1" : "RELOADING=1");
}
