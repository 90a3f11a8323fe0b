/*
 * `pith exec`: runs a command with a service's confinement, in its namespaces
 * and its cgroup.  PID 1 has no part in it; the client, which is root in the
 * initial namespaces, does it by itself.
 *
 * All that can fail is prepared here before anything is cloned.  What the
 * processes do is in exec_command.c, what they say is carried by relay.c, and how
 * it ended is told by exec_outcome.c.
 */
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>

#include "client.h"
#include "exec_args.h"
#include "exec_command.h"
#include "exec_outcome.h"
#include "exec_streams.h"
#include "paths.h"
#include "sys.h"

/* How long a command has to end by itself when the operator's terminal goes:
 * a shell writes its history. */
#define HANGUP_MS 2000

struct exec {
	struct exec_args args;
	struct exec_env env;
	struct service service;	/* its row, with the command's folder */
	struct sandbox box;
	struct exec_target target;
	struct toolbox toolbox;
	struct exec_streams streams;
	struct relay relay;
	struct exec_command command;
	int report;
};

static int find_service(struct exec *x, int id, const struct state_slot *slot)
{
	struct state_service is = { 0 };
	int rc = exec_target_hold(slot, &x->target, &is);

	x->service = services[id];
	if (x->args.workdir)
		x->service.workdir = x->args.workdir;
	x->box.user_fd = x->service.userns ? x->target.user_fd : 0;
	if (rc == -ESRCH) {
		client_say("exec: %s has no running main process: %s%s", x->service.name,
			   is.phase == PHASE_RUN ? "it just ended" : "its state is ",
			   is.phase == PHASE_RUN ? "" : state_shown_name(state_shown(&is)));
		return CLIENT_FAILED;
	}
	if (rc == 0 && is.shed == SHED_FROZEN) {
		client_say("exec: %s is frozen for memory pressure, and so would be what is "
			   "executed in it; `pith start %s` thaws it", x->service.name,
			   x->service.name);
		return CLIENT_FAILED;
	}
	return rc < 0 ? exec_fail("finding its main process", rc) : 0;
}

static const char *own_variable(const char *start)
{
	for (char **var = environ; *var; var++)
		if (strncmp(*var, start, strlen(start)) == 0)
			return *var;
	return NULL;
}

/* The toolbox comes first in PATH, whoever sets it. */
static int make_environment(struct exec *x, bool terminal)
{
	const char *extra[1 + EXEC_SET_MAX] = { terminal ? own_variable("TERM=") : NULL };
	int rc;

	memcpy(extra + 1, x->args.set, sizeof(x->args.set));
	rc = exec_env_build(&x->env, x->service.envp, extra, 1 + x->args.set_count);
	if (rc == 0 && x->args.toolbox)
		rc = exec_env_add_folder(&x->env, TOOLBOX_FOLDER);
	x->command.envp = x->env.vars;
	x->command.path = exec_env_get(&x->env, "PATH");
	if (!x->command.path)
		x->command.path = "";
	return rc < 0 ? exec_fail("making its environment", rc) : 0;
}

static int open_cgroup(struct exec *x)
{
	char path[sizeof(PATH_SERVICES_CGROUP "//cgroup.procs") + SERVICE_NAME_SIZE];
	struct text t = TEXT_ON(path);

	text_add(&t, "%s/%s/cgroup.procs", PATH_SERVICES_CGROUP, x->service.name);
	x->command.cgroup_fd = open(path, O_WRONLY | O_CLOEXEC);
	return x->command.cgroup_fd < 0 ? exec_fail("opening its cgroup", -errno) : 0;
}

static int open_toolbox(struct exec *x)
{
	int rc = x->args.toolbox ? toolbox_prepare(&x->toolbox) : 0;

	x->command.toolbox = x->args.toolbox ? &x->toolbox : NULL;
	if (rc == -ENOENT)
		return exec_fail_without_toolbox();
	return rc < 0 ? exec_fail("filling the toolbox", rc) : 0;
}

