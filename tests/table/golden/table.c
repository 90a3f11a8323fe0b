/* Written by init/table from .config; any change here is lost. */
#include "init/part.h"
#include "init/service.h"
#include "table.h"

static const char *const argv_broker[] = {
	"/bin/program",
	NULL,
};

static const char *const envp_broker[] = {
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
	"HOME=/root",
	"NOTIFY_SOCKET=/dev/notify",
	"WATCHDOG_USEC=1500000",
	NULL,
};

static const struct service_limit limits_broker[] = {
	{ .file = "cpu.weight", .value = "100" },
	{ .file = "memory.max", .value = "16777216" },
	{ .file = "memory.oom.group", .value = "1" },
	{ .file = "memory.low", .value = "2097152" },
	{ .file = "memory.min", .value = "1048576" },
	{ .file = "pids.max", .value = "32" },
	{ .file = "cpu.idle", .value = "0" },
};

static const struct service_volume volumes_broker[] = {
	{ .folder = "broker/state", .path = "/var/lib/broker" },
	{ .folder = "broker/plug-ins", .path = "/opt/plug-ins", .read_only = true, .exec = true },
	{ .folder = "broker/logs", .path = "/var/log", .read_only = true },
};

static const struct service_device devices_broker[] = {
	{ .path = "/dev/ttyS1", .read = true, .write = true },
	{ .path = "/dev/rtc0", .read = true },
	{ .path = "/dev/snd/seq", .write = true },
};

static const uint16_t before_broker[] = { 3 };

static const char *const publish_broker[] = {
	"53:5353/udp",
	"8080:1883/udp",
	NULL,
};

static const char *const argv_clock[] = {
	"/bin/program",
	NULL,
};

static const char *const envp_clock[] = {
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
	"HOME=/root",
	NULL,
};

static const struct service_limit limits_clock[] = {
	{ .file = "memory.max", .value = "16777216" },
	{ .file = "memory.oom.group", .value = "1" },
	{ .file = "pids.max", .value = "32" },
	{ .file = "cpu.idle", .value = "1" },
	{ .file = "hugetlb.2MB.max", .value = "0" },
};

static const char *const argv_sensor[] = {
	"/bin/program",
	NULL,
};

static const char *const envp_sensor[] = {
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
	"HOME=/root",
	NULL,
};

static const struct service_limit limits_sensor[] = {
	{ .file = "memory.max", .value = "16777216" },
	{ .file = "memory.oom.group", .value = "1" },
	{ .file = "pids.max", .value = "32" },
};

static const uint16_t before_sensor[] = { 3 };

static const char *const argv_web_ui[] = {
	"/bin/program",
	"-g",
	"daemon off;",
	"a\"b\\c",
	"",
	"x y",
	"\?\?",
	"\303\251",
	NULL,
};

static const char *const envp_web_ui[] = {
	"LANG=C",
	"HOME=/srv",
	"MOTTO=two words",
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
	"NOTIFY_SOCKET=/dev/notify",
	"WATCHDOG_USEC=3600000000",
	NULL,
};

static const struct service_limit limits_web_ui[] = {
	{ .file = "cpu.max", .value = "50000 100000" },
	{ .file = "cpu.weight", .value = "200" },
	{ .file = "cpuset.cpus", .value = "0-1,3" },
	{ .file = "memory.max", .value = "25165824" },
	{ .file = "memory.oom.group", .value = "1" },
	{ .file = "memory.high", .value = "20971520" },
	{ .file = "memory.low", .value = "8388608" },
	{ .file = "memory.min", .value = "25165824" },
	{ .file = "pids.max", .value = "12" },
	{ .file = "io.weight", .value = "default 50" },
	{ .file = "io.max", .value = "wbps=52428800 riops=100", .device = "/dev/vda" },
	{ .file = "io.max", .value = "rbps=1073741824", .device = "/dev/vdb" },
	{ .file = "memory.swap.max", .value = "0" },
	{ .file = "io.latency", .value = "target=75000 x" },
};

static const struct service_tmpfs tmpfs_web_ui[] = {
	{ .path = "/run", .size = "1048576" },
	{ .path = "/var/cache/nginx", .size = "4194304", .exec = true },
};

static const uint16_t after_web_ui[] = { 2, 0 };

