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
	SERVICE_NET_HOST,	/* the board's own */
	SERVICE_NET_SHARE,	/* that of another service */
};

enum service_seccomp {
	SERVICE_SECCOMP_NONE,
	SERVICE_SECCOMP_DEFAULT,	/* refuses what no service should need */
	SERVICE_SECCOMP_STRICT,		/* allows what was learned of this service */
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
	bool exec;		/* programs may be executed from it */
};

/* A folder of the data partition that is seen inside. */
struct service_volume {
	const char *folder;	/* "web/data": of this service alone, below the partition's root */
	const char *path;	/* where it is seen inside */
	bool read_only;
	bool exec;
};

/* A device node of the board that is placed inside under the same path; a service
 * has at most so many: PID 1 finds all of them at once. */
#define SERVICE_DEVICES_MAX 32

struct service_device {
	const char *path;	/* "/dev/ttyS1" */
	bool read, write;
};

/* What follows has protocol: IPPROTO_TCP or IPPROTO_UDP, or 0 where a path may stand
 * for a unix socket. */

/* A port of the board that leads to one of the service.  NET=host: to itself. */
struct service_publish {
	uint16_t outside, inside;
	uint8_t protocol;
};

/* The only traffic that may pass to another service. */
struct service_allow {
	uint16_t to;		/* its place in services[] */
	uint16_t port;
	uint8_t protocol;
	const char *path;	/* protocol 0: a unix socket of its LISTEN, which is seen
				 * inside under this path */
};

/* A socket that PID 1 keeps open, and hands to every start (LISTEN_FDS). */
#define SERVICE_LISTEN_MAX 16

struct service_listen {
	uint16_t port;
	uint8_t protocol;
	const char *path;	/* protocol 0: a unix socket, seen inside under this path */
};

/* A unix socket that is seen inside: of its own LISTEN, which come first and in that
 * order, or another's by ALLOW.  Behind them what an image cannot have itself, since it
 * follows from the table: "/lib/pith/files/web/hosts" as /etc/hosts. */
struct service_socket {
	const char *source;	/* on the board: "/run/pith/listen/db.0" */
	const char *path;
};

/* A file system that services have as their root: a file of a release (slots.h), or a
 * pair of partitions, with labels NAME_a and NAME_b. */
struct image {
	const char *name;
	bool is_partition;
	bool verity;		/* checked block by block when it is read, by dm-verity; else
				 * as a whole before it is mounted */
	uint8_t type;		/* enum image_type (manifest.h) */
};

/* A public key whose signature counts: of ECDSA P-256 a point of 65 bytes (SEC 1,
 * uncompressed); of RSA modulus and exponent, big-endian, and no point. */
struct trusted_key {
	const uint8_t *point;
	const uint8_t *modulus, *exponent;
	uint16_t modulus_size, exponent_size;
};

struct sock_filter;		/* linux/filter.h */

struct service {
	const char *name;
	const char *root;		/* absolute path in the initramfs; with an image NULL */
	uint16_t image;			/* its place in images[], and 1; 0: its root is a folder */
	bool idmap;			/* the image's owners are those inside: its mount is
					 * idmapped to the service's range */
	const char *const *argv;	/* ends with NULL; argv[0] is absolute */
	const char *const *envp;	/* ends with NULL */
	const char *workdir;
	const char *hostname;
	uint32_t uid, gid;		/* as seen inside */
	uint32_t uid_base;		/* id 0 inside is this id outside */
	bool userns;			/* in a user namespace; else its ids are those outside:
					 * uid_base + uid, so it is never the board's root */
	uint64_t caps;			/* capabilities(7) that it keeps, as 1 << CAP_… */
	enum service_seccomp seccomp;
	bool seccomp_logs;		/* strict: what is not allowed is logged, and done */
	const struct sock_filter *filter;	/* NULL with SERVICE_SECCOMP_NONE */
	uint16_t filter_count;		/* instructions, at most 4096 */
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
	uint16_t shed;			/* memory pressure stops the lowest first; 0: never */

	const struct service_limit *limits;
	const char *writable;		/* bytes of a layer over the root, as decimal text; NULL:
					 * the root is read-only */
	const struct service_tmpfs *tmpfs;
	const struct service_volume *volumes;
	const struct service_device *devices;
	uint16_t limit_count, tmpfs_count, volume_count, device_count;

	enum service_net net;
	uint16_t net_of;		/* NET=share: the place of whose network it is */
	uint8_t bridge;			/* NET=private: place in board.bridges */
	bool ipv6;			/* it has address6 */
	uint32_t address;		/* on its bridge; 0 unless NET=private */
	uint8_t address6[16];		/* network order */
	uint8_t mac[6];			/* of eth0 inside, locally administered */
	const struct service_publish *published;
	const struct service_allow *allow;
	const struct service_listen *listen;
	const struct service_socket *sockets;
	uint16_t published_count, allow_count, listen_count, socket_count;
	uint16_t listen_first;		/* its first socket's number among all services' */
	bool resolves;			/* the board's resolv.conf, made at run time, is bound
					 * over its own */
	bool after_network;		/* comes AFTER network-online */
	bool provides_time;		/* it is ready when the clock is right: time-valid */
	uint8_t lease_of;		/* its words are leases for board.uplinks[lease_of - 1];
					 * 0: it has no such words */

