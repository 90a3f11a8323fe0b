/*
 * A recipe: host name, sysctls, addresses and routes of one sandbox, by a
 * process that has every capability in it, and outside only if there is no user
 * namespace.  Refuses to know how the sandbox came to be.
 */
#include "inside.h"

#include <linux/netlink.h>
#include <string.h>

#include "netsetup/addr.h"
#include "netsetup/link.h"
#include "netsetup/route.h"
#include "procfile.h"
#include "sys.h"
#include "text.h"

/* Four messages of at most 40 bytes and a name each. */
#define MESSAGE_SIZE 256

/* Of the user namespace: the board's own stays as it is. */
static void forbid_user_namespaces(const struct recipe *r)
{
	must(r, STAGE_SYSCTL, procfile_write("/proc/sys/user/max_user_namespaces", "0"));
}

/* Of the network namespace.  Groups count as this user namespace has them. */
static void set_network(const struct recipe *r)
{
	uint32_t first = r->service->userns ? 0 : r->service->uid_base;
	char groups[24];	/* two of at most 10 digits */
	struct text t = TEXT_ON(groups);
	static const struct {
		const char *path, *value;	/* NULL: the groups */
		bool optional;
	} rows[] = {
		{ "/proc/sys/net/ipv4/ip_unprivileged_port_start", "0", false },
		{ "/proc/sys/net/ipv4/ping_group_range", NULL, false },
		/* No address of that family is given out: what the kernel
		 * would make up by itself is only a way around the table. */
		{ "/proc/sys/net/ipv6/conf/all/disable_ipv6", "1", true },
		{ "/proc/sys/net/ipv6/conf/default/disable_ipv6", "1", true },
	};

	text_add(&t, "%u %u", first, first + SERVICE_ID_RANGE - 1);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int rc = procfile_write(rows[i].path, rows[i].value ? rows[i].value : groups);

		if (rc != -ENOENT || !rows[i].optional)
			must(r, STAGE_SYSCTL, rc);
	}
}

static void configure_interfaces(const struct recipe *r)
{
	uint8_t buf[MESSAGE_SIZE];
	struct nlmsg m;
	int fd = must(r, STAGE_ADDRESS, nlsock_open(NETLINK_ROUTE));

	nlmsg_init(&m, buf, sizeof(buf));
	link_put_up(&m, "lo");
	if (r->service->net == SERVICE_NET_PRIVATE) {
		int index = must(r, STAGE_ADDRESS, nlsock_link_index(fd, INSIDE_NAME));

		link_put_up(&m, INSIDE_NAME);
		addr_put_ipv4(&m, index, r->service->address, board.bridge_prefix);
		route_put_default_ipv4(&m, board.bridge_address);
	}
	must(r, STAGE_ADDRESS, nlsock_send(fd, &m, NULL));
}

_Noreturn void inside_configure(const struct recipe *r)
{
	const struct service *s = r->service;
	char go;

	/* Its parent has gone, or failed: nothing to report, to nobody. */
	if (read(r->report_fd, &go, sizeof(go)) != sizeof(go))
		_exit(RECIPE_EXIT);
	must(r, STAGE_HOSTNAME, SYS_INT(SYS_sethostname, s->hostname, strlen(s->hostname)));
	if (s->userns)
		forbid_user_namespaces(r);
	if (s->net != SERVICE_NET_HOST) {
		set_network(r);
		configure_interfaces(r);
	}
	_exit(0);
}
