/*
 * Readers of values: numbers, sizes, signals and words to choose from.
 * Decides what one value by itself may be; what it is beside the other
 * options and services, the checks decide.  Returns phrases for people; says
 * nothing itself.
 */
#include "values.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "number.h"
#include "signals.h"

/* "a", "b" or "c" */
static const char *join_choices(struct arena *arena, const char *const *choices)
{
	const char *text = "";

	for (size_t i = 0; choices[i]; i++)
		text = arena_printf(arena, "%s%s\"%s\"", text,
				    !i ? "" : choices[i + 1] ? ", " : " or ", choices[i]);
	return text;
}

const char *read_choice(struct arena *arena, const struct option *option, const char *value,
			void *field)
{
	int *choice = field;

	for (*choice = 0; option->choices[*choice]; ++*choice)
		if (!strcmp(option->choices[*choice], value))
			return NULL;
	*choice = 0;
	return arena_printf(arena, "unknown; write %s", join_choices(arena, option->choices));
}

const char *read_int(struct arena *arena, const struct option *option, const char *value,
		     void *field)
{
	bool negative = *value == '-';
	uint64_t magnitude;
	int error = number_parse(value + negative, strlen(value + negative), &magnitude);

	if (error == -EINVAL)
		return arena_printf(arena, "not a whole number; write one from %" PRId64 " to %"
				    PRId64, option->min, option->max);
	if (!error && magnitude <= INT64_MAX) {
		int64_t number = negative ? -(int64_t)magnitude : (int64_t)magnitude;

		if (number >= option->min && number <= option->max) {
			*(int64_t *)field = number;
			return NULL;
		}
	}
	return arena_printf(arena, "out of range; write a number from %" PRId64 " to %" PRId64,
			    option->min, option->max);
}

const char *read_bool(struct arena *arena, const struct option *option, const char *value,
		      void *field)
{
	(void)arena;
	(void)option;
	if (strcmp(value, "y") && strcmp(value, "n"))
		return "neither y nor n; write one of them";
	*(bool *)field = *value == 'y';
	return NULL;
}

const char *read_signal(struct arena *arena, const struct option *option, const char *value,
			void *field)
{
	int signal = signal_parse(value);

	(void)arena;
	(void)option;
	*(int *)field = 0;
	if (!*value)
		return NULL;
	if (signal < 0)
		return "unknown; write a signal's name or number, such as \"TERM\" or \"15\"";
	*(int *)field = signal;
	return NULL;
}

const char *read_size(struct arena *arena, const struct option *option, const char *value,
		      void *field)
{
	uint64_t *bytes = field;
	int error = 0;

	(void)arena;
	(void)option;
	*bytes = 0;
	if (*value)
		error = number_parse_scaled(value, strlen(value), bytes);
	if (error == -EINVAL)
		return "not a size; write bytes, or a number with K, M or G, such as \"16M\"";
	if (error || *bytes > VALUES_SIZE_MAX)
		return "too large; write at most \"4096G\"";
	return NULL;
}
