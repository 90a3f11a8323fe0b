/*
 * The vocabulary, as rows.  Decides which options there are, their types,
 * defaults and ranges.
 * How a value is read stands in values.c; what it means beside the others'
 * values, in the checks.
 */
#include "vocabulary.h"

#include <string.h>

#include "caps.h"
#include "spec.h"
#include "use.h"
#include "values.h"

/* Choices are in the order of the enums that they end up as. */
#define WORDS(...) (const char *const[]){ __VA_ARGS__, NULL }

#define SERVICE(member) .field = offsetof(struct service_spec, member)
#define BOARD(member) .field = offsetof(struct board_spec, member)

static const struct option service_options[] = {
	/* process */
	{ "ARGV", OPTION_STRING, "", .read = read_argv, SERVICE(argv) },
	{ "ENV", OPTION_STRING, "", .read = read_env, SERVICE(env) },
	{ "WORKDIR", OPTION_STRING, "", .read = read_path, SERVICE(workdir) },
	{ "USER", OPTION_STRING, "", .read = read_user, SERVICE(user) },
	{ "HOSTNAME", OPTION_STRING, "", .read = read_hostname, SERVICE(hostname) },

	/* life */
	{ "TYPE", OPTION_STRING, "service", .read = read_choice, SERVICE(type),
	  .choices = WORDS("service", "oneshot") },
	{ "AFTER", OPTION_STRING, "", .read = read_names, SERVICE(after_names) },
	{ "READY", OPTION_STRING, "exec", .read = read_choice, SERVICE(ready),
	  .choices = WORDS("exec", "notify") },
	{ "START_TIMEOUT_MS", OPTION_INT, "30000", 0, 3600000, read_int,
	  SERVICE(start_timeout_ms) },
	{ "RESTART", OPTION_STRING, "always", .read = read_choice, SERVICE(restart),
	  .choices = WORDS("no", "on-failure", "always") },
	{ "RESTART_DELAY_MS", OPTION_INT, "100", 0, 3600000, read_int,
	  SERVICE(restart_delay_ms) },
	{ "RESTART_DELAY_MAX_MS", OPTION_INT, "30000", 1, 3600000, read_int,
	  SERVICE(restart_delay_max_ms) },
	{ "START_LIMIT", OPTION_INT, "0", 0, 1000000, read_int, SERVICE(start_limit) },
	{ "START_LIMIT_WINDOW_S", OPTION_INT, "60", 1, 86400, read_int,
	  SERVICE(start_limit_window_s) },
	{ "ON_LIMIT", OPTION_STRING, "stop", .read = read_choice, SERVICE(on_limit),
	  .choices = WORDS("stop", "reboot") },
	{ "STOP_SIGNAL", OPTION_STRING, "", .read = read_signal, SERVICE(stop_signal) },
	{ "STOP_TIMEOUT_MS", OPTION_INT, "5000", 0, 600000, read_int,
	  SERVICE(stop_timeout_ms) },
	{ "WATCHDOG_MS", OPTION_INT, "0", 0, 3600000, read_int, SERVICE(watchdog_ms) },
	{ "VITAL", OPTION_BOOL, "n", .read = read_bool, SERVICE(vital) },
	{ "INIT", OPTION_BOOL, "n", .read = read_bool, SERVICE(init) },
	{ "SHED", OPTION_INT, "0", 0, 1000, read_int, SERVICE(shed) },
	{ "LISTEN", OPTION_STRING, "", .read = read_listen, SERVICE(listen) },
	{ "PROVIDES", OPTION_STRING, "", .read = read_choice, SERVICE(provides),
	  .choices = WORDS("", "time-valid", "lease") },

	/* view */
	{ "NET", OPTION_STRING, "private", .read = read_net, .field = 0 },
	{ "USERNS", OPTION_BOOL, "y", .read = read_bool, SERVICE(userns) },
	{ "UID_BASE", OPTION_INT, "0", 0, 4294836224, read_int, SERVICE(uid_base) },
	{ "ROOT", OPTION_STRING, "dir", .read = read_root, .field = 0 },
	{ "OCI", OPTION_STRING, "", .read = read_oci, SERVICE(oci) },
	{ "WRITABLE", OPTION_STRING, "", .read = read_size, SERVICE(writable) },
	{ "TMPFS", OPTION_STRING, "", .read = read_tmpfs, SERVICE(tmpfs) },
	{ "VOLUMES", OPTION_STRING, "", .read = read_volumes, SERVICE(volumes) },
	{ "DEVICES", OPTION_STRING, "", .read = read_devices, SERVICE(devices) },

	/* use */
	{ "CPU_MAX", OPTION_STRING, "", .read = read_cpu_max, SERVICE(cpu_max) },
	{ "CPU_WEIGHT", OPTION_INT, "100", 0, 10000, read_int, SERVICE(cpu_weight) },
	{ "CPUSET", OPTION_STRING, "", .read = read_cpuset, SERVICE(cpuset) },
	{ "MEMORY_MAX", OPTION_STRING, "16M", .read = read_size, SERVICE(memory_max) },
	{ "MEMORY_HIGH", OPTION_STRING, "", .read = read_size, SERVICE(memory_high) },
	{ "MEMORY_LOW", OPTION_STRING, "", .read = read_size, SERVICE(memory_low) },
	{ "MEMORY_MIN", OPTION_STRING, "", .read = read_size, SERVICE(memory_min) },
	{ "PIDS_MAX", OPTION_INT, "32", 1, 4194304, read_int, SERVICE(pids_max) },
	{ "IO_MAX", OPTION_STRING, "", .read = read_io_max, SERVICE(io_max) },
	{ "IO_WEIGHT", OPTION_INT, "0", 0, 10000, read_int, SERVICE(io_weight) },
	{ "CGROUP", OPTION_STRING, "", .read = read_cgroup, SERVICE(cgroup) },
	{ "OOM_SCORE_ADJ", OPTION_INT, "0", -999, 1000, read_int, SERVICE(oom_score_adj) },
	{ "NOFILE", OPTION_INT, "1024", 8, 1048576, read_int, SERVICE(nofile) },

	/* trust */
	{ "CAPS", OPTION_STRING, "", .read = read_caps, SERVICE(caps) },
	{ "SECCOMP", OPTION_STRING, "default", .read = read_choice, SERVICE(seccomp),
	  .choices = WORDS("none", "default", "strict") },
	{ "SECCOMP_CALLS", OPTION_STRING, "", .read = read_names, SERVICE(seccomp_calls) },
	{ "SECCOMP_LOG", OPTION_BOOL, "n", .read = read_bool, SERVICE(seccomp_log) },

	/* network */
	{ "ADDRESS", OPTION_STRING, "", .read = read_address, SERVICE(address) },
	{ "PUBLISH", OPTION_STRING, "", .read = read_publish, SERVICE(publish) },
	{ "PORTS", OPTION_STRING, "", .read = read_ports, SERVICE(ports) },
	{ "ALLOW", OPTION_STRING, "", .read = read_allow, SERVICE(allow) },
	{ "BRIDGE", OPTION_STRING, "br0", .read = read_bridge, SERVICE(bridge_name) },

	/* log */
	{ "LOG_KB", OPTION_INT, "16", 0, 4096, read_int, SERVICE(log_kb) },
	{ "LOG_RATE", OPTION_INT, "1000", 0, 1000000, read_int, SERVICE(log_rate) },
	{ "LOG_CONSOLE", OPTION_BOOL, "n", .read = read_bool, SERVICE(log_console) },
};

