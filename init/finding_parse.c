/*
 * Decides what a record of the kernel's log says of a refused system call.
 * Refuses to know where records come from.
 *
 * A process chooses its own name and, with its path, that of its program.  The
 * kernel writes both in quotes, or in hexadecimal if they have a quote, a blank
 * or a control character in them.  So whoever passes over what is in quotes,
 * and wants the fields in the kernel's order, cannot be led astray.
 */
#include <linux/seccomp.h>
#include <string.h>
#include <sys/syscall.h>

#include "finding.h"
#include "service.h"

/* Records of user space have a facility other than the kernel's, which is 0. */
#define PRIORITY_END 8

/* The search begins after the end that it is about, but the kernel's clock in a
 * record may be a tick behind. */
#define TICK_MS 10

/* Beyond this, in milliseconds, it would not fit. */
#define TIME_MAX_S (INT64_MAX / 1000 - 1)

/* How far ahead a record may be: none that is awaited comes later. */
#define AHEAD_MAX_MS 10000

enum field { UID, PID, COMM, EXE, ARCH, CALL, ACTION, FIELD_COUNT };

/* As they follow one another; others are in between.  Base 0 is no number. */
static const struct {
	char key[9];
	uint8_t base;
} fields[FIELD_COUNT] = {
	[UID] = { "uid=", 10 }, [PID] = { "pid=", 10 }, [COMM] = { "comm=", 0 },
	[EXE] = { "exe=", 0 }, [ARCH] = { "arch=", 16 }, [CALL] = { "syscall=", 10 },
	[ACTION] = { "code=0x", 16 },
};

struct cursor {
	const char *at, *end;
};

static bool pass(struct cursor *c, const char *text)
{
	size_t len = strlen(text);

	if ((size_t)(c->end - c->at) < len || memcmp(c->at, text, len))
		return false;
	c->at += len;
	return true;
}

static bool pass_number(struct cursor *c, unsigned base, uint64_t *n)
{
	const char *begin = c->at;

	for (*n = 0; c->at < c->end; c->at++) {
		unsigned digit = (unsigned)(*c->at - '0');

		if (*c->at >= 'a' && *c->at <= 'f')
			digit = (unsigned)(*c->at - 'a' + 10);
		if (digit >= base)
			break;
		if (*n >> 59)	/* times 16 it would not fit */
			return false;
		*n = *n * base + digit;
	}
	return c->at > begin;
}

/* To the blank behind the field, and over it. */
static void pass_field(struct cursor *c)
{
	bool quoted = false;

	for (; c->at < c->end && (quoted || *c->at != ' '); c->at++)
		if (*c->at == '"')
			quoted = !quoted;
	if (c->at < c->end)
		c->at++;
}

/* Of a number, of which nothing was cut off. */
static bool is_at_end(const struct cursor *c)
{
	return c->at < c->end && (*c->at == ' ' || *c->at == '\n');
}

static bool read_fields(struct cursor *c, uint64_t value[FIELD_COUNT])
{
	int want = 0;

	while (want < FIELD_COUNT && c->at < c->end) {
		if (pass(c, fields[want].key)) {
			unsigned base = fields[want].base;

			if (base && (!pass_number(c, base, &value[want]) || !is_at_end(c)))
				return false;
			want++;
		}
		pass_field(c);
	}
	return want == FIELD_COUNT;
}

bool finding_parse(const char *record, size_t len, struct finding *finding)
{
	struct cursor c = { .at = record, .end = record + len };
	uint64_t priority, time_s, ms, value[FIELD_COUNT];
	const char *text = memchr(record, ';', len);
	const char *newline = memchr(record, '\n', len);

	if (!text || !pass_number(&c, 10, &priority) || priority >= PRIORITY_END)
		return false;
	c.at = text + 1;
	if (newline && newline > text)	/* "KEY=value" lines follow it */
		c.end = newline + 1;
	if (!pass(&c, "audit: type=1326 audit(") || !pass_number(&c, 10, &time_s) ||
	    !pass(&c, ".") || !pass_number(&c, 10, &ms) || time_s > TIME_MAX_S || ms > 999)
		return false;
	pass_field(&c);
	if (!read_fields(&c, value) || value[UID] > UINT32_MAX || value[PID] > INT32_MAX ||
	    value[ARCH] > UINT32_MAX || value[CALL] > INT32_MAX || value[ACTION] > UINT32_MAX)
		return false;
	*finding = (struct finding){
		.time_ms = (int64_t)(time_s * 1000 + ms), .uid = (uint32_t)value[UID],
		.pid = (int32_t)value[PID], .call = (int32_t)value[CALL],
		.arch = (uint32_t)value[ARCH], .action = (uint32_t)value[ACTION],
	};
	return true;
}

static bool killed(uint32_t action)
{
	return action == SECCOMP_RET_KILL_PROCESS || action == SECCOMP_RET_KILL_THREAD ||
	       action == SECCOMP_RET_TRAP;
}

/* A record does not say with which error.  clone3(2), and what is newer than any
 * call that has a name here, is answered as by a kernel that lacks it: who tries
 * it has another way. */
static bool failed(const struct finding *finding)
{
	return finding->action == SECCOMP_RET_ERRNO && finding->call != SYS_clone3 &&
	       finding_call_name(finding->call, finding->arch);
}

bool finding_is_wanted(const struct finding *finding, const struct finding_wish *wish,
		       int64_t now_ms)
{
	int64_t age = now_ms - finding->time_ms;

	if (age < -AHEAD_MAX_MS || age > (int64_t)wish->age_max_ms + TICK_MS ||
	    !(wish->killed ? killed(finding->action) : failed(finding)))
		return false;
	return wish->pid ? finding->pid == wish->pid :
	       finding->uid - wish->uid_base < SERVICE_ID_RANGE;
}
