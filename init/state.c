/*
 * Owns the state's memory: makes it, finds it again after PID 1 was executed
 * anew, and writes its records.  Refuses to know what follows from a record.
 */
#include "state.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "clock.h"
#include "console.h"
#include "fds.h"
#include "inherit.h"
#include "state_copy.h"
#include "sys.h"

/* It neither shrinks below a mapping (SIGBUS) nor loses these seals. */
#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)

struct state *state;

/* NULL, and errno says why. */
static void *map(int fd, size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (at == MAP_FAILED)
		return NULL;
	/* A recipe runs on the way to what nobody trusts. */
	madvise(at, size, MADV_DONTFORK);
	return at;
}

static int make_memfd(void)
{
	int fd = memfd_create("pith-state", MFD_CLOEXEC | MFD_ALLOW_SEALING), rc = 0;

	if (fd < 0)
		return -errno;
	if (ftruncate(fd, sizeof(struct state)) < 0 || fcntl(fd, F_ADD_SEALS, SEALS) < 0)
		rc = -errno;
	if (rc < 0) {
		close(fd);
		return rc;
	}
	return fd;
}

static void fill_in_header(struct state *s)
{
	s->header = (struct state_header){
		.magic = STATE_MAGIC, .version = STATE_VERSION, .size = sizeof(*s),
		.slots_at = offsetof(struct state, slot),
		.slot_size = sizeof(s->slot[0]), .slot_count = SERVICE_COUNT,
		.arena_at = offsetof(struct state, arena), .arena_size = sizeof(s->arena),
		.fingerprint = board.fingerprint,
		.network_fingerprint = board.network_fingerprint,
	};
	s->header.check = state_checksum(&s->header, offsetof(struct state_header, check));
	for (unsigned id = 0; id < s->header.slot_count; id++) {
		memcpy(s->slot[id].name, services[id].name, strlen(services[id].name));
		s->slot[id].fingerprint = services[id].fingerprint;
		s->slot[id].listen_first = services[id].listen_first;
		s->slot[id].listen_count = services[id].listen_count;
	}
}

/* In memory of PID 1's own if there is no better: then a crash loses it, and
 * no client can see it. */
static int make_new(void)
{
	static struct state unkept;	/* costs no page unless it is used */
	int fd = make_memfd(), rc = fd;

	state = fd < 0 ? NULL : map(fd, sizeof(*state));
	if (!state && fd >= 0) {
		rc = -errno;
		close(fd);
	}
	if (!state) {
		console_say("no memory that outlives a crash: %s", strerror(-rc));
		state = &unkept;
		fd = -1;
	}
	fill_in_header(state);
	return fd;
}

/* An earlier run left something.  Only a memfd has seals. */
static bool has_old(size_t *size)
{
	struct stat st;

	if (fcntl(FDS_STATE, F_GET_SEALS) != SEALS || fstat(FDS_STATE, &st) < 0)
		return false;
	*size = (size_t)st.st_size;
	return true;
}

static void keep(int fd)
{
	if (fd >= 0)
		fds_keep(fd, FDS_STATE);
	else
		close(FDS_STATE);	/* the fds' numbers are no longer those in it */
}

void state_make(void)
{
	keep(make_new());
}

enum state_origin state_open(void)
{
	size_t size = 0;
	bool moved;
	void *old;
	int fd;

	if (!has_old(&size)) {
		state_make();
		return STATE_FRESH;
	}
	old = map(FDS_STATE, size);
	if (old && state_is_ours(old, size)) {
		state = old;
		return STATE_KEPT;
	}
	fd = make_new();
	moved = inherit(state, old, size);
	if (old)
		munmap(old, size);
	keep(fd);
	return moved ? STATE_MOVED : STATE_BROKEN;
}

int state_open_for_reading(void)
{
	int fd = open("/proc/self/fd/" FDS_STATE_TEXT, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

void state_save_service(uint16_t id, const struct state_service *is)
{
	state_copy_put(state->slot[id].copy, sizeof(state->slot[id].copy[0]), is, sizeof(*is));
}

void state_save_board(const struct state_board *is)
{
	state_copy_put(state->board, sizeof(state->board[0]), is, sizeof(*is));
}

void state_save_images(const struct state_images *is)
{
	state_copy_put(state->images, sizeof(state->images[0]), is, sizeof(*is));
}

/* Before the record that counts it is saved: a number without an entry would
 * show what is not there. */
void state_add_exit(uint16_t id, uint32_t number, const struct end *end)
{
	state->slot[id].exits[number % STATE_EXITS] = *end;
}

void state_add_change(uint16_t id, unsigned from, unsigned to, int32_t pid, uint64_t now_ms)
{
	state->change[state->changes % STATE_CHANGES] = (struct state_change){
		.time_ms = now_ms, .pid = pid, .id = id,
		.from = (uint8_t)from, .to = (uint8_t)to,
	};
	__atomic_thread_fence(__ATOMIC_RELEASE);
	state->changes++;
}

void state_set_text(uint16_t id, const char *text, size_t len)
{
	char *to = state->slot[id].text;

	if (len > STATE_TEXT_SIZE - 1)
		len = STATE_TEXT_SIZE - 1;
	memcpy(to, text, len);
	memset(to + len, 0, STATE_TEXT_SIZE - len);
}
