/*
 * Requests: which verb one names, and in which process it runs.  It knows no
 * verb's meaning but of those that are made of others.
 */
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct verb *const tables[] = {
	facts, attempts, trespasses, loads, ends, notices, system_calls, crowds,
	knocks, packets,
};

static const struct verb *find_verb(const char *name)
{
	const struct verb *verb;
	size_t i;

	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (verb = tables[i]; verb->name; verb++)
			if (!strcmp(verb->name, name))
				return verb;
	return NULL;
}

/* The verb that the words ask for; NULL if they are none, which is said. */
static const struct verb *verb_of(int out, char **argv, int argc)
{
	const struct verb *verb = argc ? find_verb(argv[0]) : NULL;

	if (!verb)
		dprintf(out, "unknown verb\n");
	else if (argc - 1 < verb->least)
		dprintf(out, "usage: %s %s\n", verb->name, verb->usage);
	else
		return verb;
	return NULL;
}

static void run_in_child(const struct verb *verb, int out, char **argv)
{
	pid_t pid = fork();

	if (pid < 0)
		answer(out, -1);
	if (pid)
		return;
	/* Its own children are its own to wait for. */
	signal(SIGCHLD, SIG_DFL);
	verb->run(out, argv);
	_exit(0);
}

void request_run(int out, char **argv, int argc)
{
	const struct verb *verb = verb_of(out, argv, argc);

	if (verb && verb->place == IN_MAIN)
		verb->run(out, argv);
	else if (verb)
		run_in_child(verb, out, argv);
}

size_t request_read(int fd, char *line)
{
	size_t used = 0;
	ssize_t n;

	/* A socket with a time limit is not restarted after a signal, such as the end
	 * of the child before. */
	do {
		n = read(fd, line + used, 1);
		if (n == 1 && line[used] == '\n')
			break;
		used += n == 1;
	} while ((n == 1 || (n < 0 && errno == EINTR)) && used < REQUEST_SIZE - 1);
	line[used] = '\0';
	return used;
}

int request_split(char *line, char **argv)
{
	char *rest = line;
	int argc = 0;

	while (argc < REQUEST_WORDS && (argv[argc] = strtok_r(rest, " ", &rest)))
		argc++;
	argv[argc] = NULL;
	return argc;
}

/* Where answers are gathered: a packet for each line would take far longer. */
static int open_paper(void)
{
	static const char path[] = "/tmp/answers";
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	unlink(path);
	return fd;
}

/* Requests, a line each, up to an empty one: the next when the one before is
 * answered.  What kills it is part of the answer. */
static void run_many(int out, char **argv)
{
	char line[REQUEST_SIZE], *words[REQUEST_WORDS + 1];
	FILE *in = fdopen(out == 1 ? 0 : out, "r");
	const struct verb *verb;
	int status, argc, paper = open_paper(), to = paper < 0 ? out : paper;
	off_t start = 0;
	pid_t pid;

	(void)argv;
	while (in && fgets(line, sizeof(line), in) && line[0] != '\n') {
		line[strcspn(line, "\n")] = '\0';
		dprintf(to, "? %s\n", line);
		argc = request_split(line, words);
		verb = verb_of(to, words, argc);
		pid = verb ? fork() : -1;
		if (!pid) {
			verb->run(to, words);
			_exit(0);
		}
		if (pid > 0 && waitpid(pid, &status, 0) == pid && WIFSIGNALED(status))
			dprintf(to, "killed by %d\n", WTERMSIG(status));
	}
	while (paper >= 0 && sendfile(out, paper, &start, 1 << 20) > 0)
		;
}

/* A verb in new namespaces, if they can be had. */
static void run_unshared(int out, char **argv)
{
	int argc = 2;

	while (argv[argc])
		argc++;
	if (unshare((int)strtoul(argv[1], NULL, 0)) < 0)
		answer(out, -1);
	else
		request_run(out, argv + 2, argc - 2);
	while (wait(NULL) > 0)
		;
}

const struct verb crowds[] = {
	{ "many", "", 0, IN_CHILD, run_many },
	{ "unshared", "FLAGS VERB…", 2, IN_CHILD, run_unshared },
	{ .name = NULL },
};
