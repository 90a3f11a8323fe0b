/*
 * The compiled-in table: what the host tool decides at build time and PID 1
 * only reads.  init/table writes one table.c with these symbols and one
 * table.h with the sizes; nothing here is ever parsed, checked or changed at
 * run time.  What changes while a service lives is in arrays beside it,
 * indexed by the service's place in services[].
 *
 * Ownership: everything is const and lives in .rodata.
 * Units: _ms milliseconds, _bytes bytes.  IPv4 addresses are in host order.
 */
#ifndef PITH_SERVICE_H
#define PITH_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 15 characters and the terminating NUL: the name is also the host-side
 * network interface, and IFNAMSIZ is 16. */
#define SERVICE_NAME_SIZE 16

/* Ids in each service's user namespace; uid_base is the first one outside. */
#define SERVICE_ID_RANGE 65536u

enum service_type {
	SERVICE_TYPE_SERVICE,
	SERVICE_TYPE_ONESHOT,	/* done when it exits with 0 */
};

enum service_ready {
	SERVICE_READY_EXEC,	/* as soon as its program runs */
	SERVICE_READY_NOTIFY,	/* when it says READY=1, sd_notify(3) */
};

enum service_on_limit {
	SERVICE_ON_LIMIT_STOP,
	SERVICE_ON_LIMIT_REBOOT,
};

enum service_restart {
	SERVICE_RESTART_NO,
	SERVICE_RESTART_ON_FAILURE,
	SERVICE_RESTART_ALWAYS,
};

enum service_net {
	SERVICE_NET_PRIVATE,	/* own namespace, eth0 on the bridge */
	SERVICE_NET_NONE,	/* own namespace, loopback only */
};

/* One control file of the service's cgroup and what is written to it.  Where
 * device is set, "MAJ:MIN " of that node is written before the value: only
 * the running kernel knows it. */
struct service_limit {
	const char *file;
	const char *value;
	const char *device;
};

/* A tmpfs inside the service; size is in bytes, as decimal text, which is
 * how fsconfig(2) takes it. */
struct service_tmpfs {
	const char *path;
	const char *size;
};

struct service {
	const char *name;
	const char *root;		/* absolute path in the image */
	const char *const *argv;	/* ends with NULL; argv[0] is absolute */
	const char *const *envp;	/* ends with NULL */
	const char *workdir;
	const char *hostname;
	uint32_t uid, gid;		/* as seen inside */
	uint32_t uid_base;		/* id 0 inside is this id outside */
	int32_t oom_score_adj;		/* -999 to 1000 */
	uint32_t nofile;		/* RLIMIT_NOFILE, soft and hard */

	/* Both directions of the start order, as places in services[]. */
	const uint16_t *after, *before;
	uint16_t after_count, before_count;

	enum service_type type;
	enum service_ready ready;
	uint32_t start_timeout_ms;	/* from exec to READY=1; 0 is for ever */
	enum service_restart restart;
	uint32_t restart_delay_ms, restart_delay_max_ms;
	uint32_t start_limit;		/* starts in a window; 0: no limit */
	uint32_t start_limit_window_ms;
	enum service_on_limit on_limit;
	uint32_t stop_timeout_ms;
	int stop_signal;
	uint32_t watchdog_ms;		/* between two WATCHDOG=1; 0: none */
	bool notify;			/* it has a notify socket */
	bool vital;
	bool init;			/* a reaper is PID 1 inside */

	const struct service_limit *limits;
	const struct service_tmpfs *tmpfs;
	uint16_t limit_count, tmpfs_count;

	enum service_net net;
	uint32_t address;		/* on the bridge; 0 with NET=none */
	uint8_t mac[6];			/* of eth0 inside, locally administered */
	const char *const *publish;	/* "8080:80/tcp", for people; ends with NULL */

	bool log_console;
	uint32_t log_rate;		/* lines a second that are kept; 0: all */
	uint32_t log_offset, log_bytes;	/* this service's part of the log arena */

	/* Of everything in this row and of what its sandbox takes from the
	 * board.  Places in the table don't count: a row that only moved is
	 * the same. */
	uint64_t fingerprint;
};

struct board {
	uint32_t bridge_address;
	uint8_t bridge_prefix;
	const char *uplink;		/* interface, or NULL for none */
	uint32_t uplink_address;	/* 0: the interface is only set up */
	uint8_t uplink_prefix;
	uint32_t uplink_gateway;	/* 0: no default route */
	uint32_t shutdown_timeout_ms;
	uint32_t watchdog_timeout_s;	/* of /dev/watchdog; 0: not used */

	/* Copies of all logs, written by a child: to /dev/kmsg, and to a file
	 * that is renamed to .1, .2, … .<log_files - 1> when it is full. */
	bool log_kmsg;
	const char *log_file;		/* NULL: none */
	uint32_t log_file_bytes, log_files;
	uint32_t log_offset, log_bytes;	/* PID 1's own part of the log arena */

	/* Rows for the cgroup that holds all services. */
	const struct service_limit *limits;
	uint16_t limit_count;

	/* Absolute paths of kernel modules, in the order in which to load
	 * them; ends with NULL. */
	const char *const *modules;

	/* One nf_tables batch as netsetup/nft.h builds it; NULL for none. */
	const uint8_t *firewall;
	uint32_t firewall_bytes;

	uint64_t fingerprint;		/* of the whole table */
	uint64_t network_fingerprint;	/* of bridge, uplink and firewall */
};

/* table.h defines SERVICE_COUNT (0 and up), SERVICE_SLOTS (at least 1, for
 * arrays) and LOG_ARENA_BYTES (at least 1) as integer constants. */
extern const struct board board;
extern const struct service services[];

#endif
