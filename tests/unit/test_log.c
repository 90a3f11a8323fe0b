/*
 * The logs of services as PID 1 keeps them: what a line is, what a flood costs,
 * and that nothing is dropped in silence.
 *
 * links: init/log.c init/log_line.c init/log_pause.c init/bucket.c init/logring.c init/text.c init/timers.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "init/bucket.h"
#include "init/console.h"
#include "init/log.h"
#include "init/log_line.h"
#include "init/reexec.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

enum { PLAIN, SHOWN, FREE };	/* rate 10; the same and LOG_CONSOLE; no limit */

const struct service services[SERVICE_SLOTS] = {
	{ .name = "plain", .log_rate = 10, .log_offset = 0, .log_bytes = 16384 },
	{ .name = "shown", .log_rate = 10, .log_offset = 16384, .log_bytes = 16384,
	  .log_console = true },
	{ .name = "free", .log_offset = 32768, .log_bytes = 16384 },
};
const struct board board = { .log_offset = 49152, .log_bytes = 4096 };

static struct state memory;
struct state *state = &memory;

static char console[8192];

void console_relay(const char *name, const char *bytes, size_t len, bool cut)
{
	size_t at = strlen(console);

	snprintf(console + at, sizeof(console) - at, "%s: %.*s%s\n", name, (int)len, bytes,
		 cut ? " [cut]" : "");
}

/* What is held is let go again, when all of it is kept. */
static int held;

void reexec_hold(void)
{
	held++;
}

void reexec_release(void)
{
	held--;
	assert_int_equal(held, 0);
}

/* Each test has its own hour, and the pipe of the service that it is about. */
static uint64_t now = 3600000;
static int pipe_fds[2];

/* A read takes this long, since one look at the clock comes so much later than the one
 * before. */
static unsigned look_ms, looked_ms;

int clock_gettime(clockid_t clock, struct timespec *ts)
{
	long then = (long)(now + (looked_ms += look_ms));

	(void)clock;
	*ts = (struct timespec){ .tv_sec = then / 1000, .tv_nsec = then % 1000 * 1000000 };
	return 0;
}

static int set_up(void **unused)
{
	uint16_t id;

	(void)unused;
	now += 3600000;
	while (log_next_due(UINT64_MAX, &id))
		;
	memset(&memory, 0, sizeof(memory));
	memset(console, 0, sizeof(console));
	log_init();
	log_changed();
	return pipe2(pipe_fds, O_NONBLOCK);
}

static int tear_down(void **unused)
{
	(void)unused;
	look_ms = looked_ms = 0;
	close(pipe_fds[0]);
	close(pipe_fds[1]);
	return 0;
}

static void put(const char *bytes, size_t len)
{
	assert_int_equal(write(pipe_fds[1], bytes, len), len);
}

static void put_text(const char *text)
{
	put(text, strlen(text));
}

static void put_lines(const char *prefix, unsigned first, unsigned count)
{
	char line[64];

	for (unsigned i = first; i < first + count; i++)
		put(line, (size_t)snprintf(line, sizeof(line), "%s%u\n", prefix, i));
}

static int left(void)
{
	int n = -1;

	ioctl(pipe_fds[0], FIONREAD, &n);
	return n;
}

/* All records from *at on, each as "text\n", with a mark of what it is. */
static const char *records(const struct state_log *l, uint64_t *at)
{
	static char text[65536];
	struct logring_record record;
	char line[STATE_LINE_SIZE];
	size_t len = 0;

	while (logring_read(&l->ring, state->arena, at, &record, line, sizeof(line), NULL)) {
		if (record.level != LOGRING_NO_LEVEL)
			len += (size_t)sprintf(text + len, "(%u)", record.level);
		len += (size_t)sprintf(text + len, "%s%s%s", record.flags & LOGRING_RUN ? "RUN" : "",
				       record.flags & LOGRING_DROPPED ? "DROPPED " : "",
				       record.flags & LOGRING_CUT ? "CUT " : "");
		for (unsigned i = 0; i < record.len; i++)
			len += (size_t)sprintf(text + len, line[i] >= ' ' && line[i] < 0x7f ?
					       "%c" : "\\%02x", (uint8_t)line[i]);
		len += (size_t)sprintf(text + len, "\n");
	}
	text[len] = '\0';
	return text;
}

static const char *all(uint16_t id)
{
	uint64_t at = 0;

	return records(&memory.slot[id].log, &at);
}

static void take(uint16_t id)
{
	log_read(id, pipe_fds[0], now);
}

