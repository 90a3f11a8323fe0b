/*
 * Looks for a lease that is believed and should not be, or the other way round, and
 * for words of a helper that are read wrongly, or beyond their end.
 *
 * links: init/lease.c init/tell/words.c
 */
#include "lease_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	if (!check_lease(bytes, len) || !check_words(bytes, len))
		abort();
	return 0;
}
