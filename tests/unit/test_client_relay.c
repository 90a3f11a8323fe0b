/*
 * The relay of `pith exec`: every byte, both ways, at any size; ends that go;
 * and signals.  A forked process is the command; what the operator has are
 * pipes and a terminal of the test's own.
 *
 * links: init/client/relay.c
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

#include "init/client/relay.h"

/* Many times what a pipe holds, and no multiple of a chunk. */
#define BIG 3000001

/* Many times what a terminal holds. */
#define PASTE 100001

/* The operator's ends, the command's, and the relay between them. */
struct scene {
	struct relay relay;
	int stdin_write, stdout_read, stderr_read;	/* the operator's */
	int stream[3];					/* the command's */
	int lifeline_read;
	int others;	/* held open by the test: as by a process that stayed behind */
	pid_t pid;
};

static uint8_t big[BIG], got[BIG + 1];

static void make_pipe(int *read_end, int *write_end)
{
	int fds[2];

	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	*read_end = fds[0];
	*write_end = fds[1];
}

static void unblock(int fd)
{
	assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
}

static int take_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGWINCH);
	sigaddset(&set, SIGPIPE);
	sigprocmask(SIG_BLOCK, &set, NULL);
	sigdelset(&set, SIGPIPE);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void lay_pipes(struct scene *s)
{
	struct flow *f = s->relay.flow;

	relay_init(&s->relay);
	make_pipe(&f[RELAY_IN].from, &s->stdin_write);
	make_pipe(&s->stream[0], &f[RELAY_IN].to);
	make_pipe(&f[RELAY_OUT].from, &s->stream[1]);
	make_pipe(&s->stdout_read, &f[RELAY_OUT].to);
	make_pipe(&f[RELAY_ERR].from, &s->stream[2]);
	make_pipe(&s->stderr_read, &f[RELAY_ERR].to);
	make_pipe(&s->lifeline_read, &s->relay.lifeline);
	f[RELAY_IN].pipe = f[RELAY_IN].to;
	f[RELAY_OUT].pipe = f[RELAY_OUT].from;
	f[RELAY_ERR].pipe = f[RELAY_ERR].from;
	unblock(f[RELAY_IN].to);
	unblock(f[RELAY_OUT].from);
	unblock(f[RELAY_ERR].from);
	s->relay.signals = take_signals();
	s->others = dup(s->stream[1]);
}

static void put(int fd, const uint8_t *bytes, size_t len)
{
	while (len) {
		ssize_t n = write(fd, bytes, len);

		if (n < 0)
			return;
		bytes += n;
		len -= (size_t)n;
	}
}

static size_t take(int fd, uint8_t *bytes, size_t size)
{
	size_t len = 0;
	ssize_t n;

	while (len < size && (n = read(fd, bytes + len, size - len)) > 0)
		len += (size_t)n;
	return len;
}

/* In a child of its own: whatever hangs, the alarm ends it. */
static pid_t start(void (*program)(struct scene *s), struct scene *s)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		alarm(60);
		program(s);
		_exit(0);
	}
	return pid;
}

static void start_command(void (*program)(struct scene *s), struct scene *s)
{
	s->pid = start(program, s);
	s->relay.guard = (int)syscall(SYS_pidfd_open, s->pid, 0);
	assert_true(s->relay.guard >= 0);
	for (int i = 0; i < 3; i++)
		close(s->stream[i]);
}

/* The command's side of a forked copy has no other ends open. */
static void keep_streams(struct scene *s)
{
	for (int i = 0; i < 3; i++)
		dup2(s->stream[i], i);
	closefrom(3);
}

static void copy_all(struct scene *s)
{
	uint8_t bytes[1000];
	ssize_t n;

	keep_streams(s);
	while ((n = read(0, bytes, sizeof(bytes))) > 0)
		put(1, bytes, (size_t)n);
	put(2, (const uint8_t *)"end", 3);
}

/* The operator's two ends. */
static void feed(struct scene *s)
{
	int in = s->stdin_write;

	dup2(in, 3);
	closefrom(4);
	put(3, big, BIG);
}

static void drain_into(struct scene *s)
{
	dup2(s->stdout_read, 3);
	closefrom(4);
	_exit(take(3, got, sizeof(got)) == BIG && memcmp(got, big, BIG) == 0 ? 7 : 8);
}

