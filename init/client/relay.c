/*
 * Decides in which order bytes and signals are carried, and when that is over.
 * One chunk is under way in each direction, so the directions never wait for
 * one another.  Refuses to know what the command is, and how it ended.
 */
#include "relay.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum {
	SLOT_SIGNALS = RELAY_FLOWS,
	SLOT_GUARD,
	SLOTS,
};

void relay_init(struct relay *r)
{
	for (unsigned i = 0; i < RELAY_FLOWS; i++)
		r->flow[i].from = r->flow[i].to = r->flow[i].pipe = -1;
	r->terminal = r->signals = r->guard = r->lifeline = -1;
	r->rest = RELAY_REST;
}

void relay_copy_size(int tty, int terminal)
{
	struct winsize size;

	/* A terminal that does not know its size leaves the other as it is. */
	if (ioctl(tty, TIOCGWINSZ, &size) == 0)
		ioctl(terminal, TIOCSWINSZ, &size);
}

static bool is_over(const struct flow *f)
{
	return f->from < 0;
}

static void end_flow(struct flow *f)
{
	if (f->pipe >= 0)
		close(f->pipe);
	f->from = f->pipe = -1;
	f->len = 0;
}

static bool is_passing(int error)
{
	return error == EAGAIN || error == EINTR;
}

/* A terminal whose other side is closed says EIO instead of end of file. */
static void fill(struct flow *f)
{
	ssize_t n = read(f->from, f->bytes, sizeof(f->bytes));

	if (n > 0) {
		f->at = 0;
		f->len = (size_t)n;
	} else if (n == 0 || !is_passing(errno)) {
		end_flow(f);
	}
}

/* SIGPIPE is blocked: a reader that has gone is EPIPE, and closing our end of
 * the pipe tells it to the writer. */
static void drain(struct flow *f)
{
	ssize_t n = write(f->to, f->bytes + f->at, f->len);

	if (n >= 0) {
		f->at += (size_t)n;
		f->len -= (size_t)n;
	} else if (!is_passing(errno)) {
		end_flow(f);
	}
}

/* False if a terminal's direction is over because the operator's side went. */
static bool move(struct flow *f, bool inward)
{
	bool filling = !f->len, of_terminal = f->pipe < 0;

	if (filling)
		fill(f);
	else
		drain(f);
	return !(is_over(f) && of_terminal && filling == inward);
}

static bool move_all(struct relay *r, const struct pollfd *p)
{
	bool written = false;

	for (unsigned i = 0; i < RELAY_FLOWS; i++) {
		struct flow *f = &r->flow[i];
		bool outward = i != RELAY_IN && f->len;

		/* Two of them may end in the same pipe, and after the first
		 * write there may be no room for the second. */
		if (!p[i].revents || (outward && written))
			continue;
		written |= outward;
		if (!move(f, i == RELAY_IN))
			return false;
	}
	return true;
}

/* The command has ended: its last words are all there, so the first read that
 * finds nothing is the end, though others may hold the pipe open. */
static void take_rest(struct relay *r)
{
	end_flow(&r->flow[RELAY_IN]);
	for (unsigned i = RELAY_IN + 1; i < RELAY_FLOWS; i++) {
		struct flow *f = &r->flow[i];

		if (is_over(f) || f->len)
			continue;
		if (r->rest)
			fill(f);
		if (!f->len && !is_over(f))
			end_flow(f);
		r->rest -= f->len < r->rest ? f->len : r->rest;
	}
}

static bool all_out(const struct relay *r)
{
	for (unsigned i = RELAY_IN + 1; i < RELAY_FLOWS; i++)
		if (!is_over(&r->flow[i]))
			return false;
	return true;
}

/* If this fails the command has just ended. */
static void pass_on(uint8_t signal, int lifeline)
{
	ssize_t n = write(lifeline, &signal, 1);

	(void)n;
}

/* Returns the signal if it ends the relay, else 0. */
static int take_signal(struct relay *r, bool ended)
{
	struct signalfd_siginfo info;

	if (read(r->signals, &info, sizeof(info)) != sizeof(info))
		return 0;
	if (info.ssi_signo == SIGWINCH) {
		if (r->terminal >= 0)
			relay_copy_size(r->flow[RELAY_IN].from, r->terminal);
		return 0;
	}
	if (ended || r->terminal >= 0)
		return (int)info.ssi_signo;
	pass_on((uint8_t)info.ssi_signo, r->lifeline);
	return 0;
}

/* A direction waits for its source, or for its sink if it has bytes. */
static void await(const struct relay *r, struct pollfd *p, bool ended)
{
	for (unsigned i = 0; i < RELAY_FLOWS; i++) {
		const struct flow *f = &r->flow[i];

		p[i].fd = f->len ? f->to : f->from;
		p[i].events = f->len ? POLLOUT : POLLIN;
	}
	p[SLOT_SIGNALS] = (struct pollfd){ .fd = r->signals, .events = POLLIN };
	p[SLOT_GUARD] = (struct pollfd){ .fd = ended ? -1 : r->guard, .events = POLLIN };
	/* Fails only when interrupted by a stop: then nothing is ready. */
	if (poll(p, SLOTS, -1) < 0)
		for (unsigned i = 0; i < SLOTS; i++)
			p[i].revents = 0;
}

int relay_run(struct relay *r)
{
	struct pollfd p[SLOTS];
	bool ended = false;
	int signal;

	while (!ended || !all_out(r)) {
		await(r, p, ended);
		if (p[SLOT_SIGNALS].revents) {
			signal = take_signal(r, ended);
			if (signal)
				return signal;
		}
		ended = ended || p[SLOT_GUARD].revents;
		if (!move_all(r, p) && !ended)
			return SIGHUP;
		if (ended)
			take_rest(r);
	}
	return 0;
}