static const struct option board_options[] = {
	{ "RAM_MB", OPTION_INT, "256", 8, 4194304, read_int, BOARD(ram_mb) },
	{ "RESERVE_MB", OPTION_INT, "32", 0, 4194304, read_int, BOARD(reserve_mb) },
	{ "OVERCOMMIT", OPTION_BOOL, "n", .read = read_bool, BOARD(overcommit) },
	{ "SHUTDOWN_TIMEOUT_S", OPTION_INT, "30", 1, 3600, read_int,
	  BOARD(shutdown_timeout_s) },
	{ "DEBUG_SHELL", OPTION_BOOL, "n", .read = read_bool, BOARD(debug_shell) },
	{ "TOOLBOX", OPTION_BOOL, "n", .read = read_bool, BOARD(toolbox) },
	{ "CLIENT", OPTION_BOOL, "y", .read = read_bool, BOARD(client) },
	{ "REEXEC", OPTION_BOOL, "y", .read = read_bool, BOARD(reexec) },
	{ "PRODUCTION", OPTION_BOOL, "n", .read = read_bool, BOARD(production) },
	{ "WATCHDOG_TIMEOUT_S", OPTION_INT, "0", 0, 3600, read_int,
	  BOARD(watchdog_timeout_s) },
	{ "IMAGE_KEYS", OPTION_STRING, "", .read = read_key_paths, BOARD(image_keys) },
	{ "IMAGE_FS", OPTION_STRING, "erofs", .read = read_choice, BOARD(image_type),
	  .choices = WORDS("erofs", "squashfs") },
	{ "IMAGE_CHECK", OPTION_STRING, "verity", .read = read_choice, BOARD(image_check),
	  .choices = WORDS("verity", "sha256") },
	{ "FACTORY", OPTION_BOOL, "y", .read = read_bool, BOARD(factory) },
	{ "UPDATE_PRODUCT", OPTION_STRING, "", .read = read_release_name, BOARD(product) },
	{ "UPDATE_BOARD", OPTION_STRING, "", .read = read_release_name, BOARD(update_board) },
	{ "UPDATE_SERIAL_MIN", OPTION_INT, "1", 1, 999999999999999, read_int,
	  BOARD(serial_least) },
	{ "UPDATE_CONFIRM_S", OPTION_INT, "0", 0, 86400, read_int, BOARD(confirm_s) },
	{ "UPDATE_ROLLBACK", OPTION_BOOL, "n", .read = read_bool, BOARD(rollback) },
	{ "BRIDGE_ADDRESS", OPTION_STRING, "10.77.0.1/24", .read = read_subnet, BOARD(bridge) },
	{ "BRIDGE_PREFIX6", OPTION_STRING, "fd70:6974:6800::/64", .read = read_prefix6,
	  BOARD(prefix6) },
	{ "BRIDGE_MTU", OPTION_INT, "0", 0, 65535, read_int, BOARD(mtu) },
	{ "BRIDGES", OPTION_STRING, "", .read = read_bridges, BOARD(more_bridges) },
	{ "UPLINK", OPTION_STRING, "", .read = read_uplinks, BOARD(uplink_names) },
	{ "UPLINK_ADDRESS", OPTION_STRING, "", .read = read_uplink_addresses,
	  BOARD(uplink_addresses) },
	{ "UPLINK_GATEWAY", OPTION_STRING, "", .read = read_uplink_gateways,
	  BOARD(uplink_gateways) },
	{ "UPLINK_DNS", OPTION_STRING, "", .read = read_dns, BOARD(dns) },
	{ "OPEN", OPTION_STRING, "", .read = read_ports, BOARD(open) },
	{ "LOG_KB", OPTION_INT, "16", 0, 4096, read_int, BOARD(log_kb) },
	{ "LOG_KMSG", OPTION_BOOL, "n", .read = read_bool, BOARD(log_kmsg) },
	{ "LOG_FILE", OPTION_STRING, "", .read = read_log_file, BOARD(log_file) },
	{ "LOG_FILE_KB", OPTION_INT, "1024", 16, 1048576, read_int, BOARD(log_file_kb) },
	{ "LOG_FILES", OPTION_INT, "4", 2, 100, read_int, BOARD(log_files) },
	{ "DATA", OPTION_STRING, "", .read = read_label, BOARD(data_label) },
	{ "DATA_TYPE", OPTION_STRING, "ext4", .read = read_choice, BOARD(data_type),
	  .choices = WORDS("ext4", "f2fs") },
	{ "STACK_PROTECTOR", OPTION_BOOL, "y", .read = read_bool, BOARD(stack_protector) },
	{ "STATIC_PIE", OPTION_BOOL, "n", .read = read_bool, BOARD(static_pie) },
	{ "SEPARATE_CODE", OPTION_BOOL, "n", .read = read_bool, BOARD(separate_code) },
	{ "SIGN_RETURNS", OPTION_BOOL, "n", .read = read_bool, BOARD(sign_returns) },
};

