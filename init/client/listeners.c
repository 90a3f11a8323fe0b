/*
 * Reads sockets from /proc, and keeps what answers whether one waits at a port.
 * Refuses to know whose network it is.
 */
#include "listeners.h"

#include <netinet/in.h>
#include <string.h>

#include "files.h"

/* net/tcp_states.h; a UDP socket that is not connected is "closed". */
#define STATE_CLOSE 7
#define STATE_LISTEN 10

static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

static bool is_ipv4(const uint8_t address[16])
{
	return !memcmp(address, mapped, sizeof(mapped));
}

/* Hexadecimal in capitals, of at most so many digits; *at is moved behind it.  Returns
 * how many there were. */
static unsigned hex(const char **at, unsigned most, uint32_t *n)
{
	unsigned digits = 0;

	for (*n = 0; digits < most; digits++, ++*at) {
		char c = **at;
		bool letter = c >= 'A' && c <= 'F';

		if (!letter && (c < '0' || c > '9'))
			break;
		*n = *n << 4 | (uint32_t)(letter ? c - 'A' + 10 : c - '0');
	}
	return digits;
}

/* "0100007F:1F90": words as this machine has them in memory. */
static bool take_address(const char **at, bool ipv6, struct listeners_socket *to)
{
	uint32_t n;

	memcpy(to->address, mapped, sizeof(mapped));
	for (unsigned i = ipv6 ? 0 : sizeof(mapped); i < 16; i += 4) {
		if (hex(at, 8, &n) != 8)
			return false;
		memcpy(to->address + i, &n, 4);
	}
	if (*(*at)++ != ':' || hex(at, 4, &n) != 4)
		return false;
	to->port = (uint16_t)n;
	return true;
}

/* Words with blanks around them. */
static void skip(const char **at, unsigned words)
{
	for (; words; words--) {
		*at += strspn(*at, " ");
		*at += strcspn(*at, " ");
	}
	*at += strspn(*at, " ");
}

/*   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid …
 *    0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000   131072 … */
bool listeners_parse(const char *line, bool ipv6, uint8_t protocol,
		     struct listeners_socket *to)
{
	uint32_t state;

	*to = (struct listeners_socket){ .protocol = protocol };
	skip(&line, 1);
	if (!take_address(&line, ipv6, to))
		return false;
	skip(&line, 1);
	if (hex(&line, 2, &state) != 2)
		return false;
	skip(&line, 3);
	to->uid = (uint32_t)files_parse(line, 10, NULL);
	return *line && to->port && state == (protocol == IPPROTO_UDP ? STATE_CLOSE : STATE_LISTEN);
}

enum listeners_reach listeners_reach(const struct listeners *l,
				     const struct listeners_socket *socket)
{
	static const uint8_t zeros[16], loopback[16] = { [15] = 1 };
	const uint8_t *address = socket->address, *ipv4 = address + sizeof(mapped);
	bool any = !memcmp(address, zeros, 16);
	uint8_t family = FAMILY_IPV6;

	if (is_ipv4(address)) {
		any = !memcmp(ipv4, zeros, 4);
		family = FAMILY_IPV4;
	}
	if (family == FAMILY_IPV4 ? ipv4[0] == 127 : !memcmp(address, loopback, 16))
		return LISTENERS_LOOPBACK;
	if (!l->families || l->families & family)
		return any ? LISTENERS_ANY : LISTENERS_ADDRESS;
	return any && family == FAMILY_IPV6 ? LISTENERS_PERHAPS : LISTENERS_FAMILY;
}

/* Each port once, with the socket that is reached best. */
static void add_other(struct listeners *l, const struct listeners_socket *socket)
{
	unsigned i = 0;

	while (i < l->other_count && (l->other[i].port != socket->port ||
				      l->other[i].protocol != socket->protocol))
		i++;
	if (i == LISTENERS_OTHERS)
		return;
	if (i == l->other_count)
		l->other_count++;
	else if (listeners_reach(l, socket) <= listeners_reach(l, &l->other[i]))
		return;
	l->other[i] = *socket;
}

void listeners_add(struct listeners *l, const struct listeners_socket *socket)
{
	bool same = socket->port == l->port && socket->protocol == l->protocol;

	if (l->uid_count && socket->uid - l->first_uid >= l->uid_count) {
		l->strangers |= same;
	} else if (!same) {
		add_other(l, socket);
	} else if (listeners_reach(l, socket) > l->reach) {
		l->reach = listeners_reach(l, socket);
		l->best = *socket;
	}
}

int listeners_read(struct listeners *l, int proc)
{
	static const struct {
		char path[9];
		bool ipv6;
		uint8_t protocol;
	} files[] = {
		{ "net/tcp", false, IPPROTO_TCP }, { "net/tcp6", true, IPPROTO_TCP },
		{ "net/udp", false, IPPROTO_UDP }, { "net/udp6", true, IPPROTO_UDP },
	};
	struct listeners_socket socket;
	struct files_lines f;

	for (unsigned i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		int rc = files_open(&f, proc, files[i].path);

		/* A kernel may be without IPv6. */
		if (rc < 0 && files[i].ipv6)
			continue;
		if (rc < 0)
			return rc;
		for (const char *line; (line = files_next_line(&f));)
			if (listeners_parse(line, files[i].ipv6, files[i].protocol, &socket))
				listeners_add(l, &socket);
		files_close(&f);
	}
	return 0;
}

void listeners_add_socket(struct text *t, const struct listeners_socket *socket)
{
	const uint8_t *ipv4 = socket->address + sizeof(mapped);

	if (is_ipv4(socket->address)) {
		text_add_ipv4(t, (uint32_t)ipv4[0] << 24 | (uint32_t)ipv4[1] << 16 |
				 (uint32_t)ipv4[2] << 8 | ipv4[3]);
	} else {
		text_add(t, "[");
		text_add_ipv6(t, socket->address);
		text_add(t, "]");
	}
	text_add(t, ":%u", socket->port);
}
