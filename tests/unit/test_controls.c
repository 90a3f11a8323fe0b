/*
 * PID 1's side of the control socket: who is let in, what is no request, who
 * gives way to whom, and that the loop neither waits nor spins.
 *
 * links: init/controls.c init/control_message.c init/message.c init/unix_socket.c init/watch.c init/fds.c init/text.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "init/controls.h"
#include "init/fds.h"
#include "init/service.h"
#include "init/watch.h"
#include "own_run.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

/* Turns of the loop without an end in sight. */
#define SPINS 100000

/* A client that waits for an answer gives up after this time. */
#define HANGS_MS 30000
#define IDLE_MS 100

/* More than any client is told before it reads. */
#define MANY 1000

const struct board board = { .fingerprint = 0x1122334455667788 };

static int set;
static uint64_t now = 5000;
static struct control_request last;	/* that was taken */
static int last_fd;
static unsigned taken;

/* --- What PID 1's loop does -------------------------------------------------- */

static void serve(uint16_t place)
{
	struct control_request request;
	int fd;

	if (!controls_take(place, &request, &fd, now))
		return;
	taken++;
	last = request;
	last_fd = fd;
	if (request.verb == CONTROL_WATCH)
		controls_answer(place, controls_watch(place), 0);
	else
		controls_answer(place, 0, request.verb == CONTROL_ATTACH ? set : 0);
}

/* A turn; false if there was nothing to do. */
static bool turn(int timeout_ms)
{
	struct epoll_event events[8];
	int n = epoll_wait(set, events, COUNT(events), timeout_ms);

	for (int i = 0; i < n; i++) {
		if (watch_source(events[i].data.u64) == SOURCE_LISTEN)
			controls_accept(now);
		else
			serve(watch_id(events[i].data.u64));
	}
	if (controls_deadline() && controls_deadline() <= now)
		controls_accept(now);
	return n > 0;
}

static void run(void)
{
	for (int i = 0; i < SPINS; i++)
		if (!turn(0))
			return;
	fail_msg("the loop spins");
}

/* --- What a client does --------------------------------------------------------- */

static int connect_to(void)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX, .sun_path = PATH_CONTROL };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
		return fd;
	close(fd);
	return -errno;
}

static int come(void)
{
	int fd = connect_to();

	assert_true(fd > 0);
	run();
	return fd;
}

static struct control_request request_of(enum control_verb verb)
{
	return (struct control_request){
		.magic = CONTROL_MAGIC, .version = CONTROL_VERSION, .verb = (uint16_t)verb,
	};
}