/* As the loop does it: the paused one is looked at when its time has come. */
static void pass(uint16_t id, uint64_t ms)
{
	uint64_t end = now + ms;
	uint16_t due;

	while (log_deadline() && log_deadline() <= end) {
		now = log_deadline();
		assert_true(log_next_due(now, &due));
		assert_int_equal(due, id);
		take(id);
	}
	now = end;
}

/* --- The token bucket ------------------------------------------------------------ */

static unsigned passing(uint64_t *paid, uint32_t rate, uint64_t at, unsigned most)
{
	unsigned count = 0;

	while (count < most && bucket_take(paid, rate, at))
		count++;
	return count;
}

static void a_bucket_holds_four_seconds_and_fills_at_its_rate(void **unused)
{
	static const struct {
		uint32_t rate;
		uint64_t first_ms, then_ms;
		unsigned first, then;
	} rows[] = {
		{ 1, 0, 999, 4, 0 },
		{ 1, 0, 1000, 4, 1 },
		{ 10, 0, 99, 40, 0 },
		{ 10, 0, 100, 40, 1 },
		{ 10, 5000, 5250, 40, 2 },
		{ 10, 5000, 9000, 40, 40 },
		{ 10, 5000, 5000000, 40, 40 },
		{ 1000, 77, 78, 4000, 1 },
		{ 1000, 77, 1077, 4000, 1000 },
		{ 1000000, 77, 78, 4000000, 1000 },
		{ 0, 77, 77, 10000000, 10000000 },
	};

	(void)unused;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint64_t paid = 0;

		assert_int_equal(passing(&paid, rows[i].rate, rows[i].first_ms, 10000000),
				 rows[i].first);
		assert_int_equal(passing(&paid, rows[i].rate, rows[i].then_ms, 10000000),
				 rows[i].then);
	}
}

static void who_was_over_the_limit_waits_for_a_second_of_it(void **unused)
{
	uint64_t paid = 0;

	(void)unused;
	assert_int_equal(passing(&paid, 10, 5000, 100), 40);
	assert_false(bucket_has_second(paid, 5000));
	assert_false(bucket_has_second(paid, 5999));
	assert_true(bucket_has_second(paid, 6000));
}

static void a_bucket_from_a_wrong_state_is_full(void **unused)
{
	uint64_t paid = UINT64_MAX;

	(void)unused;
	assert_true(bucket_has_second(paid, 5000));
	assert_int_equal(passing(&paid, 10, 5000, 100), 40);
}

/* --- Lines ------------------------------------------------------------------------- */

static void bytes_become_lines(void **unused)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *lines;
	} rows[] = {
#define ROW(bytes, lines) { bytes, sizeof(bytes) - 1, lines }
		ROW("one\ntwo\n", "one\ntwo\n"),
		ROW("\n\n", "\n\n"),
		ROW("no end", ""),
		ROW("\0\xff\x1b\r\n", "\\00\\ff\\1b\\0d\n"),
		ROW("<0>worst\n<7>least\n", "(0)worst\n(7)least\n"),
		ROW("<3>\n", "(3)\n"),
		ROW("<8>no level\n", "<8>no level\n"),
		ROW("<3\n<\n<33>x\n <3>x\n", "<3\n<\n<33>x\n <3>x\n"),
		ROW("<3><4>once\n", "(3)<4>once\n"),
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		put(rows[i].bytes, rows[i].len);
		take(FREE);
		assert_string_equal(all(FREE), rows[i].lines);
		tear_down(unused);
		assert_int_equal(set_up(unused), 0);
	}
}

static void a_long_line_is_cut_and_marked_however_it_comes(void **unused)
{
	static const size_t parts[] = { 1500, 1001, 999, 500, 7 };

	for (size_t i = 0; i < COUNT(parts); i++) {
		char line[1500];
		const char *text;

		memset(line, 'x', sizeof(line));
		for (size_t at = 0; at < sizeof(line); at += parts[i]) {
			put(line + at, sizeof(line) - at < parts[i] ? sizeof(line) - at : parts[i]);
			take(SHOWN);
		}
		put_text("\nnext\n");
		take(SHOWN);
		text = all(SHOWN);
		assert_int_equal(strspn(text + 4, "x"), STATE_LINE_SIZE);
		assert_memory_equal(text, "CUT x", 5);
		assert_string_equal(text + 4 + STATE_LINE_SIZE, "\nnext\n");
		assert_non_null(strstr(console, "x [cut]\nshown: next\n"));
		tear_down(unused);
		assert_int_equal(set_up(unused), 0);
	}
}

