/*
 * What a cgroup's counters say, from files with the kernel's words.
 *
 * links: init/client/counters.c init/client/files.c init/client/show.c
 * links: init/client/json.c init/client/out.c init/text.c cgroup/cgroup.c
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "init/client/counters.h"
#include "init/client/out.h"

static char folder[] = "/tmp/test_counters.XXXXXX";
static int dir;

static const struct {
	const char *name, *bytes;
} files[] = {
	{ "io.stat", "254:0 rbytes=1000 wbytes=200 rios=3 wios=4 dbytes=9 dios=0\n"
		     "7:0 \n254:16 rbytes=30 wbytes=4 rios=1 wios=1 dbytes=0 dios=0\n" },
	{ "memory.pressure", "some avg10=12.34 avg60=0.00 avg300=0.00 total=17\n"
			     "full avg10=0.00 avg60=0.00 avg300=0.00 total=3\n" },
	{ "memory.events", "low 0\nhigh 7\nmax 1\noom 3\noom_kill 2\noom_group_kill 1\n" },
	{ "cpu.stat", "usage_usec 500\nuser_usec 300\nsystem_usec 200\nnr_periods 10\n"
		      "nr_throttled 4\nthrottled_usec 900\n" },
};

static int make_files(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	dir = open(folder, O_RDONLY | O_DIRECTORY);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		int fd = openat(dir, files[i].name, O_WRONLY | O_CREAT, 0600);

		if (write(fd, files[i].bytes, strlen(files[i].bytes)) < 0)
			return -1;
		close(fd);
	}
	return dir < 0 ? -1 : 0;
}

static int remove_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		unlinkat(dir, files[i].name, 0);
	close(dir);
	return rmdir(folder);
}

static void sums_of_all_devices(void **state)
{
	(void)state;
	assert_int_equal(counters_io(dir), 1234);
	assert_int_equal(counters_io(-1), -1);
}

static void pressure_in_tenths_of_a_percent(void **state)
{
	(void)state;
	assert_int_equal(counters_pressure(dir, "memory.pressure"), 123);
	assert_int_equal(counters_pressure(dir, "cpu.pressure"), -1);
	assert_int_equal(counters_pressure(dir, "memory.events"), -1);
}

static const char *tell(int of)
{
	static char written[1024];
	struct show s = show_as(SHOW_JSON, NULL);
	int file = memfd_create("out", MFD_CLOEXEC), real = dup(STDOUT_FILENO);
	ssize_t n;

	out_flush();
	dup2(file, STDOUT_FILENO);
	show_open_row(&s);
	counters_show(&s, of);
	show_close_row(&s);
	out_flush();
	dup2(real, STDOUT_FILENO);
	n = pread(file, written, sizeof(written) - 1, 0);
	close(real);
	close(file);
	written[n < 0 ? 0 : n] = '\0';
	return written;
}

static void what_the_kernel_lacks_is_not_known(void **state)
{
	(void)state;
	assert_string_equal(tell(dir),
		"{\"memory_events\":{\"low\":0,\"high\":7,\"max\":1,\"oom\":3,\"oom_kill\":2},"
		"\"cpu_limit\":{\"nr_periods\":10,\"nr_throttled\":4,\"throttled_usec\":900},"
		"\"pressure\":{\"cpu_percent\":null,\"memory_percent\":12.3,\"io_percent\":null}}");
	assert_string_equal(tell(-1),
		"{\"memory_events\":{\"low\":null,\"high\":null,\"max\":null,\"oom\":null,"
		"\"oom_kill\":null},\"cpu_limit\":{\"nr_periods\":null,\"nr_throttled\":null,"
		"\"throttled_usec\":null},\"pressure\":{\"cpu_percent\":null,"
		"\"memory_percent\":null,\"io_percent\":null}}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_of_all_devices),
		cmocka_unit_test(pressure_in_tenths_of_a_percent),
		cmocka_unit_test(what_the_kernel_lacks_is_not_known),
	};

	return cmocka_run_group_tests_name("client_counters", tests, make_files, remove_files);
}
