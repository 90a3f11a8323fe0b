/*
 * What PID 1 must not lose when it is executed anew, and all that a client
 * may see: one sealed memfd, mapped by PID 1, which alone writes, and by
 * clients, which read.
 *
 * What the kernel knows (which processes live, what a cgroup holds) is not in
 * here.  Records that steer PID 1 are kept twice, each with a sequence number
 * and a checksum; the newest one that checks out counts.  So a crash in the
 * middle of a write loses that write alone, and a reader never acts on half a
 * record.  Log rings put their positions down last (logring.h).
 *
 * The layout depends on the compiled table.  Who reads another's goes by its
 * header, and leaves one whose version differs alone.
 */
#ifndef PITH_STATE_H
#define PITH_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "end.h"
#include "images_state.h"
#include "lease.h"
#include "logring.h"
#include "netsetup/rtnl.h"
#include "service.h"
#include "shed.h"
#include "step.h"
#include "storage_state.h"
#include "table.h"

#define STATE_MAGIC	UINT64_C(0x3174617473687470)
#define STATE_VERSION	6

/* Exits that are kept of each service. */
#define STATE_EXITS	8

/* What a service says of itself by STATUS=, cut to a line of a terminal. */
#define STATE_TEXT_SIZE	96

/* A line of a service that has no end yet: as long as a line may be. */
#define STATE_LINE_SIZE	1000

/* The last changes of state on this board; a power of two. */
#define STATE_CHANGES	256

/* Children that PID 1 runs for itself (helper.h). */
#define STATE_HELPERS	2

enum state_phase {
	PHASE_NONE,
	PHASE_START,	/* the service's, before its program is executed */
	PHASE_RUN,	/* and after */
};

/* One service, as PID 1 remembers it. */
struct state_service {
	struct step_service step;
	uint64_t started_ms;	/* when this start began */
	uint64_t executed_ms;
	uint64_t ready_ms;	/* when it was up; 0: not in this run */
	int64_t oom_kills;	/* memory.events when this start began: in all, */
	int64_t oom_at_limit;	/* and at its own limit */
	int64_t held;		/* bytes that it had when pressure stopped it */
	uint64_t image;		/* release whose image this run, or the last, has; 0: none */
	int32_t pid;		/* of the child, while there is a phase */
	int32_t sent;		/* the signal that was sent last in this run, or 0 */
	uint32_t runs;		/* starts since boot */
	uint32_t exits;		/* ends since boot; the last is at (exits - 1) % STATE_EXITS */
	uint8_t phase;		/* enum state_phase */
	uint8_t reason;		/* enum end_reason, so far */
	bool at_exec;		/* its last word before execve(2) has come */
	bool complete;		/* its sandbox is */
	bool stale;		/* the sandbox is of another row, or unknown: make it anew */
	bool cgroup_spent;	/* cgroup.kill was used on its cgroup, or it is gone: likewise */
	bool reloading;		/* it said RELOADING=1, and not yet READY=1 */
	bool leaving;		/* it said STOPPING=1 */
	uint8_t shed;		/* enum shed_mark */
};

/* One of board.uplinks, by its name: a table may put it elsewhere. */
struct state_uplink {
	char name[RTNL_NAME_SIZE];	/* "" for none */
	int32_t index;		/* 0: there is no such interface */
	bool carrier;
	struct lease lease;	/* address 0: none */
	uint64_t lease_ends_ms;	/* CLOCK_MONOTONIC; UINT64_MAX: never */
};

/* The board, likewise. */
struct state_board {
	uint64_t deadline_ms;	/* of the shutdown */
	int32_t ending;		/* enum ending_wish */
	int32_t helper_pid[STATE_HELPERS];	/* 0: does not run */
	bool killed;		/* the shutdown's deadline has passed once */
	struct storage storage;
	int32_t storage_pid;	/* of its child, or 0 */
	int32_t images_pid;	/* likewise */
	struct shed shed;
	struct state_uplink uplink[UPLINKS_MAX];
};

/* The images: what the part of PID 1 plans by (images_plan.h). */
struct state_images {
	struct images is;
	struct state_image image[IMAGE_SLOTS];	/* as images[] */
};

/* Sequence numbers start at 1; check covers what stands before it. */
struct state_service_copy {
	uint64_t sequence;
	struct state_service is;
	uint64_t check;
};

struct state_board_copy {
	uint64_t sequence;
	struct state_board is;
	uint64_t check;
};

struct state_images_copy {
	uint64_t sequence;
	struct state_images is;
	uint64_t check;
};

