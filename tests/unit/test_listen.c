/*
 * LISTEN with real sockets, in a network namespace and a /run of the test's own: who
 * opens them, that all or none are kept, what outlives a run, and what another table
 * takes over.
 *
 * links: init/sys.c init/listen.c init/listen_open.c init/inherit_fds.c init/fds.c init/recipe.c
 * links: init/stage.c init/text.c init/dispose.c init/unix_socket.c init/notify.c init/report.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "init/dispose.h"
#include "init/inherit_fds.h"
#include "init/listen.h"
#include "init/view.h"
#include "own_run.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

/* A step that waits is killed by SIGALRM after this time. */
#define HANGS_S 60

#define WEB_PORT	8080
#define WEB_UDP_PORT	5353
#define DB_PORT		5432

static const struct service_listen web_listen[] = {
	{ .port = WEB_PORT, .protocol = IPPROTO_TCP },
	{ .path = "/run/web.sock" },
	{ .port = WEB_UDP_PORT, .protocol = IPPROTO_UDP },
	{ .path = "/run/admin.sock" },
};
static const struct service_socket web_sockets[] = {
	{ PATH_LISTEN "/web.1", "/run/web.sock" }, { PATH_LISTEN "/web.3", "/run/admin.sock" },
	{ PATH_LISTEN "/db.0", "/run/db.sock" },
};
static const struct service_listen db_listen[] = { { .port = DB_PORT, .protocol = IPPROTO_TCP } };

enum { BARE, DB, WEB };

const struct service services[SERVICE_SLOTS] = {
	[BARE] = { .name = "bare" },
	[DB] = { .name = "db", .listen = db_listen, .listen_count = COUNT(db_listen) },
	[WEB] = { .name = "web", .listen = web_listen, .listen_count = COUNT(web_listen),
		  .listen_first = COUNT(db_listen), .sockets = web_sockets,
		  .socket_count = COUNT(web_sockets) },
};

/* Only what has nothing to open hands mounts over here. */
bool view_is_kept(const struct service *s)
{
	return s == &services[BARE];
}

static const struct service *const web = &services[WEB], *const db = &services[DB];

static int number(unsigned i)
{
	return listen_number(web, i);
}

/* --- Starts, clients and what they find ---------------------------------------------- */

static unsigned get(int fd, int option)
{
	unsigned value = 99;
	socklen_t len = sizeof(value);

	getsockopt(fd, SOL_SOCKET, option, &value, &len);
	return value;
}

/* A run of the service: its start, and then what it does with the sockets from 3 on. */
static int run(const struct service *s, int (*program)(void), struct stage_report *report,
	       struct start_error *err)
{
	int ends[2], status, count = 0, n;
	struct sandbox box = { 0 };
	bool opens;
	pid_t pid;

