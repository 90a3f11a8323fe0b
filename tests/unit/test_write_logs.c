/*
 * The writer of log copies, with a state of the test's own and a client that
 * does as it is told.  Each writer is a process, as it is on a board.
 *
 * links: init/client/write_logs.c init/client/kmsg.c init/client/logfile.c init/client/written.c init/logring.c init/procfile.c init/text.c init/timers.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "init/client/client.h"
#include "init/client/kmsg.h"
#include "own_run.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

#define LOG "/run/copy/log"
#define TABLE 77

enum { ALPHA, BETA, GAMMA };

const struct service services[SERVICE_SLOTS] = {
	{ .name = "alpha" }, { .name = "beta" }, { .name = "gamma" },
};
const struct board board = {
	.log_file = LOG, .log_file_bytes = 1 << 26, .log_files = 2, .fingerprint = TABLE,
};

/* Shared with the writers. */
static struct state *memory;

/* --- The client that the writer is linked with ------------------------------------- */

static void (*const *script)(void);	/* one step for each wait; NULL ends it */

int client_attach(struct client *c)
{
	*c = (struct client){ .state = memory };
	return 0;
}

int client_watch(struct client *c)
{
	(void)c;
	return 0;
}

int client_follow(struct client *c, int fd)
{
	(void)c;
	(void)fd;
	if (!script || !*script)
		return CLIENT_NO_PITH;
	(*script++)();
	return 0;
}

void client_say(const char *fmt, ...)
{
	(void)fmt;
}

/* --- What the tests do ----------------------------------------------------------------- */

static void renew(void)
{
	memset(memory, 0, sizeof(*memory));
	for (uint32_t id = 0; id < SERVICE_COUNT; id++)
		memory->slot[id].log.ring = (struct logring){ .offset = id << 12, .size = 4096 };
	memory->log.ring = (struct logring){ .offset = SERVICE_COUNT << 12, .size = 4096 };
}

static int set_up(void **unused)
{
	(void)unused;
	renew();
	unlink(LOG);
	unlink(PATH_WRITTEN);
	return 0;
}

static void add(struct state_log *l, uint64_t time_ms, const char *text, unsigned flags)
{
	const struct logring_record record = {
		.time_ms = time_ms, .len = (uint16_t)strlen(text), .flags = (uint8_t)flags,
		.level = LOGRING_NO_LEVEL,
	};

	logring_add(&l->ring, memory->arena, record, text);
}

static void add_to(unsigned id, uint64_t time_ms, const char *text)
{
	add(&memory->slot[id].log, time_ms, text, 0);
}

