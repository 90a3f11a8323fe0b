/*
 * pith table: what was compiled in.  Each field of a row is a row of the
 * table below.
 */
#include "compiled.h"

#include <stddef.h>
#include <string.h>

#include "client.h"
#include "confined.h"
#include "has.h"
#include "images_facts.h"
#include "inspect.h"
#include "options.h"
#include "show.h"
#include "wiring.h"

enum kind {
	KIND_TEXT,	/* const char *; NULL is none */
	KIND_WORDS,	/* const char *const *, up to a NULL */
	KIND_NUMBER,	/* uint32_t */
	KIND_SHORT,	/* uint16_t */
	KIND_SIGNED,	/* int32_t */
	KIND_BYTES,	/* uint32_t */
	KIND_MS,	/* uint32_t */
	KIND_BOOL,
	KIND_LONG,	/* uint64_t */
	KIND_SIGNAL,	/* int */
	KIND_HASH,	/* uint64_t */
	KIND_CAPS,	/* uint64_t */
	KIND_TYPE,	/* enum service_type, and so on */
	KIND_READY,
	KIND_RESTART,
	KIND_ON_LIMIT,
	KIND_NET,
	KIND_SECCOMP,
};

/* X(type, kind, key, field).  A key without its unit: whoever shows it adds that. */
#define SERVICE_FIELDS(X) \
	X(service, TEXT, name, name) \
	X(service, HASH, fingerprint, fingerprint) \
	X(service, TEXT, root, root) \
	X(service, WORDS, argv, argv) \
	X(service, WORDS, env, envp) \
	X(service, TEXT, workdir, workdir) \
	X(service, TEXT, hostname, hostname) \
	X(service, NUMBER, uid, uid) \
	X(service, NUMBER, gid, gid) \
	X(service, NUMBER, uid_base, uid_base) \
	X(service, BOOL, userns, userns) \
	X(service, CAPS, caps, caps) \
	X(service, SECCOMP, seccomp, seccomp) \
	X(service, BOOL, seccomp_log, seccomp_logs) \
	X(service, SHORT, seccomp_length, filter_count) \
	X(service, SIGNED, oom_score_adj, oom_score_adj) \
	X(service, NUMBER, nofile, nofile) \
	X(service, TYPE, type, type) \
	X(service, READY, ready, ready) \
	X(service, MS, start_timeout, start_timeout_ms) \
	X(service, RESTART, restart, restart) \
	X(service, MS, restart_delay, restart_delay_ms) \
	X(service, MS, restart_delay_max, restart_delay_max_ms) \
	X(service, NUMBER, start_limit, start_limit) \
	X(service, MS, start_limit_window, start_limit_window_ms) \
	X(service, ON_LIMIT, on_limit, on_limit) \
	X(service, SIGNAL, stop_signal, stop_signal) \
	X(service, MS, stop_timeout, stop_timeout_ms) \
	X(service, MS, watchdog, watchdog_ms) \
	X(service, BOOL, notify, notify) \
	X(service, BOOL, vital, vital) \
	X(service, BOOL, init, init) \
	X(service, SHORT, shed, shed) \
	X(service, TEXT, writable, writable) \
	X(service, NET, net, net) \
	X(service, BOOL, resolves, resolves) \
	X(service, BOOL, after_network, after_network) \
	X(service, BOOL, log_console, log_console) \
	X(service, NUMBER, log_rate, log_rate) \
	X(service, BYTES, log, log_bytes)

#define BOARD_FIELDS(X) \
	X(board, HASH, table, fingerprint) \
	X(board, NUMBER, mtu, mtu_bytes) \
	X(board, LONG, clock_floor_s, clock_floor_s) \
	X(board, MS, shutdown_timeout, shutdown_timeout_ms) \
	X(board, NUMBER, watchdog_timeout_s, watchdog_timeout_s) \
	X(board, TEXT, data, data_label) \
	X(board, TEXT, data_type, data_type) \
	X(board, BOOL, log_kmsg, log_kmsg) \
	X(board, TEXT, log_file, log_file) \
	X(board, BYTES, log, log_bytes) \
	X(board, BYTES, firewall, firewall_bytes) \
	X(board, WORDS, modules, modules)

