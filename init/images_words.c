/*
 * Decides how a word is put.  Refuses to know why it is said.
 */
#include "images_words.h"

#include <unistd.h>

#include "images_child.h"
#include "worker.h"

static void tell(struct images_word word)
{
	worker_tell(&word, sizeof(word));
}

void images_word_of(unsigned said, unsigned slot, uint64_t serial, unsigned i)
{
	tell((struct images_word){ .said = (uint8_t)said, .slot = (uint8_t)slot,
				   .image = (uint16_t)i, .serial = serial });
}

void images_word_refused(unsigned slot, const struct refusal *why)
{
	tell((struct images_word){ .said = IMAGES_SAID_REFUSED, .slot = (uint8_t)slot,
				   .image = why->image, .why = *why });
}

_Noreturn void images_word_done(unsigned slot, uint64_t serial, const struct refusal *why)
{
	tell((struct images_word){ .said = IMAGES_SAID_DONE, .slot = (uint8_t)slot,
				   .image = REFUSAL_NO_IMAGE_ID, .serial = serial, .why = *why });
	_exit(0);
}
