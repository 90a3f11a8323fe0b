/*
 * Runs programs, and tells how long it took from here until the payload, which is what
 * they start in the end, was in its main().
 */
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define OUTPUT "/tmp/out"

extern char **environ;

/* What it says goes to a file: nobody need read while it runs. */
static int run(char **argv, const char *output, uint64_t *began_ns)
{
	posix_spawn_file_actions_t actions;
	int status, rc;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0644);
	posix_spawn_file_actions_adddup2(&actions, 1, 2);
	*began_ns = agent_now_ns();
	rc = posix_spawn(&pid, argv[0], &actions, NULL, argv, environ);
	if (rc)
		agent_fail(argv[0], strerror(rc));
	posix_spawn_file_actions_destroy(&actions);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			agent_fail(argv[0], strerror(errno));
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;	/* what it left to PID 1 */
	return status;
}

static const char *said(void)
{
	static char text[4096];
	int fd = open(OUTPUT, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

	close(fd);
	text[len > 0 ? len : 0] = '\0';
	return text;
}

/* By the payload's own /proc/self/status. */
static void must_be_confined(const char *text)
{
	static const char *const lines[] = {
		"\nCapInh:\t0000000000000000\n", "\nCapPrm:\t0000000000000000\n",
		"\nCapEff:\t0000000000000000\n", "\nCapBnd:\t0000000000000000\n",
		"\nCapAmb:\t0000000000000000\n", "\nNoNewPrivs:\t1\n", "\nSeccomp:\t2\n",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (!strstr(text, lines[i]))
			agent_fail(lines[i], text);
}

static uint64_t run_once(char **argv, bool confined)
{
	uint64_t began, main_ns = 0;
	int status = run(argv, OUTPUT, &began);
	const char *text = said(), *at = strstr(text, "main ");

	if (at)
		main_ns = strtoull(at + 5, NULL, 10);
	if (status || main_ns < began)
		agent_fail(argv[0], *text ? text : "it said nothing");
	if (confined)
		must_be_confined(text);
	return (main_ns - began) / 1000;
}

/* LABEL RUNS PAUSE_MS ARGV…  The first run is not counted: it reads what later ones find in
 * memory.  A pause lets the kernel end what the run before left to it. */
void agent_run(char **words, int count, bool confined)
{
	int runs = atoi(words[1]), pause_ms = atoi(words[2]);
	uint64_t *us = calloc((size_t)runs, sizeof(*us));

	if (!us || count < 4)
		agent_fail(words[0], "what is to be run?");
	for (int at = -1; at < runs; at++) {
		uint64_t one = run_once(words + 3, confined);

		if (at >= 0)
			us[at] = one;
		usleep((useconds_t)pause_ms * 1000);
	}
	printf("\n{\"label\": \"%s\", \"us\": [", words[0]);
	for (int at = 0; at < runs; at++)
		printf("%s%llu", at ? ", " : "", (unsigned long long)us[at]);
	printf("]}\n");
	fflush(stdout);
	free(us);
}

/* What it printed is copied when it has ended: the console is slow. */
void agent_exec(char **words)
{
	char text[4096];
	uint64_t began;
	int status = run(words, OUTPUT, &began), fd = open(OUTPUT, O_RDONLY | O_CLOEXEC);
	ssize_t len;

	if (status)
		agent_fail(words[0], said());
	putchar('\n');
	while ((len = read(fd, text, sizeof(text))) > 0)
		fwrite(text, 1, (size_t)len, stdout);
	fflush(stdout);
	close(fd);
}
