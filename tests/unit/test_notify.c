/*
 * The notify socket: what a message says, whatever its bytes; who can send one;
 * and that nothing which is sent makes the receiver wait.
 *
 * links: init/sys.c init/notify.c init/notify_parse.c init/dispose.c init/unix_socket.c init/text.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "init/notify.h"
#include "tests/fuzz/notify_check.h"
#include "own_run.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

/* A receiver that waits is killed by SIGALRM after this time. */
#define HANGS_S 60

static const struct {
	const char *text;
	struct notify_message says;	/* but for the status */
	const char *status;
} rows[] = {
	{ "", { 0 }, NULL },
	{ "\n\n\n", { 0 }, NULL },
	{ "READY=1", { .ready = true }, NULL },
	{ "READY=1\n", { .ready = true }, NULL },
	{ "\nREADY=1\n\n", { .ready = true }, NULL },
	{ "READY=", { 0 }, NULL },
	{ "READY=0", { 0 }, NULL },
	{ "READY=11", { 0 }, NULL },
	{ "READY=1 ", { 0 }, NULL },
	{ "READY=1\r\n", { 0 }, NULL },
	{ " READY=1", { 0 }, NULL },
	{ "ready=1", { 0 }, NULL },
	{ "XREADY=1", { 0 }, NULL },
	{ "READY=1\nREADY=0", { .ready = true }, NULL },
	{ "RELOADING=1\nMONOTONIC_USEC=5", { .reloading = true }, NULL },
	{ "STOPPING=1\nSTATUS=Bye.", { .stopping = true }, "Bye." },
	{ "WATCHDOG=1", { .ping = true }, NULL },
	{ "WATCHDOG=trigger", { .trigger = true }, NULL },
	{ "WATCHDOG=trigger\nWATCHDOG=1", { .ping = true }, NULL },
	{ "WATCHDOG=1\nWATCHDOG=trigger", { .trigger = true }, NULL },
	{ "WATCHDOG=1\nWATCHDOG=2", { .ping = true }, NULL },
	{ "WATCHDOG_USEC=1", { 0 }, NULL },
	{ "STATUS=", { 0 }, "" },
	{ "STATUS=one\nSTATUS=two", { 0 }, "two" },
	{ "STATUS=one\nSTATUS=", { 0 }, "" },
	{ "STATUS=a=b STATUS=c\nREADY=1", { .ready = true }, "a=b STATUS=c" },
	{ "STATUSES=x", { 0 }, NULL },
	{ "EXTEND_TIMEOUT_USEC=0", { 0 }, NULL },
	{ "EXTEND_TIMEOUT_USEC=1", { .extend_ms = 1 }, NULL },
	{ "EXTEND_TIMEOUT_USEC=1000", { .extend_ms = 1 }, NULL },
	{ "EXTEND_TIMEOUT_USEC=1001", { .extend_ms = 2 }, NULL },
	{ "EXTEND_TIMEOUT_USEC=00005000000", { .extend_ms = 5000 }, NULL },
	{ "EXTEND_TIMEOUT_USEC=18446744073709551615", { .extend_ms = 18446744073709552 }, NULL },
	{ "EXTEND_TIMEOUT_USEC=18446744073709551616", { .extend_ms = 18446744073709552 }, NULL },
	{ "EXTEND_TIMEOUT_USEC=18446744073709551620", { .extend_ms = 18446744073709552 }, NULL },
	{ "EXTEND_TIMEOUT_USEC=99999999999999999999999999", { .extend_ms = 18446744073709552 },
	  NULL },
	{ "EXTEND_TIMEOUT_USEC=", { 0 }, NULL },
	{ "EXTEND_TIMEOUT_USEC=-1", { 0 }, NULL },
	{ "EXTEND_TIMEOUT_USEC=+1", { 0 }, NULL },
	{ "EXTEND_TIMEOUT_USEC= 1", { 0 }, NULL },
	{ "EXTEND_TIMEOUT_USEC=0x10", { 0 }, NULL },
	{ "EXTEND_TIMEOUT_USEC=1s", { 0 }, NULL },
	{ "EXTEND_TIMEOUT_USEC=2000\nEXTEND_TIMEOUT_USEC=x", { .extend_ms = 2 }, NULL },
	{ "EXTEND_TIMEOUT_USEC=2000\nEXTEND_TIMEOUT_USEC=", { .extend_ms = 2 }, NULL },
	{ "EXTEND_TIMEOUT_USEC=2000\nEXTEND_TIMEOUT_USEC=7000", { .extend_ms = 7 }, NULL },
	{ "EXTEND_TIMEOUT_USEC=2000\nEXTEND_TIMEOUT_USEC=0", { 0 }, NULL },
};

