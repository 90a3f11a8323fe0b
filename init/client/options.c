/*
 * Decides which word is what.  getopt(3) would bring stdio along.
 */
#include "options.h"

#include <stdbool.h>
#include <string.h>

#include "client.h"

/* Digits of a fraction of a second that count. */
#define FRACTION 3

/* Decimal, with up to that many digits behind a point, as a whole number of the
 * smallest unit; -1 if it is none. */
static int parse_number(const char *s, int digits)
{
	int64_t n = 0;
	int behind = -1;	/* digits behind the point, once there is one */

	if (!*s)
		return -1;
	for (; *s; s++) {
		if (*s == '.' && behind < 0 && digits) {
			behind = 0;
			continue;
		}
		if (*s < '0' || *s > '9' || behind == digits)
			return -1;
		n = n * 10 + (*s - '0');
		behind += behind >= 0;
		if (n > OPTIONS_NUMBER_MAX)
			return -1;
	}
	for (int i = behind < 0 ? 0 : behind; i < digits; i++)
		n *= 10;
	return n > OPTIONS_NUMBER_MAX ? -1 : (int)n;
}

static bool set(const struct option_row *row, const char *value)
{
	int n;

	if (row->kind == OPTION_WORD) {
		*(const char **)row->to = value;
		return true;
	}
	n = parse_number(value, row->kind == OPTION_SECONDS ? FRACTION : 0);
	if (n < 0) {
		client_say("--%s: '%s' is not a number%s", row->word, value,
			   row->kind == OPTION_SECONDS ? " of seconds" : "");
		return false;
	}
	*(int *)row->to = n;
	return true;
}

struct line {
	char **argv;
	int argc, at;	/* at: the next word */
	const struct option_row *rows;
	unsigned count;
};

/* value: what is glued to the option, or NULL. */
static bool take(struct line *l, const struct option_row *row, const char *value)
{
	if (row->kind == OPTION_FLAG && value) {
		client_say("--%s takes no value", row->word);
		return false;
	}
	if (row->kind == OPTION_FLAG) {
		*(bool *)row->to = true;
		return true;
	}
	if (!value && l->at == l->argc) {
		client_say("--%s: a value has to follow", row->word);
		return false;
	}
	return set(row, value ? value : l->argv[l->at++]);
}

static bool unknown(const struct line *l, const char *option)
{
	client_say("%s has no option %s; see pith %s --help", l->argv[0], option, l->argv[0]);
	return false;
}

static bool take_long(struct line *l, const char *word)
{
	size_t len = strcspn(word + 2, "=");
	const char *value = word[2 + len] ? word + 2 + len + 1 : NULL;

	for (unsigned i = 0; i < l->count; i++)
		if (!strncmp(l->rows[i].word, word + 2, len) && !l->rows[i].word[len])
			return take(l, &l->rows[i], value);
	return unknown(l, word);
}

/* "-f", "-n5", "-n 5" or "-fn5". */
static bool take_short(struct line *l, const char *word)
{
	for (const char *at = word + 1; *at; at++) {
		const struct option_row *row = l->rows, *end = l->rows + l->count;

		while (row < end && row->letter != *at)
			row++;
		if (row == end)
			return unknown(l, word);
		if (row->kind != OPTION_FLAG)
			return take(l, row, at[1] ? at + 1 : NULL);
		take(l, row, NULL);
	}
	return true;
}

int options_read(int argc, char **argv, const struct option_row *rows, unsigned count,
		 const char **names, int least, int most)
{
	struct line l = { .argv = argv, .argc = argc, .at = 1, .rows = rows, .count = count };
	bool only_names = false;
	int n = 0;

	while (l.at < argc) {
		const char *word = argv[l.at++];

		if (!only_names && word[0] == '-' && word[1]) {
			if (!strcmp(word, "--"))
				only_names = true;
			else if (!(word[1] == '-' ? take_long(&l, word) : take_short(&l, word)))
				return -1;
		} else if (n == most) {
			client_say("%s: '%s' is one word too many", argv[0], word);
			return -1;
		} else {
			names[n++] = word;
		}
	}
	if (n < least) {
		client_say("%s: which one? See pith %s --help", argv[0], argv[0]);
		return -1;
	}
	return n;
}
