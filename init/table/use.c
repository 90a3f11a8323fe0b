/*
 * What a service may use, in the kernel's words.  Decides how each option
 * becomes content of a control file; whether the board has as much is the
 * checks' business.
 */
#include "use.h"

#include <inttypes.h>
#include <string.h>

#include "number.h"
#include "words.h"

/* The kernel refuses less than 1 ms.  It would take a period of up to 1 s, but
 * a service that has used up its quota keeps the lock of its log pipe while it
 * waits for the next period, and a reader waits with it: that is PID 1. */
#define CPU_PERIOD_US 100000
#define CPU_QUOTA_MIN_US 1000
#define CPU_QUOTA_MAX_US UINT64_C(1000000000)
#define CPU_PERIOD_MIN_US 1000
#define CPU_PERIOD_MAX_US 100000

/* Beyond any board; arrays in the kernel are this long (NR_CPUS). */
#define CPU_LAST 8191

static bool is_within(const char *text, size_t length, uint64_t min, uint64_t max,
		      uint64_t *number)
{
	return !number_parse(text, length, number) && *number >= min && *number <= max;
}

const char *read_cpu_max(struct arena *arena, const struct option *option, const char *value,
			 void *field)
{
	size_t length = strlen(value), blank = strcspn(value, " ");
	uint64_t quota, period = CPU_PERIOD_US;
	bool valid;

	(void)option;
	*(const char **)field = NULL;
	if (!length)
		return NULL;
	if (value[length - 1] == '%') {
		valid = is_within(value, length - 1, 1, CPU_QUOTA_MAX_US / 1000, &quota);
		if (valid)
			quota *= CPU_PERIOD_US / 100;
	} else {
		valid = value[blank] &&
			is_within(value, blank, CPU_QUOTA_MIN_US, CPU_QUOTA_MAX_US, &quota) &&
			is_within(value + blank + 1, length - blank - 1, CPU_PERIOD_MIN_US,
				  CPU_PERIOD_MAX_US, &period);
	}
	if (!valid)
		return "neither a percentage nor quota and period; write one such as \"50%\" or "
		       "\"20000 100000\" (microseconds, a quota of at least 1000, a period from "
		       "1000 to 100000)";
	*(const char **)field = arena_printf(arena, "%" PRIu64 " %" PRIu64, quota, period);
	return NULL;
}

/* "3" or "0-1" */
static bool is_cpu_range(const char *text, size_t length)
{
	const char *dash = memchr(text, '-', length);
	size_t first_length = dash ? (size_t)(dash - text) : length;
	uint64_t first, last;

	if (!is_within(text, first_length, 0, CPU_LAST, &first))
		return false;
	return !dash || is_within(dash + 1, length - first_length - 1, first, CPU_LAST, &last);
}

const char *read_cpuset(struct arena *arena, const struct option *option, const char *value,
			void *field)
{
	(void)option;
	*(const char **)field = *value ? arena_copy(arena, value, strlen(value)) : NULL;
	for (const char *at = value; *value; at++) {
		size_t length = strcspn(at, ",");

		if (!is_cpu_range(at, length))
			return "not a list of CPUs; write one such as \"0-1,3\"";
		at += length;
		if (!*at)
			break;
	}
	return NULL;
}

static bool io_key_is_known(const char *word, size_t length)
{
	static const char *const keys[] = { "rbps", "wbps", "riops", "wiops" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strlen(keys[i]) == length && !strncmp(keys[i], word, length))
			return true;
	return false;
}

/* Appends key=number to the row's value, the number written out. */
static const char *io_limit_add(struct arena *arena, struct limit *row, const char *word)
{
	size_t length = strcspn(word, "=");
	const char *scaled = word + length + 1;
	uint64_t number;

	if (!word[length] || !io_key_is_known(word, length))
		return arena_printf(arena, "\"%s\" is no limit; write rbps=, wbps=, riops= or "
				    "wiops= and a number, such as wbps=50M", word);
	if (number_parse_scaled(scaled, strlen(scaled), &number) || !number)
		return arena_printf(arena, "\"%s\" has no number above 0; write one, with K, M or "
				    "G if need be, such as wbps=50M", word);
	for (const char *at = row->value; *at; at += strcspn(at, " "), at += *at == ' ')
		if (!strncmp(at, word, length + 1))
			return arena_printf(arena, "\"%s\" limits the same a second time; remove "
					    "one of the two", word);
	row->value = arena_printf(arena, "%s%s%.*s=%" PRIu64, row->value, *row->value ? " " : "",
				  (int)length, word, number);
	return NULL;
}