static void assert_says(const char *bytes, size_t len, struct notify_message says,
			const char *status)
{
	struct notify_message got;

	notify_parse(bytes, len, &got);
	assert_int_equal(got.ready, says.ready);
	assert_int_equal(got.reloading, says.reloading);
	assert_int_equal(got.stopping, says.stopping);
	assert_int_equal(got.ping, says.ping);
	assert_int_equal(got.trigger, says.trigger);
	assert_int_equal(got.extend_ms, says.extend_ms);
	assert_int_equal(!got.status, !status);
	if (status) {
		assert_int_equal(got.status_len, strlen(status));
		assert_memory_equal(got.status, status, strlen(status));
	}
}

static void a_message_says_what_its_lines_say(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t len = strlen(rows[i].text);

		assert_says(rows[i].text, len, rows[i].says, rows[i].status);
		assert_true(notify_check(rows[i].text, len));
		/* The NUL at its end belongs to it and changes nothing. */
		assert_says(rows[i].text, len + 1, rows[i].says, rows[i].status);
	}
}

static void a_nul_inside_ends_nothing(void **state)
{
	static const char bytes[] = "A\0B\nSTATUS=x\0y\nREADY=1\0\nSTOPPING=1\0";
	struct notify_message got;

	(void)state;
	notify_parse(bytes, sizeof(bytes) - 1, &got);
	assert_int_equal(got.status_len, 3);
	assert_memory_equal(got.status, "x\0y", 3);
	assert_false(got.ready);
	assert_true(got.stopping);
}

/* Lines and pieces of lines, so that chance meets the rules. */
static size_t random_message(char *bytes, size_t size)
{
	static const char *const pieces[] = {
		"READY=1", "READY=", "RELOADING=1", "STOPPING=1", "WATCHDOG=1", "WATCHDOG=trigger",
		"STATUS=", "EXTEND_TIMEOUT_USEC=", "18446744073709551615", "999", "1", "0", "=",
		"\n", "\n", "\n", "X",
	};
	size_t len = 0;

	for (long n = random() % 12; n > 0; n--) {
		const char *piece = pieces[(size_t)random() % COUNT(pieces)];

		if (len + strlen(piece) + 1 > size)
			break;
		memcpy(bytes + len, piece, strlen(piece));
		len += strlen(piece);
		if (random() % 3 == 0)
			bytes[len++] = (char)random();
	}
	for (long n = random() % 3; n > 0 && len; n--)
		bytes[(size_t)random() % len] = (char)random();
	return random() % 4 ? len : len - len / 3;
}

static void any_bytes_are_read_to_their_end_and_no_further(void **state)
{
	char bytes[512];

	(void)state;
	srandom(3);
	for (int i = 0; i < 100000; i++) {
		size_t len = random_message(bytes, sizeof(bytes));
		char *exact = malloc(len ? len : 1);

		memcpy(exact, bytes, len);
		if (!notify_check(exact, len))
			fail_msg("message %d of seed 3 is read wrongly", i);
		free(exact);
	}
}

/* --- The transport ---------------------------------------------------------- */

static uid_t user;	/* who started the test */

static struct service service(void)
{
	return (struct service){ .name = "web", .uid = user ? 0 : 7, .gid = user ? 0 : 8,
				 .uid_base = user ? 0 : 100000 };
}

static int open_socket(void)
{
	struct service s = service();
	int fd;

	fd = notify_open(&s);
	assert_true(fd > 0);
	return fd;
}

/* As sd_notify(3) does it; with fds if there are some.  0 or -errno. */
static int send_message(const void *bytes, size_t len, const int *fds, unsigned count)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX, .sun_path = PATH_NOTIFY "/web" };
	union {
		struct cmsghdr row;
		char bytes[CMSG_SPACE(253 * sizeof(int))];
	} control;
	struct iovec part = { .iov_base = (void *)bytes, .iov_len = len };
	struct msghdr msg = { .msg_name = &to, .msg_namelen = sizeof(to), .msg_iov = &part,
			      .msg_iovlen = 1 };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), rc;

	memset(&control, 0, sizeof(control));
	if (count) {
		msg.msg_control = control.bytes;
		msg.msg_controllen = CMSG_SPACE(count * sizeof(int));
		control.row = (struct cmsghdr){ .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS,
						.cmsg_len = CMSG_LEN(count * sizeof(int)) };
		memcpy(CMSG_DATA(&control.row), fds, count * sizeof(int));
	}
	rc = sendmsg(fd, &msg, MSG_DONTWAIT) < 0 ? -errno : 0;
	close(fd);
	return rc;
}