/* 0 or -errno. */
static int ask_with(int socket, const void *bytes, size_t len, const int *fds, unsigned count)
{
	union {
		struct cmsghdr row;
		char bytes[CMSG_SPACE(16 * sizeof(int))];
	} control;
	struct iovec part = { .iov_base = (void *)bytes, .iov_len = len };
	struct msghdr msg = { .msg_iov = &part, .msg_iovlen = 1 };

	memset(&control, 0, sizeof(control));
	if (count) {
		msg.msg_control = control.bytes;
		msg.msg_controllen = CMSG_SPACE(count * sizeof(int));
		control.row = (struct cmsghdr){ .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS,
						.cmsg_len = CMSG_LEN(count * sizeof(int)) };
		memcpy(CMSG_DATA(&control.row), fds, count * sizeof(int));
	}
	return sendmsg(socket, &msg, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? -errno : 0;
}

static void ask(int socket, enum control_verb verb)
{
	struct control_request request = request_of(verb);

	assert_int_equal(ask_with(socket, &request, sizeof(request), NULL, 0), 0);
}

#define CLOSED 1000	/* no result */

/* The next answer's result, -EAGAIN, or CLOSED; *fd is what came along. */
static int hear_with(int socket, int *fd)
{
	struct control_answer answer;
	char control[CMSG_SPACE(sizeof(*fd))];
	struct iovec part = { .iov_base = &answer, .iov_len = sizeof(answer) };
	struct msghdr msg = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control,
			      .msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(socket, &msg, MSG_DONTWAIT);

	if (n < 0 && errno == EAGAIN)
		return -EAGAIN;
	if (n <= 0)
		return CLOSED;
	assert_int_equal(n, sizeof(answer));
	assert_int_equal(answer.magic, CONTROL_MAGIC);
	assert_true(answer.table == board.fingerprint);
	if (CMSG_FIRSTHDR(&msg))
		memcpy(fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(*fd));
	return answer.result;
}

static int hear(int socket)
{
	int fd = 0;
	int result = hear_with(socket, &fd);

	assert_int_equal(fd, 0);
	return result;
}

/* Whether its last end was closed, by whoever had it. */
static bool hung_up(int pipe_end)
{
	struct pollfd p = { .fd = pipe_end };

	return poll(&p, 1, 0) == 1 && p.revents == POLLHUP;
}

/* --- Each test begins and ends without a connection ----------------------------- */

static int before;
static struct rlimit limit;

static int begin(void **state)
{
	(void)state;
	getrlimit(RLIMIT_NOFILE, &limit);
	before = own_run_count_fds();
	last_fd = 0;
	taken = 0;
	return 0;
}

static int end(void **state)
{
	(void)state;
	setrlimit(RLIMIT_NOFILE, &limit);
	run();
	return own_run_count_fds() != before || controls_deadline() != 0;
}

static void come_all(int *clients, int count)
{
	for (int i = 0; i < count; i++)
		clients[i] = come();
}

static void leave_all(const int *clients, int count)
{
	for (int i = 0; i < count; i++)
		close(clients[i]);
}

/* --- Requests -------------------------------------------------------------------- */

static void requests_are_answered_in_their_order(void **state)
{
	struct control_request request = request_of(CONTROL_KILL);
	int client, fd = 0;

	(void)state;
	client = come();
	assert_int_equal(hear(client), -EAGAIN);
	request.table = 77;
	request.service = 0xfffffff0;
	request.number = -9;
	ask(client, CONTROL_ATTACH);
	assert_int_equal(ask_with(client, &request, sizeof(request), NULL, 0), 0);
	run();
	assert_int_equal(taken, 2);
	assert_memory_equal(&last, &request, sizeof(request));
	assert_int_equal(hear_with(client, &fd), 0);
	assert_true(fd > 0);
	assert_int_equal(hear(client), 0);
	assert_int_equal(hear(client), -EAGAIN);
	close(fd);
	close(client);
}

static void one_call_takes_one_request(void **state)
{
	int client;

	(void)state;
	client = come();
	ask(client, CONTROL_START);
	ask(client, CONTROL_STOP);
	assert_true(turn(0));
	assert_int_equal(taken, 1);
	assert_int_equal(last.verb, CONTROL_START);
	assert_true(turn(0));
	assert_int_equal(taken, 2);
	assert_false(turn(0));
	close(client);
}

static void the_socket_is_roots_alone(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(stat(PATH_CONTROL, &st), 0);
	assert_int_equal(st.st_mode, S_IFSOCK | 0600);
	assert_int_equal(st.st_uid, getuid());
}

static void what_is_no_request_is_answered_and_the_connection_closed(void **state)
{
	static const struct {
		uint32_t magic;
		uint16_t version, verb;
		size_t len;
	} rows[] = {
		{ CONTROL_MAGIC, CONTROL_VERSION, CONTROL_START, 0 },
		{ CONTROL_MAGIC, CONTROL_VERSION, CONTROL_START, 1 },
		{ CONTROL_MAGIC, CONTROL_VERSION, CONTROL_START, sizeof(last) - 1 },
		{ CONTROL_MAGIC, CONTROL_VERSION, CONTROL_START, sizeof(last) + 1 },
		{ CONTROL_MAGIC, CONTROL_VERSION, CONTROL_START, 4000 },
		{ CONTROL_MAGIC + 1, CONTROL_VERSION, CONTROL_START, sizeof(last) },
		{ CONTROL_MAGIC, CONTROL_VERSION + 1, CONTROL_START, sizeof(last) },
		{ CONTROL_MAGIC, 0, CONTROL_START, sizeof(last) },
		{ CONTROL_MAGIC, CONTROL_VERSION, CONTROL_VERB_COUNT, sizeof(last) },
		{ CONTROL_MAGIC, CONTROL_VERSION, 0xffff, sizeof(last) },
	};
	union {
		struct control_request request;
		char bytes[4000];
	} sent = { .bytes = { 0 } };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int client = come();

		sent.request = request_of((enum control_verb)rows[i].verb);
		sent.request.magic = rows[i].magic;
		sent.request.version = rows[i].version;
		assert_int_equal(ask_with(client, &sent, rows[i].len, NULL, 0), 0);
		run();
		assert_int_equal(hear(client), -EPROTO);
		assert_int_equal(hear(client), CLOSED);
		close(client);
	}
	assert_int_equal(taken, 0);
}