struct field {
	uint8_t kind;
	uint16_t at;
};

#define FIELD(type, kind, key, field) { KIND_##kind, offsetof(struct type, field) },
#define KEY(type, kind, key, field) #key "\0"

static const struct field service_fields[] = { SERVICE_FIELDS(FIELD) };
static const struct field board_fields[] = { BOARD_FIELDS(FIELD) };

/* One after the other, each with its NUL: pointers would be twice as large. */
static const char service_keys[] = SERVICE_FIELDS(KEY);
static const char board_keys[] = BOARD_FIELDS(KEY);

/* Behind its last word an enumeration has NULL. */
static const char *const enumerations[][5] = {
	{ "service", "oneshot" },
	{ "exec", "notify" },
	{ "no", "on-failure", "always" },
	{ "stop", "reboot" },
	{ "private", "none", "host", "share" },
	{ "none", "default", "strict" },
};

static void show_signal(struct show *s, const char *key, int signal)
{
	char name[16];
	struct text t = TEXT_ON(name);

	text_add_signal(&t, signal);
	show_string(s, key, name);
}

static void show_caps(struct show *s, const char *key, uint64_t set)
{
	char words[CONFINED_CAPS_SIZE];
	struct text t = TEXT_ON(words);

	show_string(s, key, confined_caps_words(&t, (int64_t)set));
}

static void show_field(struct show *s, const char *key, const struct field *field, const void *row)
{
	static const uint8_t kinds[] = {
		[KIND_NUMBER] = SHOW_COUNT, [KIND_BYTES] = SHOW_BYTES, [KIND_MS] = SHOW_MS,
	};
	const void *at = (const char *)row + field->at;

	switch (field->kind) {
	case KIND_TEXT:
		show_string(s, key, *(const char *const *)at);
		break;
	case KIND_WORDS:
		inspect_words(s, key, *(const char *const *const *)at);
		break;
	case KIND_NUMBER:
	case KIND_BYTES:
	case KIND_MS:
		show_number(s, key, kinds[field->kind], *(const uint32_t *)at);
		break;
	case KIND_SHORT:
		show_number(s, key, SHOW_COUNT, *(const uint16_t *)at);
		break;
	case KIND_LONG:
		show_number(s, key, SHOW_COUNT, (int64_t)*(const uint64_t *)at);
		break;
	case KIND_CAPS:
		show_caps(s, key, *(const uint64_t *)at);
		break;
	case KIND_SIGNED:
		show_number(s, key, SHOW_SIGNED, *(const int32_t *)at);
		break;
	case KIND_BOOL:
		show_number(s, key, SHOW_BOOL, *(const bool *)at);
		break;
	case KIND_SIGNAL:
		show_signal(s, key, *(const int *)at);
		break;
	case KIND_HASH:
		show_number(s, key, SHOW_HASH, (int64_t)*(const uint64_t *)at);
		break;
	default:
		show_string(s, key, enumerations[field->kind - KIND_TYPE][*(const unsigned *)at]);
	}
}

static void show_fields(struct show *s, const char *keys, const struct field *fields,
			size_t count, const void *row)
{
	for (size_t i = 0; i < count; i++, keys += strlen(keys) + 1)
		show_field(s, keys, &fields[i], row);
}

/* The field with that key. */
static void show_one_field(struct show *s, const char *key, const struct service *row)
{
	const char *keys = service_keys;

	for (size_t i = 0; i < sizeof(service_fields) / sizeof(struct field); i++) {
		if (!strcmp(keys, key))
			show_field(s, key, &service_fields[i], row);
		keys += strlen(keys) + 1;
	}
}

