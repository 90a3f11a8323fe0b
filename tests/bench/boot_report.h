/*
 * What is measured of an init system, by a child that it never asked for.
 *
 * Each prints one line of JSON, {"NAME": …}, on fd 1.  All that they find they
 * find in /proc (boot_look.h) and in what services say of themselves
 * (boot_mains.h).
 */
#ifndef BENCH_BOOT_REPORT_H
#define BENCH_BOOT_REPORT_H

#include <stdint.h>

/* From start_ns until each of the services was in its main(): ns.  Waits for count of
 * them; the guest ends with an error if there are fewer after a minute. */
void report_boot(uint64_t start_ns, int count);

/* kill -9 of one service after the other until its main() again, runs times: ns, or null
 * if there was none within ten seconds.  Each has run for seconds before. */
void report_restart(int runs);

/* CPU time of PID 1 to reap count orphans: that all end at once, and one by one. */
void report_orphans(int count);

/* How often PID 1, and all else that is no service, ran in so many seconds; ns of CPU. */
void report_idle(int seconds);

/* Bytes of PID 1 and all else that is no service; what the kernel has more than before. */
void report_memory(uint64_t kernel_before);

#endif
