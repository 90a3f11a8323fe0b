/*
 * Decides how wide columns are and when bytes leave.  Refuses to know what
 * they say.
 */
#include "out.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/* Columns of the widest table. */
#define COLUMNS_MAX 16

/* The longest row: ten short cells, and the words about an exit with what the
 * kernel said to it, some 400 bytes. */
#define ROW_MAX 1024

static char buffer[OUT_MAX + 1];
static size_t filled;
static int failed;

int out_flush(void)
{
	for (size_t at = 0; at < filled && !failed;) {
		ssize_t n = write(STDOUT_FILENO, buffer + at, filled - at);

		if (n >= 0)
			at += (size_t)n;
		else if (errno != EINTR)
			failed = -errno;
	}
	filled = 0;
	return failed;
}

void out_bytes(const char *bytes, size_t len)
{
	while (len) {
		size_t n = OUT_MAX - filled < len ? OUT_MAX - filled : len;

		memcpy(buffer + filled, bytes, n);
		filled += n;
		bytes += n;
		len -= n;
		if (filled == OUT_MAX)
			out_flush();
	}
}

void out(const char *fmt, ...)
{
	for (int attempt = 0; attempt < 2; attempt++) {
		struct text t = { .buf = buffer + filled, .size = sizeof(buffer) - filled };
		va_list args;

		va_start(args, fmt);
		text_vadd(&t, fmt, args);
		va_end(args);
		if (!t.cut || !filled) {
			filled += t.len;
			return;
		}
		out_flush();
	}
}

bool out_is_terminal(void)
{
	return isatty(STDOUT_FILENO);
}

void out_screen(unsigned *columns, unsigned *rows)
{
	struct winsize size = { 0 };

	/* A serial line does not know: 0. */
	ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	*columns = size.ws_col;
	*rows = size.ws_row;
}

struct out_layout out_layout(uint32_t right)
{
	struct out_layout layout = { .right = right, .end = "\n" };
	unsigned rows;

	if (out_is_terminal())
		out_screen(&layout.columns, &rows);
	return layout;
}

/* What a terminal shows: bytes of UTF-8 but those that go on with one. */
static bool begins_glyph(char c)
{
	return ((unsigned char)c & 0xc0) != 0x80;
}

static unsigned glyphs(const char *bytes, size_t len)
{
	unsigned n = 0;

	for (size_t i = 0; i < len; i++)
		n += begins_glyph(bytes[i]);
	return n;
}

static void put_line(const struct text *line, const struct out_layout *layout)
{
	size_t len = line->len;

	while (len && line->buf[len - 1] == ' ')
		len--;
	if (layout->columns && glyphs(line->buf, len) > layout->columns) {
		unsigned left = layout->columns - 1;

		for (len = 0; left || !begins_glyph(line->buf[len]); len++)
			left -= begins_glyph(line->buf[len]);
		out_bytes(line->buf, len);
		out("…%s", layout->end);
	} else {
		out_bytes(line->buf, len);
		out("%s", layout->end);
	}
}

/* The cell that begins here; *end is its tab or end of line. */
static size_t cell_length(const char *cell, char *end)
{
	size_t len = strcspn(cell, "\t\n");

	*end = cell[len];
	return len;
}

static void measure(const char *cells, unsigned *width)
{
	unsigned column = 0;
	char end;

	for (size_t len; *cells; cells += len + (end != '\0')) {
		len = cell_length(cells, &end);
		if (column < COLUMNS_MAX && glyphs(cells, len) > width[column])
			width[column] = glyphs(cells, len);
		column = end == '\t' ? column + 1 : 0;
	}
}

static void put_cell(struct text *line, const char *cell, size_t len, unsigned width, bool right)
{
	unsigned have = glyphs(cell, len);
	unsigned pad = have < width ? width - have : 0;

	if (right)
		text_add(line, "%.*s", (int)pad, "                                ");
	text_add(line, "%.*s", (int)len, cell);
	if (!right)
		for (; pad; pad--)
			text_add(line, " ");
	text_add(line, "  ");
}

void out_rows(const char *cells, const struct out_layout *layout)
{
	unsigned width[COLUMNS_MAX] = { 0 }, column = 0, rows = 0;
	char row[ROW_MAX];
	struct text line = TEXT_ON(row);
	char end;

	measure(cells, width);
	for (size_t len; *cells; cells += len + (end != '\0')) {
		len = cell_length(cells, &end);
		put_cell(&line, cells, len, column < COLUMNS_MAX && end == '\t' ? width[column] : 0,
			 column < 32 && layout->right >> column & 1);
		column++;
		if (end == '\t')
			continue;
		put_line(&line, layout);
		line = (struct text)TEXT_ON(row);
		column = 0;
		if (++rows == layout->rows)
			return;
	}
}