static void a_line_of_exactly_the_maximum_is_whole(void **unused)
{
	char line[STATE_LINE_SIZE + 1];

	(void)unused;
	memset(line, 'x', STATE_LINE_SIZE);
	line[STATE_LINE_SIZE] = '\n';
	put(line, sizeof(line));
	take(PLAIN);
	assert_memory_equal(all(PLAIN), line, sizeof(line));
}

static void half_a_line_is_gone_on_with_after_a_take_up(void **unused)
{
	(void)unused;
	put_text("whole\nha");
	take(PLAIN);
	log_init();
	put_text("lf\n");
	take(PLAIN);
	assert_string_equal(all(PLAIN), "whole\nhalf\n");
}

static void a_ring_that_is_not_sound_starts_empty(void **unused)
{
	struct state_log *l = &memory.slot[PLAIN].log;
	const struct logring good = l->ring;

	(void)unused;
	for (int i = 0; i < 5; i++) {
		put_text("line\n");
		take(PLAIN);
		switch (i) {
		case 0: l->ring.head += 3; break;
		case 1: l->ring = (struct logring){ .offset = 16384, .size = 16384 }; break;
		case 2: l->ring.size = 8192; break;
		case 3: l->ring.tail = l->ring.head + 1; break;
		case 4: l->len = STATE_LINE_SIZE + 1; break;
		}
		log_init();
		assert_string_equal(all(PLAIN), "");
		assert_memory_equal(&l->ring, &good, sizeof(good));
	}
}

/* --- Floods ------------------------------------------------------------------------ */

static void what_comes_too_fast_is_counted_and_said(void **unused)
{
	(void)unused;
	put_lines("", 0, 100);
	take(SHOWN);
	assert_true(log_is_paused(SHOWN));
	assert_true(strstr(all(SHOWN), "39\n") && !strstr(all(SHOWN), "40\n"));
	pass(SHOWN, 999);
	assert_null(strstr(all(SHOWN), "DROPPED"));
	/* Said although nothing more comes, and then its pipe is watched again. */
	pass(SHOWN, 2 * LOG_PAUSE_MS);
	assert_non_null(strstr(all(SHOWN), "39\nDROPPED 60 lines were dropped\n"));
	assert_non_null(strstr(console, "shown: 39\nshown: 60 lines were dropped\n"));
	assert_int_equal(memory.slot[SHOWN].log.dropped, 60);
	assert_false(log_is_paused(SHOWN));
	assert_int_equal(log_deadline(), 0);
	put_text("after\n");
	take(SHOWN);
	assert_non_null(strstr(all(SHOWN), "dropped\nafter\n"));
}

static void each_second_of_a_flood_has_its_lines_and_one_that_counts_the_rest(void **unused)
{
	uint64_t at = 0, end = now + 10000, kept = 0, dropped = 0, notes = 0;
	const char *text;
	unsigned n = 0;

	(void)unused;
	put_lines("", n++, 1);
	take(PLAIN);
	for (; now < end; now += 10) {
		uint16_t id;

		if (log_is_paused(PLAIN) && !log_next_due(now, &id))
			continue;
		put_lines("", n, 200);
		n += 200;
		take(PLAIN);
		for (text = records(&memory.slot[PLAIN].log, &at); *text;
		     text = strchr(text, '\n') + 1) {
			notes += *text == 'D';
			kept += *text != 'D';
			dropped += *text == 'D' ? strtoul(text + 8, NULL, 10) : 0;
		}
	}
	assert_in_range(kept, 40 + 80, 40 + 100);
	assert_in_range(notes, 8, 10);
	assert_int_equal(kept + dropped + memory.slot[PLAIN].log.pending, n);
}

static void the_end_of_a_line_that_was_dropped_is_dropped_too(void **unused)
{
	(void)unused;
	put_lines("", 0, 41);
	put_text("begin");
	take(PLAIN);
	put_text("middle");
	pass(PLAIN, 900);
	pass(PLAIN, 200);
	assert_non_null(strstr(all(PLAIN), "39\nDROPPED 2 lines were dropped\n"));
	log_init();
	put_text("end\nnew\n");
	take(PLAIN);
	assert_non_null(strstr(all(PLAIN), "dropped\nnew\n"));
}

