/*
 * Decides which words of the images' child are worth a line.  Refuses to know what
 * follows from them.
 */
#include "images_say.h"

#include "console.h"
#include "slots.h"
#include "text.h"

/* Two releases, and why one was refused. */
#define LINE_SIZE 384

void images_say(const struct images *was, const struct images *is)
{
	char line[LINE_SIZE];
	struct text t = TEXT_ON(line);

	images_tell(&t, was, is);
	if (t.len)
		console_say_of("images", "%s", line);
}

/* At boot each release that was passed over; an update's end says why by itself. */
void images_say_word(unsigned task, const struct images_word *word)
{
	bool passed_over = task == IMAGES_BEGIN && word->said == IMAGES_SAID_REFUSED;
	bool failed = (task == IMAGES_GIVE_UP || task == IMAGES_TIDY) &&
		      word->said == IMAGES_SAID_DONE && word->why.why;
	char line[LINE_SIZE];
	struct text t = TEXT_ON(line);

	refusal_explain(&t, &word->why);
	if (passed_over)
		console_say_of("images", "the release in slot %s is refused: %s",
			       slot_name(word->slot), line);
	else if (failed)
		console_say_of("images", "tidying up: %s", line);
}
