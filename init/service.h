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

	enum service_restart restart;
	uint32_t restart_delay_ms, restart_delay_max_ms;
	uint32_t stop_timeout_ms;
	int stop_signal;

	const struct service_limit *limits;
	const struct service_tmpfs *tmpfs;
	uint16_t limit_count, tmpfs_count;

	enum service_net net;
	uint32_t address;		/* on the bridge; 0 with NET=none */
	uint8_t mac[6];			/* of eth0 inside, locally administered */

	bool log_console;
	uint32_t log_offset, log_bytes;	/* this service's part of the log arena */
};

struct board {
	uint32_t bridge_address;
	uint8_t bridge_prefix;
	const char *uplink;		/* interface, or NULL for none */
	uint32_t uplink_address;	/* 0: the interface is only set up */
	uint8_t uplink_prefix;
	uint32_t uplink_gateway;	/* 0: no default route */
	uint32_t shutdown_timeout_ms;

	/* Rows for the cgroup that holds all services. */
	const struct service_limit *limits;
	uint16_t limit_count;

	/* Absolute paths of kernel modules, in the order in which to load
	 * them; ends with NULL. */
	const char *const *modules;

	/* One nf_tables batch as netsetup/nft.h builds it; NULL for none. */
	const uint8_t *firewall;
	uint32_t firewall_bytes;
};

/* table.h defines SERVICE_COUNT (0 and up), SERVICE_SLOTS (at least 1, for
 * arrays) and LOG_ARENA_BYTES (at least 1) as integer constants. */
extern const struct board board;
extern const struct service services[];

#endif