static void what_was_dropped_is_said_also_after_a_take_up(void **unused)
{
	uint16_t id;

	(void)unused;
	put_lines("", 0, 100);
	take(PLAIN);
	while (log_next_due(UINT64_MAX, &id))
		;
	log_init();
	assert_true(log_is_paused(PLAIN));
	pass(PLAIN, 1100);
	assert_non_null(strstr(all(PLAIN), "39\nDROPPED 60 lines were dropped\n"));
}

static void a_call_takes_a_page_and_of_a_flood_all_that_a_pipe_holds(void **unused)
{
	static char bytes[49152];

	(void)unused;
	memset(bytes, '\n', sizeof(bytes));
	put(bytes, sizeof(bytes));
	take(PLAIN);
	assert_int_equal(left(), sizeof(bytes) - 4096);
	pass(PLAIN, LOG_PAUSE_MS + 5);
	assert_int_equal(left(), 0);
	assert_int_equal(memory.slot[PLAIN].log.dropped, sizeof(bytes) - 40);
}

/* As log_line.c says it: a line counts when it begins. */
static uint64_t lines_begun(const char *bytes, size_t len, bool *inside)
{
	uint64_t lines = 0;

	for (size_t i = 0; i < len; i++) {
		lines += !*inside;
		*inside = bytes[i] != '\n';
	}
	return lines;
}

/* Newlines, and bytes that differ from one in a bit or follow from it by a carry. */
static void lines_of_a_flood_are_counted_whatever_their_bytes_are(void **unused)
{
	static const char some[] = { '\n', '\n', '\n', 0x0b, 0x09, 0, 1, 'x', 0x7f,
				     (char)0x8a, (char)0x80, (char)0xff };
	static char bytes[8192];
	uint64_t begun = 0;
	bool inside = false;

	(void)unused;
	memset(bytes, '\n', 41);
	log_line_take(PLAIN, bytes, 41, now);
	assert_int_equal(memory.slot[PLAIN].log.dropped, 1);
	srand(1);
	for (unsigned i = 0; i < 20000; i++) {
		size_t at = (size_t)rand() % 16, len = (size_t)rand() % (i % 100 ? 70 : 8000);
		bool newlines_alone = i % 7 == 0;

		for (size_t j = at; j < at + len; j++)
			bytes[j] = newlines_alone ? '\n' : some[(size_t)rand() % sizeof(some)];
		begun += lines_begun(bytes + at, len, &inside);
		log_line_take(PLAIN, bytes + at, len, now);
		assert_int_equal(memory.slot[PLAIN].log.dropped, 1 + begun);
	}
}

static unsigned long anonymous_kb(void)
{
	static char text[4096];
	int fd = open("/proc/self/smaps_rollup", O_RDONLY);
	const char *at;

	assert_true(fd >= 0);
	assert_true(read(fd, text, sizeof(text) - 1) > 0);
	close(fd);
	at = strstr(text, "\nAnonymous:");
	assert_non_null(at);
	return strtoul(at + strlen("\nAnonymous:"), NULL, 10);
}

static void what_a_flood_needs_of_memory_is_given_back(void **unused)
{
	static char bytes[61440];
	unsigned long meanwhile;

	(void)unused;
	memset(bytes, '\n', sizeof(bytes));
	put(bytes, sizeof(bytes));
	take(PLAIN);
	pass(PLAIN, LOG_PAUSE_MS + 1);
	assert_int_equal(left(), 0);
	meanwhile = anonymous_kb();
	pass(PLAIN, 1100);
	assert_in_range(anonymous_kb(), 1, meanwhile - 40);
	put(bytes, sizeof(bytes));
	log_end_run(PLAIN, pipe_fds[0], now);
	assert_in_range(anonymous_kb(), 1, meanwhile - 40);
}

/* How many reads of so many bytes each, all at once, it takes to be paused. */
static unsigned reads_until_paused(size_t len)
{
	static char bytes[4096];
	unsigned count = 0;

	memset(bytes, 'x', sizeof(bytes));
	do {
		put(bytes, len);
		take(FREE);
		count++;
	} while (!log_is_paused(FREE) && count < 1000);
	return count;
}

static void whoever_has_no_limit_is_paused_by_bytes_and_by_reads(void **unused)
{
	(void)unused;
	assert_int_equal(reads_until_paused(4096), 4);
	assert_in_range(log_deadline(), now + LOG_PAUSE_MS, now + LOG_PAUSE_MS + 1);
	now = log_deadline();
	assert_int_equal(reads_until_paused(1), 20);
}