static int send_text(const char *text)
{
	return send_message(text, strlen(text), NULL, 0);
}

/* In a child, as another user.  Returns what it got. */
static int send_as(uid_t uid, const char *text)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit((uid && setuid(uid) < 0) ? 255 : -send_text(text));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return -WEXITSTATUS(status);
}

/* The child that had the files last: killed, and ours to reap. */
static void assert_disposed(void)
{
	int status;

	assert_true(waitpid(-1, &status, 0) > 0);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGKILL);
}

static void the_socket_is_its_users_alone(void **state)
{
	int fd = open_socket();
	struct service s = service();
	struct stat st;
	char path[NOTIFY_PATH_SIZE];

	(void)state;
	assert_string_equal(notify_path(path, &s), PATH_NOTIFY "/web");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode, S_IFSOCK | 0600);
	assert_int_equal(st.st_uid, s.uid_base + s.uid);
	assert_int_equal(st.st_gid, s.uid_base + s.gid);
	assert_int_equal(stat(PATH_NOTIFY, &st), 0);
	assert_int_equal(st.st_mode, S_IFDIR | 0711);
	assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	close(fd);
}

static void a_sender_that_has_ended_is_heard(void **state)
{
	char bytes[NOTIFY_MESSAGE_MAX];
	int fd = open_socket();

	(void)state;
	assert_int_equal(send_as(0, "READY=1"), 0);
	assert_int_equal(notify_receive(fd, bytes), 7);
	assert_memory_equal(bytes, "READY=1", 7);
	assert_int_equal(notify_receive(fd, bytes), -EAGAIN);
	close(fd);
}

static void only_its_own_user_can_send(void **state)
{
	char bytes[NOTIFY_MESSAGE_MAX];
	int fd = open_socket();

	(void)state;
	/* The folder above keeps all out who have no mount of the socket. */
	assert_int_equal(send_as(100007, "READY=1"), -EACCES);
	assert_int_equal(chmod(PATH_RUN, 0711), 0);
	assert_int_equal(send_as(100007, "READY=1"), 0);
	assert_int_equal(send_as(100008, "READY=1"), -EACCES);
	assert_int_equal(chmod(PATH_RUN, 0700), 0);
	assert_int_equal(notify_receive(fd, bytes), 7);
	assert_int_equal(notify_receive(fd, bytes), -EAGAIN);
	close(fd);
}

static void a_message_that_is_too_long_is_ignored_as_a_whole(void **state)
{
	static char longest[NOTIFY_MESSAGE_MAX + 1];
	char bytes[NOTIFY_MESSAGE_MAX];
	int fd = open_socket();

	(void)state;
	memset(longest, 'x', sizeof(longest));
	assert_int_equal(send_message(longest, sizeof(longest), NULL, 0), 0);
	assert_int_equal(send_message(longest, sizeof(longest) - 1, NULL, 0), 0);
	assert_int_equal(send_text(""), 0);
	assert_int_equal(notify_receive(fd, bytes), -EMSGSIZE);
	assert_int_equal(notify_receive(fd, bytes), NOTIFY_MESSAGE_MAX);
	assert_int_equal(notify_receive(fd, bytes), 0);
	assert_int_equal(notify_receive(fd, bytes), -EAGAIN);
	close(fd);
}

static void draining_leaves_nothing(void **state)
{
	char bytes[NOTIFY_MESSAGE_MAX];
	int fd = open_socket();

	(void)state;
	assert_int_equal(send_text("READY=1"), 0);
	assert_int_equal(send_text(""), 0);
	assert_int_equal(send_text("STOPPING=1"), 0);
	notify_drain(fd);
	assert_int_equal(notify_receive(fd, bytes), -EAGAIN);
	close(fd);
}

static void a_socket_made_anew_takes_the_place_of_the_old_one(void **state)
{
	char bytes[NOTIFY_MESSAGE_MAX];
	int old = open_socket(), fd;

	(void)state;
	assert_int_equal(send_text("READY=1"), 0);
	fd = open_socket();
	assert_int_equal(send_text("STOPPING=1"), 0);
	assert_int_equal(notify_receive(fd, bytes), 10);
	assert_int_equal(notify_receive(old, bytes), 7);
	close(old);
	close(fd);
}

