/*
 * What the host tool knows of a service and of the board between reading
 * .config and writing table.c.  The fields that a vocabulary row names are
 * filled by its reader; the rest is decided by the checks (checks.h).
 *
 * Units as the names say; addresses are in host order; sizes are bytes.
 * Everything pointed at lies in the arena of the run.
 */
#ifndef PITH_TABLE_SPEC_H
#define PITH_TABLE_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "dotconfig.h"
#include "folders.h"
#include "owners.h"
#include "report.h"

struct words {
	char **at;	/* ends with a NULL that count leaves out */
	size_t count;
};

struct user_ids {
	uint32_t uid, gid;	/* of one that was left open USER_OPEN */
};

#define USER_OPEN UINT32_MAX

struct published_port {
	uint16_t outside, inside;
	bool udp;
};

struct published_ports {
	struct published_port *at;
	size_t count;
};

struct ipv4_subnet {
	uint32_t address;
	uint8_t prefix;
};

struct ipv6_subnet {
	uint8_t address[16];	/* network order */
	uint8_t prefix;
};

/* An address of either family; the prefix counts where one belongs. */
struct ip {
	bool is_ipv6;
	struct ipv4_subnet v4;
	struct ipv6_subnet v6;
};

struct ips {
	struct ip *at;
	size_t count;
};

/* "1883/tcp", or a path, of a unix socket. */
struct port {
	uint16_t number;
	bool udp;
	const char *path;	/* NULL: a number */
};

struct ports {
	struct port *at;
	size_t count;
};

/* A word of ALLOW: "mqtt:1883/tcp". */
struct allow {
	const char *name;
	struct port port;
	size_t to;		/* its place, once resolved */
};

struct allows {
	struct allow *at;
	size_t count;
};

/* What UPLINK_ADDRESS or UPLINK_GATEWAY say of one interface: "eth1=dhcp". */
struct uplink_value {
	const char *uplink;	/* NULL: the first */
	bool dhcp;
	struct ip ip;		/* unless dhcp */
};

struct uplink_values {
	struct uplink_value *at;
	size_t count;
};

/* An interface to the outside, put together from UPLINK, UPLINK_ADDRESS and
 * UPLINK_GATEWAY (uplinks.c); or one that only carries a VLAN. */
struct uplink_spec {
	const char *name, *parent;	/* parent: NULL, or that of a VLAN */
	uint16_t vlan;
	bool dhcp;
	struct ipv4_subnet subnet;	/* all zero: none */
	uint32_t gateway;
	bool ipv6, gateway_ipv6;
	uint8_t address6[16], prefix6, gateway6[16];
	uint32_t metric;		/* 0: it is no way out itself */
	size_t dhcp_service;		/* place of the row that asks, if dhcp */
};

struct bridge_spec {
	const char *name;
	struct ipv4_subnet subnet;	/* its own address; all zero: it could not be read */
	bool ipv6;
	uint8_t address6[16], mac[6];	/* address6: its own, with a prefix of 64 */
};

struct bridges {
	struct bridge_spec *at;
	size_t count;
};

struct tmpfs {
	const char *path;
	uint64_t bytes;
	bool exec;
};

struct tmpfs_list {
	struct tmpfs *at;
	size_t count;
};

struct volume {
	const char *name, *path;
	bool read_only, exec;
};

struct volumes {
	struct volume *at;
	size_t count;
};

struct device {
	const char *path;
	bool read, write;
};

struct devices {
	struct device *at;
	size_t count;
};

/* A cgroup file and its content; device as in struct service_limit. */
struct limit {
	const char *file, *value, *device;
};

struct limits {
	struct limit *at;
	size_t count;
};

struct places {
	uint16_t *at;
	size_t count;
};

/* PROVIDES: what other services may come AFTER, or what it tells pith. */
enum provides {
	PROVIDES_NOTHING,
	PROVIDES_TIME_VALID,	/* as soon as it is ready */
	PROVIDES_LEASE,		/* there is one of it for each uplink with dhcp */
};

/* ROOT: where the root comes from. */
enum root_kind {
	ROOT_DIR,
	ROOT_IMAGE,
	ROOT_PARTITION,
};

/* A line of the list of keys (keys.c). */
struct key_spec {
	bool is_rsa;
	const uint8_t *point;			/* 65 bytes, unless is_rsa */
	const uint8_t *modulus, *exponent;	/* without leading zeros */
	size_t modulus_size, exponent_size;
};

struct seccomp_filter;

struct service_spec {
	const struct folder *folder;
	const char *name;

	/* Read from .config.  Until check_oci(), what was left open of argv, workdir (""),
	 * user and stop_signal (0) is so. */
	struct words argv, env, after_names;
	const char *workdir, *hostname;
	struct user_ids user;
	const char *oci;	/* PATH:TAG of its image; "" is none */
	int type, ready, restart, on_limit, net, seccomp;
	int root;		/* enum root_kind */
	const char *root_name;	/* of its image; NULL: it has none */
	int64_t start_timeout_ms, start_limit, start_limit_window_s;
	int64_t restart_delay_ms, restart_delay_max_ms, stop_timeout_ms, watchdog_ms;
	int stop_signal;
	bool vital, init, log_console;
	bool userns;
	int64_t uid_base;	/* 0 until check_ids() has chosen */
	uint64_t writable;	/* 0: the root is read-only */
	struct tmpfs_list tmpfs;
	struct volumes volumes;
	struct devices devices;
	uint64_t caps;		/* as 1 << CAP_… */
	struct words seccomp_calls;
	bool seccomp_log;
	int64_t shed;		/* 0: never */
	const char *cpu_max, *cpuset;	/* as the kernel wants them, or NULL */
	int64_t cpu_weight, io_weight, pids_max, oom_score_adj, nofile;
	uint64_t memory_max, memory_high, memory_low, memory_min;
	struct limits io_max, cgroup;
	uint32_t address;	/* 0 until check_addresses() has chosen */
	struct published_ports publish;
	const char *bridge_name;	/* "br0" */
	const char *share;	/* NET=share: whose network it is, or NULL */
	struct ports ports;	/* that it serves, beside PUBLISH and LISTEN */
	struct allows allow;
	struct ports listen;
	int provides;		/* enum provides */
	int64_t log_kb, log_rate;