static int status_of(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void every_byte_arrives_and_the_end_does(void **state)
{
	static struct scene s;
	pid_t writer, reader;
	uint8_t text[4];

	(void)state;
	lay_pipes(&s);
	close(s.others);
	start_command(copy_all, &s);
	writer = start(feed, &s);
	reader = start(drain_into, &s);
	close(s.stdin_write);
	close(s.stdout_read);
	assert_int_equal(relay_run(&s.relay), 0);
	close(s.relay.flow[RELAY_OUT].to);
	assert_int_equal(status_of(writer), 0);
	assert_int_equal(status_of(reader), 7);
	assert_int_equal(status_of(s.pid), 0);
	close(s.relay.flow[RELAY_ERR].to);
	assert_int_equal(take(s.stderr_read, text, sizeof(text)), 3);
	assert_memory_equal(text, "end", 3);
}

static void say_and_end(struct scene *s)
{
	keep_streams(s);
	put(1, (const uint8_t *)"last words", 10);
}

static void the_end_does_not_wait_for_others_or_for_input(void **state)
{
	static struct scene s;
	uint8_t text[11];

	(void)state;
	lay_pipes(&s);	/* s.others and s.stdin_write stay open */
	start_command(say_and_end, &s);
	assert_int_equal(relay_run(&s.relay), 0);
	close(s.relay.flow[RELAY_OUT].to);
	assert_int_equal(take(s.stdout_read, text, sizeof(text)), 10);
	assert_memory_equal(text, "last words", 10);
	assert_int_equal(status_of(s.pid), 0);
	/* What is typed from now on is the shell's. */
	assert_int_equal(s.relay.flow[RELAY_IN].from, -1);
	close(s.others);
	close(s.stdin_write);
}

static void others_that_go_on_writing_do_not_hold_up_the_end(void **state)
{
	static struct scene s;

	(void)state;
	lay_pipes(&s);
	close(s.others);
	close(s.stdin_write);
	start_command(say_and_end, &s);
	/* Whoever is fast enough looks like this. */
	s.relay.flow[RELAY_ERR].from = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	s.relay.flow[RELAY_ERR].to = open("/dev/null", O_WRONLY | O_CLOEXEC);
	assert_int_equal(relay_run(&s.relay), 0);
	assert_int_equal(s.relay.rest, 0);
	assert_int_equal(status_of(s.pid), 0);
}

static void write_for_ever(struct scene *s)
{
	sigset_t none;

	keep_streams(s);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (;;)
		put(1, big, BIG);
}

static void a_reader_that_goes_is_told_to_the_command(void **state)
{
	static struct scene s;

	(void)state;
	lay_pipes(&s);
	close(s.others);
	close(s.stdin_write);
	close(s.stdout_read);
	start_command(write_for_ever, &s);
	assert_int_equal(relay_run(&s.relay), 0);
	assert_int_equal(status_of(s.pid), 128 + SIGPIPE);
}

/* Ends with the first byte of the lifeline as its status. */
static void await_signal(struct scene *s)
{
	uint8_t byte = 0;

	dup2(s->lifeline_read, 3);
	closefrom(4);
	_exit(take(3, &byte, 1) == 1 ? byte : 0);
}

static void a_signal_is_passed_on(void **state)
{
	static struct scene s;

	(void)state;
	lay_pipes(&s);
	start_command(await_signal, &s);
	kill(getpid(), SIGTERM);
	assert_int_equal(relay_run(&s.relay), 0);
	assert_int_equal(status_of(s.pid), SIGTERM);
}

/* A terminal at each end: the operator's, whose other side is *screen, and the
 * service's, whose other side is the command's. */
static void open_pair(int *master, int *slave)
{
	const int locked = 0;

	*master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(*master >= 0);
	assert_int_equal(ioctl(*master, TIOCSPTLCK, &locked), 0);
	*slave = ioctl(*master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(*slave >= 0);
}

static void make_raw(int tty)
{
	struct termios mode;

	assert_int_equal(tcgetattr(tty, &mode), 0);
	cfmakeraw(&mode);
	assert_int_equal(tcsetattr(tty, TCSANOW, &mode), 0);
}

static void lay_terminal(struct scene *s, int *screen)
{
	struct relay *r = &s->relay;
	int operator_side;

	relay_init(r);
	open_pair(screen, &operator_side);
	open_pair(&r->terminal, &s->stream[0]);
	make_raw(operator_side);
	make_raw(s->stream[0]);
	unblock(r->terminal);
	s->stream[1] = dup(s->stream[0]);
	s->stream[2] = dup(s->stream[0]);
	r->flow[RELAY_IN].from = r->flow[RELAY_SCREEN].to = operator_side;
	r->flow[RELAY_IN].to = r->flow[RELAY_SCREEN].from = r->terminal;
	make_pipe(&s->lifeline_read, &r->lifeline);
	r->signals = take_signals();
}

static void echo_one(struct scene *s)
{
	uint8_t byte;

	keep_streams(s);
	if (take(0, &byte, 1) == 1)
		put(1, &byte, 1);
}

static void a_terminal_carries_both_ways(void **state)
{
	static struct scene s;
	uint8_t byte = 0;
	int screen;

	(void)state;
	lay_terminal(&s, &screen);
	start_command(echo_one, &s);
	put(screen, (const uint8_t *)"\003", 1);
	assert_int_equal(relay_run(&s.relay), 0);
	assert_int_equal(take(screen, &byte, 1), 1);
	assert_int_equal(byte, 3);
	assert_int_equal(status_of(s.pid), 0);
}

static void echo_paste(struct scene *s)
{
	keep_streams(s);
	for (size_t done = 0; done < PASTE;) {
		ssize_t n = read(0, got, 700);

		if (n <= 0)
			_exit(1);
		put(1, got, (size_t)n);
		done += (size_t)n;
	}
}

static void paste(struct scene *s)
{
	dup2(s->others, 3);
	closefrom(4);
	put(3, big, PASTE);
}

static void see_paste(struct scene *s)
{
	dup2(s->others, 3);
	closefrom(4);
	_exit(take(3, got, PASTE) == PASTE && memcmp(got, big, PASTE) == 0 ? 7 : 8);
}

/* Terminals take parts of what is written; pipes take a chunk or nothing. */
static void a_terminal_carries_a_long_paste(void **state)
{
	static struct scene s;
	pid_t writer, reader;
	int screen;

	(void)state;
	lay_terminal(&s, &screen);
	s.others = screen;
	start_command(echo_paste, &s);
	writer = start(paste, &s);
	reader = start(see_paste, &s);
	assert_int_equal(relay_run(&s.relay), 0);
	assert_int_equal(status_of(s.pid), 0);
	assert_int_equal(status_of(writer), 0);
	assert_int_equal(status_of(reader), 7);
}

/* Sees the size change, by waiting for nothing but that. */
static void await_size(struct scene *s)
{
	struct winsize size = { 0 };

	keep_streams(s);
	while (size.ws_row != 12 || size.ws_col != 34)
		ioctl(0, TIOCGWINSZ, &size);
}

static void a_new_size_is_passed_on(void **state)
{
	static struct scene s;
	const struct winsize size = { .ws_row = 12, .ws_col = 34 };
	int screen;

	(void)state;
	lay_terminal(&s, &screen);
	start_command(await_size, &s);
	assert_int_equal(ioctl(screen, TIOCSWINSZ, &size), 0);
	kill(getpid(), SIGWINCH);
	assert_int_equal(relay_run(&s.relay), 0);
	assert_int_equal(status_of(s.pid), 0);
}

static void wait_for_ever(struct scene *s)
{
	keep_streams(s);
	for (;;)
		pause();
}

static void a_terminal_that_goes_ends_the_relay(void **state)
{
	static struct scene s;
	int screen;

	(void)state;
	lay_terminal(&s, &screen);
	start_command(wait_for_ever, &s);
	close(screen);
	assert_int_equal(relay_run(&s.relay), SIGHUP);
	kill(s.pid, SIGKILL);
	status_of(s.pid);
}

static void a_signal_ends_the_relay_of_a_terminal(void **state)
{
	static struct scene s;
	int screen;

	(void)state;
	lay_terminal(&s, &screen);
	start_command(wait_for_ever, &s);
	kill(getpid(), SIGTERM);
	assert_int_equal(relay_run(&s.relay), SIGTERM);
	kill(s.pid, SIGKILL);
	status_of(s.pid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_arrives_and_the_end_does),
		cmocka_unit_test(the_end_does_not_wait_for_others_or_for_input),
		cmocka_unit_test(others_that_go_on_writing_do_not_hold_up_the_end),
		cmocka_unit_test(a_reader_that_goes_is_told_to_the_command),
		cmocka_unit_test(a_signal_is_passed_on),
		cmocka_unit_test(a_terminal_carries_both_ways),
		cmocka_unit_test(a_terminal_carries_a_long_paste),
		cmocka_unit_test(a_new_size_is_passed_on),
		cmocka_unit_test(a_terminal_that_goes_ends_the_relay),
		cmocka_unit_test(a_signal_ends_the_relay_of_a_terminal),
	};

	/* A hang is a failure, too. */
	alarm(60);
	for (size_t i = 0; i < BIG; i++)
		big[i] = (uint8_t)(i * 2654435761u >> 13);
	return cmocka_run_group_tests_name("client_relay", tests, NULL, NULL);
}
