/*
 * Shows what one service is and has: PID 1's word on it, what the kernel says of
 * its process, and where that is less strict than what every service gets.
 */
#include "inspect.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "compiled.h"
#include "confined.h"
#include "counters.h"
#include "files.h"
#include "has.h"
#include "images_facts.h"
#include "lines.h"
#include "loosened.h"
#include "show.h"
#include "wiring.h"

/* Last lines of its log. */
#define LOG_LINES 10

/* The rows of a control file that has one for each device. */
#define LIMIT_SIZE 256

/* Processes that ended and were not waited for: they are counted in pids.current, and
 * have no thread any more. */
static int64_t zombies(int dir, int64_t tasks)
{
	struct files_lines f;
	int64_t threads = 0;

	if (tasks < 0 || files_open(&f, dir, "cgroup.threads") < 0)
		return -1;
	while (files_next_line(&f))
		threads++;
	files_close(&f);
	return tasks > threads ? tasks - threads : 0;
}

void inspect_words(struct show *s, const char *key, const char *const *words)
{
	show_open(s, key, '[');
	for (; words && *words; words++)
		show_string(s, NULL, *words);
	show_close(s, ']');
}

void inspect_limits(struct show *s, const struct service_limit *limits, unsigned count, int dir)
{
	show_open(s, "limits", '[');
	for (unsigned i = 0; i < count; i++) {
		char now[LIMIT_SIZE];
		bool known = files_read(dir, limits[i].file, now, sizeof(now)) >= 0;

		for (char *end = now; (end = strchr(end, '\n'));)
			*end = ';';
		show_open(s, NULL, '{');
		show_string(s, "file", limits[i].file);
		show_string(s, "set", limits[i].value);
		if (limits[i].device)
			show_string(s, "device", limits[i].device);
		if (known)
			show_string(s, "now", now);
		show_close(s, '}');
	}
	show_close(s, ']');
}

static void show_use(struct show *s, uint16_t id, const struct facts *f)
{
	static const uint8_t numbers[] = {
		FACTS_PID, FACTS_UPTIME, FACTS_RESTARTS, FACTS_MEMORY, FACTS_PEAK, FACTS_MAX,
		FACTS_CPU, FACTS_TASKS, FACTS_TASKS_PEAK, FACTS_IO, FACTS_NUMBERS,
	};
	int dir = facts_open_cgroup(id);

	facts_show(s, f, numbers);
	show_number(s, "zombies", SHOW_COUNT, zombies(dir, f->number[FACTS_TASKS]));
	counters_show(s, dir);
	inspect_limits(s, services[id].limits, services[id].limit_count, dir);
	if (dir >= 0)
		close(dir);
}

/* The word behind `words` blanks. */
static char *field(char **at, unsigned skip)
{
	char *word;

	for (; *at && skip; skip--)
		strsep(at, " ");
	word = *at ? strsep(at, " ") : NULL;
	return word ? word : "";
}

/* 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
 * as proc_pid_mountinfo(5) has it. */
static void show_mount(struct show *s, char *line)
{
	char *at = line, *path = field(&at, 4), *options = field(&at, 0), *type;

	while (at && strcmp(field(&at, 0), "-"))
		;
	type = field(&at, 0);
	show_open(s, NULL, '{');
	show_string(s, "path", path);
	show_string(s, "type", type);
	show_string(s, "options", options);
	show_close(s, '}');
}

static void show_mounts(struct show *s, int proc)
{
	struct files_lines f;

	show_open(s, "mounts", '[');
	if (files_open(&f, proc, "mountinfo") == 0) {
		for (char *line; (line = files_next_line(&f));)
			show_mount(s, line);
		files_close(&f);
	}
	show_close(s, ']');
}

static int open_proc(int64_t pid)
{
	char path[32];
	struct text t = TEXT_ON(path);

	text_add(&t, "/proc/%d", (int)pid);
	return pid > 0 ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
}

static void show_last_exit(struct show *s, const struct client *c, uint16_t id)
{
	char words[FACTS_WORDS_SIZE];
	struct text t = TEXT_ON(words);

	facts_add_last_exit(&t, c, id);
	show_string(s, "last_exit", t.len ? words : NULL);
}

static void show_storage(struct show *s, const struct client *c, uint16_t id)
{
	char words[FACTS_WORDS_SIZE];
	struct text t = TEXT_ON(words);
	struct storage storage;

	if (!services[id].volume_count || !facts_read_storage(c, &storage))
		return;
	storage_explain(&t, &storage);
	show_string(s, "storage", words);
}

/* Its place among those that give way to memory pressure, and what was made of it. */
static void show_shed(struct show *s, uint16_t id, const struct state_service *is)
{
	static const char *const marks[] = {
		[SHED_NOT] = NULL, [SHED_FROZEN] = "frozen", [SHED_STOPPED] = "stopped",
		[SHED_SPARED] = "spared, since an operator wants it to run",
	};

	if (!services[id].shed)
		return;
	show_number(s, "shed", SHOW_COUNT, services[id].shed);
	show_string(s, "shed_mark", marks[is->shed]);
}

void inspect(const struct client *c, uint16_t id, const struct facts *f, bool json)
{
	struct show s = show_as(json ? SHOW_JSON : SHOW_LINES, NULL);
	int proc = open_proc(f->number[FACTS_PID]);
	struct confined confined;

	show_open_row(&s);
	facts_show_state(&s, c, id, f);
	show_last_exit(&s, c, id);
	wiring_show(&s, &services[id]);
	wiring_show_traffic(&s, &services[id]);
	show_use(&s, id, f);
	show_storage(&s, c, id);
	if (has_image(&services[id]))
		images_facts_show_service(&s, c, id, &f->is);
	show_shed(&s, id, &f->is);
	compiled_show_trust(&s, &services[id]);
	compiled_show_places(&s, &services[id]);
	if (proc >= 0) {
		confined_read(&confined, proc);
		confined_show(&s, &confined);
	}
	loosened_show(&s, proc >= 0 ? &confined : NULL, &services[id]);
	if (proc >= 0) {
		show_mounts(&s, proc);
		close(proc);
	}
	show_number(&s, "fingerprint", SHOW_HASH, (int64_t)services[id].fingerprint);
	lines_show_last(&s, c->state, id, LOG_LINES);
	show_close_row(&s);
	show_end(&s);
}
