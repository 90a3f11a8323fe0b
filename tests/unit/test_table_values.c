/*
 * The values of options, one at a time: what is accepted and as what, what is
 * refused.  How the refusals are worded is tests/table's business; the board's
 * network is test_table_network's.
 *
 * links: init/table/vocabulary.c init/table/values.c init/table/use.c
 * links: init/table/values_process.c init/table/values_network.c
 * links: init/table/words.c init/table/number.c init/table/ipv4.c
 * links: init/table/signals.c init/table/arena.c init/table/values_view.c init/table/values_image.c
 * links: init/table/caps.c init/table/nearest.c init/table/values_ports.c
 * links: init/table/values_uplink.c init/table/ipv6.c
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "init/table/spec.h"
#include "init/table/vocabulary.h"

/* A row's field is an offset into the one or the other. */
struct fields {
	struct service_spec service;
	struct board_spec board;
};

static const struct option *option_named(const char *name)
{
	const struct option *option = vocabulary_find(&service_vocabulary, name, strlen(name));

	return option ? option : vocabulary_find(&board_vocabulary, name, strlen(name));
}

static bool is_of_board(const struct option *option)
{
	return option >= board_vocabulary.at &&
	       option < board_vocabulary.at + board_vocabulary.count;
}

static void *field_of(struct fields *fields, const struct option *option)
{
	char *base = is_of_board(option) ? (char *)&fields->board : (char *)&fields->service;

	return base + option->field;
}

static const char *show_words(struct arena *arena, const struct words *words)
{
	const char *text = "";

	for (size_t i = 0; i < words->count; i++)
		text = arena_printf(arena, "%s%s|", text, words->at[i]);
	return text;
}

static const char *show_limits(struct arena *arena, const struct limits *limits)
{
	const char *text = "";

	for (size_t i = 0; i < limits->count; i++)
		text = arena_printf(arena, "%s%s=%s%s%s|", text, limits->at[i].file,
				    limits->at[i].device ? limits->at[i].device : "",
				    limits->at[i].device ? " " : "", limits->at[i].value);
	return text;
}

static const char *show_tmpfs(struct arena *arena, const struct tmpfs_list *list)
{
	const char *text = "";

	for (size_t i = 0; i < list->count; i++)
		text = arena_printf(arena, "%s%s %" PRIu64 "%s|", text, list->at[i].path,
				    list->at[i].bytes, list->at[i].exec ? " exec" : "");
	return text;
}

static const char *show_volumes(struct arena *arena, const struct volumes *list)
{
	const char *text = "";

	for (size_t i = 0; i < list->count; i++)
		text = arena_printf(arena, "%s%s %s%s%s|", text, list->at[i].name,
				    list->at[i].path, list->at[i].read_only ? " ro" : "",
				    list->at[i].exec ? " exec" : "");
	return text;
}

static const char *show_devices(struct arena *arena, const struct devices *list)
{
	const char *text = "";

	for (size_t i = 0; i < list->count; i++)
		text = arena_printf(arena, "%s%s %s%s|", text, list->at[i].path,
				    list->at[i].read ? "r" : "", list->at[i].write ? "w" : "");
	return text;
}

static const char *show_publish(struct arena *arena, const struct published_ports *ports)
{
	const char *text = "";

	for (size_t i = 0; i < ports->count; i++)
		text = arena_printf(arena, "%s%u %u %s|", text, ports->at[i].outside,
				    ports->at[i].inside, ports->at[i].udp ? "udp" : "tcp");
	return text;
}

static const char *show_number(struct arena *arena, int64_t number)
{
	return arena_printf(arena, "%" PRId64, number);
}

