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
	"LISTEN_FDS=3",
	"LISTEN_PID=1",
	"LISTEN_FDNAMES=1885/tcp:/run/broker.sock:1885/udp",
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

static const struct service_listen listen_broker[] = {
	{ .port = 1885, .protocol = 6 /* tcp */ },
	{ .path = "/run/broker.sock" },
	{ .port = 1885, .protocol = 17 /* udp */ },
};

static const struct service_socket sockets_broker[] = {
	{ .source = "/run/pith/listen/broker.1", .path = "/run/broker.sock" },
};

static const uint16_t before_broker[] = { 6 };

static const struct service_publish published_broker[] = {
	{ .outside = 53, .inside = 5353, .protocol = 17 /* udp */ },
	{ .outside = 8080, .inside = 1883, .protocol = 17 /* udp */ },
};

static const char *const argv_cache[] = {
	"/bin/program",
	NULL,
};

static const char *const envp_cache[] = {
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
	"HOME=/root",
	"LISTEN_FDS=1",
	"LISTEN_PID=2",
	"LISTEN_FDNAMES=/run/cache.sock",
	NULL,
};

static const struct service_limit limits_cache[] = {
	{ .file = "cpu.weight", .value = "100" },
	{ .file = "memory.max", .value = "16777216" },
	{ .file = "memory.oom.group", .value = "1" },
	{ .file = "pids.max", .value = "32" },
};

static const struct service_tmpfs tmpfs_cache[] = {
	{ .path = "/run", .size = "1048576" },
};

static const struct service_listen listen_cache[] = {
	{ .path = "/run/cache.sock" },
};

static const struct service_socket sockets_cache[] = {
	{ .source = "/run/pith/listen/cache.0", .path = "/run/cache.sock" },
};

static const uint16_t after_cache[] = { 2, 6 };

static const char *const argv_clock[] = {
	"/bin/program",
	NULL,
};

static const char *const envp_clock[] = {
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
	"HOME=/root",
	"NOTIFY_SOCKET=/dev/notify",
	NULL,
};

static const struct service_limit limits_clock[] = {
	{ .file = "memory.max", .value = "16777216" },
	{ .file = "memory.oom.group", .value = "1" },
	{ .file = "pids.max", .value = "32" },
	{ .file = "cpu.idle", .value = "1" },
	{ .file = "hugetlb.2MB.max", .value = "0" },
};

static const uint16_t before_clock[] = { 1 };

static const char *const argv_dhcp_eth1_2e100[] = {
	"/bin/program",
	"-i",
	"eth1.100",
	NULL,
};

static const char *const envp_dhcp_eth1_2e100[] = {
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
	"HOME=/root",
	"NOTIFY_SOCKET=/dev/notify",
	NULL,
};

static const struct service_limit limits_dhcp_eth1_2e100[] = {
	{ .file = "cpu.weight", .value = "100" },
	{ .file = "memory.max", .value = "16777216" },
	{ .file = "memory.oom.group", .value = "1" },
	{ .file = "pids.max", .value = "32" },
};

static const char *const argv_dhcp_eth2[] = {
	"/bin/program",
	"-i",
	"eth2",
	NULL,
};

static const char *const envp_dhcp_eth2[] = {
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
	"HOME=/root",
	"NOTIFY_SOCKET=/dev/notify",
	NULL,
};