static int open_channels(struct exec *x, bool terminal)
{
	int report[2], rc;

	relay_init(&x->relay);
	rc = exec_streams_open(&x->streams, &x->relay, &x->service, x->target.root_fd, terminal);
	if (rc < 0)
		return exec_fail("opening its streams", rc);
	if (pipe2(report, O_CLOEXEC | O_NONBLOCK) < 0 || pipe2(x->command.lifeline, O_CLOEXEC) < 0)
		return exec_fail("opening pipes", -errno);
	x->report = report[0];
	x->command.recipe.report_fd = report[1];
	x->relay.lifeline = x->command.lifeline[1];
	return 0;
}

/* What is ignored already, as by nohup(1), stays so.  SIGPIPE is blocked since
 * a write says as much, and SIGTSTP for it would leave the terminal raw. */
static int open_signals(struct exec *x)
{
	static const int taken[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGWINCH };
	struct sigaction is;
	sigset_t blocked, heard;

	sigemptyset(&heard);
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		if (sigaction(taken[i], NULL, &is) == 0 && is.sa_handler != SIG_IGN)
			sigaddset(&heard, taken[i]);
	blocked = heard;
	sigaddset(&blocked, SIGPIPE);
	if (x->streams.terminal >= 0)
		sigaddset(&blocked, SIGTSTP);
	/* If it were ignored, the guard could not be waited for. */
	signal(SIGCHLD, SIG_DFL);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	x->relay.signals = signalfd(-1, &heard, SFD_CLOEXEC | SFD_NONBLOCK);
	return x->relay.signals < 0 ? exec_fail("taking signals", -errno) : 0;
}

static int prepare(struct exec *x, int id, const struct state_slot *slot)
{
	bool terminal = !x->args.no_terminal && isatty(STDIN_FILENO);
	int status = find_service(x, id, slot);

	if (!status)
		status = make_environment(x, terminal);
	if (!status)
		status = open_cgroup(x);
	if (!status)
		status = open_toolbox(x);
	if (!status)
		status = open_channels(x, terminal);
	if (!status)
		status = open_signals(x);
	return status;
}

static void hang_up(const struct exec *x)
{
	struct pollfd end = { .fd = x->relay.guard, .events = POLLIN };

	if (x->relay.terminal < 0)
		return;
	/* The kernel tells everybody who has it. */
	close(x->relay.terminal);
	poll(&end, 1, HANGUP_MS);
}

static int run(struct exec *x)
{
	struct exec_command *c = &x->command;
	int signal;
	pid_t guard;

	c->recipe.service = &x->service;
	c->recipe.box = &x->box;
	c->target = &x->target;
	c->argv = x->args.command;
	c->terminal = x->streams.terminal;
	memcpy(c->stream, x->streams.stream, sizeof(c->stream));
	/* For the children: until the program is executed, nobody inside may
	 * trace them or look into their /proc. */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	guard = exec_command_clone(c, &x->relay.guard);
	if (guard < 0)
		return exec_fail("cloning a process", guard);
	close(c->recipe.report_fd);
	close(c->lifeline[0]);
	exec_streams_hand_over(&x->streams);
	exec_streams_set_raw(&x->streams);
	signal = relay_run(&x->relay);
	exec_streams_restore(&x->streams);
	if (!signal)
		return exec_conclude(guard, &(struct exec_outcome){
			x->service.name, c->argv[0], &x->target, x->report, c->toolbox });
	hang_up(x);
	return 128 + signal;
}

int client_exec(int argc, char **argv)
{
	static struct exec x;
	struct client client;
	int id, status;

	if (exec_parse(argc, argv, &x.args) < 0) {
		client_say("usage: pith exec %s", EXEC_ARGUMENTS);
		return CLIENT_USAGE;
	}
	status = client_attach(&client);
	if (status)
		return status;
	id = client_find_service(x.args.name);
	if (id < 0)
		return CLIENT_UNKNOWN;
	status = prepare(&x, id, &client.state->slot[id]);
	return status ? status : run(&x);
}
