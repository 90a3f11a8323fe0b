/*
 * Decides what is loosened: each option that takes something of the default away,
 * and whatever the kernel says beyond that.  What the kernel says is what holds.
 */
#include "loosened.h"

#include "text.h"

/* One line: a path of an image, or the names of all capabilities. */
#define WORDS_SIZE (CONFINED_CAPS_SIZE + 32)

static void say(struct show *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void say(struct show *s, const char *fmt, ...)
{
	char words[WORDS_SIZE];
	struct text t = TEXT_ON(words);
	va_list args;

	va_start(args, fmt);
	text_vadd(&t, fmt, args);
	va_end(args);
	show_string(s, NULL, words);
}

/* Whose namespace it has is the kernel's word; the option says why. */
static void show_namespaces(struct show *s, const struct confined *is, const struct service *row)
{
	for (unsigned i = 0; i < CONFINED_NAMESPACES; i++) {
		bool user = i == CONFINED_USER && !row->userns;
		bool net = i == CONFINED_NET && row->net == SERVICE_NET_HOST;

		if (is ? !is->boards[i] || i == CONFINED_TIME : !user && !net)
			continue;
		say(s, "%sit is in the board's %s namespace", user ? "USERNS=n: " :
		    net ? "NET=host: " : "", confined_namespace(i));
	}
}

static void show_capabilities(struct show *s, const struct confined *is,
			      const struct service *row)
{
	char names[CONFINED_CAPS_SIZE];
	struct text t = TEXT_ON(names);
	uint64_t kept = row->caps;

	/* What is in the bounding set alone can't be had by anybody with no_new_privs. */
	for (unsigned i = 0; is && i < CONFINED_SETS; i++)
		if (i != CONFINED_BOUNDING && is->capabilities[i] > 0)
			kept |= (uint64_t)is->capabilities[i];
	if (kept)
		say(s, "CAPS: it keeps %s", confined_caps_words(&t, (int64_t)kept));
}

static void show_seccomp(struct show *s, const struct confined *is, const struct service *row)
{
	if (row->seccomp == SERVICE_SECCOMP_NONE)
		say(s, "SECCOMP=none: no system call is refused");
	else if (is && is->seccomp == 0)
		say(s, "it has no seccomp filter");
	else if (row->seccomp_logs)
		say(s, "SECCOMP_LOG: system calls that are not in its list are logged, and done");
}

static void show_places(struct show *s, const struct service *row)
{
	if (row->writable)
		say(s, "WRITABLE: it may change its root, which lasts until it ends");
	for (unsigned i = 0; i < row->tmpfs_count; i++)
		if (row->tmpfs[i].exec)
			say(s, "TMPFS: programs in %s may be executed", row->tmpfs[i].path);
	for (unsigned i = 0; i < row->volume_count; i++)
		if (row->volumes[i].exec)
			say(s, "VOLUMES: programs in %s may be executed", row->volumes[i].path);
	for (unsigned i = 0; i < row->device_count; i++)
		say(s, "DEVICES: it may %s %s", row->devices[i].read ? row->devices[i].write ?
		    "read and write" : "read" : "write", row->devices[i].path);
}

void loosened_show(struct show *s, const struct confined *is, const struct service *row)
{
	show_open(s, "loosened", '[');
	show_namespaces(s, is, row);
	show_capabilities(s, is, row);
	show_seccomp(s, is, row);
	show_places(s, row);
	if (is && is->no_new_privs == 0)
		say(s, "it may gain privileges: no no_new_privs");
	if (row->oom_score_adj < 0)
		say(s, "OOM_SCORE_ADJ=%d: others are killed before it", row->oom_score_adj);
	show_close(s, ']');
}
