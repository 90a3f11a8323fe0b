/*
 * pith kill: which signal is meant.
 */
#include <signal.h>
#include <string.h>

#include "client.h"
#include "files.h"
#include "options.h"
#include "text.h"

/* The real-time signals, which have numbers alone, end here on most machines. */
#define SIGNAL_MAX 64

/* "TERM", "SIGTERM" or "15"; -1 if there is none. */
static int parse_signal(const char *word)
{
	const char *end;
	uint64_t number = files_parse(word, 10, &end);

	if (*word && !*end && number > 0 && number <= SIGNAL_MAX)
		return (int)number;
	for (int i = 1; i <= SIGNAL_MAX; i++) {
		char name[16] = "";
		struct text t = TEXT_ON(name);

		text_add_signal(&t, i);
		if (!strcmp(word, name) || (name[0] == 'S' && !strcmp(word, name + 3)))
			return i;
	}
	client_say("kill: there is no signal '%s'", word);
	return -1;
}

int client_kill(int argc, char **argv)
{
	static const char *names[OPTIONS_NAMES];
	const char *word = "TERM";
	const struct option_row rows[] = { { 's', "signal", OPTION_WORD, &word } };
	int count = options_read(argc, argv, rows, 1, names, 1, OPTIONS_NAMES);
	int signal = count < 0 ? -1 : parse_signal(word);
	struct client c;
	int rc, status = client_begin(&c, signal < 0 ? -1 : count);

	if (status)
		return status;
	for (int i = 0; i < count; i++)
		if (client_find_service(names[i]) < 0)
			return CLIENT_UNKNOWN;
	for (int i = 0; i < count; i++) {
		rc = client_request(&c, CONTROL_KILL, (unsigned)client_find_service(names[i]),
				    signal, 0, NULL);
		if (rc < 0)
			status = client_refused(names[i], rc);
	}
	return status;
}
