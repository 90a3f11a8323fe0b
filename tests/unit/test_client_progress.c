/*
 * How far something is, on a terminal and elsewhere.
 *
 * links: init/client/progress.c init/client/show.c init/client/json.c init/client/out.c init/text.c
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

#include "init/client/out.h"
#include "init/client/progress.h"

static int real_stdout;
static char written[256];

static void begin(int fd)
{
	out_flush();
	real_stdout = dup(STDOUT_FILENO);
	dup2(fd, STDOUT_FILENO);
}

/* from: where it can be read. */
static const char *end(int from)
{
	size_t len = 0;
	ssize_t n;

	assert_int_equal(out_flush(), 0);
	dup2(real_stdout, STDOUT_FILENO);
	close(real_stdout);
	/* A terminal hands on in pieces. */
	do {
		n = read(from, written + len, sizeof(written) - 1 - len);
		len += n > 0 ? (size_t)n : 0;
	} while (n > 0 && !memchr(written, '\n', len));
	written[len] = '\0';
	return written;
}

static void elsewhere_only_the_end_is_told(void **state)
{
	int file = memfd_create("out", MFD_CLOEXEC);
	struct progress p;

	(void)state;
	begin(file);
	p = progress_of("web", 12 << 20);
	progress_show(&p, 1 << 20);
	progress_end(&p, "written");
	lseek(file, 0, SEEK_SET);
	assert_string_equal(end(file), "web: 12M, written\n");
	close(file);
}

static void a_terminal_has_one_line_that_is_written_over(void **state)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave;
	struct termios raw;
	struct progress p;

	(void)state;
	assert_true(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	assert_int_equal(tcgetattr(slave, &raw), 0);
	cfmakeraw(&raw);
	assert_int_equal(tcsetattr(slave, TCSANOW, &raw), 0);
	begin(slave);
	p = progress_of("web", 12 << 20);
	progress_show(&p, 3 << 20);
	/* Not before its time. */
	p.next_ms = UINT64_MAX;
	progress_show(&p, 4 << 20);
	p.next_ms = 0;
	progress_show(&p, 12 << 20);
	progress_end(&p, "written");
	assert_string_equal(end(master), "\r\x1b[Kweb: 24% of 12M\r\x1b[Kweb: 99% of 12M"
				     "\r\x1b[Kweb: 12M, written\n");
	close(slave);
	close(master);
}

/* Of so many bytes, and of none. */
static void any_size_has_its_hundredths(void **state)
{
	static const uint64_t sizes[] = { 0, 1, 99, 100, UINT64_MAX };

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		int file = memfd_create("out", MFD_CLOEXEC);
		struct progress p = { .name = "x", .bytes = sizes[i], .is_shown = true };

		begin(file);
		progress_show(&p, sizes[i]);
		lseek(file, 0, SEEK_SET);
		assert_in_range(atoi(strchr(end(file), ':') + 1), 0, 100);
		close(file);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(elsewhere_only_the_end_is_told),
		cmocka_unit_test(a_terminal_has_one_line_that_is_written_over),
		cmocka_unit_test(any_size_has_its_hundredths),
	};

	return cmocka_run_group_tests_name("client_progress", tests, NULL, NULL);
}