const struct vocabulary service_vocabulary = {
	service_options, sizeof(service_options) / sizeof(service_options[0]),
};

const struct vocabulary board_vocabulary = {
	board_options, sizeof(board_options) / sizeof(board_options[0]),
};

const struct option *vocabulary_find(const struct vocabulary *vocabulary, const char *name,
				     size_t length)
{
	for (size_t i = 0; i < vocabulary->count; i++) {
		const struct option *option = &vocabulary->at[i];

		if (!strncmp(option->name, name, length) && !option->name[length])
			return option;
	}
	return NULL;
}

const struct option *vocabulary_of_symbol(const char *symbol, size_t *service_length)
{
	if (strncmp(symbol, "SVC_", 4))
		return NULL;
	for (const char *bar = strchr(symbol + 4, '_'); bar; bar = strchr(bar + 1, '_')) {
		const struct option *option = vocabulary_find(&service_vocabulary, bar + 1,
							      strlen(bar + 1));

		if (option) {
			*service_length = (size_t)(bar - symbol);
			return option;
		}
	}
	return NULL;
}

bool vocabulary_overlaps(const char *rest)
{
	size_t length = strlen(rest);

	for (size_t i = 0; i < service_vocabulary.count; i++) {
		const char *name = service_vocabulary.at[i].name;

		if (strncmp(name, rest, length))
			continue;
		if (!name[length])
			return true;
		if (name[length] == '_' &&
		    vocabulary_find(&service_vocabulary, name + length + 1,
				    strlen(name + length + 1)))
			return true;
	}
	return false;
}
