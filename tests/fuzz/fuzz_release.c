/*
 * Looks for a manifest or a signature that is taken and should not be, or is read beyond
 * its end.
 *
 * links: init/manifest.c init/signature.c init/digest.c init/refusal.c init/text.c
 * libraries: -lbearssl
 */
#include <stdlib.h>

#include "init/service.h"
#include "release_check.h"
#include "tests/unit/table.h"

const struct board board = { .product = "gateway", .name = "qemu-x86_64" };
const struct image images[IMAGE_COUNT] = { { .name = "broker" }, { .name = "web" } };
/* None is of a size that can be right: what is looked at is the form, a million times. */
const struct trusted_key trusted_keys[KEY_COUNT];

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	if (!manifest_holds((const char *)bytes, len) || !signature_holds(bytes, len))
		abort();
	return 0;
}
