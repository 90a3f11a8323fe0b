/*
 * Decides which lines follow a start or an end.  Refuses to know how either
 * came about (observe.c) and how an end is put in words (explain.h).
 */
#include "tell.h"

#include "console.h"
#include "explain.h"
#include "finding.h"
#include "log.h"
#include "service.h"
#include "text.h"

/* Words about one event, around a kernel message of NLSOCK_TEXT_SIZE. */
#define WORDS_SIZE 384

void tell_started(uint16_t id, pid_t pid, uint64_t took_ms)
{
	char words[WORDS_SIZE];
	struct text t = TEXT_ON(words);

	text_add(&t, "started, pid %d, ", pid);
	if (services[id].address) {
		text_add_ipv4(&t, services[id].address);
		text_add(&t, ", ");
	}
	text_add_duration(&t, took_ms);
	console_say_of(services[id].name, "%s", words);
}

void tell_ready(uint16_t id, uint64_t took_ms)
{
	char words[WORDS_SIZE];
	struct text t = TEXT_ON(words);

	text_add(&t, "ready after ");
	text_add_duration(&t, took_ms);
	console_say_of(services[id].name, "%s", words);
}

/* What comes after it waits in vain if it never was up. */
static void tell_who_waits(const struct order *o, uint16_t id)
{
	for (unsigned i = 0; i < services[id].before_count; i++) {
		uint16_t dependent = services[id].before[i];

		if (o->slot[dependent].step.state == STEP_WAITING)
			console_say_of(services[dependent].name, "waits for %s, which is over",
				       services[id].name);
	}
}

static void add_what_follows(struct text *t, const struct step_service *is, uint16_t id,
			     uint64_t now_ms)
{
	static const char *const restarts[] = {
		[SERVICE_RESTART_NO] = "no",
		[SERVICE_RESTART_ON_FAILURE] = "on-failure",
		[SERVICE_RESTART_ALWAYS] = "always",
	};

	if (is->state == STEP_BACKOFF) {
		text_add(t, "; again in ");
		text_add_duration(t, is->deadline_ms - now_ms);
	} else if (is->state == STEP_DONE) {
		text_add(t, "; not started again: RESTART=%s", restarts[services[id].restart]);
	} else if (is->state == STEP_FINISHED) {
		text_add(t, "; finished");
	} else if (is->wanted && is->state != STEP_GIVEN_UP) {
		text_add(t, "; again at once");
	}
}

void tell_end(const struct order *o, uint16_t id, const struct end *end, uint64_t now_ms)
{
	const struct step_service *is = &o->slot[id].step;
	char words[WORDS_SIZE];
	struct text t = TEXT_ON(words);

	if (!is->wanted)
		text_add(&t, "stopped: ");
	explain_end(&t, end);
	add_what_follows(&t, is, id, now_ms);
	if (is->failed && is->wanted)
		log_last_words(id);
	console_say_of(services[id].name, "%s", words);
	if (is->state == STEP_DONE)
		tell_who_waits(o, id);
}

void tell_given_up(const struct order *o, uint16_t id, const char *follows)
{
	const struct service *s = &services[id];

	console_say_of(s->name, "FAILED: %u starts within %u s reached its START_LIMIT; %s",
		       o->slot[id].step.starts, s->start_limit_window_ms / 1000, follows);
	tell_who_waits(o, id);
}

void tell_refused_call(uint16_t id, int32_t call, uint32_t arch)
{
	const char *name = finding_call_name(call, arch);

	console_say_of(services[id].name, "the system call that seccomp refused: %s (%d)",
		       name ? name : "of another architecture", call);
}