static const char *io_device_add(struct arena *arena, struct limits *rows, const char *word)
{
	for (size_t i = 0; i < rows->count; i++)
		if (!strcmp(rows->at[i].device, word))
			return arena_printf(arena, "names %s twice; write its limits together",
					    word);
	rows->at[rows->count++] = (struct limit){ "io.max", "", word };
	return NULL;
}

static const char *io_word_add(struct arena *arena, struct limits *rows, const char *word)
{
	if (*word != '/') {
		if (!rows->count)
			return arena_printf(arena, "\"%s\" stands before any device; write "
					    "/dev/NAME first", word);
		return io_limit_add(arena, &rows->at[rows->count - 1], word);
	}
	if (strncmp(word, "/dev/", 5) || !word[5])
		return arena_printf(arena, "\"%s\" is no device; write one such as /dev/vda", word);
	return io_device_add(arena, rows, word);
}

const char *read_io_max(struct arena *arena, const struct option *option, const char *value,
			void *field)
{
	struct limits *rows = field;
	struct words words;
	const char *error = words_split(arena, value, &words);

	(void)option;
	*rows = (struct limits){ arena_array(arena, words.count, sizeof(*rows->at)), 0 };
	for (size_t i = 0; !error && i < words.count; i++)
		error = io_word_add(arena, rows, words.at[i]);
	for (size_t i = 0; !error && i < rows->count; i++)
		if (!*rows->at[i].value)
			return arena_printf(arena, "%s has no limit; write one behind it, such as "
					    "wbps=50M", rows->at[i].device);
	return error;
}

/* The option that owns a control file, or NULL. */
static const char *option_of_file(const char *file)
{
	static const struct {
		const char *file, *option;
	} owners[] = {
		{ "cpu.max", "CPU_MAX" },
		{ "cpu.weight", "CPU_WEIGHT" },
		{ "cpu.weight.nice", "CPU_WEIGHT" },
		{ "cpuset.cpus", "CPUSET" },
		{ "memory.max", "MEMORY_MAX" },
		{ "memory.high", "MEMORY_HIGH" },
		{ "memory.low", "MEMORY_LOW" },
		{ "memory.min", "MEMORY_MIN" },
		{ "pids.max", "PIDS_MAX" },
		{ "io.max", "IO_MAX" },
		{ "io.weight", "IO_WEIGHT" },
	};

	for (size_t i = 0; i < sizeof(owners) / sizeof(owners[0]); i++)
		if (!strcmp(owners[i].file, file))
			return owners[i].option;
	return NULL;
}

/* The controllers that PID 1 switches on where the kernel has them: no other's
 * file is there. */
static bool controller_is_on(const char *file)
{
	static const char *const controllers[] = {
		"cpu", "cpuset", "hugetlb", "io", "memory", "pids", "rdma",
	};
	size_t length = strcspn(file, ".");

	for (size_t i = 0; i < sizeof(controllers) / sizeof(controllers[0]); i++)
		if (strlen(controllers[i]) == length && !strncmp(controllers[i], file, length))
			return true;
	return false;
}

/* Such as memory.swap.current, cpu.stat.local, cpuset.cpus.effective: one of
 * the words behind the controller says it.  memory.reclaim is a request. */
static bool file_only_tells(const char *file)
{
	static const char *const words[] = {
		"current", "stat", "numa_stat", "events", "peak", "pressure", "effective",
		"reclaim",
	};

	for (const char *dot = strchr(file, '.'); dot; dot = strchr(dot + 1, '.'))
		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			if (strcspn(dot + 1, ".") == strlen(words[i]) &&
			    !strncmp(dot + 1, words[i], strlen(words[i])))
				return true;
	return false;
}

static const char *control_file_error(struct arena *arena, const char *file)
{
	const char *option = option_of_file(file);

	if (option)
		return arena_printf(arena, "%s has an option of its own; write %s", file, option);
	/* cgroup.procs, cgroup.kill and their like are PID 1's, and
	 * memory.oom.group is always 1: a service dies whole or not at all. */
	if (!strncmp(file, "cgroup.", 7) || !strcmp(file, "memory.oom.group"))
		return arena_printf(arena, "%s is pith's own; leave it out", file);
	if (!strchr(file, '.') || *file == '.' ||
	    file[strspn(file, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			       "0123456789_.-")])
		return arena_printf(arena, "\"%s\" is not the name of a control file; write one "
				    "such as memory.swap.max", file);
	if (!controller_is_on(file))
		return arena_printf(arena, "%s belongs to no controller that is on; write a file "
				    "of cpu, cpuset, hugetlb, io, memory, pids or rdma, such as "
				    "memory.swap.max", file);
	if (file_only_tells(file))
		return arena_printf(arena, "%s cannot be set; write a file that can, such as "
				    "memory.swap.max", file);
	return NULL;
}

