/*
 * Looks for a message of sd_notify(3) that is read wrongly, or beyond its end.
 *
 * links: init/notify_parse.c
 */
#include <stdint.h>
#include <stdlib.h>

#include "notify_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	if (!notify_check((const char *)bytes, len))
		abort();
	return 0;
}