static const struct service_limit limits_dhcp_eth2[] = {
	{ .file = "cpu.weight", .value = "100" },
	{ .file = "memory.max", .value = "16777216" },
	{ .file = "memory.oom.group", .value = "1" },
	{ .file = "pids.max", .value = "32" },
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

static const struct service_socket sockets_sensor[] = {
	{ .source = "/run/pith/listen/broker.1", .path = "/run/broker.sock" },
};

static const uint16_t before_sensor[] = { 6 };

static const struct service_allow allow_sensor[] = {
	{ .to = 0, .path = "/run/broker.sock" },
};

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

static const struct service_socket sockets_web_ui[] = {
	{ .source = "/run/pith/listen/cache.0", .path = "/run/cache.sock" },
};

static const uint16_t after_web_ui[] = { 5, 0 };

static const uint16_t before_web_ui[] = { 1 };

static const struct service_publish published_web_ui[] = {
	{ .outside = 8080, .inside = 80, .protocol = 6 /* tcp */ },
	{ .outside = 8443, .inside = 443, .protocol = 6 /* tcp */ },
};

static const struct service_allow allow_web_ui[] = {
	{ .to = 0, .port = 1884, .protocol = 6 /* tcp */ },
	{ .to = 0, .port = 1885, .protocol = 17 /* udp */ },
	{ .to = 2, .port = 123, .protocol = 17 /* udp */ },
	{ .to = 1, .path = "/run/cache.sock" },
	{ .to = 0, .port = 5353, .protocol = 17 /* udp */ },
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
	.ipv6 = true,
	/* fd00:0:0:77::1 */
	.address6 = { 0xfd, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x77, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01 },
	.mac = { 0x02, 0xd5, 0x6f, 0xd1, 0x2a, 0x82 },
	.listen = listen_broker,
	.listen_count = 3,
	.sockets = sockets_broker,
	.socket_count = 1,
	.resolves = false,
	.after_network = false,
	.log_console = false,
	.log_rate = 1000,
	.log_bytes = 8192u,
	.before = before_broker,
	.before_count = 1,
	.listen_first = 0u,
	.published = published_broker,
	.published_count = 2,
	.seccomp = SERVICE_SECCOMP_NONE,
	.seccomp_logs = false,
	.log_offset = 32768u,
	.fingerprint = FINGERPRINT,
},
[1] = {
	.name = "cache",
	.root = "/services/cache",
	.argv = argv_cache,
	.envp = envp_cache,
	.workdir = "/",
	.hostname = "cache",
	.uid = 0u,
	.gid = 0u,
	.uid_base = 1179648u,
	.userns = true,
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
	.init = true,
	.shed = 0,
	.limits = limits_cache,
	.limit_count = 4,
	.tmpfs = tmpfs_cache,
	.tmpfs_count = 1,
	.net = SERVICE_NET_SHARE,
	.ipv6 = false,
	.listen = listen_cache,
	.listen_count = 1,
	.sockets = sockets_cache,
	.socket_count = 1,
	.resolves = false,
	.after_network = true,
	.log_console = false,
	.log_rate = 1000,
	.log_bytes = 0u,
	.after = after_cache,
	.after_count = 2,
	.net_of = 6u,
	.listen_first = 3u,
	.seccomp = SERVICE_SECCOMP_DEFAULT,
	.seccomp_logs = false,
	.filter = filter_0,
	.filter_count = COUNT,
	.log_offset = 40960u,
	.fingerprint = FINGERPRINT,
},
[2] = {
	.name = "clock",
	.root = "/services/clock",
	.argv = argv_clock,
	.envp = envp_clock,
	.workdir = "/",
	.hostname = "clock",
	.uid = 0u,
	.gid = 0u,
	.uid_base = 1245184u,
	.userns = false,
	.caps = 0x10002000000ull,	/* SYS_TIME CHECKPOINT_RESTORE */
	.oom_score_adj = 0,
	.nofile = 1024,
	.type = SERVICE_TYPE_SERVICE,
	.ready = SERVICE_READY_NOTIFY,
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
	.notify = true,
	.vital = false,
	.init = false,
	.shed = 3,
	.limits = limits_clock,
	.limit_count = 5,
	.net = SERVICE_NET_HOST,
	.ipv6 = false,
	.resolves = false,
	.after_network = false,
	.log_console = false,
	.log_rate = 1000,
	.log_bytes = 0u,
	.before = before_clock,
	.before_count = 1,
	.provides_time = true,
	.seccomp = SERVICE_SECCOMP_DEFAULT,
	.seccomp_logs = false,
	.filter = filter_1,
	.filter_count = COUNT,
	.log_offset = 40960u,
	.fingerprint = FINGERPRINT,
},
[3] = {
	.name = "dhcp-eth1.100",
	.root = "/services/dhcp",
	.argv = argv_dhcp_eth1_2e100,
	.envp = envp_dhcp_eth1_2e100,
	.workdir = "/",
	.hostname = "dhcp-eth1.100",
	.uid = 0u,
	.gid = 0u,
	.uid_base = 1310720u,
	.userns = false,
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
	.notify = true,
	.vital = false,
	.init = false,
	.shed = 0,
	.limits = limits_dhcp_eth1_2e100,
	.limit_count = 4,
	.net = SERVICE_NET_HOST,
	.ipv6 = false,
	.resolves = false,
	.after_network = false,
	.log_console = false,
	.log_rate = 1000,
	.log_bytes = 0u,
	.lease_of = 3u,
	.seccomp = SERVICE_SECCOMP_DEFAULT,
	.seccomp_logs = false,
	.filter = filter_2,
	.filter_count = COUNT,
	.log_offset = 40960u,
	.fingerprint = FINGERPRINT,
},
[4] = {
	.name = "dhcp-eth2",
	.root = "/services/dhcp",
	.argv = argv_dhcp_eth2,
	.envp = envp_dhcp_eth2,
	.workdir = "/",
	.hostname = "dhcp-eth2",
	.uid = 0u,
	.gid = 0u,
	.uid_base = 1376256u,
	.userns = false,
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
	.notify = true,
	.vital = false,
	.init = false,
	.shed = 0,
	.limits = limits_dhcp_eth2,
	.limit_count = 4,
	.net = SERVICE_NET_HOST,
	.ipv6 = false,
	.resolves = false,
	.after_network = false,
	.log_console = false,
	.log_rate = 1000,
	.log_bytes = 0u,
	.lease_of = 4u,
	.seccomp = SERVICE_SECCOMP_DEFAULT,
	.seccomp_logs = false,
	.filter = filter_2,
	.filter_count = COUNT,
	.log_offset = 40960u,
	.fingerprint = FINGERPRINT,
},
[5] = {
	.name = "sensor",
	.root = "/services/sensor",
	.argv = argv_sensor,
	.envp = envp_sensor,
	.workdir = "/",
	.hostname = "sensor",
	.uid = 0u,
	.gid = 0u,
	.uid_base = 1441792u,
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
	.ipv6 = false,
	.sockets = sockets_sensor,
	.socket_count = 1,
	.resolves = false,
	.after_network = false,
	.log_console = false,
	.log_rate = 1000,
	.log_bytes = 0u,
	.before = before_sensor,
	.before_count = 1,
	.allow = allow_sensor,
	.allow_count = 1,
	.seccomp = SERVICE_SECCOMP_NONE,
	.seccomp_logs = false,
	.log_offset = 40960u,
	.fingerprint = FINGERPRINT,
},
[6] = {
	.name = "web-ui",
	.root = "/services/web-ui",
	.argv = argv_web_ui,
	.envp = envp_web_ui,
	.workdir = "/srv",
	.hostname = "www.example",
	.uid = 1000u,
	.gid = 100u,
	.uid_base = 1507328u,
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
	.ipv6 = true,
	/* fd00:0:0:77::3 */
	.address6 = { 0xfd, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x77, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03 },
	.mac = { 0x02, 0x52, 0xca, 0xe6, 0x39, 0x62 },
	.sockets = sockets_web_ui,
	.socket_count = 1,
	.resolves = false,
	.after_network = false,
	.log_console = true,
	.log_rate = 0,
	.log_bytes = 65536u,
	.after = after_web_ui,
	.after_count = 2,
	.before = before_web_ui,
	.before_count = 1,
	.published = published_web_ui,
	.published_count = 2,
	.allow = allow_web_ui,
	.allow_count = 5,
	.seccomp = SERVICE_SECCOMP_NONE,
	.seccomp_logs = false,
	.log_offset = 40960u,
	.fingerprint = FINGERPRINT,
},
};

