/*
 * pith top: looks again and again.  On a terminal it draws in place, and leaves it
 * as it was.
 */
#include "top.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "options.h"
#include "out.h"

#define DELAY_MS 2000

/* The first look has nothing to compare with; the next one comes after this. */
#define FIRST_MS 500

/* Where the terminal does not say how many lines it has. */
#define ROWS_USUAL 24

/* ECMA-48, and xterm's second screen. */
#define SCREEN_ENTER	"\033[?1049h\033[?25l\033[H\033[2J"
#define SCREEN_LEAVE	"\033[?25h\033[?1049l"
#define SCREEN_HOME	"\033[H"
#define SCREEN_REST	"\033[J"
#define LINE_END	"\033[K\n"

/* ^C, as the terminal hands it out without ISIG. */
#define INTERRUPT 3

struct wish {
	int delay_ms, number;	/* number: 0 is without end */
	bool json;
	enum top_sort sort;
	bool drawn;		/* in place */
};

static volatile sig_atomic_t ended;

static void end(int signal)
{
	(void)signal;
	ended = 1;
}

/* Keys come one by one.  False if standard input is no terminal. */
static bool enter(struct termios *before)
{
	const struct sigaction action = { .sa_handler = end };
	struct termios raw;

	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	out(SCREEN_ENTER);
	if (tcgetattr(STDIN_FILENO, before) < 0)
		return false;
	raw = *before;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	return true;
}

/* Until time is over: 0; 1: it shall end; -ECONNRESET. */
static int wait_for_key(const struct client *c, bool keys, int ms)
{
	struct pollfd fds[] = {
		{ .fd = c->socket, .events = POLLIN },
		{ .fd = keys ? STDIN_FILENO : -1, .events = POLLIN },
	};
	char key = 0;
	int n = poll(fds, 2, ms);

	if (ended)
		return 1;
	if (n > 0 && fds[0].revents)
		return -ECONNRESET;
	if (n > 0 && (read(STDIN_FILENO, &key, 1) <= 0 || key == 'q' || key == INTERRUPT))
		return 1;
	return 0;
}

static void draw(const struct wish *w)
{
	unsigned columns, rows;

	out_screen(&columns, &rows);
	out(SCREEN_HOME);
	/* The last line stays empty: the end of a line there would scroll. */
	top_print(w->sort, (rows ? rows : ROWS_USUAL) - 1, LINE_END);
	out(SCREEN_REST);
}

static void print(const struct wish *w)
{
	if (w->json)
		top_print_json(w->sort);
	else if (w->drawn)
		draw(w);
	else
		top_print(w->sort, 0, "\n");
}

/* 0, 1 or -ECONNRESET as wait_for_key(). */
static int run(const struct client *c, const struct wish *w, bool keys)
{
	int delay = w->delay_ms < FIRST_MS ? w->delay_ms : FIRST_MS;
	int rc = 0;

	top_look(c);
	for (int i = 0; rc == 0 && (!w->number || i < w->number); i++) {
		rc = wait_for_key(c, keys, delay);
		if (rc)
			break;
		delay = w->delay_ms;
		top_look(c);
		if (i && !w->drawn && !w->json)
			out("\n");
		print(w);
		rc = out_flush() < 0;
	}
	return rc;
}

static int run_on_screen(struct client *c, const struct wish *w)
{
	struct termios before;
	bool keys = w->drawn && enter(&before);
	int rc = run(c, w, keys);

	if (w->drawn)
		out(SCREEN_LEAVE);
	if (keys)
		tcsetattr(STDIN_FILENO, TCSANOW, &before);
	out_flush();
	return rc;
}

static bool parse_sort(const char *word, enum top_sort *sort)
{
	static const char *const words[] = {
		[TOP_BY_CPU] = "cpu", [TOP_BY_MEMORY] = "mem", [TOP_BY_NAME] = "name",
	};

	for (unsigned i = 0; word && i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i], word))
			continue;
		*sort = (enum top_sort)i;
		return true;
	}
	if (word)
		client_say("top: '%s': it is sorted by cpu, mem or name", word);
	return !word;
}

int client_top(int argc, char **argv)
{
	struct wish w = { .delay_ms = DELAY_MS };
	const char *sort = NULL;
	const struct option_row rows[] = {
		{ 's', "sort", OPTION_WORD, &sort },
		{ 'd', "delay", OPTION_SECONDS, &w.delay_ms },
		{ 'n', "number", OPTION_NUMBER, &w.number },
		{ 0, "json", OPTION_FLAG, &w.json },
	};
	struct client c;
	int rc;

	if (options_read(argc, argv, rows, 4, NULL, 0, 0) < 0 || !parse_sort(sort, &w.sort))
		return CLIENT_USAGE;
	w.number = w.json && !w.number ? 1 : w.number;
	w.drawn = out_is_terminal() && w.number != 1 && !w.json;
	rc = client_attach(&c);
	while (!rc) {
		rc = run_on_screen(&c, &w);
		if (rc != -ECONNRESET)
			return CLIENT_OK;
		rc = client_attach_again(&c);
	}
	return rc;
}
