/*
 * Memory pressure.  If any service has a SHED, all services together are held
 * to what the board had free at boot, less a reserve (shed.h): memory.high of
 * their cgroup.  Whoever goes beyond is held back, which the kernel counts as
 * memory pressure and tells by a trigger.  Without that limit a board whose
 * memory cannot be reclaimed, one without swap in an initramfs, has no pressure
 * to speak of before the OOM killer comes: 20 ms, on Linux 6.1.
 *
 * The trigger's fd and what shed.h remembers outlive PID 1.
 *
 * Source: Documentation/accounting/psi.rst, Documentation/admin-guide/cgroup-v2.rst.
 */
#ifndef PITH_PRESSURE_H
#define PITH_PRESSURE_H

#include "part.h"

extern const struct part pressure_part;

#endif
