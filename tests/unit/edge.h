/*
 * Bytes that end where mapped memory does: a read behind them is a fault.
 *
 * Include cmocka.h first.
 */
#ifndef TESTS_UNIT_EDGE_H
#define TESTS_UNIT_EDGE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A copy of at most a page, good until the next call. */
static inline uint8_t *at_the_edge(const uint8_t *bytes, size_t len)
{
	static uint8_t *map;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (!map) {
		map = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			   -1, 0);
		assert_true(map != MAP_FAILED);
		assert_int_equal(mprotect(map + page, page, PROT_NONE), 0);
	}
	assert_true(len <= page);
	memcpy(map + page - len, bytes, len);
	return map + page - len;
}

#endif
