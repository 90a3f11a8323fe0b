/*
 * The one clock of PID 1: milliseconds since boot that never jump,
 * CLOCK_MONOTONIC of clock_gettime(2).
 */
#ifndef PITH_CLOCK_H
#define PITH_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline uint64_t clock_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

#endif
