/*
 * Reads the sets in which the firewall counts, and picks rows out of them.  Refuses to
 * know what they let pass.
 */
#include "rules.h"

#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netlink.h>
#include <string.h>
#include <unistd.h>

#include "firewall_counters.h"
#include "netsetup/nft_read.h"
#include "netsetup/nlsock.h"

struct picked {
	struct rules_row *rows;
	unsigned count;
	int seen;	/* rows of the set that is being read */
};

static void begin(struct picked *p)
{
	for (struct rules_row *row = p->rows; row < p->rows + p->count; row++)
		row->packets = row->bytes = -1;
}

/* A set that changes while it is read comes anew, as a whole. */
static void begin_set(struct picked *p)
{
	p->seen = 0;
	for (struct rules_row *row = p->rows; row < p->rows + p->count; row++)
		row->of_set = (struct rules_sum){ .rows = 0 };
}

static int pick(void *context, const struct nft_read_element *element)
{
	struct picked *p = context;

	if (!element) {
		begin_set(p);
		return 0;
	}
	p->seen++;
	for (struct rules_row *row = p->rows; element->counts && row < p->rows + p->count; row++) {
		if (strcmp(row->name, element->comment))
			continue;
		row->of_set.rows++;
		row->of_set.packets += element->packets;
		row->of_set.bytes += element->bytes;
	}
	return 0;
}

static void end_set(const struct picked *p)
{
	for (struct rules_row *row = p->rows; row < p->rows + p->count; row++) {
		if (!row->of_set.rows)
			continue;
		row->packets = (row->packets < 0 ? 0 : row->packets) +
			       (int64_t)row->of_set.packets;
		row->bytes = (row->bytes < 0 ? 0 : row->bytes) + (int64_t)row->of_set.bytes;
	}
}

#define SET(family, name) { (family), (name) },

static const struct set {
	uint8_t family;
	char name[16];
} sets[] = { FIREWALL_COUNTING(SET) };

/* Of all sets, or -errno. */
static int read_sets(int fd, struct picked *p)
{
	static uint8_t buf[NFT_READ_BUFFER_SIZE];
	const struct nft_read_taker taker = { pick, p };
	int seen = 0;

	for (const struct set *set = sets; set < sets + sizeof(sets) / sizeof(sets[0]); set++) {
		int rc = nft_read_elements(fd, set->family, FIREWALL_TABLE, set->name, buf,
					   sizeof(buf), &taker);

		/* One that would be empty is not there. */
		if (rc == -ENOENT)
			continue;
		if (rc < 0)
			return rc;
		end_set(p);
		seen += p->seen;
	}
	return seen;
}

int rules_read(struct rules_row *rows, unsigned count)
{
	struct picked picked = { .rows = rows, .count = count };
	int fd = nlsock_open(NETLINK_NETFILTER), rc;

	begin(&picked);
	if (fd < 0)
		return fd;
	rc = read_sets(fd, &picked);
	close(fd);
	if (rc < 0)
		begin(&picked);
	return rc;
}

void rules_add_error(struct text *t, int result)
{
	if (!result)
		text_add(t, "is not loaded; `pith logs pith` says why");
	else if (result == -EPERM)
		text_add(t, "is shown to root alone");
	else if (result == -EPROTONOSUPPORT || result == -EOPNOTSUPP || result == -EINVAL)
		text_add(t, "cannot be: this kernel has no nf_tables");
	else
		text_add(t, "cannot be read: %s", strerror(-result));
}
