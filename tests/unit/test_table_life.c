/*
 * The limit of starts, beside the function that applies it: the host tool
 * refuses a START_LIMIT exactly if a service that fails at once would never
 * reach it.
 *
 * links: init/table/life.c init/step.c
 * links: init/table/spec.c init/table/vocabulary.c init/table/values.c
 * links: init/table/values_process.c init/table/values_network.c
 * links: init/table/use.c init/table/words.c init/table/number.c
 * links: init/table/ipv4.c init/table/signals.c init/table/arena.c
 * links: init/table/report.c init/table/utf8.c init/table/dotconfig.c
 * links: init/table/folders.c init/table/nearest.c
 * links: init/table/values_view.c init/table/values_image.c init/table/caps.c
 * links: init/table/values_uplink.c init/table/values_ports.c init/table/ipv6.c
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "init/step.h"
#include "init/table/checks.h"

static const struct row {
	int64_t delay_ms, delay_max_ms, limit, window_s;
	bool reached;
} rows[] = {
	{ 100, 30000, 1, 1, true },
	{ 100, 30000, 5, 60, true },
	{ 100, 30000, 9, 60, true },
	{ 100, 30000, 10, 60, false },
	{ 100, 30000, 10, 81, false },
	{ 100, 30000, 10, 82, true },
	{ 1000, 1000, 59, 60, true },
	{ 1000, 1000, 60, 60, false },
	{ 1000, 1000, 1, 1, false },
	{ 999, 1000, 1, 1, true },
	{ 0, 1, 1000, 1, true },
	{ 0, 1, 1001, 1, false },
	{ 0, 30000, 12, 5, true },
	{ 0, 30000, 13, 5, false },
	{ 3600000, 3600000, 24, 86400, false },
	{ 3600000, 3600000, 23, 86400, true },
	{ 1, 3600000, 40, 86400, true },
	{ 1, 3600000, 45, 86400, false },
};

static bool is_accepted(const struct row *row)
{
	struct arena arena = { NULL };
	char *said;
	size_t length;
	struct report report = { .to = open_memstream(&said, &length) };
	struct folder folder = { "a", "SVC_A", "a", false };
	struct folders folders = { &folder, 1 };
	struct dotconfig config = { NULL, 0 };
	struct service_spec service = {
		.folder = &folder, .name = "a", .restart = SERVICE_RESTART_ALWAYS,
		.restart_delay_ms = row->delay_ms, .restart_delay_max_ms = row->delay_max_ms,
		.start_limit = row->limit, .start_limit_window_s = row->window_s,
	};
	struct spec spec = {
		.arena = &arena, .report = &report, .config = &config, .folders = &folders,
		.services = &service, .count = 1,
	};

	check_life(&spec);
	fclose(report.to);
	free(said);
	arena_free(&arena);
	return !report.errors;
}

/* Fails at once, again and again, until it is given up or has had a window and
 * as many starts as anybody may write. */
static bool is_given_up(const struct row *row)
{
	const struct service policy = {
		.restart = SERVICE_RESTART_ALWAYS,
		.restart_delay_ms = (uint32_t)row->delay_ms,
		.restart_delay_max_ms = (uint32_t)row->delay_max_ms,
		.start_limit = (uint32_t)row->limit,
		.start_limit_window_ms = (uint32_t)(row->window_s * 1000),
	};
	static const enum step_event run[] = { STEP_EXECUTED, STEP_FAILED, STEP_EMPTY };
	struct step_service s = { .state = STEP_OFF };
	uint64_t now_ms = 1000;

	s = step(s, &policy, STEP_START, now_ms).next;
	s = step(s, &policy, STEP_GO, now_ms).next;
	for (int64_t starts = 0; starts < 10 * row->limit; starts++) {
		for (size_t i = 0; i < sizeof(run) / sizeof(run[0]); i++)
			s = step(s, &policy, run[i], now_ms).next;
		if (s.state == STEP_GIVEN_UP)
			return true;
		assert_int_equal(s.state, STEP_BACKOFF);
		now_ms = s.deadline_ms;
		s = step(s, &policy, STEP_TIMEOUT, now_ms).next;
	}
	return false;
}

static void a_start_limit_is_refused_if_step_would_never_reach_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (is_given_up(&rows[i]) != rows[i].reached)
			fail_msg("row %zu: step() says otherwise", i);
		if (is_accepted(&rows[i]) != rows[i].reached)
			fail_msg("row %zu: the host tool says otherwise", i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_start_limit_is_refused_if_step_would_never_reach_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
