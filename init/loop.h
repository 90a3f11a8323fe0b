/*
 * A file as a block device: loop(4), by LOOP_CONFIGURE (Linux 5.8).
 */
#ifndef PITH_LOOP_H
#define PITH_LOOP_H

#include <stdint.h>

/* The first size bytes of a file, read-only, with direct I/O where its file system can
 * do that: what is read is kept once.  Returns the device's fd, to read; with the last
 * fd of it, and the last mount, the device is free again.  -errno. */
int loop_attach(int file, uint64_t size);

#endif
