/*
 * pith start, stop, restart: asks for it, for all that are named, and then waits
 * until each has come to where it shall be, or has failed to.
 */
#include <string.h>

#include "client.h"
#include "facts.h"
#include "options.h"
#include "out.h"

struct verb {
	const char *name;
	enum control_verb verb;
};

static const struct verb verbs[] = {
	{ "start", CONTROL_START }, { "stop", CONTROL_STOP }, { "restart", CONTROL_RESTART },
};

enum outcome { PENDING, DONE, FAILED };

/* One of those that are named. */
struct job {
	uint16_t id;
	uint32_t runs;		/* before it was asked for */
	enum outcome outcome;
};

struct work {
	enum control_verb verb;
	unsigned count;
	struct job jobs[OPTIONS_NAMES];
};

/* It waits for one that is at rest: nobody knows for how long. */
static bool waits_in_vain(const struct client *c, uint16_t id)
{
	for (unsigned i = 0; i < services[id].after_count; i++) {
		struct facts other;

		facts_read(c, services[id].after[i], &other);
		if (step_at_rest(&other.is.step) && !step_is_up(&other.is.step))
			return true;
	}
	return false;
}

static enum outcome look(const struct client *c, const struct job *job, enum control_verb verb,
			 const struct facts *f)
{
	const struct step_service *s = &f->is.step;

	if (verb == CONTROL_STOP)
		return !step_at_rest(s) && !s->wanted ? PENDING : step_at_rest(s) ? DONE : FAILED;
	if (step_is_up(s) && (verb == CONTROL_START || f->is.runs != job->runs))
		return DONE;
	/* The new run has ended. */
	if (s->state == STEP_BACKOFF && f->is.runs != job->runs)
		return FAILED;
	if (s->state == STEP_WAITING)
		return waits_in_vain(c, job->id) ? FAILED : PENDING;
	return step_at_rest(s) ? FAILED : PENDING;
}

static void tell(const struct client *c, const struct job *job, const struct facts *f)
{
	char words[FACTS_WORDS_SIZE], end[FACTS_WORDS_SIZE];
	struct text t = TEXT_ON(words), e = TEXT_ON(end);
	const char *name = services[job->id].name;

	facts_add_why(&t, c, job->id);
	if (f->is.runs != job->runs)
		facts_add_last_exit(&e, c, job->id);
	if (e.len)
		client_say("%s: %s", name, end);
	client_say("%s is %s%s%s; see pith why %s", name, state_shown_name(state_shown(&f->is)),
		   t.len ? ": " : "", words, name);
}

/* 1 when there is no more to wait for. */
static int settled(struct client *c, void *arg)
{
	struct work *work = arg;
	int rc = 1;

	for (unsigned i = 0; i < work->count; i++) {
		struct job *job = &work->jobs[i];
		struct facts f;

		if (job->outcome != PENDING)
			continue;
		facts_read(c, job->id, &f);
		job->outcome = look(c, job, work->verb, &f);
		if (job->outcome == FAILED)
			tell(c, job, &f);
		else if (job->outcome == PENDING)
			rc = 0;
	}
	return rc;
}

/* 0 or an exit status. */
static int ask(struct client *c, struct work *work)
{
	int status = CLIENT_OK;

	for (unsigned i = 0; i < work->count; i++) {
		struct job *job = &work->jobs[i];
		struct facts f;
		int rc;

		facts_read(c, job->id, &f);
		job->runs = f.is.runs;
		rc = client_request(c, work->verb, job->id, 0, 0, NULL);
		if (rc < 0) {
			status = client_refused(services[job->id].name, rc);
			job->outcome = FAILED;
		}
	}
	return status;
}

static int find_all(struct work *work, const char **names, int count)
{
	for (int i = 0; i < count; i++) {
		int id = client_find_service(names[i]);

		if (id < 0)
			return CLIENT_UNKNOWN;
		work->jobs[work->count++] = (struct job){ .id = (uint16_t)id };
	}
	return CLIENT_OK;
}

int client_steer(int argc, char **argv)
{
	static struct work work;
	static const char *names[OPTIONS_NAMES];
	bool no_wait = false;
	const struct option_row rows[] = { { 0, "no-wait", OPTION_FLAG, &no_wait } };
	int count = options_read(argc, argv, rows, 1, names, 1, OPTIONS_NAMES);
	struct client c;
	int rc = client_begin(&c, count);

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (!strcmp(argv[0], verbs[i].name))
			work.verb = verbs[i].verb;
	if (!rc)
		rc = find_all(&work, names, count);
	if (rc)
		return rc;
	rc = ask(&c, &work);
	/* What was refused to one is no reason not to wait for the others. */
	if ((rc && rc != CLIENT_FAILED) || no_wait)
		return rc;
	if (client_wait_until(&c, settled, &work, -1) < 0)
		return CLIENT_NO_PITH;
	for (unsigned i = 0; i < work.count; i++)
		if (work.jobs[i].outcome == FAILED)
			rc = CLIENT_FAILED;
	return rc;
}
