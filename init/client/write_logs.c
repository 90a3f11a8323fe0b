/*
 * The writer of log copies: follows the rings of PID 1's state and the kernel's
 * log, and hands each line to where the board wants it.  Refuses to know how a
 * file or the kernel takes it; it may wait for either.
 *
 * It sleeps until PID 1 or the kernel has something new.
 */
#include "client/client.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "client/kmsg.h"
#include "client/logfile.h"
#include "client/written.h"
#include "clock.h"
#include "paths.h"
#include "service.h"
#include "table.h"
#include "text.h"
#include "timers.h"

/* What is written to the file at once. */
#define BATCH_SIZE 16384

/* The longest line in it: a record, its time, a name and the mark of a cut. */
#define BATCH_LINE_MAX (STATE_LINE_SIZE + 64)

/* Records after which the positions are put down, when there is no end of them. */
#define ROUND_MAX 4096

/* Of syslog(2): informational, for lines that say no level. */
#define LEVEL_PLAIN 6

/* Sources: the rings as in written.h, and the kernel. */
#define KERNEL WRITTEN_RINGS
#define SOURCES (WRITTEN_RINGS + 1)

static struct writer {
	struct client pith;
	struct logfile file;
	int kmsg_in, kmsg_out;	/* -1: not wanted, or not there */
	int written_fd;
	struct written written;
	struct kmsg_record kernel;	/* its next record */
	struct timers next;	/* the sources, by the time of their next record */
	struct timers_slot slots[SOURCES];
	struct text batch;
	char lines[BATCH_SIZE];
} writer;

static const char *name_of(unsigned source)
{
	return source == KERNEL ? "kernel" : source == WRITTEN_OWN ? "pith" : services[source].name;
}

static const struct logring *ring_of(const struct writer *w, unsigned source)
{
	const struct state *s = w->pith.state;

	return source == WRITTEN_OWN ? &s->log.ring : &s->slot[source].log.ring;
}

static void flush(struct writer *w)
{
	if (w->batch.len)
		logfile_write(&w->file, w->lines, w->batch.len, clock_now_ms());
	w->batch = TEXT_ON(w->lines);
}

static void put_line(struct writer *w, unsigned source, const struct logring_record *record,
		     const char *text)
{
	bool cut = record->flags & LOGRING_CUT;
	unsigned level = record->level < LOGRING_NO_LEVEL ? record->level : LEVEL_PLAIN;

	if (w->kmsg_out >= 0 && source != KERNEL)
		kmsg_write(w->kmsg_out, level, name_of(source), text, record->len, cut);
	if (!w->file.path)
		return;
	text_add(&w->batch, "[%u.%03u] %s: ", (unsigned)(record->time_ms / 1000),
		 (unsigned)(record->time_ms % 1000), name_of(source));
	text_add_printable(&w->batch, text, record->len);
	text_add(&w->batch, "%s\n", cut ? " [cut]" : "");
	if (w->batch.len + BATCH_LINE_MAX > sizeof(w->lines))
		flush(w);
}

static void say_lost(struct writer *w, unsigned source, uint64_t bytes, uint64_t time_ms)
{
	struct logring_record record = { .time_ms = time_ms, .level = LOGRING_NO_LEVEL };
	char text[64];	/* a number of at most 20 digits and these words */
	struct text t = TEXT_ON(text);

	text_add(&t, "%llu bytes were gone before they could be copied",
		 (unsigned long long)bytes);
	record.len = (uint16_t)t.len;
	put_line(w, source, &record, text);
}

/* What the ring held before the first writer of a boot looked is not missing. */
static void copy_from_ring(struct writer *w, unsigned source)
{
	uint64_t *at = &w->written.at[source], lost = 0;
	const bool first = *at == 0;
	struct logring_record record;
	char text[STATE_LINE_SIZE];

	if (!logring_read(ring_of(w, source), w->pith.state->arena, at, &record, text,
			  sizeof(text), &lost))
		return;
	if (record.time_ms <= w->written.skip_ms)
		return;
	if (record.len > sizeof(text))
		record.len = sizeof(text);
	if (lost && !first)
		say_lost(w, source, lost, record.time_ms);
	if (!(record.flags & LOGRING_RUN))
		put_line(w, source, &record, text);
	if (record.time_ms > w->written.time_ms)
		w->written.time_ms = record.time_ms;
}

