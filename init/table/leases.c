/*
 * PROVIDES: each thing is provided by one service, and what needs it has it.  The one
 * that asks for leases becomes a row for each uplink with dhcp, called after its
 * interface, which is the last word of ARGV; all of them have one folder and root.
 */
#include <stdlib.h>
#include <string.h>

#include "../service.h"
#include "checks.h"

/* The next one after the first count services that provides it, or NULL. */
static struct service_spec *provider_of(const struct spec *spec, enum provides provides,
					size_t count)
{
	for (; count < spec->count; count++)
		if (spec->services[count].provides == (int)provides)
			return &spec->services[count];
	return NULL;
}

static void check_single(const struct spec *spec, enum provides provides)
{
	const struct service_spec *first = provider_of(spec, provides, 0), *next = first;

	while (next && (next = provider_of(spec, provides, (size_t)(next - spec->services) + 1)))
		spec_service_error(spec, next, "PROVIDES", "%s does already; switch one of the two "
				   "off, or leave it empty", first->name);
}

/* Else it would be ready, and the time valid, as soon as its program runs. */
static void check_clock(const struct spec *spec)
{
	const struct service_spec *provider = provider_of(spec, PROVIDES_TIME_VALID, 0);

	if (provider && provider->ready != SERVICE_READY_NOTIFY &&
	    provider->type != SERVICE_TYPE_ONESHOT)
		spec_service_error(spec, provider, "PROVIDES", "nothing says when that is; write "
				   "CONFIG_%s_READY=\"notify\" or TYPE=\"oneshot\"",
				   provider->folder->symbol);
}

static size_t count_leases(const struct spec *spec)
{
	size_t count = 0;

	for (size_t i = 0; i < spec->board.uplink_count; i++)
		count += spec->board.uplinks[i].dhcp;
	return count;
}

/* True if there are rows to be made of it. */
static bool check_asking(const struct spec *spec, const struct service_spec *asking)
{
	if (!asking && count_leases(spec))
		spec_board_error(spec, "UPLINK_ADDRESS", "no service asks for a lease; write "
				 "CONFIG_SVC_DHCP=y, or an address in place of dhcp");
	if (!asking || spec->board.broken)
		return false;
	if (!count_leases(spec))
		spec_service_error(spec, asking, "PROVIDES", "there is no uplink that needs a "
				   "lease; write CONFIG_UPLINK_ADDRESS=\"dhcp\", or switch it off");
	else if (asking->net != SERVICE_NET_HOST)
		spec_service_error(spec, asking, "PROVIDES", "an uplink is asked on from the "
				   "board's network alone; write CONFIG_%s_NET=\"host\"",
				   asking->folder->symbol);
	return count_leases(spec);
}

static void check_name(const struct spec *spec, const struct service_spec *row,
		       const char *interface)
{
	const struct folder *twin = folders_find(spec->folders, row->name);

	if (strlen(row->name) >= SERVICE_NAME_SIZE)
		spec_service_error(spec, row, "PROVIDES", "its name with %s is longer than the %d "
				   "characters of a service's; rename the folder %s", interface,
				   SERVICE_NAME_SIZE - 1, row->folder->path);
	if (twin)
		report_error(spec->report, "%s: a service of that name asks for the lease of %s; "
			     "rename the folder", twin->path, interface);
}

static struct words add_word(struct arena *arena, const struct words *words, const char *word)
{
	struct words more = { arena_array(arena, words->count + 2, sizeof(*more.at)), 0 };

	for (; more.count < words->count; more.count++)
		more.at[more.count] = words->at[more.count];
	more.at[more.count++] = arena_copy(arena, word, strlen(word));
	return more;
}

static struct service_spec row_for(const struct spec *spec, const struct service_spec *asking,
				   size_t uplink)
{
	const char *interface = spec->board.uplinks[uplink].name;
	struct service_spec row = *asking;

	row.name = arena_printf(spec->arena, "%s-%s", asking->name, interface);
	row.argv = add_word(spec->arena, &asking->argv, interface);
	row.lease_of = uplink + 1;
	check_name(spec, &row, interface);
	return row;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct service_spec *)a)->name,
		      ((const struct service_spec *)b)->name);
}

static void multiply(struct spec *spec, const struct service_spec *asking)
{
	size_t count = 0, first, leases = count_leases(spec);
	struct service_spec *rows = arena_array(spec->arena, spec->count - 1 + leases,
						sizeof(*rows));

	for (size_t i = 0; i < spec->count; i++)
		if (&spec->services[i] != asking)
			rows[count++] = spec->services[i];
	first = count;
	for (size_t i = 0; i < spec->board.uplink_count; i++)
		if (spec->board.uplinks[i].dhcp)
			rows[count++] = row_for(spec, asking, i);
	/* The first keeps a UID_BASE, the others get the next free ones. */
	for (size_t i = first + 1; i < count; i++)
		rows[i].uid_base = 0;
	qsort(rows, count, sizeof(rows[0]), by_name);
	spec->services = rows;
	spec->count = count;
	for (size_t i = 0; i < count; i++)
		if (rows[i].lease_of)
			spec->board.uplinks[rows[i].lease_of - 1].dhcp_service = i;
}

void check_leases(struct spec *spec)
{
	const struct service_spec *asking = provider_of(spec, PROVIDES_LEASE, 0);

	check_single(spec, PROVIDES_TIME_VALID);
	check_single(spec, PROVIDES_LEASE);
	check_clock(spec);
	if (check_asking(spec, asking))
		multiply(spec, asking);
}
