/*
 * What is listed as loosened: each option by itself, and what the kernel says
 * beyond the table.
 *
 * links: init/client/loosened.c init/client/confined.c init/client/files.c
 * links: init/client/show.c init/client/json.c init/client/out.c init/text.c
 */
#include <linux/capability.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "init/client/loosened.h"
#include "init/client/out.h"

#define CAP(number) (UINT64_C(1) << (number))

static const struct service_tmpfs tmpfs[] = {
	{ "/run", "1048576", false }, { "/tmp", "65536", true },
};
static const struct service_volume volumes[] = {
	{ "web/data", "/data", false, false }, { "web/bin", "/opt", true, true },
};
static const struct service_device devices[] = {
	{ "/dev/a", true, false }, { "/dev/b", false, true }, { "/dev/c", true, true },
};

/* What every service gets. */
static const struct service strict = {
	.userns = true, .seccomp = SERVICE_SECCOMP_DEFAULT, .tmpfs = tmpfs, .tmpfs_count = 1,
	.volumes = volumes, .volume_count = 1, .oom_score_adj = 500,
};
static const struct confined as_strict = {
	.seccomp = 2, .no_new_privs = 1, .boards[CONFINED_TIME] = true,
};

static char written[4096];

/* In JSON, without its brackets. */
static const char *tell(const struct confined *is, const struct service *row)
{
	struct show s = show_as(SHOW_JSON, NULL);
	int file = memfd_create("out", MFD_CLOEXEC), real = dup(STDOUT_FILENO);
	ssize_t n;

	out_flush();
	dup2(file, STDOUT_FILENO);
	show_open_row(&s);
	loosened_show(&s, is, row);
	show_close_row(&s);
	out_flush();
	dup2(real, STDOUT_FILENO);
	n = pread(file, written, sizeof(written) - 1, 0);
	close(real);
	close(file);
	assert_true(n >= 15);
	written[n - 2] = '\0';
	return written + strlen("{\"loosened\":[");
}

static void nothing_by_default(void **state)
{
	(void)state;
	assert_string_equal(tell(&as_strict, &strict), "");
	assert_string_equal(tell(NULL, &strict), "");
}

/* Each with what the kernel says of such a service. */
static void each_option_in_words(void **state)
{
	struct service row = strict;
	struct confined is = as_strict;

	(void)state;
	row.userns = false;
	is.boards[CONFINED_USER] = true;
	assert_string_equal(tell(&is, &row), "\"USERNS=n: it is in the board's user namespace\"");
	assert_string_equal(tell(NULL, &row), "\"USERNS=n: it is in the board's user namespace\"");
	row = strict;
	is = as_strict;
	row.net = SERVICE_NET_HOST;
	is.boards[CONFINED_NET] = true;
	assert_string_equal(tell(&is, &row), "\"NET=host: it is in the board's net namespace\"");
	row = strict;
	row.caps = CAP(CAP_NET_ADMIN) | CAP(CAP_SYS_TIME);
	assert_string_equal(tell(NULL, &row), "\"CAPS: it keeps net_admin sys_time\"");
	row = strict;
	row.seccomp = SERVICE_SECCOMP_NONE;
	is = as_strict;
	is.seccomp = 0;
	assert_string_equal(tell(&is, &row), "\"SECCOMP=none: no system call is refused\"");
	row = strict;
	row.seccomp = SERVICE_SECCOMP_STRICT;
	assert_string_equal(tell(NULL, &row), "");
	row.seccomp_logs = true;
	assert_non_null(strstr(tell(NULL, &row), "SECCOMP_LOG"));
	row = strict;
	row.writable = "4194304";
	assert_non_null(strstr(tell(NULL, &row), "WRITABLE"));
	row = strict;
	row.tmpfs_count = row.volume_count = 2;
	assert_string_equal(tell(NULL, &row), "\"TMPFS: programs in /tmp may be executed\","
			    "\"VOLUMES: programs in /opt may be executed\"");
	row = strict;
	row.devices = devices;
	row.device_count = 3;
	assert_string_equal(tell(NULL, &row), "\"DEVICES: it may read /dev/a\","
			    "\"DEVICES: it may write /dev/b\","
			    "\"DEVICES: it may read and write /dev/c\"");
	row = strict;
	row.oom_score_adj = -1;
	assert_string_equal(tell(NULL, &row),
			    "\"OOM_SCORE_ADJ=-1: others are killed before it\"");
}

static void what_the_table_does_not_say(void **state)
{
	struct confined is = as_strict;

	(void)state;
	is.boards[CONFINED_NET] = true;
	assert_string_equal(tell(&is, &strict), "\"it is in the board's net namespace\"");
	is = as_strict;
	is.capabilities[CONFINED_BOUNDING] = INT64_C(1) << CAP_NET_RAW;
	assert_string_equal(tell(&is, &strict), "");
	is.capabilities[0] = INT64_C(1) << CAP_NET_RAW;
	assert_string_equal(tell(&is, &strict), "\"CAPS: it keeps net_raw\"");
	is = as_strict;
	is.seccomp = 0;
	assert_string_equal(tell(&is, &strict), "\"it has no seccomp filter\"");
	is = as_strict;
	is.no_new_privs = 0;
	assert_string_equal(tell(&is, &strict), "\"it may gain privileges: no no_new_privs\"");
	/* Not known is not said. */
	is = as_strict;
	is.seccomp = is.no_new_privs = is.capabilities[1] = -1;
	assert_string_equal(tell(&is, &strict), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_by_default),
		cmocka_unit_test(each_option_in_words),
		cmocka_unit_test(what_the_table_does_not_say),
	};

	return cmocka_run_group_tests_name("client_loosened", tests, NULL, NULL);
}
