/*
 * Readers of values: ports, sockets, and whose they are.  Decides how they are
 * written; whether there is such a port or service, the checks decide.
 */
#include <string.h>

#include "../service.h"
#include "number.h"
#include "values.h"
#include "words.h"

/* With a NUL it has to fit into sun_path (unix(7)): a program names it so. */
#define SOCKET_PATH_MAX_LENGTH 107

const char *values_port_text(struct arena *arena, const struct port *port)
{
	return port->path ? port->path
			  : arena_printf(arena, "%u/%s", port->number, port->udp ? "udp" : "tcp");
}

bool values_same_port(const struct port *one, const struct port *other)
{
	if (one->path || other->path)
		return one->path && other->path && !strcmp(one->path, other->path);
	return one->number == other->number && one->udp == other->udp;
}

/* "1883/tcp"; what: else there may be, in words. */
static const char *parse_number(struct arena *arena, const char *word, const char *what,
				struct port *port)
{
	size_t length = strcspn(word, "/");
	uint64_t number;

	*port = (struct port){ .udp = !strcmp(word + length, "/udp") };
	if (!port->udp && strcmp(word + length, "/tcp"))
		return arena_printf(arena, "\"%s\" is not port/protocol; write words such as "
				    "80/tcp or 53/udp%s", word, what);
	if (number_parse(word, length, &number) || !number || number > UINT16_MAX)
		return arena_printf(arena, "\"%s\" has a port that is no number from 1 to 65535; "
				    "write words such as 80/tcp", word);
	port->number = (uint16_t)number;
	return NULL;
}

static const char *path_parse(struct arena *arena, const char *word, struct port *port)
{
	const char *error = values_path_error(word);

	*port = (struct port){ .path = word };
	if (!error && !word[1])
		error = "the root itself; write a socket's path, such as /run/x.sock";
	if (!error && strchr(word, ':'))
		error = "has a ':', which parts the names in LISTEN_FDNAMES; write it without";
	if (!error && strlen(word) > SOCKET_PATH_MAX_LENGTH)
		error = "too long for a socket; write at most 107 characters";
	return error ? arena_printf(arena, "\"%s\": %s", word, error) : NULL;
}

static const char *port_or_path_parse(struct arena *arena, const char *word, struct port *port)
{
	if (*word == '/')
		return path_parse(arena, word, port);
	return parse_number(arena, word, ", or a path, which begins with /", port);
}

/* The port that was read last is none of those before it. */
static const char *check_last(struct arena *arena, const char *word, const struct port *ports,
			      size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (values_same_port(&ports[i], &ports[count]))
			return arena_printf(arena, "names %s twice; remove one", word);
	return NULL;
}

static const char *port_add(struct arena *arena, const char *word, void *items, size_t count)
{
	struct port *ports = items;
	const char *error = parse_number(arena, word, "", &ports[count]);

	return error ? error : check_last(arena, word, ports, count);
}

static const char *socket_add(struct arena *arena, const char *word, void *items, size_t count)
{
	struct port *ports = items;
	const char *error = port_or_path_parse(arena, word, &ports[count]);

	return error ? error : check_last(arena, word, ports, count);
}

const char *read_ports(struct arena *arena, const struct option *option, const char *value,
		       void *field)
{
	struct items items = words_read(arena, value, sizeof(struct port), port_add);

	(void)option;
	*(struct ports *)field = (struct ports){ items.at, items.count };
	return items.error;
}

const char *read_listen(struct arena *arena, const struct option *option, const char *value,
			void *field)
{
	struct items items = words_read(arena, value, sizeof(struct port), socket_add);

	(void)option;
	*(struct ports *)field = (struct ports){ items.at, items.count };
	if (!items.error && items.count > SERVICE_LISTEN_MAX)
		return arena_printf(arena, "%zu sockets; write at most %d", items.count,
				    SERVICE_LISTEN_MAX);
	return items.error;
}

static const char *allow_parse(struct arena *arena, const char *word, struct allow *allow)
{
	size_t length = strcspn(word, ":");

	if (!length || !word[length])
		return arena_printf(arena, "\"%s\" is not service:port/protocol or service:path; "
				    "write words such as broker:1883/tcp or db:/run/db.sock", word);
	*allow = (struct allow){ .name = arena_copy(arena, word, length) };
	return port_or_path_parse(arena, word + length + 1, &allow->port);
}

static const char *allow_add(struct arena *arena, const char *word, void *items, size_t count)
{
	struct allow *allows = items;
	const char *error = allow_parse(arena, word, &allows[count]);

	for (size_t i = 0; !error && i < count; i++)
		if (!strcmp(allows[i].name, allows[count].name) &&
		    values_same_port(&allows[i].port, &allows[count].port))
			error = arena_printf(arena, "names %s twice; remove one", word);
	return error;
}

const char *read_allow(struct arena *arena, const struct option *option, const char *value,
		       void *field)
{
	struct items items = words_read(arena, value, sizeof(struct allow), allow_add);

	(void)option;
	*(struct allows *)field = (struct allows){ items.at, items.count };
	return items.error;
}

const char *read_net(struct arena *arena, const struct option *option, const char *value,
		     void *field)
{
	/* In the order of enum service_net. */
	static const char *const nets[] = { "private", "none", "host" };
	static const char share[] = "share:";
	struct service_spec *service = field;

	(void)option;
	for (size_t i = 0; i < sizeof(nets) / sizeof(nets[0]); i++)
		if (!strcmp(value, nets[i])) {
			service->net = (int)i;
			return NULL;
		}
	if (strncmp(value, share, strlen(share)))
		return "unknown; write \"private\", \"none\", \"host\" or \"share:<service>\"";
	value += strlen(share);
	if (!*value)
		return "does not say whose; write the service's name, such as \"share:web\"";
	service->net = SERVICE_NET_SHARE;
	service->share = arena_copy(arena, value, strlen(value));
	return NULL;
}

const char *read_bridge(struct arena *arena, const struct option *option, const char *value,
			void *field)
{
	*(const char **)field = arena_copy(arena, value, strlen(value));
	if (!*value)
		return arena_printf(arena, "empty; write the name of a bridge, such as \"%s\"",
				    option->initial);
	return NULL;
}
