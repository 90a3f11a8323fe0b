/*
 * Words as a shell would split them, with nothing expanded.
 *
 * links: init/table/words.c init/table/arena.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "init/table/words.h"

/* The words, each followed by '|'; or the first 8 bytes of the phrase about an
 * error after a '!'. */
static const struct {
	const char *text, *expected;
} rows[] = {
	{ "", "" },
	{ "   ", "" },
	{ "a", "a|" },
	{ "a b", "a|b|" },
	{ "  a   b  ", "a|b|" },
	{ "'a b'", "a b|" },
	{ "\"a b\"", "a b|" },
	{ "a'b c'd", "ab cd|" },
	{ "''", "|" },
	{ "\"\"", "|" },
	{ "a '' b", "a||b|" },
	{ "''''", "|" },
	{ "\\ ", " |" },
	{ "a\\ b", "a b|" },
	{ "\\'", "'|" },
	{ "\\\\", "\\|" },
	{ "\\a", "a|" },
	{ "'\\'", "\\|" },
	{ "'\\a\"'", "\\a\"|" },
	{ "\"\\\"\"", "\"|" },
	{ "\"\\\\\"", "\\|" },
	{ "\"\\a\"", "\\a|" },
	{ "\"\\$\\`\"", "$`|" },
	{ "\"'\"", "'|" },
	{ "$HOME * ~ `x` $(y) #z a=b;c|d", "$HOME|*|~|`x`|$(y)|#z|a=b;c|d|" },
	{ "\303\251 \360\237\230\200", "\303\251|\360\237\230\200|" },
	{ "'", "!unbalanc" },
	{ "\"", "!unbalanc" },
	{ "a 'b", "!unbalanc" },
	{ "'a' \"b", "!unbalanc" },
	{ "\"a\\\"", "!unbalanc" },
	{ "\"\\", "!unbalanc" },
	{ "'a'b'", "!unbalanc" },
	{ "\\", "!ends in " },
	{ "a b\\", "!ends in " },
};

static const char *split(struct arena *arena, const char *text)
{
	struct words words;
	const char *error = words_split(arena, text, &words);
	const char *joined = "";

	if (error)
		return arena_printf(arena, "!%.8s", error);
	for (size_t i = 0; i < words.count; i++)
		joined = arena_printf(arena, "%s%s|", joined, words.at[i]);
	assert_null(words.at[words.count]);
	return joined;
}

static void text_becomes_the_words_that_a_shell_would_make(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena arena = { NULL };
		const char *text = rows[i].text;

		assert_string_equal(
			arena_printf(&arena, "<%s>: %s", text, split(&arena, text)),
			arena_printf(&arena, "<%s>: %s", text, rows[i].expected));
		arena_free(&arena);
	}
}

static void every_split_of_a_short_text_stays_within_its_bounds(void **state)
{
	static const char letters[] = { 'a', ' ', '\'', '"', '\\', '$' };
	char text[6] = "";

	(void)state;
	for (unsigned int number = 0; number < 6 * 6 * 6 * 6 * 6; number++) {
		struct arena arena = { NULL };
		unsigned int rest = number;

		for (int i = 0; i < 5; i++, rest /= 6)
			text[i] = letters[rest % 6];
		split(&arena, text);
		arena_free(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_becomes_the_words_that_a_shell_would_make),
		cmocka_unit_test(every_split_of_a_short_text_stays_within_its_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