static const char *const publish_web_ui[] = {
	"8080:80/tcp",
	"8443:443/tcp",
	NULL,
};

#include <linux/filter.h>

const struct service services[SERVICE_SLOTS] = {
[0] = {
	.name = "broker",
	.root = "/services/broker",
	.argv = argv_broker,
	.envp = envp_broker,
	.workdir = "/",
	.hostname = "broker",
	.uid = 0u,
	.gid = 0u,
	.uid_base = 1114112u,
	.userns = true,
	.caps = 0x1001ull,	/* CHOWN NET_ADMIN */
	.oom_score_adj = 0,
	.nofile = 1024,
	.type = SERVICE_TYPE_SERVICE,
	.ready = SERVICE_READY_EXEC,
	.start_timeout_ms = 30000,
	.restart = SERVICE_RESTART_ALWAYS,
	.restart_delay_ms = 100,
	.restart_delay_max_ms = 30000,
	.start_limit = 0,
	.start_limit_window_ms = 60000,
	.on_limit = SERVICE_ON_LIMIT_STOP,
	.stop_timeout_ms = 5000,
	.stop_signal = 15,
	.watchdog_ms = 1500,
	.notify = true,
	.vital = false,
	.init = false,
	.shed = 20,
	.limits = limits_broker,
	.limit_count = 7,
	.writable = "2097152",
	.volumes = volumes_broker,
	.volume_count = 3,
	.devices = devices_broker,
	.device_count = 3,
	.net = SERVICE_NET_PRIVATE,
	.address = 0x0a4d0001u,	/* 10.77.0.1 */
	.mac = { 0x02, 0xd5, 0x6f, 0xd1, 0x2a, 0x82 },
	.log_console = false,
	.log_rate = 1000,
	.log_bytes = 8192u,
	.before = before_broker,
	.before_count = 1,
	.publish = publish_broker,
	.seccomp = SERVICE_SECCOMP_NONE,
	.seccomp_logs = false,
	.log_offset = 32768u,
	.fingerprint = FINGERPRINT,
},
[1] = {
	.name = "clock",
	.root = "/services/clock",
	.argv = argv_clock,
	.envp = envp_clock,
	.workdir = "/",
	.hostname = "clock",
	.uid = 0u,
	.gid = 0u,
	.uid_base = 1179648u,
	.userns = false,
	.caps = 0x10002000000ull,	/* SYS_TIME CHECKPOINT_RESTORE */
	.oom_score_adj = 0,
	.nofile = 1024,
	.type = SERVICE_TYPE_SERVICE,
	.ready = SERVICE_READY_EXEC,
	.start_timeout_ms = 30000,
	.restart = SERVICE_RESTART_ALWAYS,
	.restart_delay_ms = 100,
	.restart_delay_max_ms = 30000,
	.start_limit = 0,
	.start_limit_window_ms = 60000,
	.on_limit = SERVICE_ON_LIMIT_STOP,
	.stop_timeout_ms = 5000,
	.stop_signal = 15,
	.watchdog_ms = 0,
	.notify = false,
	.vital = false,
	.init = false,
	.shed = 3,
	.limits = limits_clock,
	.limit_count = 5,
	.net = SERVICE_NET_HOST,
	.mac = { 0x02, 0x4b, 0x93, 0x13, 0x95, 0x57 },
	.log_console = false,
	.log_rate = 1000,
	.log_bytes = 0u,
	.seccomp = SERVICE_SECCOMP_DEFAULT,
	.seccomp_logs = false,
	.filter = filter_0,
	.filter_count = COUNT,
	.log_offset = 40960u,
	.fingerprint = FINGERPRINT,
},
[2] = {
	.name = "sensor",
	.root = "/services/sensor",
	.argv = argv_sensor,
	.envp = envp_sensor,
	.workdir = "/",
	.hostname = "sensor",
	.uid = 0u,
	.gid = 0u,
	.uid_base = 1245184u,
	.userns = true,
	.oom_score_adj = 0,
	.nofile = 1024,
	.type = SERVICE_TYPE_ONESHOT,
	.ready = SERVICE_READY_EXEC,
	.start_timeout_ms = 30000,
	.restart = SERVICE_RESTART_NO,
	.restart_delay_ms = 100,
	.restart_delay_max_ms = 30000,
	.start_limit = 0,
	.start_limit_window_ms = 60000,
	.on_limit = SERVICE_ON_LIMIT_STOP,
	.stop_timeout_ms = 5000,
	.stop_signal = 15,
	.watchdog_ms = 0,
	.notify = false,
	.vital = false,
	.init = false,
	.shed = 20,
	.limits = limits_sensor,
	.limit_count = 3,
	.net = SERVICE_NET_NONE,
	.mac = { 0x02, 0xaf, 0xb4, 0x7b, 0x18, 0x14 },
	.log_console = false,
	.log_rate = 1000,
	.log_bytes = 0u,
	.before = before_sensor,
	.before_count = 1,
	.seccomp = SERVICE_SECCOMP_NONE,
	.seccomp_logs = false,
	.log_offset = 40960u,
	.fingerprint = FINGERPRINT,
},
[3] = {
	.name = "web-ui",
	.root = "/services/web-ui",
	.argv = argv_web_ui,
	.envp = envp_web_ui,
	.workdir = "/srv",
	.hostname = "www.example",
	.uid = 1000u,
	.gid = 100u,
	.uid_base = 1310720u,
	.userns = true,
	.oom_score_adj = -500,
	.nofile = 4096,
	.type = SERVICE_TYPE_SERVICE,
	.ready = SERVICE_READY_NOTIFY,
	.start_timeout_ms = 45000,
	.restart = SERVICE_RESTART_ON_FAILURE,
	.restart_delay_ms = 0,
	.restart_delay_max_ms = 60000,
	.start_limit = 5,
	.start_limit_window_ms = 120000,
	.on_limit = SERVICE_ON_LIMIT_REBOOT,
	.stop_timeout_ms = 7000,
	.stop_signal = 3,
	.watchdog_ms = 3600000,
	.notify = true,
	.vital = true,
	.init = true,
	.shed = 0,
	.limits = limits_web_ui,
	.limit_count = 14,
	.tmpfs = tmpfs_web_ui,
	.tmpfs_count = 2,
	.net = SERVICE_NET_PRIVATE,
	.address = 0x0a4d0003u,	/* 10.77.0.3 */
	.mac = { 0x02, 0x52, 0xca, 0xe6, 0x39, 0x62 },
	.log_console = true,
	.log_rate = 0,
	.log_bytes = 65536u,
	.after = after_web_ui,
	.after_count = 2,
	.publish = publish_web_ui,
	.seccomp = SERVICE_SECCOMP_NONE,
	.seccomp_logs = false,
	.log_offset = 40960u,
	.fingerprint = FINGERPRINT,
},
};

