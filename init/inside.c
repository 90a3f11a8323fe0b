/*
 * A recipe: host name, sysctls, addresses and routes of one sandbox, by a
 * process that has every capability in it and none outside.  Refuses to know
 * how the sandbox came to be.
 */
#include "inside.h"

#include <linux/netlink.h>
#include <string.h>

#include "netsetup/addr.h"
#include "netsetup/link.h"
#include "netsetup/route.h"
#include "procfile.h"
#include "sys.h"

/* Four messages of at most 40 bytes and a name each. */
#define MESSAGE_SIZE 256

/* Every path is one that the owner of the namespaces may write. */
static void set_sysctls(const struct recipe *r)
{
	static const struct {
		const char *path, *value;
		bool optional;
	} rows[] = {
		{ "/proc/sys/user/max_user_namespaces", "0", false },
		{ "/proc/sys/net/ipv4/ip_unprivileged_port_start", "0", false },
		{ "/proc/sys/net/ipv4/ping_group_range", "0 65535", false },
		/* No address of that family is given out: what the kernel
		 * would make up by itself is only a way around the table. */
		{ "/proc/sys/net/ipv6/conf/all/disable_ipv6", "1", true },
		{ "/proc/sys/net/ipv6/conf/default/disable_ipv6", "1", true },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int rc = procfile_write(rows[i].path, rows[i].value);

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
	set_sysctls(r);
	configure_interfaces(r);
	_exit(0);
}
