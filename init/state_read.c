/*
 * Decides which copy of a record counts, and whether some bytes are a state of
 * this table.  Refuses to know what a record says.
 */
#include <string.h>

#include "state.h"
#include "state_copy.h"

uint64_t state_checksum(const void *bytes, size_t len)
{
	const uint8_t *at = bytes;
	uint64_t sum = UINT64_C(0xcbf29ce484222325);

	while (len--)
		sum = (sum ^ *at++) * UINT64_C(0x100000001b3);
	return sum;
}

static uint64_t word_at(const void *bytes, size_t offset)
{
	uint64_t word;

	memcpy(&word, (const uint8_t *)bytes + offset, sizeof(word));
	return word;
}

/* Its sequence number, or 0 if it is torn, or was never written. */
static uint64_t sequence_of(const void *copy, size_t size)
{
	size_t checked = size - sizeof(uint64_t);

	return state_checksum(copy, checked) == word_at(copy, checked) ? word_at(copy, 0) : 0;
}

const void *state_copy_newest(const void *copies, size_t size)
{
	const uint8_t *second = (const uint8_t *)copies + size;
	uint64_t first = sequence_of(copies, size), other = sequence_of(second, size);

	if (!first && !other)
		return NULL;
	return first > other ? copies : second;
}

void state_copy_put(void *copies, size_t size, const void *record, size_t record_size)
{
	const void *newest = state_copy_newest(copies, size);
	uint8_t *to = newest == copies ? (uint8_t *)copies + size : copies;
	uint64_t sequence = newest ? word_at(newest, 0) + 1 : 1, check;

	memcpy(to, &sequence, sizeof(sequence));
	memcpy(to + sizeof(sequence), record, record_size);
	/* A reader, or a crash, that comes before the last word sees it torn. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	check = state_checksum(to, size - sizeof(check));
	memcpy(to + size - sizeof(check), &check, sizeof(check));
}

/* While one copy is read it may become the older one and be written again;
 * then its checksum no longer fits what was read. */
#define TRIES 16

static bool read_copy(const void *copies, size_t size, void *copy)
{
	for (int i = 0; i < TRIES; i++) {
		const void *newest = state_copy_newest(copies, size);

		if (!newest)
			continue;
		memcpy(copy, newest, size);
		if (sequence_of(copy, size))
			return true;
	}
	return false;
}

bool state_read_service(const struct state_slot *slot, struct state_service *to)
{
	struct state_service_copy copy;

	if (!read_copy(slot->copy, sizeof(copy), &copy))
		return false;
	*to = copy.is;
	return true;
}

bool state_read_board(const struct state *from, struct state_board *to)
{
	struct state_board_copy copy;

	if (!read_copy(from->board, sizeof(copy), &copy))
		return false;
	*to = copy.is;
	return true;
}

bool state_read_images(const struct state *from, struct state_images *to)
{
	struct state_images_copy copy;

	if (!read_copy(from->images, sizeof(copy), &copy))
		return false;
	*to = copy.is;
	return true;
}

unsigned state_shown(const struct state_service *is)
{
	if (is->shed == SHED_FROZEN && is->step.state == STEP_UP)
		return STATE_FROZEN;
	if (is->shed == SHED_STOPPED && is->step.state == STEP_OFF)
		return STATE_SHED;
	return is->step.state;
}

const char *state_shown_name(unsigned shown)
{
	if (shown == STATE_FROZEN)
		return "frozen";
	return shown == STATE_SHED ? "shed" : step_state_name(shown);
}

/* To be read by another table's PID 1 as well, so in this order of checks. */
bool state_header_is_sound(const struct state_header *header, size_t size)
{
	return size >= sizeof(struct state_header) && header->magic == STATE_MAGIC &&
	       header->version == STATE_VERSION && header->size == size &&
	       header->check == state_checksum(header, offsetof(struct state_header, check)) &&
	       header->slot_size == sizeof(struct state_slot);
}

bool state_is_ours(const void *bytes, size_t size)
{
	const struct state_header *header = bytes;

	return size == sizeof(struct state) && state_header_is_sound(header, size) &&
	       header->fingerprint == board.fingerprint && header->slot_count == SERVICE_COUNT;
}