/* Written by PID 1 in place; a reader takes only ring and dropped from it. */
struct state_log {
	struct logring ring;
	uint64_t run;		/* position at which the run began */
	uint64_t dropped;	/* lines, since boot */
	uint64_t pending;	/* lines dropped and not yet said */
	uint64_t paid_us;	/* the token bucket: see bucket.h */
	uint16_t len;		/* of the line that has no end yet */
	bool cut;		/* that was longer than fits; with len 0: all of it is dropped */
	char line[STATE_LINE_SIZE];
};

struct state_slot {
	char name[SERVICE_NAME_SIZE];
	uint64_t fingerprint;	/* of the row that it was made by */
	uint16_t listen_first, listen_count;	/* its sockets' numbers (fds.h) */
	struct state_service_copy copy[2];
	struct end exits[STATE_EXITS];
	char text[STATE_TEXT_SIZE];	/* the last STATUS=, NUL-terminated */
	struct state_log log;
};

/* A change of a service's state; one record of the ring of changes. */
struct state_change {
	uint64_t time_ms;
	int32_t pid;
	uint16_t id;
	uint8_t from, to;	/* enum state_shown */
};

/* What a state is called where it is shown: enum step_state, and beside it what
 * memory pressure makes of two of them. */
enum state_shown {
	STATE_UNKNOWN = STEP_STATE_COUNT,
	STATE_FROZEN,	/* up, and frozen */
	STATE_SHED,	/* off, and comes back by itself */
};

struct state_header {
	uint64_t magic;
	uint32_t version;
	uint32_t size;			/* of it all */
	uint32_t slots_at, slot_size, slot_count;
	uint32_t arena_at, arena_size;
	uint64_t fingerprint, network_fingerprint;	/* struct board's */
	uint64_t check;
};

/* Left by the handler of a fatal signal, in place. */
struct state_crash {
	uint64_t at_ms;		/* of the last one */
	uint64_t address;	/* si_addr */
	uint64_t instruction;
	uint32_t count;		/* since boot */
	uint32_t told;		/* of them; the rest is for the next PID 1 to say */
	int32_t signal;
	int32_t sender;		/* si_pid if a process sent it, else 0 */
	bool orderly_reboot;	/* it came too soon after the one before */
};

struct state {
	struct state_header header;
	struct state_crash crash;
	uint32_t takeovers;		/* times that PID 1 was executed anew */
	bool network_kept;		/* board.network_fingerprint was the last one's */
	bool hurried;			/* the kernel was asked to hurry, for the first starts */
	bool network_closed;		/* the firewall could not be loaded: nothing is let in */
	struct state_board_copy board[2];
	struct state_log log;		/* PID 1's own */
	uint64_t changes;		/* since boot; the last is at (changes - 1) % STATE_CHANGES */
	struct state_change change[STATE_CHANGES];
	struct state_slot slot[SERVICE_SLOTS];
	struct state_images_copy images[2];
	uint8_t arena[LOG_ARENA_BYTES];
};

/* --- For whoever reads: PID 1 and clients (state_read.c) --------------------- */

/* Copies the newest record that checks out.  False if neither does. */
bool state_read_service(const struct state_slot *slot, struct state_service *to);
bool state_read_board(const struct state *state, struct state_board *to);
bool state_read_images(const struct state *state, struct state_images *to);

/* enum state_shown of it, and a word for that: "up". */
unsigned state_shown(const struct state_service *is);
const char *state_shown_name(unsigned shown);

/* Whether the bytes, mapped or not, begin a state of this version; and whether
 * they are one of this very table. */
bool state_header_is_sound(const struct state_header *header, size_t size);
bool state_is_ours(const void *bytes, size_t size);

/* --- For PID 1 (state.c) -------------------------------------------------------- */

/* The mapping; valid once state_open() has returned. */
extern struct state *state;

enum state_origin {
	STATE_FRESH,	/* PID 1 runs for the first time since boot */
	STATE_KEPT,	/* of the same table: all of it was taken up */
	STATE_MOVED,	/* of another table: rows that are the same were taken up, and
			 * their fds have their new numbers */
	STATE_BROKEN,	/* there was one that does not check out: the services have to
			 * be killed and started anew */
};

/* Finds what an earlier run left behind FDS_STATE, or makes it new.  Children do
 * not get the mapping (MADV_DONTFORK). */
enum state_origin state_open(void);

/* Makes it new, whatever there is. */
void state_make(void);

/* An fd of it that can only be read, for a client; the caller closes it. */
int state_open_for_reading(void);

/* Each writes the older of the two copies. */
void state_save_service(uint16_t id, const struct state_service *is);
void state_save_board(const struct state_board *is);
void state_save_images(const struct state_images *is);

void state_add_exit(uint16_t id, uint32_t number, const struct end *end);
void state_add_change(uint16_t id, unsigned from, unsigned to, int32_t pid, uint64_t now_ms);
void state_set_text(uint16_t id, const char *text, size_t len);

#endif