extern const struct part network_part;
extern const struct part control_part;
extern const struct part helper_part;
extern const struct part storage_part;
extern const struct part pressure_part;
extern const struct part uplinks_part;
const struct part *const parts[] = {
	&network_part,
	&control_part,
	&helper_part,
	&storage_part,
	&pressure_part,
	&uplinks_part,
	NULL,
};
static const uint16_t board_shed[] = { 2, 0, 5 };

static const struct service_limit board_limits[] = {
	{ .file = "memory.low", .value = "10485760" },
	{ .file = "memory.min", .value = "26214400" },
};

static const char *const board_modules[] = {
	"/lib/modules/llc.ko",
	"/lib/modules/bridge.ko",
	NULL,
};


static const struct bridge board_bridges[] = {
[0] = {
	.name = "br0",
	.address = 0x0a4d0002u,	/* 10.77.0.2 */
	.prefix = 28,
	.ipv6 = true,
	/* fd00:0:0:77::2 */
	.address6 = { 0xfd, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x77, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02 },
	.mac = { 0x02, 0x7b, 0x6f, 0x13, 0x19, 0x64 },
},
[1] = {
	.name = "lab",
	.address = 0x0a4e0001u,	/* 10.78.0.1 */
	.prefix = 24,
	.ipv6 = true,
	/* fd70:6974:6801::1 */
	.address6 = { 0xfd, 0x70, 0x69, 0x74, 0x68, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01 },
	.mac = { 0x02, 0xeb, 0xc1, 0x1d, 0x19, 0x96 },
},
[2] = {
	.name = "old",
	.address = 0x0a4f0001u,	/* 10.79.0.1 */
	.prefix = 30,
	.mac = { 0x02, 0x80, 0xd0, 0x21, 0x19, 0xad },
},
};

static const struct uplink board_uplinks[] = {
[0] = {
	.name = "eth0",
	.address = 0x0a00020fu,	/* 10.0.2.15 */
	.prefix = 24,
	.gateway = 0x0a000202u,	/* 10.0.2.2 */
	.ipv6 = true,
	/* 2001:db8::15 */
	.address6 = { 0x20, 0x01, 0x0d, 0xb8, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x15 },
	.prefix6 = 64,
	.gateway_ipv6 = true,
	/* fe80::1 */
	.gateway6 = { 0xfe, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01 },
	.metric = 100,
},
[1] = {
	.name = "eth1",
},
[2] = {
	.name = "eth1.100",
	.parent = "eth1",
	.vlan = 100,
	.dhcp = true,
	.metric = 200,
	.dhcp_service = 3,
},
[3] = {
	.name = "eth2",
	.dhcp = true,
	.metric = 300,
	.dhcp_service = 4,
},
};

static const struct service_listen board_open[] = {
	{ .port = 22, .protocol = 6 /* tcp */ },
};

const struct board board = {
	.bridges = board_bridges,
	.bridge_count = 3,
	.uplinks = board_uplinks,
	.uplink_count = 4,
	.open = board_open,
	.open_count = 1,
	.mtu_bytes = 1400,
	.resolv_conf = "nameserver 10.0.2.3\012nameserver 2001:db8::53\012",
	.clock_floor_s = 1790000000u,
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
	.firewall_packed = sizeof(board_firewall),
	.firewall_bytes = 23248u,
	.network_fingerprint = FINGERPRINT,
	.fingerprint = FINGERPRINT,
};
