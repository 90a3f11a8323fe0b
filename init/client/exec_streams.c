/*
 * Decides what a command inside a service reads from and writes to.  The
 * operator's terminal itself never goes inside: whoever holds it could type
 * into it (TIOCSTI).  Refuses to know what is carried.
 */
#include "exec_streams.h"

#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>

#include "sys.h"

/* Of the devpts that view.c mounts. */
#define PTMX "dev/pts/ptmx"

static int own(int fd, const struct service *service, gid_t group)
{
	return fchown(fd, service->uid_base + service->uid, group) < 0 ? -errno : 0;
}

/* Our side of a new terminal in the service's devpts; the other in *peer. */
static int open_terminal(int root, const struct service *service, int *peer)
{
	const int locked = 0;
	int rc, master = sys_openat2(root, PTMX, O_RDWR | O_NOCTTY | O_NONBLOCK,
				     RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS);

	if (master < 0)
		return master;
	rc = SYS_INT(SYS_ioctl, master, TIOCSPTLCK, &locked);
	if (rc >= 0)
		rc = SYS_INT(SYS_ioctl, master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	*peer = rc;
	/* The group is "tty", by the mount's options. */
	if (rc >= 0)
		rc = own(*peer, service, (gid_t)-1);
	if (rc < 0)
		close(master);
	return rc < 0 ? rc : master;
}

/* Keys and size as the operator is used to, and then both ways. */
static int lay_terminal(struct exec_streams *s, struct relay *r, const struct service *service,
			int root)
{
	int master = open_terminal(root, service, &s->terminal), screen = STDIN_FILENO;

	if (master < 0)
		return master;
	if (tcgetattr(STDIN_FILENO, &s->saved) < 0 || tcsetattr(s->terminal, TCSANOW, &s->saved) < 0)
		return -errno;
	relay_copy_size(STDIN_FILENO, master);
	for (int fd = STDERR_FILENO; fd > STDIN_FILENO; fd--)
		if (isatty(fd))
			screen = fd;
	r->terminal = master;
	r->flow[RELAY_IN].from = STDIN_FILENO;
	r->flow[RELAY_IN].to = master;
	r->flow[RELAY_SCREEN].from = master;
	r->flow[RELAY_SCREEN].to = screen;
	return 0;
}

static int lay_pipe(int stream, struct exec_streams *s, struct flow *f,
		    const struct service *service)
{
	bool inward = stream == STDIN_FILENO;
	int fds[2], ours, rc;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	ours = fds[inward];
	s->stream[stream] = fds[!inward];
	f->from = inward ? stream : ours;
	f->to = inward ? ours : stream;
	f->pipe = ours;
	/* The program may open /dev/stdout by its name, as its own user. */
	rc = own(ours, service, service->uid_base + service->gid);
	if (rc == 0 && fcntl(ours, F_SETFL, O_NONBLOCK) < 0)
		rc = -errno;
	return rc;
}

int exec_streams_open(struct exec_streams *s, struct relay *r, const struct service *service,
		      int root, bool terminal)
{
	static const int flows[] = { RELAY_IN, RELAY_OUT, RELAY_ERR };
	int rc = 0;

	s->terminal = -1;
	if (terminal)
		rc = lay_terminal(s, r, service, root);
	for (int i = 0; i < 3 && rc == 0; i++) {
		if (terminal && isatty(i))
			s->stream[i] = s->terminal;
		else
			rc = lay_pipe(i, s, &r->flow[flows[i]], service);
	}
	return rc;
}

void exec_streams_hand_over(struct exec_streams *s)
{
	for (int i = 0; i < 3; i++)
		if (s->stream[i] != s->terminal)
			close(s->stream[i]);
	if (s->terminal >= 0)
		close(s->terminal);
}

void exec_streams_set_raw(const struct exec_streams *s)
{
	struct termios raw = s->saved;

	cfmakeraw(&raw);
	if (s->terminal >= 0)
		tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}

void exec_streams_restore(const struct exec_streams *s)
{
	if (s->terminal >= 0)
		tcsetattr(STDIN_FILENO, TCSANOW, &s->saved);
}