static void whoever_stops_to_flood_is_free_again(void **unused)
{
	static char bytes[61440];

	(void)unused;
	memset(bytes, '\n', sizeof(bytes));
	put(bytes, sizeof(bytes));
	take(PLAIN);
	for (int i = 0; i < 40; i++) {
		pass(PLAIN, LOG_PAUSE_MS + 1);
		if (left() == 0)
			put(bytes, sizeof(bytes));
	}
	pass(PLAIN, 1100);
	put_text("x\n");
	take(PLAIN);
	assert_false(log_is_paused(PLAIN));
}

static void a_line_in_a_millisecond_is_no_flood(void **unused)
{
	(void)unused;
	for (int i = 0; i < 1000; i++) {
		put_text("a line of some length, as programs write them\n");
		take(FREE);
		assert_false(log_is_paused(FREE));
		now++;
	}
}

static void a_read_that_had_to_wait_pauses_longer(void **unused)
{
	(void)unused;
	look_ms = LOG_LOCKED_MS - 1;
	put_text("line\n");
	take(PLAIN);
	assert_false(log_is_paused(PLAIN));
	look_ms = LOG_LOCKED_MS;
	take(PLAIN);
	assert_true(log_is_paused(PLAIN));
	assert_int_equal(log_deadline(), now + LOG_LOCKED_PAUSE_MS);
	look_ms = 0;
	pass(PLAIN, LOG_LOCKED_PAUSE_MS);
	assert_false(log_is_paused(PLAIN));
	/* But what the turn took before it is not the read's. */
	take(PLAIN);
	assert_true(looked_ms >= LOG_LOCKED_MS);
	assert_false(log_is_paused(PLAIN));
}

static void the_more_are_paused_the_longer_it_lasts(void **unused)
{
	uint64_t first;

	(void)unused;
	put_lines("", 0, 50);
	take(PLAIN);
	first = log_deadline();
	put_lines("", 0, 50);
	take(SHOWN);
	log_next_due(first, &(uint16_t){ 0 });
	assert_true(log_deadline() > first);
}

/* --- Runs --------------------------------------------------------------------------- */

static void last_words_are_kept_whatever_was_said_before(void **unused)
{
	static const char *const endings[] = { "almost\nlast\nwords", "almost\nlast\nwords\n" };

	for (size_t i = 0; i < COUNT(endings); i++) {
		log_begin_run(PLAIN, now);
		put_lines("", 0, 50);
		take(PLAIN);
		put_lines("flood ", 0, 1000);
		put_text(endings[i]);
		log_end_run(PLAIN, pipe_fds[0], now);
		assert_non_null(strstr(all(PLAIN), "39\nDROPPED 1010 lines were dropped\n"
						   "almost\nlast\nwords\n"));
		assert_int_equal(memory.slot[PLAIN].log.pending, 0);
		/* They don't fill the bucket for the next run. */
		put_text("next\n");
		take(PLAIN);
		assert_null(strstr(all(PLAIN), "next"));
		tear_down(unused);
		assert_int_equal(set_up(unused), 0);
	}
}

static void half_a_line_that_was_dropped_ends_with_its_run(void **unused)
{
	(void)unused;
	put_lines("", 0, 41);
	put_text("half");
	take(PLAIN);
	log_end_run(PLAIN, pipe_fds[0], now);
	now += 5000;
	log_begin_run(PLAIN, now);
	put_text("whole\n");
	take(PLAIN);
	assert_non_null(strstr(all(PLAIN), "39\nDROPPED 2 lines were dropped\nRUN\nwhole\n"));
}

static void what_was_dropped_between_runs_is_said_before_the_next(void **unused)
{
	(void)unused;
	log_end_run(PLAIN, pipe_fds[0], now);
	put_lines("", 0, 41);
	take(PLAIN);
	log_begin_run(PLAIN, now);
	assert_non_null(strstr(all(PLAIN), "39\nDROPPED 1 lines were dropped\nRUN\n"));
}

static void a_line_without_an_end_is_closed_with_its_run(void **unused)
{
	(void)unused;
	put_text("one\nhalf");
	take(PLAIN);
	log_end_run(PLAIN, pipe_fds[0], now);
	log_begin_run(PLAIN, now);
	put_text("a line\n");
	take(PLAIN);
	assert_string_equal(all(PLAIN), "one\nhalf\nRUN\na line\n");
}

static void what_lingers_after_a_run_is_closed_by_the_next(void **unused)
{
	(void)unused;
	log_end_run(PLAIN, pipe_fds[0], now);
	put_text("half");
	take(PLAIN);
	log_begin_run(PLAIN, now);
	assert_string_equal(all(PLAIN), "half\nRUN\n");
}