	if (listen_prepare(s, &opens, err) < 0)
		return -1;
	assert_int_equal(report_open(s, ends), 0);
	pid = fork();
	if (pid == 0) {
		struct recipe r = { .service = s, .report_fd = fcntl(ends[1], F_DUPFD, 100),
				    .listens = s->listen_count, .opens = opens };

		alarm(HANGS_S);
		if (opens)
			listen_open(&r);
		listen_hand_on(&r);
		recipe_report(&r, STAGE_EXEC, 0);
		close_range(LISTEN_FDS_START + s->listen_count, ~0u, 0);
		_exit(program());
	}
	close(ends[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	while ((n = report_read(s, &box, ends[0], report, err)) == sizeof(*report))
		count++;
	assert_int_equal(n, 0);
	close(ends[0]);
	assert_true(WIFEXITED(status));
	assert_int_equal(count, report->error ? 1 : 1 + opens);
	return WEXITSTATUS(status);
}

static int run_well(int (*program)(void))
{
	struct stage_report report = { 0 };
	struct start_error err = { 0 };
	int rc = run(web, program, &report, &err);

	assert_int_equal(err.stage, 0);
	assert_int_equal(report.stage, STAGE_EXEC);
	return rc;
}

static int do_nothing(void)
{
	return 0;
}

static int connect_tcp(int family, unsigned port)
{
	const struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
					.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const struct sockaddr_in6 v6 = { .sin6_family = AF_INET6,
					 .sin6_port = htons((uint16_t)port),
					 .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if ((family == AF_INET ? connect(fd, (const void *)&v4, sizeof(v4)) :
				 connect(fd, (const void *)&v6, sizeof(v6))) == 0)
		return fd;
	close(fd);
	return -errno;
}

/* Sooner or later: a child that disposes of files has them for a moment. */
static void wait_until_refused(unsigned port)
{
	int fd;

	while ((fd = connect_tcp(AF_INET, port)) != -ECONNREFUSED)
		if (fd >= 0)
			close(fd);
}

static void wait_until_bound(int fd, unsigned port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };

	while (bind(fd, (const void *)&at, sizeof(at)) < 0)
		assert_int_equal(errno, EADDRINUSE);
}

static int connect_unix(const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	strcpy(at.sun_path, path);
	if (connect(fd, (const void *)&at, sizeof(at)) == 0)
		return fd;
	close(fd);
	return -errno;
}

static int socket_udp(unsigned port)
{
	const struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
					.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_int_equal(connect(fd, (const void *)&to, sizeof(to)), 0);
	return fd;
}

static bool is_listening(unsigned i)
{
	return fds_find(number(i)) && get(number(i), SO_ACCEPTCONN) == 1;
}

static int close_all(void **unused)
{
	(void)unused;
	close_range(LISTEN_FDS_START, ~0u, 0);
	return 0;
}

/* --- Opening -------------------------------------------------------------------------- */

static void unix_sockets_are_there_before_any_start(void **unused)
{
	struct stat st;
	int fd;

	(void)unused;
	listen_open_all();
	assert_int_equal(stat(PATH_LISTEN "/web.1", &st), 0);
	assert_int_equal(st.st_mode, S_IFSOCK | 0666);
	fd = connect_unix(PATH_LISTEN "/web.1");
	assert_true(fd > 0);
	close(fd);
	assert_true(is_listening(1) && is_listening(3));
	assert_false(fds_find(number(0)) || fds_find(number(2)));
	assert_true(listen_is_bound_at(number(1), PATH_LISTEN "/web.1"));
	assert_true(listen_is_bound_at(number(3), PATH_LISTEN "/web.3"));
	assert_false(listen_is_bound_at(number(3), PATH_LISTEN "/web.1"));
	/* Asked again, it leaves them alone. */
	fd = connect_unix(PATH_LISTEN "/web.3");
	listen_open_all();
	assert_int_equal(poll(&(struct pollfd){ .fd = number(3), .events = POLLIN }, 1, 0), 1);
	close(fd);
}

static void the_first_start_opens_the_others(void **unused)
{
	(void)unused;
	assert_int_equal(run_well(do_nothing), 0);
	assert_true(is_listening(0));
	assert_int_equal(get(number(0), SO_TYPE), SOCK_STREAM);
	assert_int_equal(get(number(2), SO_TYPE), SOCK_DGRAM);
	/* PID 1 is executed anew with them. */
	for (unsigned i = 0; i < web->listen_count; i++)
		assert_int_equal(fcntl(number(i), F_GETFD), 0);
	/* The second finds them. */
	assert_int_equal(run_well(do_nothing), 0);
}

static void one_socket_takes_both_families(void **unused)
{
	static const int families[] = { AF_INET, AF_INET6 };

	(void)unused;
	run_well(do_nothing);
	for (unsigned i = 0; i < COUNT(families); i++) {
		int fd = connect_tcp(families[i], WEB_PORT);

		assert_true(fd > 0);
		close(fd);
	}
}

/* UDP would share a port by SO_REUSEADDR. */
static void a_port_that_is_taken_is_named_and_none_is_kept(void **unused)
{
	static const struct {
		int type;
		uint16_t port;
		const char *what;
	} rows[] = {
		{ SOCK_STREAM, WEB_PORT, "8080/tcp" },
		{ SOCK_DGRAM, WEB_UDP_PORT, "5353/udp" },
	};

	(void)unused;
	for (unsigned i = 0; i < COUNT(rows); i++) {
		struct stage_report report = { 0 };
		struct start_error err = { 0 };
		int one = 1, fd = socket(AF_INET, rows[i].type, 0);

		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
		wait_until_bound(fd, rows[i].port);
		if (rows[i].type == SOCK_STREAM)
			assert_int_equal(listen(fd, 1), 0);
		assert_int_equal(run(web, do_nothing, &report, &err), RECIPE_EXIT);
		assert_int_equal(report.stage, STAGE_LISTEN);
		assert_int_equal(err.stage, STAGE_LISTEN);
		assert_int_equal(err.error, -EADDRINUSE);
		assert_string_equal(err.what, rows[i].what);
		assert_false(fds_find(number(0)) || fds_find(number(2)));
		close(fd);
		/* And the next start goes well. */
		assert_int_equal(run_well(do_nothing), 0);
		listen_release(web);
	}
}

/* --- What a program gets ------------------------------------------------------------------ */

static int check_fds(void)
{
	static const int types[] = { SOCK_STREAM, SOCK_STREAM, SOCK_DGRAM, SOCK_STREAM };

	for (unsigned i = 0; i < COUNT(types); i++) {
		int fd = LISTEN_FDS_START + (int)i;

		if (get(fd, SO_TYPE) != (unsigned)types[i] || fcntl(fd, F_GETFD) ||
		    fcntl(fd, F_GETFL) != O_RDWR)
			return 1 + (int)i;
	}
	return get(LISTEN_FDS_START + 1, SO_DOMAIN) != AF_UNIX;
}

/* As an event loop leaves them, and a server of UDP that takes one client at a time. */
static int spoil(void)
{
	const struct sockaddr_in6 somebody = { .sin6_family = AF_INET6, .sin6_port = htons(9),
					       .sin6_addr = IN6ADDR_LOOPBACK_INIT };

	for (int fd = 3; fd < 7; fd++)
		fcntl(fd, F_SETFL, O_NONBLOCK);
	return connect(LISTEN_FDS_START + 2, (const void *)&somebody, sizeof(somebody)) < 0;
}

static int answer_udp(void)
{
	char bytes[8];

	return recv(LISTEN_FDS_START + 2, bytes, sizeof(bytes), 0) != 3;
}

static void they_are_as_new_in_each_run(void **unused)
{
	int fd;

	(void)unused;
	assert_int_equal(run_well(check_fds), 0);
	assert_int_equal(run_well(spoil), 0);
	assert_int_equal(run_well(check_fds), 0);
	assert_int_equal(run_well(spoil), 0);
	/* While it is somebody else's, nothing comes by it. */
	fd = socket_udp(WEB_UDP_PORT);
	assert_int_equal(run_well(do_nothing), 0);
	assert_int_equal(send(fd, "abc", 3, 0), 3);
	assert_int_equal(run_well(answer_udp), 0);
	close(fd);
}

/* Says a byte to who waits first at the first two. */
static int serve(void)
{
	for (int i = 0; i < 2; i++) {
		int fd = accept(LISTEN_FDS_START + i, NULL, NULL);

		if (fd < 0 || write(fd, "!", 1) != 1)
			return 1;
		close(fd);
	}
	return 0;
}

static void who_connects_between_two_runs_waits(void **unused)
{
	(void)unused;
	listen_open_all();
	run_well(do_nothing);
	for (int i = 0; i < 3; i++) {
		int fds[] = { connect_tcp(AF_INET, WEB_PORT), connect_unix(PATH_LISTEN "/web.1") };
		char byte;

		assert_true(fds[0] > 0 && fds[1] > 0);
		assert_int_equal(run_well(serve), 0);
		for (unsigned j = 0; j < COUNT(fds); j++) {
			assert_int_equal(read(fds[j], &byte, 1), 1);
			close(fds[j]);
		}
	}
}

/* --- Letting go ---------------------------------------------------------------------------- */

static int shut_down_first(void)
{
	return shutdown(LISTEN_FDS_START, SHUT_RDWR) < 0;
}

static int shut_down_second(void)
{
	return shutdown(LISTEN_FDS_START + 1, SHUT_RD) < 0;
}

static int shut_down_third(void)
{
	shutdown(LISTEN_FDS_START + 2, SHUT_RDWR);
	return 0;
}

static void what_a_run_has_shut_down_is_opened_anew(void **unused)
{
	static int (*const programs[])(void) = {
		shut_down_first, shut_down_second, shut_down_third,
	};

	(void)unused;
	for (unsigned i = 0; i < COUNT(programs); i++) {
		int fd;

		run_well(do_nothing);
		assert_int_equal(run_well(programs[i]), 0);
		assert_int_equal(run_well(check_fds), 0);
		fd = connect_tcp(AF_INET6, WEB_PORT);
		assert_true(fd > 0);
		close(fd);
		fd = connect_unix(PATH_LISTEN "/web.1");
		assert_true(fd > 0);
		close(fd);
		fd = socket_udp(WEB_UDP_PORT);
		assert_int_equal(send(fd, "abc", 3, 0), 3);
		assert_int_equal(run_well(answer_udp), 0);
		close(fd);
	}
}

/* PID 1 was hit while it took them. */
static void half_a_set_is_no_set(void **unused)
{
	(void)unused;
	run_well(do_nothing);
	close(number(2));
	assert_int_equal(run_well(check_fds), 0);
	assert_true(is_listening(0));
	assert_true(fds_find(number(2)));
}

static void unix_sockets_outlive_the_namespace(void **unused)
{
	(void)unused;
	run_well(do_nothing);
	listen_release(web);
	assert_false(fds_find(number(0)) || fds_find(number(2)));
	assert_true(is_listening(1) && is_listening(3));
	wait_until_refused(WEB_PORT);
}

/* A close that lingers would keep PID 1 for as long as its owner wishes. */
static int linger(void)
{
	const struct linger on = { 1, 2 * HANGS_S };
	const struct sockaddr_in6 at = { .sin6_family = AF_INET6, .sin6_port = htons(9),
					 .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	char bytes[4096] = "";

	shutdown(LISTEN_FDS_START, SHUT_RDWR);
	if (connect(LISTEN_FDS_START, (const void *)&at, sizeof(at)) < 0 ||
	    setsockopt(LISTEN_FDS_START, SOL_SOCKET, SO_LINGER, &on, sizeof(on)) < 0)
		return 1;
	fcntl(LISTEN_FDS_START, F_SETFL, O_NONBLOCK);
	while (write(LISTEN_FDS_START, bytes, sizeof(bytes)) > 0)
		;
	return 0;
}

static void closing_one_does_not_wait(void **unused)
{
	const struct sockaddr_in6 at = { .sin6_family = AF_INET6, .sin6_port = htons(9) };
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)unused;
	assert_int_equal(bind(fd, (const void *)&at, sizeof(at)), 0);
	assert_int_equal(listen(fd, 5), 0);
	run_well(do_nothing);
	assert_int_equal(run_well(linger), 0);
	listen_release(web);
	close(fd);
}

static void a_descriptor_more_or_less_is_never_left_behind(void **unused)
{
	int before;

	(void)unused;
	run_well(do_nothing);
	before = own_run_count_fds();
	for (int i = 0; i < 5; i++) {
		run_well(i % 2 ? shut_down_first : shut_down_second);
		run_well(do_nothing);
		assert_int_equal(own_run_count_fds(), before);
	}
}

/* --- Mounts come the same way ------------------------------------------------------------------ */

/* By a start of s that hands so many files over. */
static void hand_over(const struct service *s, enum stage stage, unsigned count,
		      struct sandbox *box)
{
	struct stage_report report;
	struct start_error err = { 0 };
	struct recipe r = { .service = s };
	int ends[2], fds[SERVICE_LISTEN_MAX];

	assert_int_equal(report_open(s, ends), 0);
	r.report_fd = ends[1];
	for (unsigned i = 0; i < count; i++)
		fds[i] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	report_files(&r, stage, fds, count);
	for (unsigned i = 0; i < count; i++)
		close(fds[i]);
	close(ends[1]);
	assert_int_equal(report_read(s, box, ends[0], &report, &err), sizeof(report));
	assert_true(report.stage == (int)stage && !report.error && !err.stage);
	assert_int_equal(report_read(s, box, ends[0], &report, &err), 0);
	close(ends[0]);
}

static void a_view_is_kept_at_its_number_and_nothing_else(void **unused)
{
	struct sandbox box = { .wants_view = true };
	int before = own_run_count_fds();

	(void)unused;
	for (int i = 0; i < 2; i++) {
		hand_over(&services[BARE], STAGE_VIEW, 2, &box);
		assert_int_equal(box.view_fd, fds_number(BARE, FD_VIEW));
		assert_int_equal(fcntl(box.view_fd, F_GETFD), 0);
		assert_int_equal(own_run_count_fds(), before + 1);
	}
	hand_over(&services[BARE], STAGE_LISTEN, 1, &box);
	assert_int_equal(own_run_count_fds(), before + 1);
	fds_drop(&box.view_fd);
}

static void a_view_that_an_earlier_pid_1_wanted_is_refused(void **unused)
{
	struct sandbox box = { 0 };
	int before = own_run_count_fds(), ends = 0;
	pid_t pid;

	(void)unused;
	while (waitpid(-1, NULL, 0) > 0)
		;
	hand_over(&services[BARE], STAGE_VIEW, 1, &box);
	hand_over(&services[WEB], STAGE_VIEW, 1, &box);
	assert_int_equal(box.view_fd, 0);
	assert_int_equal(own_run_count_fds(), before);
	/* What is refused may be slow to close, so children had it last. */
	for (; (pid = waitpid(-1, NULL, 0)) > 0; ends++) {
		assert_true(dispose_reaped(pid));
		assert_false(dispose_reaped(pid));
	}
	assert_int_equal(ends, 2);
}

/* --- Another table --------------------------------------------------------------------------- */

/* In it, "gone" stood before "web", and had one socket.  It had more services than
 * this table, or less. */
#define OLD_COUNT_MAX 4

struct old_state {
	struct state_header header;
	struct state_slot slot[OLD_COUNT_MAX];
};

enum { OLD_GONE, OLD_WEB };

static struct old_state old_state;
static unsigned old_count = OLD_COUNT_MAX;

static int old_number(unsigned n)
{
	return fds_number((uint16_t)old_count, 0) + (int)n;
}

static struct old old_table(void)
{
	old_state.header = (struct state_header){
		.slots_at = offsetof(struct old_state, slot),
		.slot_size = sizeof(struct state_slot), .slot_count = old_count,
	};
	old_state.slot[OLD_GONE].listen_first = 0;
	old_state.slot[OLD_GONE].listen_count = 1;
	old_state.slot[OLD_WEB].listen_first = 1;
	old_state.slot[OLD_WEB].listen_count = web->listen_count;
	return (struct old){ (const uint8_t *)&old_state, &old_state.header };
}

/* The web's sockets, where the other table has them, and one of "gone". */
static struct old open_old(void)
{
	const unsigned count = web->listen_count;

	run_well(do_nothing);
	/* From the last on: a number of the one may be another of the other. */
	for (unsigned i = 0; i < count; i++)
		assert_int_equal(fds_keep(number(i), 500 + (int)i), 500 + (int)i);
	for (unsigned i = 0; i < count; i++)
		fds_keep(500 + (int)i, old_number(1 + i));
	fds_keep(socket(AF_UNIX, SOCK_STREAM, 0), old_number(0));
	fds_keep(open("/dev/null", O_RDONLY), fds_number(OLD_WEB, FD_CGROUP));
	fds_keep(open("/dev/null", O_RDONLY), fds_number(OLD_WEB, FD_NET));
	fds_keep(open("/dev/null", O_RDONLY), fds_number(OLD_WEB, FD_VIEW));
	return old_table();
}

static void take_same(void)
{
	const struct old old = open_old();
	struct aside aside = aside_make(&old);

	aside_take(&aside, &old, OLD_WEB, WEB, true);
	aside_close(&aside, &old);
	assert_int_equal(run_well(check_fds), 0);
	assert_true(is_listening(0));
	assert_true(fds_find(fds_number(WEB, FD_CGROUP)) && fds_find(fds_number(WEB, FD_NET)));
	/* Another binary makes other mounts. */
	assert_false(fds_find(fds_number(WEB, FD_VIEW)));
	assert_int_equal(own_run_count_fds(), 3 + 2 + (int)web->listen_count);
	close_all(NULL);
}

static void a_row_that_is_the_same_keeps_them_under_new_numbers(void **unused)
{
	(void)unused;
	for (old_count = 2; old_count < OLD_COUNT_MAX; old_count++)
		take_same();
	take_same();
}

static void a_row_that_changed_keeps_what_clients_have_mounted(void **unused)
{
	const struct old old = open_old();
	int waiting = connect_unix(PATH_LISTEN "/web.1");
	struct aside aside = aside_make(&old);

	(void)unused;
	aside_take(&aside, &old, OLD_WEB, WEB, false);
	aside_close(&aside, &old);
	assert_true(is_listening(1) && is_listening(3));
	assert_false(fds_find(number(0)) || fds_find(number(2)));
	assert_int_equal(poll(&(struct pollfd){ .fd = number(1), .events = POLLIN }, 1, 0), 1);
	assert_true(fds_find(fds_number(WEB, FD_CGROUP)));
	assert_false(fds_find(fds_number(WEB, FD_NET)));
	wait_until_refused(WEB_PORT);
	close(waiting);
}

static void a_row_that_is_gone_leaves_none_behind(void **unused)
{
	const struct old old = open_old();
	struct aside aside = aside_make(&old);

	(void)unused;
	aside_close(&aside, &old);
	assert_int_equal(own_run_count_fds(), 3);
	wait_until_refused(WEB_PORT);
}

/* Its row has another number of them here than there. */
static void another_services_place_is_never_filled(void **unused)
{
	const struct old old = open_old();
	struct aside aside;

	(void)unused;
	old_state.slot[OLD_WEB].listen_count = 1;
	aside = aside_make(&old);
	aside_take(&aside, &old, OLD_WEB, DB, false);
	assert_false(fds_find(listen_number(db, 0)));
	aside_take(&aside, &old, OLD_WEB, WEB, true);
	assert_false(fds_find(number(1)));
	aside_close(&aside, &old);
}

/* --------------------------------------------------------------------------------------------- */

static bool own_network(void)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	const struct rlimit files = { 1024, 1024 };
	int fd;

	if (unshare(CLONE_NEWNET) < 0)
		return false;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return ioctl(fd, SIOCSIFFLAGS, &lo) == 0 && close(fd) == 0 &&
	       setrlimit(RLIMIT_NOFILE, &files) == 0;
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, close_all)
	const struct CMUnitTest tests[] = {
		TEST(unix_sockets_are_there_before_any_start),
		TEST(the_first_start_opens_the_others),
		TEST(one_socket_takes_both_families),
		TEST(a_port_that_is_taken_is_named_and_none_is_kept),
		TEST(they_are_as_new_in_each_run),
		TEST(who_connects_between_two_runs_waits),
		TEST(what_a_run_has_shut_down_is_opened_anew),
		TEST(half_a_set_is_no_set),
		TEST(unix_sockets_outlive_the_namespace),
		TEST(closing_one_does_not_wait),
		TEST(a_descriptor_more_or_less_is_never_left_behind),
		TEST(a_view_is_kept_at_its_number_and_nothing_else),
		TEST(a_view_that_an_earlier_pid_1_wanted_is_refused),
		TEST(a_row_that_is_the_same_keeps_them_under_new_numbers),
		TEST(a_row_that_changed_keeps_what_clients_have_mounted),
		TEST(a_row_that_is_gone_leaves_none_behind),
		TEST(another_services_place_is_never_filled),
	};
#undef TEST

	alarm(HANGS_S);
	close_range(3, ~0u, 0);
	if (!own_run() || !own_network()) {
		fputs("this machine allows no namespaces of one's own\n", stderr);
		return 1;
	}
	return cmocka_run_group_tests_name("listen", tests, NULL, NULL);
}
