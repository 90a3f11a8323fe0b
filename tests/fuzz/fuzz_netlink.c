/*
 * Looks for an answer of the kernel that is read wrongly, or beyond its end.
 *
 * links: netsetup/rtnl_parse.c netsetup/nft_read_parse.c netsetup/nldump_parse.c
 * links: netsetup/nlsock_parse.c netsetup/nlread.c
 */
#include <stdint.h>
#include <stdlib.h>

#include "netlink_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	if (!netlink_check(bytes, len))
		abort();
	return 0;
}
