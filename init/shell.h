/*
 * CONFIG_DEBUG_SHELL: a root shell on the console, in the initial namespaces.
 * It starts again a second after its end.
 */
#ifndef PITH_SHELL_H
#define PITH_SHELL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "config.h"

#if IS_ENABLED(CONFIG_DEBUG_SHELL)

/* Starts it if it is due. */
void shell_tick(uint64_t now_ms);

/* When it is due; 0 while it runs. */
uint64_t shell_deadline(void);

/* A child was reaped.  False if it was not the shell. */
bool shell_reaped(pid_t pid, uint64_t now_ms);

#else

static inline void shell_tick(uint64_t now_ms)
{
	(void)now_ms;
}

static inline uint64_t shell_deadline(void)
{
	return 0;
}

static inline bool shell_reaped(pid_t pid, uint64_t now_ms)
{
	(void)pid;
	(void)now_ms;
	return false;
}

#endif
#endif
