/*
 * Reads what services said.
 */
#include "boot_mains.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "boot_look.h"
#include "boot_paths.h"

#define TEXT_MAX (1 << 20)

static const char *asked;

void mains_ask(const char *client)
{
	asked = client;
}

/* Empty if it cannot be read; good until the next call. */
static const char *read_all(int fd)
{
	static char text[TEXT_MAX];
	size_t length = 0;
	ssize_t n;

	while (fd >= 0 && length < sizeof(text) - 1 && (n = read(fd, text + length, sizeof(text) - 1 - length)) > 0)
		length += (size_t)n;
	text[length] = '\0';
	if (fd >= 0)
		close(fd);
	return text;
}

/* The last count of "main NS"; those that are missing are 0. */
static void parse(const char *text, int count, uint64_t *ns)
{
	memset(ns, 0, (size_t)count * sizeof(*ns));
	for (const char *at = text; (at = strstr(at, "main ")) != NULL; ) {
		memmove(ns, ns + 1, (size_t)(count - 1) * sizeof(*ns));
		at += strlen("main ");
		ns[count - 1] = strtoull(at, NULL, 10);
	}
}

/* What `CLIENT logs SERVICE` prints. */
static const char *ask(const char *service)
{
	const char *text = "";
	int ends[2];
	pid_t pid;

	if (pipe(ends) < 0)
		return text;
	pid = fork();
	if (pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		if (look_enter_init() == 0)
			execl(asked, "pith", "logs", service, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	text = read_all(ends[0]);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return text;
}

void mains_of(int count, const pid_t *pids, uint64_t *ns)
{
	char service[64];

	if (!asked) {
		parse(read_all(open(BOOT_MAINS, O_RDONLY | O_CLOEXEC)), count, ns);
		return;
	}
	for (int i = 0; i < count; i++) {
		look_group(pids[i], service);
		parse(ask(service), 1, &ns[i]);
	}
}

const char *mains_errors(void)
{
	const char *text = read_all(open(BOOT_ERRORS, O_RDONLY | O_CLOEXEC));

	return *text ? text : "the console has more";
}