/* verb with count pipes; how many of them are still open at PID 1's side */
static int pipes_left(enum control_verb verb, int count, int expected)
{
	struct control_request request = request_of(verb);
	int client = come(), ends[8][2], fds[8], left = 0;

	for (int i = 0; i < count; i++) {
		assert_int_equal(pipe2(ends[i], O_CLOEXEC), 0);
		fds[i] = ends[i][1];
	}
	assert_int_equal(ask_with(client, &request, sizeof(request), fds, (unsigned)count), 0);
	for (int i = 0; i < count; i++)
		close(fds[i]);
	run();
	assert_int_equal(hear(client), expected);
	for (int i = 0; i < count; i++) {
		left += !hung_up(ends[i][0]);
		close(ends[i][0]);
	}
	close(client);
	return left;
}

static void an_fd_comes_with_reexec_and_is_the_callers(void **state)
{
	(void)state;
	assert_int_equal(pipes_left(CONTROL_REEXEC, 1, 0), 1);
	assert_int_equal(last.verb, CONTROL_REEXEC);
	assert_true(last_fd > 0);
	assert_true(fcntl(last_fd, F_GETFD) & FD_CLOEXEC);
	close(last_fd);
	assert_int_equal(pipes_left(CONTROL_REEXEC, 0, 0), 0);
	assert_int_equal(last_fd, 0);
}

static void fds_that_nobody_asked_for_are_closed(void **state)
{
	(void)state;
	assert_int_equal(pipes_left(CONTROL_REEXEC, 2, -EPROTO), 0);
	assert_int_equal(pipes_left(CONTROL_REEXEC, 8, -EPROTO), 0);
	assert_int_equal(pipes_left(CONTROL_ATTACH, 1, -EPROTO), 0);
	assert_int_equal(pipes_left(CONTROL_STOP, 3, -EPROTO), 0);
	assert_int_equal(pipes_left((enum control_verb)999, 1, -EPROTO), 0);
	assert_int_equal(taken, 0);
}

/* In a child: connects as that user and returns whether it was let in. */
static bool let_in(uid_t uid)
{
	int status, ready[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		struct control_request request = request_of(CONTROL_START);
		struct pollfd p = { .events = POLLIN };

		if (uid && setresuid(uid, uid, uid) < 0)
			_exit(2);
		p.fd = connect_to();
		if (p.fd < 0)
			_exit(3);
		ask_with(p.fd, &request, sizeof(request), NULL, 0);
		if (write(ready[1], "", 1) != 1 || poll(&p, 1, HANGS_MS) != 1)
			_exit(4);
		_exit(hear(p.fd) == 0 ? 1 : 0);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	run();
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) <= 1);
	close(ready[0]);
	close(ready[1]);
	return WEXITSTATUS(status) == 1;
}

/* Even if it could reach the socket. */
static void nobody_but_root_is_let_in(void **state)
{
	(void)state;
	assert_int_equal(chmod(PATH_RUN, 0755), 0);
	assert_int_equal(chmod(PATH_CONTROL, 0666), 0);
	assert_false(let_in(1));
	assert_false(let_in(100000));
	assert_int_equal(taken, 0);
	assert_true(let_in(0));
	assert_int_equal(chmod(PATH_CONTROL, 0600), 0);
	assert_int_equal(chmod(PATH_RUN, 0700), 0);
}

