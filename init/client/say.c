/*
 * What goes wrong, in words on standard error.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "client.h"
#include "names.h"
#include "out.h"
#include "text.h"

/* Around a name that somebody typed, and what the kernel says. */
#define SAY_SIZE 512

void client_say(const char *fmt, ...)
{
	char line[SAY_SIZE], shown[SAY_SIZE];
	struct text t = TEXT_ON(line), safe = TEXT_ON(shown);
	va_list args;

	/* In the order in which it was written, if both go to one place. */
	out_flush();
	va_start(args, fmt);
	text_vadd(&t, fmt, args);
	va_end(args);
	text_add(&safe, "pith: ");
	text_add_printable(&safe, line, t.len);
	/* It is replaced where the text is cut. */
	safe.len -= safe.len == sizeof(shown) - 1;
	shown[safe.len++] = '\n';
	if (write(STDERR_FILENO, shown, safe.len) < 0)
		return;
}

static const char *service_name(unsigned place)
{
	return services[place].name;
}

int client_find_service(const char *name)
{
	int nearest;

	for (unsigned i = 0; i < client_services(); i++)
		if (!strcmp(services[i].name, name))
			return (int)i;
	nearest = names_nearest(name, service_name, SERVICE_COUNT);
	if (nearest < 0)
		client_say("there is no service '%s'; pith status shows all", name);
	else
		client_say("there is no service '%s'; did you mean '%s'?", name,
			   services[nearest].name);
	return -1;
}

int client_refused(const char *what, int result)
{
	static const struct {
		uint8_t error, exit;
		char words[32];
	} known[] = {
		{ ENOENT, CLIENT_NO_PITH, "PID 1 is no pith, or not ready" },
		{ ECONNREFUSED, CLIENT_NO_PITH, "PID 1 does not answer" },
		{ ECONNRESET, CLIENT_NO_PITH, "PID 1 closed it" },
		{ ETIMEDOUT, CLIENT_NO_PITH, "PID 1 does not answer" },
		{ EPROTO, CLIENT_NO_PITH, "PID 1 is of another version" },
		{ ESTALE, CLIENT_FAILED, "PID 1 has another table now" },
		{ ESRCH, CLIENT_FAILED, "it does not run" },
		{ ESHUTDOWN, CLIENT_FAILED, "the system goes down" },
		{ EINVAL, CLIENT_FAILED, "there is no such signal" },
	};

	if (geteuid() != 0) {
		client_say("%s: only root is answered", what);
		return CLIENT_NO_PITH;
	}
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (known[i].error == -result) {
			client_say("%s: %s", what, known[i].words);
			return known[i].exit;
		}
	}
	client_say("%s: %s", what, strerror(-result));
	return CLIENT_FAILED;
}