static int write_logs(void (*const *steps)(void))
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0) {
		script = steps;
		_exit(client_write_logs(1, NULL));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* What was written since the last call, without what this machine's kernel said. */
static const char *copied(void)
{
	static char text[1 << 16];
	FILE *f = fopen(LOG, "r");
	char line[16384];
	size_t len = 0;

	while (f && fgets(line, sizeof(line), f))
		if (!strstr(line, "] kernel: "))
			len += (size_t)snprintf(text + len, sizeof(text) - len, "%s", line);
	if (f)
		fclose(f);
	unlink(LOG);
	text[len] = '\0';
	return text;
}

static void lines_of_all_rings_are_in_the_order_of_time(void **unused)
{
	(void)unused;
	add_to(GAMMA, 1003, "third");
	add_to(ALPHA, 1001, "first");
	add_to(ALPHA, 1004, "fourth");
	add(&memory->log, 1002, "second", 0);
	assert_int_equal(write_logs(NULL), CLIENT_NO_PITH);
	assert_string_equal(copied(), "[1.001] alpha: first\n[1.002] pith: second\n"
				      "[1.003] gamma: third\n[1.004] alpha: fourth\n");
}

static void a_line_shows_what_it_is_and_no_byte_that_steers(void **unused)
{
	(void)unused;
	add(&memory->slot[BETA].log, 1, "", LOGRING_RUN);
	add(&memory->slot[BETA].log, 2, "long", LOGRING_CUT);
	add(&memory->slot[BETA].log, 3, "7 lines were dropped", LOGRING_DROPPED);
	add(&memory->slot[BETA].log, 4, "\x1b[2J\xff\r", 0);
	write_logs(NULL);
	assert_string_equal(copied(), "[0.002] beta: long [cut]\n"
				      "[0.003] beta: 7 lines were dropped\n"
				      "[0.004] beta: ?[2J??\n");
}

static void step_add_one(void)
{
	add_to(BETA, 20, "one");
}

static void step_add_two(void)
{
	add_to(ALPHA, 21, "two");
	add_to(BETA, 22, "three");
}

static void what_is_new_is_followed(void **unused)
{
	static void (*const steps[])(void) = { step_add_one, step_add_two, NULL };

	(void)unused;
	add_to(ALPHA, 10, "zero");
	write_logs(steps);
	assert_string_equal(copied(), "[0.010] alpha: zero\n[0.020] beta: one\n"
				      "[0.021] alpha: two\n[0.022] beta: three\n");
}

static void a_new_writer_goes_on_where_the_last_one_stopped(void **unused)
{
	(void)unused;
	add_to(ALPHA, 10, "before");
	write_logs(NULL);
	assert_string_equal(copied(), "[0.010] alpha: before\n");
	write_logs(NULL);
	assert_string_equal(copied(), "");
	add_to(ALPHA, 10, "of the same millisecond");
	add_to(GAMMA, 5, "of another");
	write_logs(NULL);
	assert_string_equal(copied(), "[0.005] gamma: of another\n"
				      "[0.010] alpha: of the same millisecond\n");
}

/* Rings are in other places then, and positions lead to nowhere. */
static void after_a_change_of_the_table_the_time_tells_what_is_new(void **unused)
{
	static const uint64_t other = TABLE + 1;
	int fd;

	(void)unused;
	add_to(ALPHA, 10, "before");
	add_to(BETA, 12, "before");
	write_logs(NULL);
	copied();
	fd = open(PATH_WRITTEN, O_WRONLY);
	assert_int_equal(pwrite(fd, &other, sizeof(other), 0), sizeof(other));
	close(fd);
	renew();
	add_to(ALPHA, 12, "a longer one");
	add_to(ALPHA, 13, "after");
	add_to(BETA, 10, "before");
	write_logs(NULL);
	assert_string_equal(copied(), "[0.013] alpha: after\n");
	/* And from then on the positions. */
	add_to(ALPHA, 12, "again");
	write_logs(NULL);
	assert_string_equal(copied(), "[0.012] alpha: again\n");
}

static void a_state_that_was_made_anew_is_read_from_its_beginning(void **unused)
{
	(void)unused;
	add_to(ALPHA, 10, "a line that makes the ring's position larger");
	write_logs(NULL);
	copied();
	renew();
	add_to(ALPHA, 20, "new");
	write_logs(NULL);
	assert_string_equal(copied(), "[0.020] alpha: new\n");
}

static void what_the_ring_has_lost_is_said(void **unused)
{
	const char *text;

	(void)unused;
	for (int i = 0; i < 1000; i++)
		add_to(ALPHA, 10, "12345678");
	write_logs(NULL);
	/* Of what was there before the first writer nobody is told. */
	assert_null(strstr(copied(), "gone"));
	for (int i = 0; i < 1000; i++)
		add_to(ALPHA, 20, "12345678");
	write_logs(NULL);
	text = copied();
	assert_memory_equal(text, "[0.020] alpha: ", 15);
	assert_non_null(strstr(text, " bytes were gone before they could be copied\n"
				     "[0.020] alpha: 12345678\n"));
}

static void two_writers_don_t_write_the_same(void **unused)
{
	int fd = open(PATH_WRITTEN, O_RDWR | O_CREAT, 0600);

	(void)unused;
	assert_int_equal(flock(fd, LOCK_EX), 0);
	add_to(ALPHA, 10, "line");
	assert_int_equal(write_logs(NULL), CLIENT_FAILED);
	assert_string_equal(copied(), "");
	close(fd);
}

static void records_of_the_kernels_log_are_understood(void **unused)
{
	static const struct {
		const char *bytes;
		const char *text;	/* NULL: no record */
		uint64_t sequence, time_ms;
		unsigned facility;
	} rows[] = {
		{ "6,339,5140900,-;NET: Registered\n", "NET: Registered", 339, 5140, 0 },
		{ "4,0,0,-;\n", "", 0, 0, 0 },
		{ "12,7,99,-;web: text; more\n KEY=value\n OTHER=1\n", "web: text; more", 7, 0, 1 },
		{ "6,1,2000,c,caller=T1;text\n", "text", 1, 2, 0 },
		{ "6,1,2000;text\n", "text", 1, 2, 0 },
		{ "30,18446744073709551615,1,-;x\n", "x", UINT64_MAX, 0, 3 },
		{ "6,1,2000,-;no end", NULL, 0, 0, 0 },
		{ "6,1,2000,-\n", NULL, 0, 0, 0 },
		{ "6,1\n;x\n", NULL, 0, 0, 0 },
		{ ",1,1,-;x\n", NULL, 0, 0, 0 },
		{ "x,1,1,-;x\n", NULL, 0, 0, 0 },
		{ "6", NULL, 0, 0, 0 },
		{ "", NULL, 0, 0, 0 },
	};

	(void)unused;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct kmsg_record r;
		size_t len = strlen(rows[i].bytes);
		char *bytes = malloc(len ? len : 1);
		bool good;

		/* On the heap: a byte too many is seen. */
		memcpy(bytes, rows[i].bytes, len);
		good = kmsg_parse(bytes, len, &r);
		assert_int_equal(good, rows[i].text != NULL);
		if (good) {
			assert_int_equal(r.len, strlen(rows[i].text));
			assert_memory_equal(r.text, rows[i].text, r.len);
			assert_int_equal(r.sequence, rows[i].sequence);
			assert_int_equal(r.time_ms, rows[i].time_ms);
			assert_int_equal(r.facility, rows[i].facility);
		}
		free(bytes);
	}
}

static int begin(void **unused)
{
	(void)unused;
	memory = mmap(NULL, sizeof(*memory), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1, 0);
	return memory == MAP_FAILED || !own_run() ? -1 : 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(lines_of_all_rings_are_in_the_order_of_time, set_up),
		cmocka_unit_test_setup(a_line_shows_what_it_is_and_no_byte_that_steers, set_up),
		cmocka_unit_test_setup(what_is_new_is_followed, set_up),
		cmocka_unit_test_setup(a_new_writer_goes_on_where_the_last_one_stopped, set_up),
		cmocka_unit_test_setup(after_a_change_of_the_table_the_time_tells_what_is_new,
				       set_up),
		cmocka_unit_test_setup(a_state_that_was_made_anew_is_read_from_its_beginning,
				       set_up),
		cmocka_unit_test_setup(what_the_ring_has_lost_is_said, set_up),
		cmocka_unit_test_setup(two_writers_don_t_write_the_same, set_up),
		cmocka_unit_test(records_of_the_kernels_log_are_understood),
	};

	return cmocka_run_group_tests_name("write_logs", tests, begin, NULL);
}
