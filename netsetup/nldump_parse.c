/*
 * Reads the parts of a dump: which messages are of it, whether it changed
 * meanwhile, and where it ends.  It refuses to know what they say.
 */
#include "nldump.h"

#include <errno.h>
#include <linux/netlink.h>

#include "nlsock.h"

/* The end says whether the kernel could say all. */
static int read_end(struct nlread payload)
{
	int32_t error = 0;

	if (payload.left && nlread_header(&payload, &error, sizeof(error)))
		return -EBADMSG;
	if (error > 0)
		return -EBADMSG;
	return error ? error : 1;
}

int nldump_parse(const void *bytes, size_t len, uint32_t seq, bool *interrupted,
		 const struct nldump_taker *taker)
{
	struct nlread r = { bytes, len }, payload;
	struct nlmsghdr header, asked;
	struct nlsock_error unread = { 0 };
	int ret;

	while ((ret = nlread_message(&r, &header, &payload)) > 0) {
		if (header.nlmsg_seq != seq)
			continue;
		if (header.nlmsg_flags & NLM_F_DUMP_INTR)
			*interrupted = true;
		if (header.nlmsg_type == NLMSG_DONE)
			return read_end(payload);
		if (header.nlmsg_type == NLMSG_ERROR)
			ret = nlsock_parse_error(&header, payload, &asked, &unread);
		else
			ret = taker->take(taker->context, &header, payload);
		if (ret)
			return ret;
	}
	return ret;
}