	bool log_console;
	uint32_t log_rate;		/* lines a second that are kept; 0: all */
	uint32_t log_offset, log_bytes;	/* this service's part of the log arena */

	/* Of everything in this row and of what its sandbox takes from the
	 * board.  Places in the table don't count: a row that only moved is
	 * the same. */
	uint64_t fingerprint;
};

/* All services of a bridge reach each other, the board and the outside through its
 * address alone: its ports are isolated. */
struct bridge {
	const char *name;
	uint32_t address;
	uint8_t prefix;
	bool ipv6;		/* it has address6, with a prefix of 64 */
	uint8_t address6[16];	/* network order */
	uint8_t mac[6];
};

/* A way out, the best first; or an interface that only carries VLANs, which stands
 * before them and has no address. */
#define UPLINKS_MAX 8

struct uplink {
	const char *name;
	const char *parent;	/* VLAN: the interface that it is on top of; else NULL */
	uint16_t vlan;		/* 802.1Q id, or 0 */
	bool dhcp;
	uint16_t dhcp_service;	/* place of the service that asks for its lease */
	uint32_t address;	/* 0: none that is static */
	uint8_t prefix;
	uint32_t gateway;	/* 0: none */
	bool ipv6, gateway_ipv6;
	uint8_t address6[16], prefix6, gateway6[16];	/* network order */
	uint32_t metric;	/* of its default routes: the lowest is used */
};

struct board {
	const struct bridge *bridges;	/* at least one, br0 */
	const struct uplink *uplinks;
	uint8_t bridge_count, uplink_count;
	const struct service_listen *open;	/* ports of its own, to everybody */
	uint16_t open_count;
	uint32_t mtu_bytes;		/* of bridges and services; 0: the kernel's 1500 */
	const char *resolv_conf;	/* text, if it is known; NULL: made of the leases */
	uint64_t clock_floor_s;		/* since the epoch: it cannot be earlier; 0: nobody knows */

	uint32_t shutdown_timeout_ms;
	uint32_t watchdog_timeout_s;	/* of /dev/watchdog; 0: not used */

	/* Copies of all logs, written by a child: to /dev/kmsg, and to a file
	 * that is renamed to .1, .2, … .<log_files - 1> when it is full. */
	bool log_kmsg;
	const char *log_file;		/* NULL: none */
	uint32_t log_file_bytes, log_files;
	uint32_t log_offset, log_bytes;	/* PID 1's own part of the log arena */

	/* The partition for volumes: a file system with this label, of type "ext4"
	 * or "f2fs".  NULL: there is none. */
	const char *data_label, *data_type;

	/* What a release has to be for, and how old it may be at most.  An update has to
	 * prove itself for so long; 0: it counts at once. */
	const char *product, *name;
	uint64_t serial_least;
	uint32_t update_confirm_ms;
	bool update_rollback;		/* an operator may go back to the release before */

	/* Places in services[] of those with a shed, the lowest first. */
	const uint16_t *shed;
	uint16_t shed_count;

	/* Rows for the cgroup that holds all services. */
	const struct service_limit *limits;
	uint16_t limit_count;

	/* Absolute paths of kernel modules, in the order in which to load
	 * them; ends with NULL. */
	const char *const *modules;

	/* One nf_tables batch as netsetup/nft.h builds it, packed (unpack.h); NULL
	 * for none. */
	const uint8_t *firewall;
	uint32_t firewall_packed, firewall_bytes;	/* as it stands here, and unpacked */

	uint64_t fingerprint;		/* of the whole table */
	uint64_t network_fingerprint;	/* of bridges, uplinks and firewall */
};

/* table.h defines SERVICE_COUNT (0 and up), SERVICE_SLOTS (at least 1, for
 * arrays), IMAGE_COUNT and IMAGE_SLOTS likewise, KEY_COUNT and of those RSA_KEY_COUNT,
 * LOG_ARENA_BYTES (at least 1), and how many of a kind all services have together, such
 * as LISTEN_COUNT, as integer constants (has.h). */
extern const struct board board;
extern const struct service services[];
extern const struct image images[];
extern const struct trusted_key trusted_keys[];

/* It has a network namespace that no other service made. */
static inline bool service_has_own_net(const struct service *s)
{
	return s->net == SERVICE_NET_PRIVATE || s->net == SERVICE_NET_NONE;
}

#endif
