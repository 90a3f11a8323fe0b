/*
 * The client's table of subcommands, which is also its help.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "client.h"
#include "exec_args.h"
#include "names.h"
#include "out.h"
#include "paths.h"
#include "version.h"

struct client_start client_start;

struct command {
	const char *name;
	const char *arguments;
	const char *summary;	/* NULL: nobody is told of it */
	const char *help;	/* lines; NULL: there is no more to say */
	int (*run)(int argc, char **argv);
};

static const struct command commands[] = {
	{ "status", "[--json] [NAME]", "all services, or everything about one", NULL,
	  client_status },
	{ "top", "[--json] [-s KEY] [-d SECONDS] [-n N]", "what they use, live",
	  "  -s, --sort KEY     cpu, mem or name\n"
	  "  -d, --delay S      seconds between two looks (2)\n"
	  "  -n, --number N     look N times, and end\n"
	  "q ends it.\n", client_top },
	{ "logs", "[--json] [-f] [-n N] [-p LEVEL] [--plain] [NAME...]", "what they printed",
	  "NAME may also be pith (PID 1) and kernel; without one: all, by time.\n"
	  "  -f, --follow       go on with what comes\n"
	  "  -n, --number N     the last N lines\n"
	  "  -p, --priority L   emerg, alert, crit, err, warning, notice, info, debug or\n"
	  "                     0 to 7: as severe as that, or more\n"
	  "  --plain            without time and name\n", client_logs },
	{ "events", "[--json] [-f] [-n N]", "how their states changed",
	  "  -f, --follow       go on with what comes\n"
	  "  -n, --number N     the last N\n", client_events },
	{ "why", "[--json] [--from SERVICE] NAME[:PORT]",
	  "why it is in its state; or what stops a connection to it",
	  "  NAME               its state, and how it ended before\n"
	  "  NAME:PORT[/udp]    follows a connection from the outside to that port of the\n"
	  "                     board, and names what stops it\n"
	  "  --from SERVICE     from another service, to that port of NAME itself\n",
	  client_why },
	{ "wait", "[-t SECONDS] [--for STATE] NAME", "until it is up",
	  "  -t, --timeout S    no longer than that\n"
	  "  --for STATE        up, down, or finished (a oneshot's end)\n", client_wait },
	{ "start", "[--no-wait] NAME...", "start services", NULL, client_steer },
	{ "stop", "[--no-wait] NAME...", "stop services", NULL, client_steer },
	{ "restart", "[--no-wait] NAME...", "a new run of services", NULL, client_steer },
	{ "kill", "[-s SIGNAL] NAME...", "send a signal to their main processes",
	  "  -s, --signal S     TERM (which is usual), SIGTERM or 15\n", client_kill },
	{ "exec", EXEC_ARGUMENTS, "run a program inside a service",
	  "  --toolbox          bring the board's BusyBox along; its shell without a COMMAND\n"
	  "  -T                 no terminal, even if this is one\n"
	  "  -e NAME=VALUE      in its environment\n"
	  "  -w DIR             where it begins\n", client_exec },
	{ "update", "[--no-wait] FILE|DIR|-",
	  IMAGE_COUNT ? "a new release of the images that services run from" : NULL,
	  IMAGE_COUNT ?
	  "  FILE, DIR or -     as make bundle made it; - is the archive on standard input\n"
	  "  --rollback         ends a trial; without one, to the release before\n"
	  "  --status [--json]  which release is in use, and how the last update ended\n" : NULL,
	  IMAGE_COUNT ? client_update : client_update_nothing },
	{ "network", "[--json]", "ways out, bridges, and whether the board is online", NULL,
	  client_network },
	{ "table", "[--json] [NAME...]", "what was compiled in", NULL, client_table },
	{ "reboot", "", "stop everything and start again", NULL, client_end },
	{ "poweroff", "", "stop everything and switch off", NULL, client_end },
	{ "halt", "", "stop everything and stand still", NULL, client_end },
	{ "reexec", "[FILE]", "PID 1 executes itself, or FILE, anew; services run on", NULL,
	  client_reexec },
	{ "version", "[--json]", "of this client and of PID 1", NULL, client_version },
	{ "write-logs", "", NULL, NULL, client_write_logs },
};

