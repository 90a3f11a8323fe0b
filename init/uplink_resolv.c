/*
 * Decides which name servers the services ask.  Refuses to know how a service comes
 * to see the file.
 */
#include "uplink_resolv.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "uplinks.h"

struct servers {
	uint32_t at[LEASE_DNS_MAX];
	unsigned count;
};

static void add_server(struct servers *to, uint32_t address)
{
	for (unsigned i = 0; i < to->count; i++)
		if (to->at[i] == address)
			return;
	if (to->count < LEASE_DNS_MAX)
		to->at[to->count++] = address;
}

static void add_lease(struct servers *to, const struct lease *lease)
{
	for (unsigned i = 0; lease->address && i < lease->dns_count; i++)
		add_server(to, lease->dns[i]);
}

void uplink_resolv_make(struct text *t, const struct uplink *uplinks,
			const struct state_uplink *is, unsigned count)
{
	struct servers servers = { .count = 0 };

	for (unsigned i = 0; i < count; i++)
		if (uplink_is_online(&uplinks[i], &is[i]))
			add_lease(&servers, &is[i].lease);
	for (unsigned i = 0; i < count; i++)
		add_lease(&servers, &is[i].lease);
	text_add(t, "# %s\n", servers.count ? "from DHCP" : "nothing from DHCP yet");
	for (unsigned i = 0; i < servers.count; i++) {
		text_add(t, "nameserver ");
		text_add_ipv4(t, servers.at[i]);
		text_add(t, "\n");
	}
}

static int write_all(const char *text, size_t len)
{
	int fd = open(UPLINKS_RESOLV_CONF, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
	int rc = 0;

	if (fd < 0)
		return -errno;
	if (pwrite(fd, text, len, 0) != (ssize_t)len || ftruncate(fd, (off_t)len) < 0)
		rc = errno ? -errno : -ENOSPC;
	close(fd);
	return rc;
}

int uplink_resolv_write(const struct uplink *uplinks, const struct state_uplink *is,
			unsigned count)
{
	static char written[UPLINK_RESOLV_SIZE];
	char now[UPLINK_RESOLV_SIZE] = "";
	struct text t = TEXT_ON(now);
	int rc;

	uplink_resolv_make(&t, uplinks, is, count);
	if (!strcmp(now, written))
		return 0;
	rc = write_all(now, t.len);
	if (rc == 0)
		memcpy(written, now, t.len + 1);
	return rc;
}
