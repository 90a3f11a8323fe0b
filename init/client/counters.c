/*
 * Reads counters and leaves out none: what the kernel lacks is "-".
 */
#include "counters.h"

#include <string.h>

#include "cgroup/cgroup.h"
#include "files.h"

/* Keys of one file at a time. */
#define KEYS_MAX 5

/* The number behind "key=" in a line of such words. */
static int64_t word_number(const char *line, const char *key)
{
	const char *at = strstr(line, key);

	return at ? (int64_t)files_parse(at + strlen(key), 10, NULL) : 0;
}

/* 254:0 rbytes=1459200 wbytes=314773504 rios=192 wios=353 dbytes=0 dios=0 */
int64_t counters_io(int dir)
{
	struct files_lines f;
	int64_t sum = 0;

	if (files_open(&f, dir, "io.stat") < 0)
		return -1;
	for (const char *line; (line = files_next_line(&f));)
		sum += word_number(line, "rbytes=") + word_number(line, "wbytes=");
	files_close(&f);
	return sum;
}

/* some avg10=0.12 avg60=0.00 avg300=0.00 total=1234 */
int64_t counters_pressure(int dir, const char *file)
{
	struct files_lines f;
	int64_t tenths = -1;
	const char *line, *at;

	if (files_open(&f, dir, file) < 0)
		return -1;
	line = files_next_line(&f);
	at = line ? strstr(line, "avg10=") : NULL;
	if (at) {
		tenths = (int64_t)files_parse(at + strlen("avg10="), 10, &at) * 10;
		tenths += *at == '.' ? at[1] - '0' : 0;
	}
	files_close(&f);
	return tenths;
}

static void show_keys(struct show *s, const char *name, int dir, const char *file,
		      const char *const *keys, unsigned count)
{
	int64_t values[KEYS_MAX];

	cgroup_read_keys(dir, file, keys, values, count);
	show_open(s, name, '{');
	for (unsigned i = 0; i < count; i++)
		show_number(s, keys[i], SHOW_COUNT, values[i]);
	show_close(s, '}');
}

void counters_show(struct show *s, int dir)
{
	static const char *const events[] = { "low", "high", "max", "oom", "oom_kill" };
	static const char *const throttled[] = { "nr_periods", "nr_throttled", "throttled_usec" };

	show_keys(s, "memory_events", dir, "memory.events", events, 5);
	show_keys(s, "cpu_limit", dir, "cpu.stat", throttled, 3);
	show_open(s, "pressure", '{');
	show_number(s, "cpu", SHOW_TENTHS, counters_pressure(dir, "cpu.pressure"));
	show_number(s, "memory", SHOW_TENTHS, counters_pressure(dir, "memory.pressure"));
	show_number(s, "io", SHOW_TENTHS, counters_pressure(dir, "io.pressure"));
	show_close(s, '}');
}