static void copy_from_kernel(struct writer *w)
{
	struct logring_record record = {
		.time_ms = w->kernel.time_ms, .len = (uint16_t)w->kernel.len,
	};

	if (w->kernel.len > STATE_LINE_SIZE) {
		record.len = STATE_LINE_SIZE;
		record.flags = LOGRING_CUT;
	}
	put_line(w, KERNEL, &record, w->kernel.text);
	w->written.kernel = w->kernel.sequence + 1;
}

/* When the ring's next record was made, and a millisecond: 0 is none. */
static uint64_t ring_next_ms(const struct writer *w, unsigned source)
{
	struct logring_record record;
	uint64_t at = w->written.at[source];
	char none;

	return logring_read(ring_of(w, source), w->pith.state->arena, &at, &record, &none, 0,
			    NULL) ? record.time_ms + 1 : 0;
}

static uint64_t kernel_next_ms(struct writer *w)
{
	int rc = w->kmsg_in < 0 ? 0 : kmsg_read(w->kmsg_in, w->written.kernel, &w->kernel);

	if (rc < 0) {	/* poll(2) would call for it again and again */
		client_say("the kernel's log: %s", strerror(-rc));
		close(w->kmsg_in);
		w->kmsg_in = -1;
	}
	return rc == 1 ? w->kernel.time_ms + 1 : 0;
}

static void copy_next(struct writer *w, uint16_t source)
{
	if (source == KERNEL)
		copy_from_kernel(w);
	else
		copy_from_ring(w, source);
	timers_set(&w->next, source, source == KERNEL ? kernel_next_ms(w) : ring_next_ms(w, source));
}

static void look_at_all(struct writer *w)
{
	for (uint16_t ring = 0; ring < WRITTEN_RINGS; ring++) {
		/* Its state was lost, and made anew. */
		if (w->written.at[ring] > ring_of(w, ring)->head)
			w->written.at[ring] = 0;
		timers_set(&w->next, ring, ring_next_ms(w, ring));
	}
	/* The kernel's is taken from it when it is looked at. */
	if (!w->slots[KERNEL].deadline_ms)
		timers_set(&w->next, KERNEL, kernel_next_ms(w));
}

/* All that is there, in the order of time.  True if that was too much for once. */
static bool copy(struct writer *w)
{
	unsigned count = 0;
	uint16_t source;

	look_at_all(w);
	for (; count < ROUND_MAX && timers_first(&w->next, &source); count++)
		copy_next(w, source);
	flush(w);
	if (count)
		written_save(w->written_fd, &w->written);
	return count == ROUND_MAX;
}

static int open_kmsg(int fd)
{
	if (fd < 0)
		client_say("/dev/kmsg: %s", strerror(-fd));
	return fd < 0 ? -1 : fd;
}

/* 0, or -errno if another writer does all this already. */
static int open_all(struct writer *w)
{
	w->written_fd = written_open(PATH_WRITTEN, board.fingerprint, &w->written);
	if (w->written_fd == -EWOULDBLOCK)
		return -EWOULDBLOCK;
	w->file = LOGFILE_AT(board.log_file, board.log_file_bytes, board.log_files);
	w->kmsg_in = board.log_file ? open_kmsg(kmsg_open_to_read()) : -1;
	w->kmsg_out = board.log_kmsg ? open_kmsg(kmsg_open_to_write()) : -1;
	w->next = (struct timers){ .slot = w->slots };
	w->batch = TEXT_ON(w->lines);
	return 0;
}

int client_write_logs(int argc, char **argv)
{
	struct writer *w = &writer;
	int rc;

	(void)argc;
	(void)argv;
	if (!board.log_kmsg && !board.log_file) {
		client_say("this board wants no copies of its logs");
		return CLIENT_FAILED;
	}
	rc = client_attach(&w->pith);
	if (rc)
		return rc;
	rc = client_watch(&w->pith);
	if (rc >= 0)
		rc = open_all(w);
	if (rc < 0) {
		client_say("logs are not copied: %s", strerror(-rc));
		return CLIENT_FAILED;
	}
	do {
		while (copy(w))
			;
		rc = client_follow(&w->pith, w->kmsg_in);
	} while (rc == 0);
	return rc;
}