	/* Decided by the checks. */
	struct places after, before;
	bool after_network;	/* AFTER names network-online */
	size_t net_of, bridge, listen_first;	/* as in struct service */
	size_t lease_of;	/* 0, or 1 + the place of the uplink that it asks for */
	bool ipv6;
	uint8_t address6[16];
	uint8_t mac[6];
	struct limits limits;
	const struct seccomp_filter *filter;	/* NULL: none */
	size_t image;		/* 0, or 1 + the place of its image */
	bool idmap;		/* as in struct service */
	bool is_nobodys;	/* its image is others' as well, and not mapped for each */
	const char *home;	/* of its user, or NULL: the usual */
	struct owners owners;	/* in its root */
	bool broken;		/* an option could not be read */
};

/* What services have as their root, and from whose folder it is made (images.c). */
struct image_spec {
	const char *name;
	bool is_partition;
	size_t maker;		/* place of the service */
	size_t users;		/* how many have it */
};

struct board_spec {
	struct ipv4_subnet bridge;	/* br0's address; all zero: it could not be read */
	struct ipv6_subnet prefix6;	/* of br0; all zero: none */
	struct bridges more_bridges;
	struct words uplink_names;
	struct uplink_values uplink_addresses, uplink_gateways;
	struct ips dns;
	struct ports open;		/* of the board, to everybody */
	int64_t mtu;			/* 0: the kernel's */
	int64_t clock_floor_s;		/* of the build, since the epoch */

	/* Decided by check_bridges() and check_uplinks(). */
	struct bridge_spec *bridges;	/* br0 is the first */
	struct uplink_spec *uplinks;
	size_t bridge_count, uplink_count;
	const char *resolv_conf;	/* NULL: made of leases, when the board runs */

	int64_t ram_mb, reserve_mb, shutdown_timeout_s, watchdog_timeout_s;
	bool overcommit, debug_shell, toolbox, production, client, reexec;
	/* The compiler's flags: make reads them from .config. */
	bool stack_protector, static_pie, separate_code, sign_returns;
	int64_t log_kb, log_file_kb, log_files;
	bool log_kmsg;
	const char *log_file;				/* "" is none */
	const char *data_label;				/* "" is none */
	int data_type;
	struct words modules;

	/* Images and updates */
	struct words image_keys;			/* paths */
	const char *product, *update_board;		/* "": none; the board's own name */
	int64_t serial_least, confirm_s;
	bool rollback, factory;
	int image_type;					/* enum image_type */
	int image_check;				/* enum image_check */
	bool has_images, has_partitions;		/* decided by check_images() */
	bool broken;		/* an option could not be read */
};

/* IMAGE_CHECK: how it is known that a file is what its manifest says. */
enum image_check {
	IMAGE_CHECK_VERITY,
	IMAGE_CHECK_SHA256,
};

/* All of one run. */
struct spec {
	struct arena *arena;
	struct report *report;
	const struct dotconfig *config;
	const struct folders *folders;
	const char *roots;	/* has a folder per enabled service */
	const char *arch;	/* of the board: "x86_64", "arm64" or "arm" */
	const char *name;	/* of the board: "rpi4"; NULL: nobody said it */
	struct board_spec board;
	struct service_spec *services;	/* the enabled ones, sorted by name */
	size_t count;
	struct seccomp_filter *filters;	/* seccomp.c's, each once */
	const uint8_t *firewall;	/* the batch, or NULL */
	size_t firewall_bytes;
	struct image_spec *images;	/* sorted by name */
	struct key_spec *keys;		/* in the order of IMAGE_KEYS */
	size_t image_count, key_count;
	unsigned int kernel_version;	/* 601 for 6.1; 0: not known */
};

/*
 * Reads the board's options and those of every enabled service; anything that
 * is not understood goes to the report.  A symbol that .config lacks counts
 * with its default.
 */
void spec_read(struct spec *spec);

/* Reports `web: SVC_WEB_<option>=<value>: ` and the phrase. */
void spec_service_error(const struct spec *spec, const struct service_spec *service,
			const char *option, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The same for `board: <option>=<value>: `. */
void spec_board_error(const struct spec *spec, const char *option, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A service's part of the log arena, which is PID 1's memory, and PID 1's own. */
uint64_t spec_log_bytes(const struct service_spec *service);
uint64_t spec_board_log_bytes(const struct spec *spec);

/* The service speaks to pith by sd_notify(3). */
bool spec_notifies(const struct service_spec *service);

/* The uplink has an address, or asks for one: it is no way in or out without. */
bool spec_has_address(const struct uplink_spec *uplink);

/* The folder that its root is made of. */
const struct folder *spec_root_folder(const struct spec *spec, const struct service_spec *service);

/* The same, filled, on the build machine. */
const char *spec_root(const struct spec *spec, const struct service_spec *service);

/* The enabled service of that name, or NULL. */
struct service_spec *spec_find(const struct spec *spec, const char *name);

#endif