static const char *show_service(struct arena *arena, const char *name,
				const struct service_spec *s)
{
	const struct {
		const char *name, *shown;
	} fields[] = {
		{ "ARGV", show_words(arena, &s->argv) },
		{ "ENV", show_words(arena, &s->env) },
		{ "AFTER", show_words(arena, &s->after_names) },
		{ "WORKDIR", s->workdir },
		{ "USER", arena_printf(arena, "%u:%u", s->user.uid, s->user.gid) },
		{ "HOSTNAME", s->hostname },
		{ "TYPE", show_number(arena, s->type) },
		{ "READY", show_number(arena, s->ready) },
		{ "START_TIMEOUT_MS", show_number(arena, s->start_timeout_ms) },
		{ "RESTART", show_number(arena, s->restart) },
		{ "START_LIMIT", show_number(arena, s->start_limit) },
		{ "START_LIMIT_WINDOW_S", show_number(arena, s->start_limit_window_s) },
		{ "ON_LIMIT", show_number(arena, s->on_limit) },
		{ "WATCHDOG_MS", show_number(arena, s->watchdog_ms) },
		{ "VITAL", show_number(arena, s->vital) },
		{ "INIT", show_number(arena, s->init) },
		{ "LOG_RATE", show_number(arena, s->log_rate) },
		{ "NET", show_number(arena, s->net) },
		{ "RESTART_DELAY_MS", show_number(arena, s->restart_delay_ms) },
		{ "RESTART_DELAY_MAX_MS", show_number(arena, s->restart_delay_max_ms) },
		{ "OOM_SCORE_ADJ", show_number(arena, s->oom_score_adj) },
		{ "UID_BASE", show_number(arena, s->uid_base) },
		{ "STOP_SIGNAL", show_number(arena, s->stop_signal) },
		{ "LOG_CONSOLE", show_number(arena, s->log_console) },
		{ "SHED", show_number(arena, s->shed) },
		{ "USERNS", show_number(arena, s->userns) },
		{ "WRITABLE", show_number(arena, (int64_t)s->writable) },
		{ "TMPFS", show_tmpfs(arena, &s->tmpfs) },
		{ "VOLUMES", show_volumes(arena, &s->volumes) },
		{ "DEVICES", show_devices(arena, &s->devices) },
		{ "CAPS", arena_printf(arena, "%" PRIx64, s->caps) },
		{ "SECCOMP", show_number(arena, s->seccomp) },
		{ "SECCOMP_CALLS", show_words(arena, &s->seccomp_calls) },
		{ "SECCOMP_LOG", show_number(arena, s->seccomp_log) },
		{ "CPU_MAX", s->cpu_max ? s->cpu_max : "(null)" },
		{ "CPUSET", s->cpuset ? s->cpuset : "(null)" },
		{ "MEMORY_MAX", show_number(arena, (int64_t)s->memory_max) },
		{ "IO_MAX", show_limits(arena, &s->io_max) },
		{ "CGROUP", show_limits(arena, &s->cgroup) },
		{ "ADDRESS", arena_printf(arena, "%08x", s->address) },
		{ "PUBLISH", show_publish(arena, &s->publish) },
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (!strcmp(fields[i].name, name))
			return fields[i].shown;
	return NULL;
}

static const char *show_board(struct arena *arena, const char *name, const struct board_spec *b)
{
	if (!strcmp(name, "WATCHDOG_TIMEOUT_S"))
		return show_number(arena, b->watchdog_timeout_s);
	if (!strcmp(name, "LOG_FILE_KB"))
		return show_number(arena, b->log_file_kb);
	if (!strcmp(name, "LOG_FILES"))
		return show_number(arena, b->log_files);
	if (!strcmp(name, "LOG_FILE"))
		return b->log_file;
	if (!strcmp(name, "RESERVE_MB"))
		return show_number(arena, b->reserve_mb);
	if (!strcmp(name, "DATA"))
		return b->data_label;
	if (!strcmp(name, "DATA_TYPE"))
		return show_number(arena, b->data_type);
	return NULL;
}

#define TEXT_50 "01234567890123456789012345678901234567890123456789"
#define TEXT_47 "01234567890123456789012345678901234567890123456"
#define TEXT_249 TEXT_50 TEXT_50 TEXT_50 TEXT_50 "0123456789012345678901234567890123456789012345678"

/* An expectation of NULL is a refusal. */
static const struct row {
	const char *option, *value, *expected;
} rows[] = {
	{ "ARGV", "/bin/x", "/bin/x|" },
	{ "ARGV", "/bin/x -c 'a b' ''", "/bin/x|-c|a b||" },
	{ "ARGV", "", "" },
	{ "ARGV", " ", "" },
	{ "ARGV", "''", NULL },
	{ "ARGV", "x", NULL },
	{ "ARGV", "./x", NULL },
	{ "ARGV", "/x '", NULL },
	{ "ENV", "", "" },
	{ "ENV", "A=1 B= _c2='x y'", "A=1|B=|_c2=x y|" },
	{ "ENV", "A=1 AA=2 A_=3", "A=1|AA=2|A_=3|" },
	{ "ENV", "A=b=c", "A=b=c|" },
	{ "ENV", "A", NULL },
	{ "ENV", "=1", NULL },
	{ "ENV", "2A=1", NULL },
	{ "ENV", "A-B=1", NULL },
	{ "ENV", "A=1 A=2", NULL },
	{ "ENV", "NOTIFY_SOCKETS=1 MY_WATCHDOG_USEC=2 LISTEN_F=3",
	  "NOTIFY_SOCKETS=1|MY_WATCHDOG_USEC=2|LISTEN_F=3|" },
	{ "ENV", "NOTIFY_SOCKET=/run/x", NULL },
	{ "ENV", "NOTIFY_SOCKET=", NULL },
	{ "ENV", "A=1 WATCHDOG_USEC=1", NULL },
	{ "ENV", "WATCHDOG_PID=1", NULL },
	{ "ENV", "LISTEN_FDS=1", NULL },
	{ "ENV", "LISTEN_PID=1", NULL },
	{ "ENV", "MAINPID=1", NULL },
	{ "WORKDIR", "/", "/" },
	{ "WORKDIR", "/srv/..x/.y/...", "/srv/..x/.y/..." },
	{ "WORKDIR", "", "" },
	{ "WORKDIR", "srv", NULL },
	{ "WORKDIR", "//", NULL },
	{ "WORKDIR", "/srv/", NULL },
	{ "WORKDIR", "/srv//x", NULL },
	{ "WORKDIR", "/.", NULL },
	{ "WORKDIR", "/srv/..", NULL },
	{ "WORKDIR", "/../srv", NULL },
	{ "USER", "0", "0:0" },
	{ "USER", "1000", "1000:1000" },
	{ "USER", "65535:0", "65535:0" },
	{ "USER", "", "4294967295:4294967295" },	/* left open */
	{ "USER", ":", NULL },
	{ "USER", "1:", NULL },
	{ "USER", ":1", NULL },
	{ "USER", "1:2:3", NULL },
	{ "USER", "-1", NULL },
	{ "USER", "65536", NULL },
	{ "USER", "0:65536", NULL },
	{ "USER", "4294967296", NULL },
	{ "USER", "root", NULL },
	{ "HOSTNAME", "", "" },
	{ "HOSTNAME", "www.example-1", "www.example-1" },
	{ "HOSTNAME", "a_b", NULL },
	{ "HOSTNAME", "\303\251", NULL },
	{ "AFTER", "", "" },
	{ "AFTER", " a  b ", "a|b|" },
	{ "AFTER", "a b a", NULL },
	{ "TYPE", "service", "0" },
	{ "TYPE", "oneshot", "1" },
	{ "TYPE", "", NULL },
	{ "READY", "exec", "0" },
	{ "READY", "notify", "1" },
	{ "READY", "READY", NULL },
	{ "START_TIMEOUT_MS", "0", "0" },
	{ "START_TIMEOUT_MS", "3600000", "3600000" },
	{ "START_TIMEOUT_MS", "3600001", NULL },
	{ "START_LIMIT", "1000000", "1000000" },
	{ "START_LIMIT", "1000001", NULL },
	{ "START_LIMIT", "-1", NULL },
	{ "START_LIMIT_WINDOW_S", "1", "1" },
	{ "START_LIMIT_WINDOW_S", "86400", "86400" },
	{ "START_LIMIT_WINDOW_S", "0", NULL },
	{ "START_LIMIT_WINDOW_S", "86401", NULL },
	{ "ON_LIMIT", "stop", "0" },
	{ "ON_LIMIT", "reboot", "1" },
	{ "ON_LIMIT", "poweroff", NULL },
	{ "WATCHDOG_MS", "3600000", "3600000" },
	{ "WATCHDOG_MS", "3600001", NULL },
	{ "VITAL", "y", "1" },
	{ "VITAL", "yes", NULL },
	{ "INIT", "y", "1" },
	{ "INIT", "1", NULL },
	{ "LOG_RATE", "0", "0" },
	{ "LOG_RATE", "1000000", "1000000" },
	{ "LOG_RATE", "1000001", NULL },
	{ "RESTART", "no", "0" },
	{ "RESTART", "on-failure", "1" },
	{ "RESTART", "always", "2" },
	{ "RESTART", "", NULL },
	{ "RESTART", "Always", NULL },
	{ "RESTART", "always ", NULL },
	{ "NET", "private", "0" },
	{ "NET", "none", "1" },
	{ "NET", "host", "2" },
	{ "NET", "share:", NULL },
	{ "NET", "shared", NULL },
	{ "RESTART_DELAY_MS", "0", "0" },
	{ "RESTART_DELAY_MS", "3600000", "3600000" },
	{ "RESTART_DELAY_MAX_MS", "1", "1" },
	{ "RESTART_DELAY_MAX_MS", "0", NULL },
	{ "RESTART_DELAY_MS", "3600001", NULL },
	{ "RESTART_DELAY_MS", "-1", NULL },
	{ "RESTART_DELAY_MS", "", NULL },
	{ "RESTART_DELAY_MS", "-", NULL },
	{ "RESTART_DELAY_MS", "1s", NULL },
	{ "RESTART_DELAY_MS", "18446744073709551616", NULL },
	{ "OOM_SCORE_ADJ", "-999", "-999" },
	{ "OOM_SCORE_ADJ", "1000", "1000" },
	{ "OOM_SCORE_ADJ", "-1000", NULL },
	{ "OOM_SCORE_ADJ", "--1", NULL },
	{ "OOM_SCORE_ADJ", "-9223372036854775809", NULL },
	{ "UID_BASE", "4294836224", "4294836224" },
	{ "UID_BASE", "4294836225", NULL },
	{ "STOP_SIGNAL", "TERM", "15" },
	{ "STOP_SIGNAL", "SIGUSR2", "12" },
	{ "STOP_SIGNAL", "64", "64" },
	{ "STOP_SIGNAL", "65", NULL },
	{ "STOP_SIGNAL", "0", NULL },
	{ "STOP_SIGNAL", "", "0" },	/* left open */
	{ "STOP_SIGNAL", "SIG", NULL },
	{ "STOP_SIGNAL", "SIG15", NULL },
	{ "STOP_SIGNAL", "SIGSIGTERM", NULL },
	{ "STOP_SIGNAL", "term", NULL },
	{ "LOG_CONSOLE", "y", "1" },
	{ "LOG_CONSOLE", "n", "0" },
	{ "LOG_CONSOLE", "m", NULL },
	{ "LOG_CONSOLE", "yes", NULL },
	{ "TMPFS", "", "" },
	{ "TMPFS", "/run:1M /a:4096", "/run 1048576|/a 4096|" },
	{ "TMPFS", "/a:b:4096", NULL },
	{ "TMPFS", "/run:1M,/a:1M", NULL },
	{ "TMPFS", "/run", NULL },
	{ "TMPFS", "/run:", NULL },
	{ "TMPFS", "/run:0", NULL },
	{ "TMPFS", "/run:0M", NULL },
	{ "TMPFS", ":1M", NULL },
	{ "TMPFS", "/:1M", NULL },
	{ "TMPFS", "/run/:1M", NULL },
	{ "TMPFS", "/run/../etc:1M", NULL },
	{ "TMPFS", "/run:4097G", NULL },
	{ "TMPFS", "/run:1:exec /exec:2", "/run 1 exec|/exec 2|" },
	{ "TMPFS", "/a:3:4:exec", NULL },
	{ "TMPFS", "/a:exec:4", NULL },
	{ "TMPFS", "/exec:exec", NULL },
	{ "TMPFS", ":exec", NULL },
	{ "TMPFS", "/run:1M:noexec", NULL },
	{ "TMPFS", "/run:1M:exec:exec", NULL },
	{ "TMPFS", "/run:1M:", NULL },
	{ "SHED", "0", "0" },
	{ "SHED", "1000", "1000" },
	{ "SHED", "1001", NULL },
	{ "SHED", "-1", NULL },
	{ "USERNS", "y", "1" },
	{ "USERNS", "n", "0" },
	{ "USERNS", "no", NULL },
	{ "WRITABLE", "", "0" },
	{ "WRITABLE", "4M", "4194304" },
	{ "WRITABLE", "y", NULL },
	{ "VOLUMES", "", "" },
	{ "VOLUMES", "data:/var/lib/x a-_9:/b:ro c:/c:exec d:/d:ro:exec e:/e:exec:ro",
	  "data /var/lib/x|a-_9 /b ro|c /c exec|d /d ro exec|e /e ro exec|" },
	{ "VOLUMES", "a:/a a:/b:ro", "a /a|a /b ro|" },
	{ "VOLUMES", TEXT_47 ":/x", TEXT_47 " /x|" },
	{ "VOLUMES", TEXT_47 "7:/x", NULL },
	{ "VOLUMES", "data", NULL },
	{ "VOLUMES", "/var/lib/x", NULL },
	{ "VOLUMES", ":/x", NULL },
	{ "VOLUMES", "Data:/x", NULL },
	{ "VOLUMES", "a/b:/x", NULL },
	{ "VOLUMES", "..:/x", NULL },
	{ "VOLUMES", "a.b:/x", NULL },
	{ "VOLUMES", "data:", NULL },
	{ "VOLUMES", "data:x", NULL },
	{ "VOLUMES", "data:/", NULL },
	{ "VOLUMES", "data:/x/", NULL },
	{ "VOLUMES", "data:/x/../y", NULL },
	{ "VOLUMES", "data:/x:", NULL },
	{ "VOLUMES", "data:/x:rw", NULL },
	{ "VOLUMES", "data:/x:ro:", NULL },
	{ "VOLUMES", "data:/x:ro:ro", NULL },
	{ "VOLUMES", "data:/x:r", NULL },
	{ "VOLUMES", "data:/x:exec,ro", NULL },
	{ "DEVICES", "", "" },
	{ "DEVICES", "/dev/ttyS1:rw /dev/rtc0:r /dev/snd/seq:w",
	  "/dev/ttyS1 rw|/dev/rtc0 r|/dev/snd/seq w|" },
	{ "DEVICES", "/dev/a:b:r /dev/tty0:r /dev/nullx:r",
	  "/dev/a:b r|/dev/tty0 r|/dev/nullx r|" },
	{ "DEVICES", "/dev/ttyS1", NULL },
	{ "DEVICES", "/dev/ttyS*:r", NULL },
	{ "DEVICES", "/dev/ttyS1:r,/dev/ttyS2:r", NULL },
	{ "DEVICES", "/dev/ttyS1:", NULL },
	{ "DEVICES", "/dev/ttyS1:wr", NULL },
	{ "DEVICES", "/dev/ttyS1:rwm", NULL },
	{ "DEVICES", "/dev/ttyS1:rr", NULL },
	{ "DEVICES", "/dev:r", NULL },
	{ "DEVICES", "/dev/:r", NULL },
	{ "DEVICES", "/dev/snd/:r", NULL },
	{ "DEVICES", "/devices/x:r", NULL },
	{ "DEVICES", "ttyS1:r", NULL },
	{ "DEVICES", "/dev/../x:r", NULL },
	{ "DEVICES", "/dev/./x:r", NULL },
	{ "DEVICES", "/dev/null:r", NULL },
	{ "DEVICES", "/dev/zero:r", NULL },
	{ "DEVICES", "/dev/full:r", NULL },
	{ "DEVICES", "/dev/random:r", NULL },
	{ "DEVICES", "/dev/urandom:r", NULL },
	{ "DEVICES", "/dev/tty:r", NULL },
	{ "DEVICES", "/dev/pts:r", NULL },
	{ "DEVICES", "/dev/pts/0:r", NULL },
	{ "DEVICES", "/dev/ptmx:r", NULL },
	{ "DEVICES", "/dev/shm/x:r", NULL },
	{ "DEVICES", "/dev/mqueue/x:r", NULL },
	{ "DEVICES", "/dev/fd/0:r", NULL },
	{ "DEVICES", "/dev/stdin:r", NULL },
	{ "DEVICES", "/dev/stdout:r", NULL },
	{ "DEVICES", "/dev/stderr:r", NULL },
	{ "DEVICES", "/dev/notify:r", NULL },
	{ "DEVICES", "/dev/toolbox/x:r", NULL },
	{ "DEVICES", "/dev/a:r /dev/b:r /dev/a:w", NULL },
	{ "CAPS", "", "0" },
	{ "CAPS", "CHOWN", "1" },
	{ "CAPS", "net_admin Sys_Time", "2001000" },
	{ "CAPS", "CHECKPOINT_RESTORE", "10000000000" },
	{ "CAPS", "CAP_CHOWN", NULL },
	{ "CAPS", "CHOWN chown", NULL },
	{ "CAPS", "ALL", NULL },
	{ "CAPS", "NET", NULL },
	{ "CAPS", "CHOWN,KILL", NULL },
	{ "CAPS", "+CHOWN", NULL },
	{ "SECCOMP", "none", "0" },
	{ "SECCOMP", "default", "1" },
	{ "SECCOMP", "strict", "2" },
	{ "SECCOMP", "log", NULL },
	{ "SECCOMP_CALLS", " read  exit_group", "read|exit_group|" },
	{ "SECCOMP_CALLS", "read read", NULL },
	{ "SECCOMP_LOG", "y", "1" },
	{ "CPU_MAX", "", "(null)" },
	{ "CPU_MAX", "1%", "1000 100000" },
	{ "CPU_MAX", "50%", "50000 100000" },
	{ "CPU_MAX", "250%", "250000 100000" },
	{ "CPU_MAX", "20000 50000", "20000 50000" },
	{ "CPU_MAX", "0%", NULL },
	{ "CPU_MAX", "%", NULL },
	{ "CPU_MAX", "12.5%", NULL },
	{ "CPU_MAX", "x%", NULL },
	{ "CPU_MAX", "-50%", NULL },
	{ "CPU_MAX", "50 %", NULL },
	{ "CPU_MAX", "99999999999999999999%", NULL },
	{ "CPU_MAX", "20000", NULL },
	{ "CPU_MAX", "999 100000", NULL },
	{ "CPU_MAX", "1000 999", NULL },
	{ "CPU_MAX", "1000 1000001", NULL },
	{ "CPU_MAX", "20000  50000", NULL },
	{ "CPU_MAX", "max", NULL },
	{ "CPUSET", "", "(null)" },
	{ "CPUSET", "0", "0" },
	{ "CPUSET", "0-1,3,5-8191", "0-1,3,5-8191" },
	{ "CPUSET", "1-0", NULL },
	{ "CPUSET", "0,", NULL },
	{ "CPUSET", ",0", NULL },
	{ "CPUSET", "0-", NULL },
	{ "CPUSET", "-1", NULL },
	{ "CPUSET", "0-1-2", NULL },
	{ "CPUSET", "0 1", NULL },
	{ "CPUSET", "8192", NULL },
	{ "MEMORY_MAX", "16M", "16777216" },
	{ "MEMORY_MAX", "4096G", "4398046511104" },
	{ "MEMORY_MAX", "4097G", NULL },
	{ "MEMORY_MAX", "max", NULL },
	{ "IO_MAX", "", "" },
	{ "IO_MAX", "/dev/vda wbps=50M", "io.max=/dev/vda wbps=52428800|" },
	{ "IO_MAX", "/dev/a rbps=1 wiops=2 /dev/b riops=1K",
	  "io.max=/dev/a rbps=1 wiops=2|io.max=/dev/b riops=1024|" },
	{ "IO_MAX", "/dev/vda", NULL },
	{ "IO_MAX", "/dev/ wbps=1", NULL },
	{ "IO_MAX", "/vda wbps=1", NULL },
	{ "IO_MAX", "vda wbps=1", NULL },
	{ "IO_MAX", "wbps=1 /dev/vda", NULL },
	{ "IO_MAX", "/dev/vda wbps=0", NULL },
	{ "IO_MAX", "/dev/vda wbps=", NULL },
	{ "IO_MAX", "/dev/vda wbps", NULL },
	{ "IO_MAX", "/dev/vda w=1", NULL },
	{ "IO_MAX", "/dev/vda wbps=max", NULL },
	{ "IO_MAX", "/dev/vda wbps=1 wbps=2", NULL },
	{ "IO_MAX", "/dev/vda wbps=1 /dev/vda rbps=1", NULL },
	{ "CGROUP", "", "" },
	{ "CGROUP", "memory.swap.max=0 'io.latency=8:0 target=1'",
	  "memory.swap.max=0|io.latency=8:0 target=1|" },
	{ "CGROUP", "cpuset.mems=a=b cpu.idle=1 pids.x=1", "cpuset.mems=a=b|cpu.idle=1|pids.x=1|" },
	{ "CGROUP", "cpu.max.burst=5000", "cpu.max.burst=5000|" },
	{ "CGROUP", "hugetlb.2MB.max=1 hugetlb.1GB.rsvd.max=2",
	  "hugetlb.2MB.max=1|hugetlb.1GB.rsvd.max=2|" },
	{ "CGROUP", "'rdma.max=mlx4_0 hca_handle=2' memory.zswap.max=0",
	  "rdma.max=mlx4_0 hca_handle=2|memory.zswap.max=0|" },
	{ "CGROUP", "hugetlb.2MB.current=1", NULL },
	{ "CGROUP", "hugetlb.2MB.events=1", NULL },
	{ "CGROUP", "rdma.current=1", NULL },
	{ "CGROUP", "misc.max=1", NULL },
	{ "CGROUP", "mem.x=1", NULL },
	{ "CGROUP", "cpus.x=1", NULL },
	{ "CGROUP", "memory.current=1", NULL },
	{ "CGROUP", "memory.swap.current=1", NULL },
	{ "CGROUP", "memory.peak=1", NULL },
	{ "CGROUP", "cpu.stat=1", NULL },
	{ "CGROUP", "cpu.stat.local=1", NULL },
	{ "CGROUP", "memory.numa_stat=1", NULL },
	{ "CGROUP", "pids.events=1", NULL },
	{ "CGROUP", "memory.events.local=1", NULL },
	{ "CGROUP", "io.pressure=1", NULL },
	{ "CGROUP", "cpuset.cpus.effective=1", NULL },
	{ "CGROUP", "x", NULL },
	{ "CGROUP", "=1", NULL },
	{ "CGROUP", "x.y=", NULL },
	{ "CGROUP", "tasks=1", NULL },
	{ "CGROUP", "a/b.c=1", NULL },
	{ "CGROUP", "..=1", NULL },
	{ "CGROUP", "memory.max=1", NULL },
	{ "CGROUP", "memory.oom.group=0", NULL },
	{ "CGROUP", "cgroup.kill=1", NULL },
	{ "CGROUP", "x.y=1 x.y=2", NULL },
	{ "ADDRESS", "", "00000000" },
	{ "ADDRESS", "10.77.0.9", "0a4d0009" },
	{ "ADDRESS", "10.77.0", NULL },
	{ "ADDRESS", "10.77.0.9.1", NULL },
	{ "ADDRESS", "10.77.0.256", NULL },
	{ "ADDRESS", "10.77.0.09", NULL },
	{ "ADDRESS", "10.77..9", NULL },
	{ "ADDRESS", "10.77.0.9/24", NULL },
	{ "ADDRESS", "10.77.0.9 ", NULL },
	{ "ADDRESS", "0.0.0.0", NULL },
	{ "ADDRESS", "127.0.0.1", NULL },
	{ "ADDRESS", "224.0.0.1", NULL },
	{ "ADDRESS", "255.255.255.255", NULL },
	{ "PUBLISH", "", "" },
	{ "PUBLISH", "8080:80/tcp 53:5353/udp", "8080 80 tcp|53 5353 udp|" },
	{ "PUBLISH", "65535:1/tcp", "65535 1 tcp|" },
	{ "PUBLISH", "0:80/tcp", NULL },
	{ "PUBLISH", "8080:0/tcp", NULL },
	{ "PUBLISH", "65536:80/tcp", NULL },
	{ "PUBLISH", "8080:65536/tcp", NULL },
	{ "PUBLISH", "8080:80", NULL },
	{ "PUBLISH", "8080/tcp", NULL },
	{ "PUBLISH", "8080:80/TCP", NULL },
	{ "PUBLISH", "8080:80/tcp/", NULL },
	{ "PUBLISH", "8080:80:1/tcp", NULL },
	{ "PUBLISH", "a:80/tcp", NULL },
	{ "PUBLISH", "8080:80/tcp,", NULL },
	{ "WATCHDOG_TIMEOUT_S", "3600", "3600" },
	{ "WATCHDOG_TIMEOUT_S", "3601", NULL },
	{ "RESERVE_MB", "0", "0" },
	{ "RESERVE_MB", "4194305", NULL },
	{ "DATA", "", "" },
	{ "DATA", "sixteen letters!", "sixteen letters!" },
	{ "DATA", "seventeen letters", NULL },
	{ "DATA", "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251x", NULL },
	{ "DATA_TYPE", "ext4", "0" },
	{ "DATA_TYPE", "f2fs", "1" },
	{ "DATA_TYPE", "ext3", NULL },
	{ "LOG_FILE", "", "" },
	{ "LOG_FILE", "/data/log", "/data/log" },
	{ "LOG_FILE", "/data/log file", "/data/log file" },
	{ "LOG_FILE", "log", NULL },
	{ "LOG_FILE", "/", NULL },
	{ "LOG_FILE", "/data/", NULL },
	{ "LOG_FILE", "//log", NULL },
	{ "LOG_FILE", "/./log", NULL },
	{ "LOG_FILE", "/" TEXT_249, "/" TEXT_249 },
	{ "LOG_FILE", "/x" TEXT_249, NULL },
	{ "LOG_FILE_KB", "16", "16" },
	{ "LOG_FILE_KB", "15", NULL },
	{ "LOG_FILE_KB", "1048577", NULL },
	{ "LOG_FILES", "2", "2" },
	{ "LOG_FILES", "100", "100" },
	{ "LOG_FILES", "101", NULL },
};

static const char *describe(struct arena *arena, const struct row *row, const char *outcome)
{
	return arena_printf(arena, "%s=<%s> gives %s", row->option, row->value,
			    outcome ? outcome : "refused");
}

static void a_value_is_read_or_refused_with_a_remedy(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct option *option = option_named(rows[i].option);
		struct arena arena = { NULL };
		struct fields fields = { .board = { .ram_mb = 0 } };
		const char *error = option->read(&arena, option, rows[i].value,
						 field_of(&fields, option));
		const char *seen = NULL;

		if (!error && is_of_board(option))
			seen = show_board(&arena, rows[i].option, &fields.board);
		else if (!error)
			seen = show_service(&arena, rows[i].option, &fields.service);
		if (error)
			seen = strchr(error, ';') ? "refused" : "refused without a remedy";
		assert_string_equal(describe(&arena, &rows[i], seen),
				    describe(&arena, &rows[i], rows[i].expected));
		arena_free(&arena);
	}
}

static void check_initials(const struct vocabulary *vocabulary)
{
	for (size_t i = 0; i < vocabulary->count; i++) {
		const struct option *option = &vocabulary->at[i];
		struct arena arena = { NULL };
		struct fields fields = { .board = { .ram_mb = 0 } };
		const char *error = option->read(&arena, option, option->initial,
						 field_of(&fields, option));

		if (error)
			fail_msg("the default of %s: %s", option->name, error);
		arena_free(&arena);
	}
}

static void every_default_is_a_valid_value(void **state)
{
	(void)state;
	check_initials(&service_vocabulary);
	check_initials(&board_vocabulary);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_is_read_or_refused_with_a_remedy),
		cmocka_unit_test(every_default_is_a_valid_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