static void who_reads_no_answers_is_closed(void **state)
{
	struct control_request request = request_of(CONTROL_START);
	int client, sent = 0;

	(void)state;
	client = come();
	while (sent < MANY && ask_with(client, &request, sizeof(request), NULL, 0) == 0) {
		run();
		sent++;
	}
	assert_in_range(sent, 2, 64);
	close(client);
}

/* --- Words of a change ------------------------------------------------------------ */

static int watcher(void)
{
	int client = come();

	ask(client, CONTROL_WATCH);
	run();
	assert_int_equal(hear(client), 0);
	return client;
}

static void a_watcher_is_told_once_until_it_has_received_it(void **state)
{
	int client;

	(void)state;
	client = watcher();
	assert_int_equal(hear(client), -EAGAIN);
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < MANY; i++)
			controls_tell_change();
		assert_int_equal(hear(client), CONTROL_CHANGED);
		assert_int_equal(hear(client), -EAGAIN);
	}
	close(client);
}

/* The word that it received is not the one that it waits for. */
static void an_answer_that_waits_swallows_no_change(void **state)
{
	int client;

	(void)state;
	client = watcher();
	controls_tell_change();
	ask(client, CONTROL_START);
	run();
	assert_int_equal(hear(client), CONTROL_CHANGED);
	controls_tell_change();
	controls_tell_change();
	assert_int_equal(hear(client), 0);
	assert_int_equal(hear(client), CONTROL_CHANGED);
	assert_int_equal(hear(client), -EAGAIN);
	close(client);
}

static void who_does_not_watch_is_not_told(void **state)
{
	int client;

	(void)state;
	client = come();
	ask(client, CONTROL_START);
	run();
	controls_tell_change();
	assert_int_equal(hear(client), 0);
	assert_int_equal(hear(client), -EAGAIN);
	close(client);
}

static void half_of_all_may_watch(void **state)
{
	int clients[CONTROLS_MAX / 2], one_more;

	(void)state;
	for (size_t i = 0; i < COUNT(clients); i++)
		clients[i] = watcher();
	one_more = come();
	ask(one_more, CONTROL_WATCH);
	run();
	assert_int_equal(hear(one_more), -EBUSY);
	ask(clients[3], CONTROL_WATCH);
	close(clients[4]);
	run();
	assert_int_equal(hear(clients[3]), 0);
	ask(one_more, CONTROL_WATCH);
	run();
	assert_int_equal(hear(one_more), 0);
	clients[4] = one_more;
	leave_all(clients, COUNT(clients));
}

/* --- Places ------------------------------------------------------------------------ */

static void the_longest_silent_gives_way_after_a_second(void **state)
{
	int clients[CONTROLS_MAX], late;

	(void)state;
	come_all(clients, CONTROLS_MAX);
	now += 10;
	for (int i = 0; i < CONTROLS_MAX; i++) {
		if (i == 20)
			continue;
		ask(clients[i], CONTROL_START);
		run();
		assert_int_equal(hear(clients[i]), 0);
	}
	now += 989;
	late = come();
	assert_int_equal(hear(clients[20]), -EAGAIN);
	now += 1;
	assert_false(turn(0));	/* the listener is left alone meanwhile */
	now = controls_deadline();
	turn(0);
	assert_int_equal(hear(clients[20]), CLOSED);
	for (int i = 0; i < CONTROLS_MAX; i++)
		assert_true(i == 20 || hear(clients[i]) == -EAGAIN);
	ask(late, CONTROL_START);
	run();
	assert_int_equal(hear(late), 0);
	close(late);
	leave_all(clients, CONTROLS_MAX);
}

