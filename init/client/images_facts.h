/*
 * What is known of the images that services run from: PID 1's state of them, the table,
 * and what is mounted.  Of a board without images nothing of this is linked (has.h).
 */
#ifndef PITH_CLIENT_IMAGES_FACTS_H
#define PITH_CLIENT_IMAGES_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "client.h"
#include "show.h"
#include "text.h"

/* False if it does not check out. */
bool images_facts_read(const struct client *c, struct state_images *to);

/* Of a service with an image: which one and which release it runs from, or would. */
void images_facts_show_service(struct show *s, const struct client *c, uint16_t id,
			       const struct state_service *is);

/* That it waits for its image; false if it does not. */
bool images_facts_add_waiting(struct text *t, const struct client *c, const struct service *s);

/* All images: what is mounted, and how it is checked. */
void images_facts_show_all(struct show *s, const struct state_images *is);

/* What was compiled in: of the board, and of a service with an image. */
void images_facts_show_board(struct show *s);
void images_facts_show_row(struct show *s, const struct service *row);

#endif
