/*
 * Looks for an archive that is taken and has something in it that was not asked for, or
 * of which other bytes are read than those of its files.
 *
 * links: init/client/bundle.c init/client/tar.c
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "init/client/bundle.h"
#include "init/client/tar.h"

static const char *const names[] = { "manifest", "web" };

#define FILES (sizeof(names) / sizeof(names[0]))

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t len);

static void demand(bool holds)
{
	if (!holds)
		abort();
}

static bool is_zero(const uint8_t *bytes, size_t len)
{
	while (len--)
		if (*bytes++)
			return false;
	return true;
}

/* Where the next file begins.  0: it was refused. */
static size_t read_file(struct bundle *b, const char *name, const uint8_t *bytes, size_t len,
			size_t at)
{
	uint8_t some[300];
	uint64_t size = 0, done = 0;
	int n;

	if (bundle_next(b, name, &size) < 0)
		return 0;
	demand(len - at >= TAR_BLOCK && !strncmp((const char *)bytes + at, name, TAR_NAME_SIZE));
	at += TAR_BLOCK;
	while ((n = bundle_read(b, some, sizeof(some))) > 0) {
		demand(len - at >= done + (size_t)n && !memcmp(bytes + at + done, some, (size_t)n));
		done += (uint64_t)n;
	}
	demand(n < 0 || done == size);
	return n < 0 ? 0 : at + done + tar_padding(size);
}

/* Chance would never find a header's checksum. */
static void seal(uint8_t *header)
{
	unsigned sum = 0;

	if (memcmp(header + 257, "ustar", 5))
		return;
	memset(header + 148, ' ', 8);
	for (unsigned i = 0; i < TAR_BLOCK; i++)
		sum += header[i];
	snprintf((char *)header + 148, 8, "%06o", sum);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t len)
{
	static uint8_t bytes[65536];
	int fd = memfd_create("bundle", 0);
	struct bundle b = { .fd = fd, .file = -1, .stop = -1 };
	size_t at = 0, i = 0;

	if (len > sizeof(bytes))
		len = sizeof(bytes);
	memcpy(bytes, input, len);
	for (size_t block = 0; block + TAR_BLOCK <= len; block += TAR_BLOCK)
		seal(bytes + block);
	demand(write(fd, bytes, len) == (ssize_t)len && lseek(fd, 0, SEEK_SET) == 0);
	for (; i < FILES && (!i || at); i++)
		at = read_file(&b, names[i], bytes, len, at);
	if (i == FILES && at && bundle_end(&b) == 0)
		demand(len >= at + (size_t)TAR_END_LEAST * TAR_BLOCK && is_zero(bytes + at, len - at));
	bundle_close(&b);
	return 0;
}