static void watchers_do_not_give_way(void **state)
{
	int clients[CONTROLS_MAX];

	(void)state;
	for (int i = 0; i < CONTROLS_MAX / 2; i++)
		clients[i] = watcher();
	now += 10;
	come_all(clients + CONTROLS_MAX / 2, CONTROLS_MAX / 2);
	now += 100000;
	/* Half of them give way, and then those that took their places. */
	for (int i = 0; i < CONTROLS_MAX; i++) {
		close(come());
		now += 100000;
	}
	for (int i = 0; i < CONTROLS_MAX / 2; i++)
		assert_int_equal(hear(clients[i]), -EAGAIN);
	leave_all(clients, CONTROLS_MAX);
}

static void a_request_that_waits_is_no_silence(void **state)
{
	int clients[CONTROLS_MAX], late;

	(void)state;
	come_all(clients, CONTROLS_MAX);
	for (int i = 0; i < CONTROLS_MAX; i++)
		ask(clients[i], CONTROL_START);
	now += 100000;
	late = connect_to();
	controls_accept(now);	/* before the loop comes to the requests */
	run();
	for (int i = 0; i < CONTROLS_MAX; i++) {
		assert_int_equal(hear(clients[i]), 0);
		assert_int_equal(hear(clients[i]), -EAGAIN);
	}
	close(late);
	leave_all(clients, CONTROLS_MAX);
}

static void who_finds_no_place_waits_for_one(void **state)
{
	int clients[CONTROLS_MAX], late;

	(void)state;
	come_all(clients, CONTROLS_MAX);
	late = come();
	ask(late, CONTROL_START);
	assert_false(turn(0));
	assert_true(controls_deadline() > now);
	assert_int_equal(hear(late), -EAGAIN);
	close(clients[9]);
	run();
	assert_int_equal(hear(late), 0);
	assert_int_equal(controls_deadline(), 0);
	close(late);
	clients[9] = come();
	leave_all(clients, CONTROLS_MAX);
}

static void without_fds_the_loop_does_not_spin_and_tries_again(void **state)
{
	struct rlimit few = { .rlim_cur = 3, .rlim_max = limit.rlim_max };
	int client;

	(void)state;
	client = connect_to();
	ask(client, CONTROL_START);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	for (int i = 0; i < 5; i++) {
		run();
		assert_false(turn(0));
		now = controls_deadline();
		assert_true(now);
	}
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	turn(0);
	run();
	assert_int_equal(controls_deadline(), 0);
	assert_int_equal(hear(client), 0);
	close(client);
}

static void no_connection_takes_a_number_of_the_services(void **state)
{
	int client, filler, full[FDS_FIRST];

	(void)state;
	client = connect_to();
	memset(full, 0, sizeof(full));
	while ((filler = dup(STDIN_FILENO)) < FDS_FIRST)
		full[filler] = 1;
	close(filler);
	assert_int_equal(fcntl(FDS_FIRST, F_GETFD), -1);
	run();
	assert_int_equal(fcntl(FDS_FIRST, F_GETFD), -1);
	assert_int_equal(hear(client), CLOSED);
	for (int i = 0; i < FDS_FIRST; i++)
		if (full[i])
			close(i);
	now = controls_deadline();
	turn(0);
	close(client);
}

/* --- Many and strange clients -------------------------------------------------------- */

/* In a child: that many connect, ask, and only then listen.  Exits with 0 if
 * each was answered, and not before. */
static void be_clients(int count)
{
	static int clients[MANY];
	struct rlimit many = { .rlim_cur = MANY + 100, .rlim_max = MANY + 100 };
	struct control_request request = request_of(CONTROL_START);
	int good = 0;

	setrlimit(RLIMIT_NOFILE, &many);
	for (int i = 0; i < count; i++) {
		clients[i] = connect_to();
		if (clients[i] < 0 ||
		    ask_with(clients[i], &request, sizeof(request), NULL, 0) < 0)
			_exit(2);
	}
	for (int i = 0; i < count; i++) {
		struct pollfd p = { .fd = clients[i], .events = POLLIN };

		good += poll(&p, 1, HANGS_MS) == 1 && hear(clients[i]) == 0;
		close(clients[i]);
	}
	_exit(good == count ? 0 : 1);
}

