/*
 * The parameters of a dm-verity device, as the kernel takes them.
 *
 * links: init/dm.c init/sys.c init/text.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/sysmacros.h>

#include <cmocka.h>

#include "hex.h"
#include "init/dm.h"

#define ROOT "c72ad0f7e3ecb0a1c4ce6b4cf8d3c32b8ba4f5d2d0cb9ee48c1f11a0df0a9b07"
#define SALT "00ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1dfe"

static struct manifest_image image(uint64_t data)
{
	struct manifest_image is = { .name = "web", .data = data };

	hex_read(ROOT, is.root, sizeof(is.root));
	hex_read(SALT, is.salt, sizeof(is.salt));
	return is;
}

static void its_parameters_are_the_kernels(void **state)
{
	const struct manifest_image is = image(1126400);
	char buf[384];
	struct text t = TEXT_ON(buf);

	(void)state;
	dm_verity_table(&t, makedev(7, 1), &is);
	assert_false(t.cut);
	assert_string_equal(buf, "1 7:1 7:1 4096 4096 275 275 sha256 " ROOT " " SALT);
}

/* Not in its sign, not in 32 bits. */
static void the_largest_has_room(void **state)
{
	const struct manifest_image is = image(UINT64_MAX - 4095);
	char buf[384];
	struct text t = TEXT_ON(buf);

	(void)state;
	dm_verity_table(&t, makedev(4095, 1048575), &is);
	assert_false(t.cut);
	assert_string_equal(buf, "1 4095:1048575 4095:1048575 4096 4096 4503599627370495 "
			    "4503599627370495 sha256 " ROOT " " SALT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(its_parameters_are_the_kernels),
		cmocka_unit_test(the_largest_has_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