/* sd_notify_barrier(3) waits for this. */
static void a_barriers_pipe_is_closed(void **state)
{
	char bytes[NOTIFY_MESSAGE_MAX];
	int fd = open_socket(), ends[2];
	struct pollfd reader;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(send_message("BARRIER=1", 9, &ends[1], 1), 0);
	close(ends[1]);
	assert_int_equal(notify_receive(fd, bytes), 9);
	reader = (struct pollfd){ .fd = ends[0] };
	assert_int_equal(poll(&reader, 1, HANGS_S * 1000), 1);
	assert_int_equal(reader.revents, POLLHUP);
	assert_disposed();
	close(ends[0]);
	close(fd);
}

static void all_fds_of_a_message_are_closed_whatever_its_length(void **state)
{
	static char longest[NOTIFY_MESSAGE_MAX + 1];
	char bytes[NOTIFY_MESSAGE_MAX];
	int fd = open_socket(), many[253], before;

	(void)state;
	for (size_t i = 0; i < COUNT(many); i++)
		many[i] = STDIN_FILENO;
	before = own_run_count_fds();
	assert_int_equal(send_message("x", 1, many, COUNT(many)), 0);
	assert_int_equal(send_message(longest, sizeof(longest), many, COUNT(many)), 0);
	assert_int_equal(send_message("x", 1, many, 1), 0);
	assert_int_equal(notify_receive(fd, bytes), 1);
	assert_disposed();
	assert_int_equal(notify_receive(fd, bytes), -EMSGSIZE);
	assert_disposed();
	notify_drain(fd);
	assert_disposed();
	assert_int_equal(own_run_count_fds(), before);
	close(fd);
}

/* A TCP socket with unsent bytes, whose last close waits for an hour. */
static int make_lingering(int *peer)
{
	static char bytes[65536];
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct linger hour = { .l_onoff = 1, .l_linger = 3600 };
	socklen_t size = sizeof(at);
	int listener = socket(AF_INET, SOCK_STREAM, 0), fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(listener, (struct sockaddr *)&at, size), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&at, &size), 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&at, size), 0);
	*peer = accept(listener, NULL, NULL);
	close(listener);
	while (send(fd, bytes, sizeof(bytes), MSG_DONTWAIT) > 0)
		;
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_LINGER, &hour, sizeof(hour)), 0);
	return fd;
}

static void send_lingering(int *peer)
{
	int fd = make_lingering(peer);

	assert_int_equal(send_message("FDSTORE=1", 9, &fd, 1), 0);
	/* What is in flight has it last. */
	close(fd);
}

static void a_socket_that_lingers_makes_no_receiver_wait(void **state)
{
	char bytes[NOTIFY_MESSAGE_MAX];
	int fd = open_socket(), peers[3];

	(void)state;
	alarm(HANGS_S);
	send_lingering(&peers[0]);
	assert_int_equal(notify_receive(fd, bytes), 9);
	assert_disposed();
	send_lingering(&peers[1]);
	notify_drain(fd);
	assert_disposed();
	send_lingering(&peers[2]);
	notify_close(fd);
	assert_disposed();
	alarm(0);
	for (size_t i = 0; i < COUNT(peers); i++)
		close(peers[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_says_what_its_lines_say),
		cmocka_unit_test(a_nul_inside_ends_nothing),
		cmocka_unit_test(any_bytes_are_read_to_their_end_and_no_further),
	};
	const struct CMUnitTest transport[] = {
		cmocka_unit_test(the_socket_is_its_users_alone),
		cmocka_unit_test(a_sender_that_has_ended_is_heard),
		cmocka_unit_test(a_message_that_is_too_long_is_ignored_as_a_whole),
		cmocka_unit_test(draining_leaves_nothing),
		cmocka_unit_test(a_socket_made_anew_takes_the_place_of_the_old_one),
		cmocka_unit_test(a_barriers_pipe_is_closed),
		cmocka_unit_test(all_fds_of_a_message_are_closed_whatever_its_length),
		cmocka_unit_test(a_socket_that_lingers_makes_no_receiver_wait),
	};
	const struct CMUnitTest as_root[] = {
		cmocka_unit_test(only_its_own_user_can_send),
	};
	int failed = cmocka_run_group_tests_name("notify", tests, NULL, NULL);

	user = getuid();
	if (!own_run()) {
		puts("ok - # SKIP notify_socket: this machine allows no namespaces");
		return failed;
	}
	failed += cmocka_run_group_tests_name("notify_socket", transport, NULL, NULL);
	/* Who is not root cannot be another. */
	if (!user)
		failed += cmocka_run_group_tests_name("notify_as_root", as_root, NULL, NULL);
	return failed;
}