static void a_thousand_at_once_are_all_answered(void **state)
{
	int status, idle = 0;
	pid_t pid;

	(void)state;
	pid = fork();
	if (pid == 0)
		be_clients(MANY);
	/* Time stands still: nobody is silent for long. */
	while (waitpid(pid, &status, WNOHANG) == 0)
		if (!turn(IDLE_MS) && ++idle * IDLE_MS > HANGS_MS)
			kill(pid, SIGKILL);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_int_equal(taken, MANY);
}

/* Requests that are nearly right, garbage, and fds with both. */
static void be_strange(int client)
{
	union {
		struct control_request request;
		uint8_t bytes[64];
	} sent;
	static const int fds[8];	/* each the standard input */
	size_t len = random() % 4 ? sizeof(sent.request) : (size_t)random() % sizeof(sent);

	for (size_t i = 0; i < sizeof(sent); i++)
		sent.bytes[i] = (uint8_t)random();
	if (random() % 4)
		sent.request = request_of((enum control_verb)(random() % 16));
	if (random() % 8 == 0)
		sent.bytes[(size_t)random() % sizeof(sent.request)] ^= (uint8_t)random();
	ask_with(client, &sent, len, fds, random() % 4 ? 0 : (unsigned)random() % 9);
}

static void garbage_is_survived_and_leaves_nothing(void **state)
{
	int clients[2 * CONTROLS_MAX] = { 0 }, fd = 0;

	(void)state;
	srandom(4);
	for (int i = 0; i < 20000; i++) {
		int *client = &clients[(size_t)random() % COUNT(clients)];

		now += (uint64_t)random() % 100;
		if (*client <= 0) {
			*client = connect_to();
		} else if (random() % 8) {
			be_strange(*client);
		} else {
			close(*client);
			*client = 0;
		}
		if (random() % 4 == 0)
			turn(0);
		if (random() % 16 == 0)
			controls_tell_change();
		fds_drop(&last_fd);
	}
	for (size_t i = 0; i < COUNT(clients); i++)
		if (clients[i] > 0)
			close(clients[i]);
	run();
	fds_drop(&last_fd);
	clients[0] = come();
	ask(clients[0], CONTROL_ATTACH);
	run();
	assert_int_equal(hear_with(clients[0], &fd), 0);
	assert_true(fd > 0);
	close(fd);
	close(clients[0]);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(requests_are_answered_in_their_order),
		TEST(one_call_takes_one_request),
		TEST(the_socket_is_roots_alone),
		TEST(what_is_no_request_is_answered_and_the_connection_closed),
		TEST(an_fd_comes_with_reexec_and_is_the_callers),
		TEST(fds_that_nobody_asked_for_are_closed),
		TEST(who_reads_no_answers_is_closed),
		TEST(a_watcher_is_told_once_until_it_has_received_it),
		TEST(an_answer_that_waits_swallows_no_change),
		TEST(who_does_not_watch_is_not_told),
		TEST(half_of_all_may_watch),
		TEST(the_longest_silent_gives_way_after_a_second),
		TEST(watchers_do_not_give_way),
		TEST(a_request_that_waits_is_no_silence),
		TEST(who_finds_no_place_waits_for_one),
		TEST(without_fds_the_loop_does_not_spin_and_tries_again),
		TEST(no_connection_takes_a_number_of_the_services),
		TEST(a_thousand_at_once_are_all_answered),
		TEST(garbage_is_survived_and_leaves_nothing),
	};
	const struct CMUnitTest as_root[] = {
		TEST(nobody_but_root_is_let_in),
	};
	bool root = getuid() == 0;
	int failed;

	set = epoll_create1(EPOLL_CLOEXEC);
	if (!own_run()) {
		puts("ok - # SKIP controls: this machine allows no namespaces");
		return 0;
	}
	if (controls_open(set) < 0)
		return 1;
	failed = cmocka_run_group_tests_name("controls", tests, NULL, NULL);
	/* Who is not root cannot be another. */
	if (root)
		failed += cmocka_run_group_tests_name("controls_as_root", as_root, NULL, NULL);
	return failed;
}
