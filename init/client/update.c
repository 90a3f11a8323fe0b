/*
 * pith update: brings a new release of the services' images, goes back to the one
 * before, or tells how it stands.
 */
#include "update.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "clock.h"
#include "facts.h"
#include "images_facts.h"
#include "options.h"
#include "slots.h"

/* Signals that end a program are read from an fd, so each wait is for that as well, and
 * none comes between two steps of the writing. */
static int catch_signals(void)
{
	sigset_t set;
	int fd;

	/* Whoever reads the lines may go. */
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

/* The lock for the slots, or minus an exit status. */
static int lock_slots(const struct client *c)
{
	char words[FACTS_WORDS_SIZE];
	struct text t = TEXT_ON(words);
	struct storage storage;
	int rc;

	if (!facts_read_storage(c, &storage)) {
		client_say("update: this board has no partition for releases: CONFIG_DATA");
		return -CLIENT_FAILED;
	}
	if (storage.state != STORAGE_MOUNTED && storage.state != STORAGE_FULL) {
		storage_explain(&t, &storage);
		client_say("update: there is no room for a release: %s", words);
		return -CLIENT_FAILED;
	}
	rc = slots_lock();
	if (rc >= 0)
		return rc;
	client_say(rc == -EWOULDBLOCK ? "update: somebody else writes a release just now" :
		   "update: the slots for releases: %s", strerror(-rc));
	return -CLIENT_FAILED;
}

/* 0, or an exit status. */
static int check_phase(const struct images *is, enum update_goal goal)
{
	char words[FACTS_WORDS_SIZE];
	struct text t = TEXT_ON(words);

	if (update_may_begin(is->phase) || (goal == UPDATE_TO_OLD && is->phase == IMAGES_TRYING))
		return 0;
	images_explain(&t, is, clock_now_ms());
	client_say("update: not now: %s", words);
	return CLIENT_FAILED;
}

/* 0, or an exit status.  A PID 1 that was executed anew since looks at the slots first. */
static int ask(struct client *c, enum update_goal goal, int stop)
{
	static const uint8_t asks[] = {
		[UPDATE_TO_NEW] = CONTROL_UPDATE_TRY,
		[UPDATE_TO_OLD] = CONTROL_UPDATE_GO_BACK,
	};
	int rc;

	while ((rc = client_request(c, CONTROL_UPDATE, 0, asks[goal], 0, NULL)) == -EBUSY) {
		int status = update_wait(c, stop);

		if (status)
			return status;
	}
	if (rc == -EPERM)
		client_say("update: no release is on trial, and this board does not go back to "
			   "one before: CONFIG_UPDATE_ROLLBACK");
	else if (rc < 0)
		return client_refused("update", rc);
	return rc < 0 ? CLIENT_FAILED : 0;
}

/* The lock is held until PID 1's state says that something goes on: it answers before that
 * is put down, but what it is asked next after it. */
static int begin(struct client *c, struct state_images *was, enum update_goal goal,
		 const char *path, int stop)
{
	int lock = lock_slots(c), rc;

	if (lock < 0)
		return -lock;
	if (!images_facts_read(c, was)) {
		client_say("update: the state of PID 1 does not check out");
		rc = CLIENT_NO_PITH;
	} else {
		rc = check_phase(&was->is, goal);
	}
	if (rc == 0 && goal == UPDATE_TO_NEW)
		rc = update_install(path, &was->is, stop);
	if (rc == 0)
		rc = ask(c, goal, stop);
	if (rc == 0)
		client_watch(c);
	close(lock);
	return rc;
}

static int usage(const char *words)
{
	client_say("update: %s; see pith update --help", words);
	return CLIENT_USAGE;
}

int client_update(int argc, char **argv)
{
	bool rollback = false, status = false, json = false, no_wait = false;
	const struct option_row rows[] = {
		{ 0, "rollback", OPTION_FLAG, &rollback },
		{ 0, "status", OPTION_FLAG, &status },
		{ 0, "json", OPTION_FLAG, &json },
		{ 0, "no-wait", OPTION_FLAG, &no_wait },
	};
	const char *path = NULL;
	int count = options_read(argc, argv, rows, 4, &path, 0, 1);
	enum update_goal goal = rollback ? UPDATE_TO_OLD : UPDATE_TO_NEW;
	struct state_images was;
	struct client c;
	int rc, stop;

	if (count >= 0 && count + rollback + status != 1)
		return usage("a FILE, a folder or -, or else --rollback or --status");
	if (json && !status)
		return usage("--json goes with --status");
	rc = client_begin(&c, count);
	if (rc || status)
		return rc ? rc : update_status(&c, json);
	stop = catch_signals();
	if (stop < 0) {
		client_say("update: %s", strerror(-stop));
		return CLIENT_FAILED;
	}
	rc = begin(&c, &was, goal, path, stop);
	return rc || no_wait ? rc : update_follow(&c, &was.is, goal, stop);
}

int client_update_nothing(int argc, char **argv)
{
	(void)argc, (void)argv;
	client_say("update: no service of this board has an image");
	return CLIENT_FAILED;
}
