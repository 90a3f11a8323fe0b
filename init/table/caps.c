/*
 * Capabilities by their names.  Decides which there are and where each one
 * counts; whether a service may have it, trust.c decides.
 */
#include "caps.h"

#include <ctype.h>
#include <linux/capability.h>
#include <string.h>

#include "nearest.h"
#include "spec.h"
#include "words.h"

#define BIT(name) (UINT64_C(1) << CAP_##name)

/* All of Linux 5.15; there have been no others since. */
#define ROW(name) [CAP_##name] = #name
static const char *const names[] = {
	ROW(CHOWN), ROW(DAC_OVERRIDE), ROW(DAC_READ_SEARCH), ROW(FOWNER), ROW(FSETID), ROW(KILL),
	ROW(SETGID), ROW(SETUID), ROW(SETPCAP), ROW(LINUX_IMMUTABLE), ROW(NET_BIND_SERVICE),
	ROW(NET_BROADCAST), ROW(NET_ADMIN), ROW(NET_RAW), ROW(IPC_LOCK), ROW(IPC_OWNER),
	ROW(SYS_MODULE), ROW(SYS_RAWIO), ROW(SYS_CHROOT), ROW(SYS_PTRACE), ROW(SYS_PACCT),
	ROW(SYS_ADMIN), ROW(SYS_BOOT), ROW(SYS_NICE), ROW(SYS_RESOURCE), ROW(SYS_TIME),
	ROW(SYS_TTY_CONFIG), ROW(MKNOD), ROW(LEASE), ROW(AUDIT_WRITE), ROW(AUDIT_CONTROL),
	ROW(SETFCAP), ROW(MAC_OVERRIDE), ROW(MAC_ADMIN), ROW(SYSLOG), ROW(WAKE_ALARM),
	ROW(BLOCK_SUSPEND), ROW(AUDIT_READ), ROW(PERFMON), ROW(BPF), ROW(CHECKPOINT_RESTORE),
};

#define COUNT (sizeof(names) / sizeof(names[0]))

/*
 * What the kernel asks for by capable(), or of a namespace that a service gets
 * from the initial user namespace: its PIDs' (SYS_BOOT) and its IPC (IPC_LOCK,
 * IPC_OWNER).  Of SYS_NICE and SYS_RESOURCE a user namespace leaves what nobody
 * keeps them for: moving processes of its other users to other CPUs, and
 * lowering their limits.
 */
const uint64_t caps_of_board =
	BIT(LINUX_IMMUTABLE) | BIT(IPC_LOCK) | BIT(IPC_OWNER) | BIT(SYS_MODULE) | BIT(SYS_RAWIO) |
	BIT(SYS_PACCT) | BIT(SYS_BOOT) | BIT(SYS_NICE) | BIT(SYS_RESOURCE) | BIT(SYS_TIME) |
	BIT(SYS_TTY_CONFIG) | BIT(MKNOD) | BIT(LEASE) | BIT(AUDIT_WRITE) | BIT(AUDIT_CONTROL) |
	BIT(MAC_OVERRIDE) | BIT(MAC_ADMIN) | BIT(SYSLOG) | BIT(WAKE_ALARM) | BIT(BLOCK_SUSPEND) |
	BIT(AUDIT_READ) | BIT(PERFMON) | BIT(BPF);

const uint64_t caps_of_network =
	BIT(NET_BIND_SERVICE) | BIT(NET_BROADCAST) | BIT(NET_ADMIN) | BIT(NET_RAW);

const uint64_t caps_of_root = BIT(SETUID) | BIT(SETGID) | BIT(SYS_PTRACE);

/* The place of the name in upper case, or COUNT. */
static size_t find(const char *upper)
{
	size_t i = 0;

	while (i < COUNT && strcmp(names[i], upper))
		i++;
	return i;
}

static const char *unknown_error(struct arena *arena, const char *word, const char *upper)
{
	struct nearest nearest = { .word = upper };

	if (!strncmp(upper, "CAP_", 4))
		nearest.word = upper += 4;
	for (size_t i = 0; i < COUNT; i++)
		nearest_offer(&nearest, names[i]);
	if (nearest.best)
		return arena_printf(arena, "\"%s\" is no capability; write %s", word, nearest.best);
	return arena_printf(arena, "\"%s\" is no capability; write names of capabilities(7) "
			    "without CAP_, such as NET_ADMIN", word);
}

const char *read_caps(struct arena *arena, const struct option *option, const char *value,
		      void *field)
{
	uint64_t *caps = field;
	struct words words;
	const char *error = words_split(arena, value, &words);

	(void)option;
	*caps = 0;
	for (size_t i = 0; !error && i < words.count; i++) {
		char *upper = arena_copy(arena, words.at[i], strlen(words.at[i]));
		size_t cap;

		for (char *at = upper; *at; at++)
			*at = (char)toupper((unsigned char)*at);
		cap = find(upper);
		if (cap == COUNT)
			return unknown_error(arena, words.at[i], upper);
		if (*caps & UINT64_C(1) << cap)
			return arena_printf(arena, "names %s twice; remove one", upper);
		*caps |= UINT64_C(1) << cap;
	}
	return error;
}

const char *caps_names(struct arena *arena, uint64_t caps)
{
	const char *text = "";

	for (size_t i = 0; i < COUNT; i++)
		if (caps & UINT64_C(1) << i)
			text = arena_printf(arena, "%s%s%s", text, *text ? " " : "", names[i]);
	return text;
}