/* Of options that several have, as the first of their arguments. */
static const char *const common[][2] = {
	{ "[--json]", "  --json             for programs; lists without end: an object a line\n" },
	{ "[--no-wait]", "  --no-wait          don't wait until it is done\n" },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

/* Behind the longest name. */
#define NAME_WIDTH 10

static const char exits[] =
	"Exit status: 0 done, 1 refused or failed, 2 wrong command line, 3 not up, or it\n"
	"can come up no more, 4 no such service, 5 PID 1 does not answer, 6 a connection\n"
	"would be stopped; exec: the program's, or 125 pith failed, 126 cannot be\n"
	"executed, 127 not found.\n";

static void print_help(void)
{
	out("pith: PID 1 and the container runtime of this board.\n"
	    "It runs as /init of an initramfs; its services are compiled in.\n\n"
	    "usage: pith COMMAND [ARGUMENT...]\n\n");
	for (size_t i = 0; i < COMMANDS; i++)
		if (commands[i].summary)
			out("  %s%.*s%s\n", commands[i].name,
			    (int)(NAME_WIDTH - strlen(commands[i].name)), "            ",
			    commands[i].summary);
	out("\npith COMMAND --help says more; pith --version says which one this is.\n\n%s", exits);
}

static int print_command_help(const struct command *command)
{
	out("usage: pith %s %s\n%s", command->name, command->arguments,
	    command->help ? command->help : "");
	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		if (!strncmp(command->arguments, common[i][0], strlen(common[i][0])))
			out("%s", common[i][1]);
	out("%s", exits);
	return CLIENT_OK;
}

static const char *command_name(unsigned place)
{
	return commands[place].summary ? commands[place].name : NULL;
}

static int unknown_command(const char *name)
{
	int nearest = names_nearest(name, command_name, COMMANDS);

	if (nearest < 0)
		client_say("there is no command '%s'; see pith --help", name);
	else
		client_say("there is no command '%s'; did you mean '%s'?", name,
			   commands[nearest].name);
	return CLIENT_USAGE;
}

static bool asks_for_help(const char *word)
{
	return !strcmp(word, "--help") || !strcmp(word, "-h");
}

static int run(int argc, char **argv)
{
	const char *name = argv[0];

	if (!strcmp(name, "--version")) {
		out("pith " PITH_VERSION "\n");
		return CLIENT_OK;
	}
	if (asks_for_help(name) || !strcmp(name, "help")) {
		print_help();
		return CLIENT_OK;
	}
	for (size_t i = 0; i < COMMANDS; i++) {
		if (strcmp(commands[i].name, name))
			continue;
		if (argc > 1 && asks_for_help(argv[1]))
			return print_command_help(&commands[i]);
		return commands[i].run(argc, argv);
	}
	return unknown_command(name);
}

/* The fds that are opened later must not be taken for the streams. */
static void occupy_streams(void)
{
	int fd;

	do
		fd = open(PATH_NULL, O_RDWR | O_CLOEXEC);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

int client_main(int argc, char **argv, char **envp)
{
	int rc, status;

	client_start = (struct client_start){ .argv = argv, .envp = envp };
	occupy_streams();
	if (argc < 2) {
		client_say("this is /init, which the kernel starts as PID 1, and its client: "
			   "pith COMMAND [ARGUMENT...]; see pith --help");
		return CLIENT_USAGE;
	}
	status = run(argc - 1, argv + 1);
	rc = out_flush();
	/* Whoever read it has gone, and knows. */
	if (rc < 0 && rc != -EPIPE)
		client_say("standard output: %s", strerror(-rc));
	return rc < 0 && status == CLIENT_OK ? CLIENT_FAILED : status;
}