extern const struct part helper_part;
extern const struct part storage_part;
extern const struct part pressure_part;
const struct part *const parts[] = {
	&helper_part,
	&storage_part,
	&pressure_part,
	NULL,
};
static const uint16_t board_shed[] = { 1, 0, 2 };

static const struct service_limit board_limits[] = {
	{ .file = "memory.low", .value = "10485760" },
	{ .file = "memory.min", .value = "26214400" },
};

static const char *const board_modules[] = {
	"/lib/modules/llc.ko",
	"/lib/modules/bridge.ko",
	NULL,
};


const struct board board = {
	.bridge_address = 0x0a4d0002u,	/* 10.77.0.2 */
	.bridge_prefix = 28,
	.uplink = "eth0",
	.uplink_address = 0x0a00020fu,	/* 10.0.2.15 */
	.uplink_prefix = 24,
	.uplink_gateway = 0x0a000202u,	/* 10.0.2.2 */
	.shutdown_timeout_ms = 20000,
	.watchdog_timeout_s = 30,
	.log_kmsg = true,
	.log_file = "/data/log",
	.log_file_bytes = 1073741824u,
	.log_files = 3,
	.log_offset = 0u,
	.log_bytes = 32768u,
	.data_label = "board data",
	.data_type = "f2fs",
	.shed = board_shed,
	.shed_count = 3,
	.limits = board_limits,
	.limit_count = 2,
	.modules = board_modules,
	.firewall = board_firewall,
	.firewall_bytes = sizeof(board_firewall),
	.network_fingerprint = FINGERPRINT,
	.fingerprint = FINGERPRINT,
};
