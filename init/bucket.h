/*
 * The token bucket of a log, as one number: the time up to which what has
 * passed is paid for.  A line of a service that may have `rate` a second costs
 * a second divided by it, and the account may be BUCKET_BURST_S ahead.  (The
 * same as a bucket of tokens: ITU-T I.371, "generic cell rate algorithm".)
 *
 * Pure; 0 is a full bucket.  Times are those of clock.h.
 */
#ifndef PITH_BUCKET_H
#define PITH_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

/* What a program says as it starts, or of one failure, comes at once. */
#define BUCKET_BURST_S 4

/* Pays for one line and says so, or finds that it cannot.  rate 0 is no limit. */
bool bucket_take(uint64_t *paid_us, uint32_t rate, uint64_t now_ms);

/* Whether a second's lines could pass.  Who was over the limit waits for that:
 * then what passes is a piece of what was said, and not a line here and there. */
bool bucket_has_second(uint64_t paid_us, uint64_t now_ms);

#endif
