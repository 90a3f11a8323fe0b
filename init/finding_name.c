/*
 * Knows the names of the native architecture's system calls, as
 * board/scripts/call-names took them from the kernel's headers.
 */
#include <linux/audit.h>
#include <string.h>

#include "finding.h"
#include "generated/calls.h"

/* One after the other, each with its NUL; a number without a call is "". */
static const char names[] = CALLS_NAMES;

const char *finding_call_name(int32_t call, uint32_t arch)
{
	const char *name = names;

	if (arch != CALLS_ARCH || call < 0)
		return NULL;
	for (; name < names + sizeof(names); name += strlen(name) + 1)
		if (call-- == 0)
			return *name ? name : NULL;
	return NULL;
}
