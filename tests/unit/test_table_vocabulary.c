/*
 * The vocabulary beside what kconfig is told: the template and the board's
 * Kconfig say the same of every option as its row.  And the way back from a
 * symbol to its option.
 *
 * links: init/table/vocabulary.c init/table/values.c init/table/use.c
 * links: init/table/values_process.c init/table/values_network.c
 * links: init/table/words.c init/table/number.c init/table/ipv4.c
 * links: init/table/signals.c init/table/arena.c init/table/menu.c
 * links: init/table/report.c init/table/utf8.c init/table/values_view.c init/table/values_image.c
 * links: init/table/caps.c init/table/nearest.c
 * links: init/table/values_uplink.c init/table/values_ports.c init/table/ipv6.c
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "init/table/arena.h"
#include "init/table/menu.h"
#include "init/table/vocabulary.h"

/* What the row says, in the words of Kconfig, without a prompt. */
static const char *kconfig_of(struct arena *arena, const struct option *option,
			      const char *symbol)
{
	static const char *const types[] = {
		[OPTION_STRING] = "string", [OPTION_INT] = "int", [OPTION_BOOL] = "bool",
	};
	const char *quote = option->kind == OPTION_STRING ? "\"" : "";
	const char *range = "";

	if (option->kind == OPTION_INT)
		range = arena_printf(arena, "\trange %" PRId64 " %" PRId64 "\n", option->min,
				     option->max);
	return arena_printf(arena, "config %s\n\t%s\n%s\tdefault %s%s%s\n", symbol,
			    types[option->kind], range, quote, option->initial, quote);
}

/* The same from the text: the lines from the symbol's to its help, the prompt
 * left out. */
static const char *kconfig_in(struct arena *arena, const char *text, const char *symbol)
{
	const char *head = arena_printf(arena, "\nconfig %s\n", symbol);
	const char *at = strstr(text, head), *end, *prompt, *rest;

	if (!at)
		return "absent";
	at++;
	end = strstr(at, "\thelp\n");
	prompt = strchr(at, '"');
	assert_non_null(end);
	assert_non_null(prompt);
	rest = strchr(prompt, '\n');
	return arena_printf(arena, "%.*s%.*s", (int)(prompt - at) - 1, at, (int)(end - rest), rest);
}

static size_t count_of(const char *text, const char *part)
{
	size_t count = 0;

	for (; (text = strstr(text, part)); text++)
		count++;
	return count;
}

static void compare(const struct vocabulary *vocabulary, const char *text, const char *prefix)
{
	struct arena arena = { NULL };

	for (size_t i = 0; i < vocabulary->count; i++) {
		const struct option *option = &vocabulary->at[i];

		const char *symbol = arena_printf(&arena, "%s%s", prefix, option->name);

		assert_string_equal(kconfig_in(&arena, text, symbol),
				    kconfig_of(&arena, option, symbol));
	}
	arena_free(&arena);
}

static void the_template_has_the_options_of_the_vocabulary_and_no_others(void **state)
{
	(void)state;
	compare(&service_vocabulary, menu_template, "SVC_@NAME@_");
	assert_int_equal(count_of(menu_template, "\nconfig "), service_vocabulary.count);
	assert_int_equal(count_of(menu_template, "\thelp\n"), service_vocabulary.count + 1);
}

static void the_boards_menu_has_the_options_of_the_vocabulary_and_no_others(void **state)
{
	static char text[65536];	/* several times the file */
	FILE *file = fopen("Kconfig", "re");

	(void)state;
	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	compare(&board_vocabulary, text, "");
	/* KCONFIG_SERVICES is the one more. */
	assert_int_equal(count_of(text, "\nconfig "), board_vocabulary.count + 1);
}

static void a_symbol_leads_to_its_option_and_service(void **state)
{
	static const struct {
		const char *symbol, *service, *option;
	} rows[] = {
		{ "SVC_WEB_ARGV", "SVC_WEB", "ARGV" },
		{ "SVC_WEB_UI_MEMORY_MAX", "SVC_WEB_UI", "MEMORY_MAX" },
		{ "SVC_WEB_RESTART", "SVC_WEB", "RESTART" },
		{ "SVC_WEB_RESTART_DELAY_MAX_MS", "SVC_WEB", "RESTART_DELAY_MAX_MS" },
		{ "SVC_RESTART_RESTART", "SVC_RESTART", "RESTART" },
		{ "SVC_CPU_CPU_MAX", "SVC_CPU", "CPU_MAX" },
		{ "SVC_ARGV", NULL, NULL },
		{ "SVC_WEB", NULL, NULL },
		{ "SVC_WEB_", NULL, NULL },
		{ "SVC_WEB_ARG", NULL, NULL },
		{ "SVC_WEB_ARGV_", NULL, NULL },
		{ "WEB_ARGV", NULL, NULL },
		{ "", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t length = 0;
		const struct option *option = vocabulary_of_symbol(rows[i].symbol, &length);

		if (!option != !rows[i].option)
			fail_msg("%s leads to %s", rows[i].symbol, option ? option->name : "none");
		if (option) {
			assert_string_equal(option->name, rows[i].option);
			assert_int_equal(length, strlen(rows[i].service));
		}
	}
}

static void names_that_would_share_symbols_are_found(void **state)
{
	(void)state;
	assert_true(vocabulary_overlaps("ARGV"));
	assert_true(vocabulary_overlaps("RESTART_DELAY_MS"));
	assert_false(vocabulary_overlaps("CPU"));
	assert_false(vocabulary_overlaps("UI"));
	assert_false(vocabulary_overlaps("ARG"));
	assert_false(vocabulary_overlaps("ARGVS"));
}

static void menus_carry_the_names_and_put_the_folders_own_first(void **state)
{
	struct folder at[] = {
		{ "web-ui", "SVC_WEB_UI", "services/web-ui", true },
		{ "x", "SVC_X", "services/x", false },
	};
	const struct folders folders = { at, 2 };
	struct report report = { .to = stderr };
	char *text;
	size_t length;
	FILE *memory = open_memstream(&text, &length);
	const char *own, *template;

	(void)state;
	menu_write(&folders, &report, memory);
	fclose(memory);
	own = strstr(text, "source \"services/web-ui/Kconfig\"\n");
	template = strstr(text, "menuconfig SVC_WEB_UI\n\tbool \"web-ui\"\n");
	assert_non_null(own);
	assert_non_null(template);
	assert_true(own < template);
	assert_non_null(strstr(template, "menuconfig SVC_X\n"));
	assert_null(strstr(text, "services/x"));
	assert_null(strchr(text, '@'));
	assert_int_equal(report.errors, 0);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_template_has_the_options_of_the_vocabulary_and_no_others),
		cmocka_unit_test(the_boards_menu_has_the_options_of_the_vocabulary_and_no_others),
		cmocka_unit_test(a_symbol_leads_to_its_option_and_service),
		cmocka_unit_test(names_that_would_share_symbols_are_found),
		cmocka_unit_test(menus_carry_the_names_and_put_the_folders_own_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
