/*
 * Lines of many logs as one stream: by time, none twice, and what was
 * overwritten is counted.
 *
 * links: init/client/lines.c init/client/show.c init/client/json.c init/client/out.c init/logring.c init/text.c
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "init/client/kmsg.h"
#include "init/client/lines.h"

/* Small, so that it is full after some lines. */
#define RING_SIZE 128

const struct service services[SERVICE_SLOTS] = { { .name = "web" }, { .name = "broker" } };

static struct state all;
static struct lines_line line;

/* What kmsg_read() has to say, one message. */
static struct kmsg_record message;
static bool has_message;

int kmsg_open_to_read(void)
{
	return 1000;
}

int kmsg_read(int fd, uint64_t from, struct kmsg_record *r)
{
	(void)fd;
	(void)from;
	if (!has_message)
		return 0;
	has_message = false;
	*r = message;
	return 1;
}

static void say(struct state_log *log, uint64_t time_ms, const char *words)
{
	const struct logring_record record = {
		.time_ms = time_ms, .len = (uint16_t)strlen(words), .level = LOGRING_NO_LEVEL,
	};

	logring_add(&log->ring, all.arena, record, words);
}

static void next_is(uint32_t source, const char *words)
{
	assert_true(lines_next(&all, &line));
	assert_int_equal(line.source, source);
	assert_int_equal(line.record.len, strlen(words));
	assert_memory_equal(line.bytes, words, strlen(words));
}

static void nothing_is_left(void)
{
	assert_false(lines_next(&all, &line));
}

static int set_up(void **test)
{
	(void)test;
	memset(&all, 0, sizeof(all));
	all.log.ring = (struct logring){ .offset = 0, .size = RING_SIZE };
	for (uint32_t i = 0; i < 2; i++)
		all.slot[i].log.ring = (struct logring){
			.offset = (i + 1) * RING_SIZE, .size = RING_SIZE,
		};
	lines_rewind();
	return 0;
}

/* There is one stream in a program: its sources are added once. */
static int add_all(void **test)
{
	(void)test;
	lines_add(0);
	lines_add(1);
	lines_add(LINES_OF_PITH);
	lines_add(LINES_OF_KERNEL);
	return 0;
}

static void lines_of_all_come_by_time(void **test)
{
	(void)test;
	nothing_is_left();
	say(&all.slot[0].log, 1, "w1");
	say(&all.slot[0].log, 5, "w5");
	say(&all.slot[1].log, 2, "b2");
	say(&all.log, 3, "p3");
	message = (struct kmsg_record){ .time_ms = 4, .text = "k4", .len = 2, .level = 3 };
	has_message = true;
	next_is(0, "w1");
	next_is(1, "b2");
	/* What comes while it is read finds its place. */
	say(&all.slot[1].log, 4, "b4");
	next_is(LINES_OF_PITH, "p3");
	next_is(1, "b4");
	next_is(LINES_OF_KERNEL, "k4");
	assert_int_equal(line.record.level, 3);
	next_is(0, "w5");
	nothing_is_left();
	say(&all.slot[0].log, 6, "w6");
	next_is(0, "w6");
	nothing_is_left();
}

static void a_second_reading_begins_at_the_oldest(void **test)
{
	(void)test;
	say(&all.slot[0].log, 1, "one");
	say(&all.slot[0].log, 2, "two");
	next_is(0, "one");
	lines_rewind();
	next_is(0, "one");
	next_is(0, "two");
	nothing_is_left();
}

static void what_was_overwritten_is_counted_once(void **test)
{
	const size_t record = sizeof(struct logring_record) + 4;
	const unsigned fit = (unsigned)(RING_SIZE / record);

	(void)test;
	say(&all.slot[0].log, 1, "0000");
	next_is(0, "0000");
	assert_int_equal(line.lost, 0);
	for (unsigned i = 0; i < fit + 2; i++)
		say(&all.slot[0].log, 2 + i, "xxxx");
	next_is(0, "xxxx");
	assert_int_equal(line.lost, 2 * record);
	for (unsigned i = 1; i < fit; i++) {
		next_is(0, "xxxx");
		assert_int_equal(line.lost, 0);
	}
	nothing_is_left();
}

static void what_went_before_anybody_read_is_not_lost(void **test)
{
	(void)test;
	for (unsigned i = 0; i < 100; i++)
		say(&all.slot[0].log, 1 + i, "xxxx");
	next_is(0, "xxxx");
	assert_int_equal(line.lost, 0);
}

static void a_ring_that_was_made_anew_is_read_from_its_beginning(void **test)
{
	(void)test;
	for (unsigned i = 0; i < 5; i++)
		say(&all.slot[0].log, 1 + i, "old");
	while (lines_next(&all, &line))
		;
	all.slot[0].log.ring.head = all.slot[0].log.ring.tail = 0;
	say(&all.slot[0].log, 9, "new");
	next_is(0, "new");
	nothing_is_left();
}

static void flags_are_told_in_words(void **test)
{
	static const struct {
		uint8_t flags;
		const char *bytes, *is;
	} rows[] = {
		{ 0, "a\x1b[31m", "a?[31m" },
		{ LOGRING_CUT, "long", "long (cut)" },
		{ LOGRING_DROPPED, "7 lines were dropped", "(7 lines were dropped)" },
		{ LOGRING_RUN, "", "(a new run)" },
	};
	char buf[64];

	(void)test;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text t = TEXT_ON(buf);

		line.record.flags = rows[i].flags;
		line.record.len = (uint16_t)strlen(rows[i].bytes);
		memcpy(line.bytes, rows[i].bytes, line.record.len);
		lines_add_text(&t, &line);
		assert_string_equal(buf, rows[i].is);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(lines_of_all_come_by_time, set_up),
		cmocka_unit_test_setup(a_second_reading_begins_at_the_oldest, set_up),
		cmocka_unit_test_setup(what_was_overwritten_is_counted_once, set_up),
		cmocka_unit_test_setup(what_went_before_anybody_read_is_not_lost, set_up),
		cmocka_unit_test_setup(a_ring_that_was_made_anew_is_read_from_its_beginning, set_up),
		cmocka_unit_test_setup(flags_are_told_in_words, set_up),
	};

	return cmocka_run_group_tests_name("client_lines", tests, add_all, NULL);
}
