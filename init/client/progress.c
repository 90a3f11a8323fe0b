/*
 * Decides how often it is told how far something is.  Refuses to know what it is.
 */
#include "progress.h"

#include "clock.h"
#include "out.h"
#include "show.h"

/* Between two words. */
#define PROGRESS_MS 500

/* To the beginning of the line, which is emptied (ECMA-48). */
#define ANEW "\r\x1b[K"

struct progress progress_of(const char *name, uint64_t bytes)
{
	return (struct progress){ .name = name, .bytes = bytes, .is_shown = out_is_terminal() };
}

static void put(const struct progress *p, const char *before, const char *after)
{
	char size[16];
	struct text t = TEXT_ON(size);

	show_add_size(&t, p->bytes);
	out("%s%s: %s%s%s", p->is_shown ? ANEW : "", p->name, before, size, after);
	out_flush();
}

void progress_show(struct progress *p, uint64_t done)
{
	uint64_t now = p->is_shown ? clock_now_ms() : 0;
	char words[32];
	struct text t = TEXT_ON(words);

	if (!p->is_shown || now < p->next_ms)
		return;
	p->next_ms = now + PROGRESS_MS;
	text_add(&t, "%u%% of ", (unsigned)(done / (p->bytes / 100 + 1)));
	put(p, words, "");
}

void progress_end(const struct progress *p, const char *word)
{
	char words[32];
	struct text t = TEXT_ON(words);

	text_add(&t, ", %s\n", word);
	put(p, "", words);
}