static bool is_flag(const char *value)
{
	return !strcmp(value, "0") || !strcmp(value, "1");
}

const char *read_cgroup(struct arena *arena, const struct option *option, const char *value,
			void *field)
{
	struct limits *rows = field;
	struct words words;
	const char *error = words_split(arena, value, &words);

	(void)option;
	*rows = (struct limits){ arena_array(arena, words.count, sizeof(*rows->at)), 0 };
	for (size_t i = 0; !error && i < words.count; i++) {
		size_t length = strcspn(words.at[i], "=");
		const char *file = arena_copy(arena, words.at[i], length);

		if (!words.at[i][length] || !words.at[i][length + 1])
			return arena_printf(arena, "\"%s\" is not file=value; write one such as "
					    "memory.swap.max=0", words.at[i]);
		error = control_file_error(arena, file);
		if (!error && !strcmp(file, "cpu.idle") && !is_flag(words.at[i] + length + 1))
			error = arena_printf(arena, "\"%s\" says neither yes nor no; write "
					     "cpu.idle=1 or leave it out", words.at[i]);
		for (size_t j = 0; !error && j < i; j++)
			if (!strcmp(rows->at[j].file, file))
				error = arena_printf(arena, "names %s twice; remove one", file);
		rows->at[rows->count++] = (struct limit){ file, words.at[i] + length + 1, NULL };
	}
	return error;
}

static void row_add(struct limits *rows, const char *file, const char *value)
{
	if (value)
		rows->at[rows->count++] = (struct limit){ file, value, NULL };
}

/* A number with what stands before it, or NULL for 0, which is "not set". */
static const char *set_number(struct arena *arena, const char *before, uint64_t number)
{
	return number ? arena_printf(arena, "%s%" PRIu64, before, number) : NULL;
}

uint64_t use_memory_min(const struct service_spec *service)
{
	if (service->vital && !service->memory_min)
		return service->memory_max;
	return service->memory_min;
}

bool use_is_idle(const struct service_spec *service)
{
	for (size_t i = 0; i < service->cgroup.count; i++)
		if (!strcmp(service->cgroup.at[i].file, "cpu.idle"))
			return strcmp(service->cgroup.at[i].value, "0");
	return false;
}

void use_collect_limits(struct arena *arena, struct service_spec *service)
{
	struct limits *rows = &service->limits;
	size_t own = 10;	/* row_add() below */

	*rows = (struct limits){
		arena_array(arena, own + service->io_max.count + service->cgroup.count,
			    sizeof(*rows->at)), 0,
	};
	row_add(rows, "cpu.max", service->cpu_max);
	/* A cgroup that is idle has no weight, and takes none when it is there
	 * already. */
	if (!use_is_idle(service))
		row_add(rows, "cpu.weight",
			set_number(arena, "", (uint64_t)service->cpu_weight));
	row_add(rows, "cpuset.cpus", service->cpuset);
	row_add(rows, "memory.max", set_number(arena, "", service->memory_max));
	row_add(rows, "memory.oom.group", "1");
	row_add(rows, "memory.high", set_number(arena, "", service->memory_high));
	row_add(rows, "memory.low", set_number(arena, "", service->memory_low));
	row_add(rows, "memory.min", set_number(arena, "", use_memory_min(service)));
	row_add(rows, "pids.max", set_number(arena, "", (uint64_t)service->pids_max));
	row_add(rows, "io.weight", set_number(arena, "default ", (uint64_t)service->io_weight));
	for (size_t i = 0; i < service->io_max.count; i++)
		rows->at[rows->count++] = service->io_max.at[i];
	for (size_t i = 0; i < service->cgroup.count; i++)
		rows->at[rows->count++] = service->cgroup.at[i];
}

struct limits use_limits_of_board(const struct spec *spec)
{
	struct limits rows = { arena_array(spec->arena, 3, sizeof(*rows.at)), 0 };
	uint64_t low = 0, min = 0;
	bool sheds = false;

	/* Each is at most its service's MEMORY_MAX, whose sum was checked. */
	for (size_t i = 0; i < spec->count; i++) {
		low += spec->services[i].memory_low;
		min += use_memory_min(&spec->services[i]);
		sheds |= spec->services[i].shed;
	}
	row_add(&rows, "memory.low", set_number(spec->arena, "", low));
	row_add(&rows, "memory.min", set_number(spec->arena, "", min));
	/* Where services give way, PID 1 sets it; another table's may have. */
	row_add(&rows, "memory.high", sheds ? NULL : "max");
	return rows;
}