#define SHOW_FIELDS(s, what, row) \
	show_fields(s, what##_keys, what##_fields, sizeof(what##_fields) / sizeof(struct field), row)

static void show_tmpfs(struct show *s, const struct service *row)
{
	show_open(s, "tmpfs", '[');
	for (unsigned i = 0; i < row->tmpfs_count; i++) {
		show_open(s, NULL, '{');
		show_string(s, "path", row->tmpfs[i].path);
		show_string(s, "size", row->tmpfs[i].size);
		show_number(s, "exec", SHOW_BOOL, row->tmpfs[i].exec);
		show_close(s, '}');
	}
	show_close(s, ']');
}

static void show_volumes(struct show *s, const struct service *row)
{
	show_open(s, "volumes", '[');
	for (unsigned i = 0; i < row->volume_count; i++) {
		show_open(s, NULL, '{');
		show_string(s, "folder", row->volumes[i].folder);
		show_string(s, "path", row->volumes[i].path);
		show_number(s, "read_only", SHOW_BOOL, row->volumes[i].read_only);
		show_number(s, "exec", SHOW_BOOL, row->volumes[i].exec);
		show_close(s, '}');
	}
	show_close(s, ']');
}

static void show_devices(struct show *s, const struct service *row)
{
	show_open(s, "devices", '[');
	for (unsigned i = 0; i < row->device_count; i++) {
		show_open(s, NULL, '{');
		show_string(s, "path", row->devices[i].path);
		show_number(s, "read", SHOW_BOOL, row->devices[i].read);
		show_number(s, "write", SHOW_BOOL, row->devices[i].write);
		show_close(s, '}');
	}
	show_close(s, ']');
}

void compiled_show_places(struct show *s, const struct service *row)
{
	show_tmpfs(s, row);
	show_volumes(s, row);
	show_devices(s, row);
}

void compiled_show_trust(struct show *s, const struct service *row)
{
	static const char *const keys[] = { "userns", "net", "caps", "seccomp_log", "writable" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		show_one_field(s, keys[i], row);
	show_string(s, "seccomp_profile", enumerations[KIND_SECCOMP - KIND_TYPE][row->seccomp]);
}

static void show_service(struct show *s, const struct service *row)
{
	show_open_row(s);
	SHOW_FIELDS(s, service, row);
	if (has_image(row))
		images_facts_show_row(s, row);
	show_open(s, "after", '[');
	for (unsigned i = 0; i < row->after_count; i++)
		show_string(s, NULL, services[row->after[i]].name);
	show_close(s, ']');
	if (row->lease_of)
		show_string(s, "lease_of", board.uplinks[row->lease_of - 1].name);
	wiring_show(s, row);
	inspect_limits(s, row->limits, row->limit_count, -1);
	compiled_show_places(s, row);
	show_close_row(s);
}

static void show_board(struct show *s)
{
	SHOW_FIELDS(s, board, &board);
	show_open(s, "shed", '[');
	for (unsigned i = 0; i < board.shed_count; i++)
		show_string(s, NULL, services[board.shed[i]].name);
	show_close(s, ']');
	inspect_limits(s, board.limits, board.limit_count, -1);
	wiring_show_bridges(s);
	wiring_show_uplinks(s);
	wiring_show_open(s);
	wiring_show_resolv_conf(s, board.resolv_conf);
	if (IMAGE_COUNT)
		images_facts_show_board(s);
}

static bool is_named(const char *name, const char **names, int count)
{
	for (int i = 0; i < count; i++)
		if (!strcmp(name, names[i]))
			return true;
	return !count;
}

int client_table(int argc, char **argv)
{
	static const char *names[OPTIONS_NAMES];
	bool json = false;
	const struct option_row rows[] = { { 0, "json", OPTION_FLAG, &json } };
	int count = options_read(argc, argv, rows, 1, names, 0, OPTIONS_NAMES);
	struct client c;
	struct show s;
	/* So that it is PID 1's table that is shown. */
	int rc = client_begin(&c, count);

	if (rc)
		return rc;
	for (int i = 0; i < count; i++)
		if (client_find_service(names[i]) < 0)
			return CLIENT_UNKNOWN;
	s = show_as(json ? SHOW_JSON : SHOW_LINES, NULL);
	show_open_row(&s);
	if (!count)
		show_board(&s);
	if (json)
		show_open(&s, "services", '[');
	for (unsigned i = 0; i < client_services(); i++) {
		if (is_named(services[i].name, names, count)) {
			show_blank(&s);
			show_service(&s, &services[i]);
		}
	}
	if (json)
		show_close(&s, ']');
	show_close_row(&s);
	show_end(&s);
	return CLIENT_OK;
}
