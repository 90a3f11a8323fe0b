/*
 * Decides how numbers and names read on the console.  Knows nothing of where
 * the text goes.  musl's printf would bring stdio and floating point along,
 * several times the size of everything here.
 */
#include "text.h"

#include <signal.h>
#include <string.h>

/* 2^64-1 has 20 decimal digits. */
#define DIGITS_MAX 20

static void put(struct text *t, const char *s, size_t len)
{
	size_t room = t->size - 1 - t->len;

	if (len > room) {
		len = room;
		t->cut = true;
	}
	memcpy(t->buf + t->len, s, len);
	t->len += len;
	t->buf[t->len] = '\0';
}

static void put_number(struct text *t, uint64_t n, unsigned base,
		       unsigned width, char pad)
{
	char digits[DIGITS_MAX];
	size_t at = sizeof(digits);

	do {
		digits[--at] = "0123456789abcdef"[n % base];
		n /= base;
	} while (n);
	for (size_t have = sizeof(digits) - at; have < width; have++)
		put(t, &pad, 1);
	put(t, digits + at, sizeof(digits) - at);
}

/* One conversion as it was written: what stands between % and its letter. */
struct spec {
	char pad;
	unsigned width;
	unsigned longs;		/* 0 int, 1 long or size_t, 2 long long */
	bool limited;		/* .* */
};

static const char *parse_spec(const char *f, struct spec *s)
{
	*s = (struct spec){ .pad = ' ' };
	if (*f == '0') {
		s->pad = '0';
		f++;
	}
	for (; *f >= '0' && *f <= '9'; f++)
		s->width = s->width * 10 + (unsigned)(*f - '0');
	if (f[0] == '.' && f[1] == '*') {
		s->limited = true;
		f += 2;
	}
	for (; *f == 'l' || *f == 'z'; f++)
		s->longs++;
	return f;
}

void text_vadd(struct text *t, const char *fmt, va_list args)
{
	struct spec s;

	for (const char *f = fmt; *f; f++) {
		if (*f != '%') {
			put(t, f, 1);
			continue;
		}
		f = parse_spec(f + 1, &s);
		switch (*f) {
		case 's': {
			size_t most = s.limited ? (size_t)va_arg(args, int) : SIZE_MAX;
			const char *str = va_arg(args, const char *);

			put(t, str, strnlen(str, most));
			break;
		}
		case 'c': {
			char c = (char)va_arg(args, int);

			put(t, &c, 1);
			break;
		}
		case 'd': {
			int64_t n = s.longs == 2 ? va_arg(args, long long) :
				    s.longs ? va_arg(args, long) : va_arg(args, int);

			if (n < 0)
				put(t, "-", 1);
			put_number(t, n < 0 ? -(uint64_t)n : (uint64_t)n, 10, s.width, s.pad);
			break;
		}
		case 'u':
		case 'x': {
			uint64_t n = s.longs == 2 ? va_arg(args, unsigned long long) :
				     s.longs ? va_arg(args, unsigned long) :
					       va_arg(args, unsigned);

			put_number(t, n, *f == 'x' ? 16 : 10, s.width, s.pad);
			break;
		}
		case '\0':
			return;
		default:
			put(t, f, 1);
		}
	}
}

void text_add(struct text *t, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	text_vadd(t, fmt, args);
	va_end(args);
}

size_t text_character(const char *bytes, size_t len)
{
	const uint8_t *b = (const uint8_t *)bytes;
	/* The smallest code point that needs this many bytes.  Below U+00A0
	 * are the controls of ISO 6429, which some terminals obey in UTF-8. */
	static const uint32_t least[] = { [2] = 0xa0, [3] = 0x800, [4] = 0x10000 };
	size_t n = b[0] >= 0xf0 ? 4 : b[0] >= 0xe0 ? 3 : 2;
	uint32_t code = b[0] & (0xff >> (n + 1));

	if (b[0] < 0x80)
		return (b[0] >= ' ' && b[0] != 0x7f) || b[0] == '\t';
	if (b[0] < 0xc0 || b[0] > 0xf4 || n > len)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((b[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (b[i] & 0x3f);
	}
	if (code < least[n] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return 0;
	return n;
}

void text_add_printable(struct text *t, const char *bytes, size_t len)
{
	for (size_t n; len; bytes += n, len -= n) {
		n = text_character(bytes, len);
		put(t, n ? bytes : "?", n ? n : 1);
		n = n ? n : 1;
	}
}

void text_add_duration(struct text *t, uint64_t ms)
{
	if (ms < 1000)
		text_add(t, "%u ms", (unsigned)ms);
	else if (ms < 60 * 1000)
		text_add(t, "%u.%u s", (unsigned)(ms / 1000), (unsigned)(ms % 1000 / 100));
	else if (ms < 120 * 60 * 1000)
		text_add(t, "%u min", (unsigned)(ms / (60 * 1000)));
	else
		text_add(t, "%llu h", (unsigned long long)(ms / (60 * 60 * 1000)));
}

void text_add_ipv4(struct text *t, uint32_t address)
{
	text_add(t, "%u.%u.%u.%u", address >> 24, address >> 16 & 255,
		 address >> 8 & 255, address & 255);
}

/* Groups of zeros from that one on. */
static unsigned zeros(const uint8_t address[16], unsigned group)
{
	unsigned n = 0;

	while (group + n < 8 && !address[2 * (group + n)] && !address[2 * (group + n) + 1])
		n++;
	return n;
}

void text_add_ipv6(struct text *t, const uint8_t address[16])
{
	/* The first of the longest run of zeros, which is none below two. */
	unsigned run = 8, len = 1;

	for (unsigned i = 0; i < 8; i++) {
		if (zeros(address, i) > len) {
			run = i;
			len = zeros(address, i);
		}
	}
	for (unsigned i = 0; i < 8; i++) {
		if (i == run) {
			text_add(t, "::");
			i += len - 1;
		} else {
			text_add(t, "%s%x", i && i != run + len ? ":" : "",
				 address[2 * i] << 8 | address[2 * i + 1]);
		}
	}
}

void text_add_signal(struct text *t, int signal)
{
	static const char names[][8] = {
		[SIGHUP] = "HUP", [SIGINT] = "INT", [SIGQUIT] = "QUIT",
		[SIGILL] = "ILL", [SIGTRAP] = "TRAP", [SIGABRT] = "ABRT",
		[SIGBUS] = "BUS", [SIGFPE] = "FPE", [SIGKILL] = "KILL",
		[SIGUSR1] = "USR1", [SIGSEGV] = "SEGV", [SIGUSR2] = "USR2",
		[SIGPIPE] = "PIPE", [SIGALRM] = "ALRM", [SIGTERM] = "TERM",
		[SIGCHLD] = "CHLD", [SIGCONT] = "CONT", [SIGSTOP] = "STOP",
		[SIGTSTP] = "TSTP", [SIGTTIN] = "TTIN", [SIGTTOU] = "TTOU",
		[SIGURG] = "URG", [SIGXCPU] = "XCPU", [SIGXFSZ] = "XFSZ",
		[SIGVTALRM] = "VTALRM", [SIGPROF] = "PROF",
		[SIGWINCH] = "WINCH", [SIGIO] = "IO", [SIGPWR] = "PWR",
		[SIGSYS] = "SYS",
	};
	unsigned n = (unsigned)signal;

	if (n < sizeof(names) / sizeof(names[0]) && names[n][0])
		text_add(t, "SIG%s", names[n]);
	else
		text_add(t, "signal %d", signal);
}