static void the_console_is_shown_three_lines_of_the_last_run(void **unused)
{
	static const struct {
		const char *run, *shown;
	} rows[] = {
		{ "1\n2\n3\n4\n", "plain: 2\nplain: 3\nplain: 4\n" },
		{ "<3>only\n", "plain: only\n" },
		{ "", "" },
	};

	(void)unused;
	for (size_t i = 0; i < COUNT(rows); i++) {
		console[0] = '\0';
		log_begin_run(PLAIN, now);
		put_text(rows[i].run);
		log_end_run(PLAIN, pipe_fds[0], now);
		log_last_words(PLAIN);
		assert_string_equal(console, rows[i].shown);
	}
}

static void what_the_console_has_seen_is_not_shown_again(void **unused)
{
	(void)unused;
	put_text("<3>seen\n");
	take(SHOWN);
	log_last_words(SHOWN);
	assert_string_equal(console, "shown: seen\n");
}

/* --- PID 1's own --------------------------------------------------------------------- */

/* The first test: nothing has been placed yet. */
static void before_the_rings_are_placed_nothing_is_kept(void **unused)
{
	(void)unused;
	memory.log.ring = (struct logring){ .head = 5, .offset = 1u << 30, .size = 4096 };
	log_own(NULL, "early", 5, 1);
	assert_int_equal(memory.log.ring.head, 5);
}

static void own_lines_are_kept_with_the_name_that_they_are_about(void **unused)
{
	static char text[STATE_LINE_SIZE + 10];
	uint64_t at = 0;

	(void)unused;
	memset(text, 'x', sizeof(text));
	log_own(NULL, "booted", 6, now);
	log_own("web", "startedXXX", 7, now);
	assert_string_equal(records(&memory.log, &at), "booted\nweb: started\n");
	log_own(NULL, text, sizeof(text), now);
	assert_memory_equal(records(&memory.log, &at), "CUT xxx", 7);
}

static void a_change_is_told_once(void **unused)
{
	(void)unused;
	assert_false(log_changed());
	log_own(NULL, "x", 1, now);
	assert_true(log_changed());
	assert_false(log_changed());
	put_text("half");
	take(PLAIN);
	assert_false(log_changed());
	put_text("\n");
	take(PLAIN);
	assert_true(log_changed());
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(before_the_rings_are_placed_nothing_is_kept),
		TEST(a_bucket_holds_four_seconds_and_fills_at_its_rate),
		TEST(who_was_over_the_limit_waits_for_a_second_of_it),
		TEST(a_bucket_from_a_wrong_state_is_full),
		TEST(bytes_become_lines),
		TEST(a_long_line_is_cut_and_marked_however_it_comes),
		TEST(a_line_of_exactly_the_maximum_is_whole),
		TEST(half_a_line_is_gone_on_with_after_a_take_up),
		TEST(a_ring_that_is_not_sound_starts_empty),
		TEST(what_comes_too_fast_is_counted_and_said),
		TEST(each_second_of_a_flood_has_its_lines_and_one_that_counts_the_rest),
		TEST(the_end_of_a_line_that_was_dropped_is_dropped_too),
		TEST(what_was_dropped_is_said_also_after_a_take_up),
		TEST(a_call_takes_a_page_and_of_a_flood_all_that_a_pipe_holds),
		TEST(lines_of_a_flood_are_counted_whatever_their_bytes_are),
		TEST(what_a_flood_needs_of_memory_is_given_back),
		TEST(whoever_has_no_limit_is_paused_by_bytes_and_by_reads),
		TEST(whoever_stops_to_flood_is_free_again),
		TEST(a_line_in_a_millisecond_is_no_flood),
		TEST(a_read_that_had_to_wait_pauses_longer),
		TEST(the_more_are_paused_the_longer_it_lasts),
		TEST(last_words_are_kept_whatever_was_said_before),
		TEST(half_a_line_that_was_dropped_ends_with_its_run),
		TEST(what_was_dropped_between_runs_is_said_before_the_next),
		TEST(a_line_without_an_end_is_closed_with_its_run),
		TEST(what_lingers_after_a_run_is_closed_by_the_next),
		TEST(the_console_is_shown_three_lines_of_the_last_run),
		TEST(what_the_console_has_seen_is_not_shown_again),
		TEST(own_lines_are_kept_with_the_name_that_they_are_about),
		TEST(a_change_is_told_once),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
