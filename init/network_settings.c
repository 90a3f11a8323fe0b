/*
 * Writes the settings, and says on the console what failed.  Refuses to know which
 * interfaces there are.
 */
#include "network_settings.h"

#include <string.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "console.h"
#include "procfile.h"
#include "text.h"

bool network_has_ipv6(void)
{
	int off = procfile_first("/sys/module/ipv6/parameters/disable_ipv6");

	return (off < 0 || off == '0') && access("/proc/sys/net/ipv6/conf", F_OK) == 0;
}

/* "/proc/sys/net/ipv4/neigh/default/", and the longest of the keys. */
#define PATH_SIZE 80

struct setting {
	const char *key, *value;
	bool ipv4, ipv6;	/* the families that have it */
};

/* Of every interface that is there or comes, the services' too (see below): none
 * makes up an address, believes a router that nobody named, or takes another's word
 * for a way. */
static const struct setting interface_settings[] = {
	{ "accept_source_route", "0", true, true },
	{ "accept_redirects", "0", true, true },
	{ "send_redirects", "0", true, false },
	{ "route_localnet", "0", true, false },
	{ "accept_ra", "0", false, true },
	{ "autoconf", "0", false, true },
	{ "use_tempaddr", "0", false, true },
	{ "addr_gen_mode", "1", false, true },
	{ "disable_ipv6", "0", false, true },	/* now it can do no harm */
};

/* What one service makes the board look for, takes from all of them: so many stations,
 * and so many bytes that wait for each.  Those of bridges are permanent, and not
 * counted. */
static const struct setting neighbour_settings[] = {
	{ "gc_thresh2", "512", true, true },
	{ "gc_thresh3", "1024", true, true },
	{ "unres_qlen_bytes", "16384", true, true },
};

static void set(const char *path, const char *value)
{
	int rc = procfile_write(path, value);

	if (rc < 0)
		console_say("network: %s: %s", path, strerror(-rc));
}

static void set_row(const char *family, const char *of, const struct setting *row)
{
	char path[PATH_SIZE];
	struct text t = TEXT_ON(path);

	text_add(&t, "/proc/sys/net/%s/%s/%s", family, of, row->key);
	set(path, row->value);
}

static void set_rows(const char *of, const struct setting *rows, size_t count, bool ipv6)
{
	for (size_t i = 0; i < count; i++) {
		if (rows[i].ipv4)
			set_row("ipv4", of, &rows[i]);
		if (rows[i].ipv6 && ipv6)
			set_row("ipv6", of, &rows[i]);
	}
}

#define SET_ROWS(of, rows, ipv6) \
	set_rows(of, rows, sizeof(rows) / sizeof((rows)[0]), ipv6)

/* Network namespaces that are made after this begin with the settings of this one,
 * and with no tunnel beside lo, whichever of them the kernel knows. */
void network_set(bool ipv6)
{
	set("/proc/sys/net/core/devconf_inherit_init_net", "1");
	set("/proc/sys/net/core/fb_tunnels_only_for_init_net", "1");
	SET_ROWS("conf/all", interface_settings, ipv6);
	SET_ROWS("conf/default", interface_settings, ipv6);
	SET_ROWS("neigh/default", neighbour_settings, ipv6);
}

/* Each flow takes some 400 bytes of the kernel's for as long as it is remembered, and
 * a table that is full drops everybody's.  The kernel's own number, made for a machine
 * that forwards little, is an eighth of this. */
#define MEMORY_OF_A_FLOW 16384
#define FLOWS_MAX 262144

void network_set_flows(void)
{
	struct sysinfo info;
	char digits[16];
	struct text t = TEXT_ON(digits);
	uint64_t flows;

	if (sysinfo(&info) < 0)
		return;
	flows = (uint64_t)info.totalram * info.mem_unit / MEMORY_OF_A_FLOW;
	text_add(&t, "%u", flows < FLOWS_MAX ? (unsigned)flows : FLOWS_MAX);
	set("/proc/sys/net/netfilter/nf_conntrack_max", digits);
	/* Of two minutes, and of five days (RFC 5382 asks for two hours): what one service
	 * has done with, or left, is not to fill it. */
	set("/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_time_wait", "30");
	set("/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_established", "7440");
}

void network_forward(bool ipv6)
{
	set("/proc/sys/net/ipv4/ip_forward", "1");
	set("/proc/sys/net/ipv4/conf/default/forwarding", "0");
	/* Here all interfaces count as one. */
	if (ipv6)
		set("/proc/sys/net/ipv6/conf/all/forwarding", "1");
}

void network_stop_forwarding(bool ipv6)
{
	set("/proc/sys/net/ipv4/ip_forward", "0");
	if (ipv6)
		set("/proc/sys/net/ipv6/conf/all/forwarding", "0");
}

void network_forward_from(const char *interface)
{
	static const struct setting row = { "forwarding", "1", true, false };
	char of[sizeof("conf/") + 16];
	struct text t = TEXT_ON(of);

	if (procfile_first("/proc/sys/net/ipv4/ip_forward") != '1')
		return;
	text_add(&t, "conf/%s", interface);
	set_row("ipv4", of, &row);
}
