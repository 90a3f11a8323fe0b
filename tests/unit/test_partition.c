/*
 * Which partition has a label, by what the kernel says in /sys/class/block/NAME/uevent.
 *
 * links: init/partition.c init/sys.c init/text.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/sysmacros.h>

#include <cmocka.h>

#include "edge.h"
#include "init/partition.h"

#define BEGIN "MAJOR=254\nMINOR=17\nDEVNAME=vdb1\nDEVTYPE=partition\nDISKSEQ=2\nPARTN=1\n"

static bool reads(struct partition *to, const char *uevent, const char *label)
{
	size_t len = strlen(uevent);

	return partition_read(to, (const char *)at_the_edge((const uint8_t *)uevent, len), len,
			      label);
}

static void a_label_is_found_whole(void **state)
{
	static const struct {
		const char *uevent, *label;
		bool found;
	} rows[] = {
		{ BEGIN "PARTNAME=web_a\n", "web_a", true },
		{ "PARTNAME=web_a\n" BEGIN, "web_a", true },
		{ BEGIN "PARTNAME=web_a\n", "web_b", false },
		{ BEGIN "PARTNAME=web_a\n", "web_", false },
		{ BEGIN "PARTNAME=web_a\n", "web_ab", false },
		{ BEGIN "PARTNAME=web_a\n", "", false },
		{ BEGIN "PARTNAME=\n", "web_a", false },
		{ BEGIN "PARTNAME=web_a", "web_a", false },	/* cut off */
		{ BEGIN "XPARTNAME=web_a\n", "web_a", false },
		{ BEGIN "PARTNAME_X=web_a\n", "web_a", false },
		{ BEGIN "PARTUUID=PARTNAME=web_a\n", "web_a", false },
		{ BEGIN "PARTNAMEXweb_a\n", "web_a", false },
		{ BEGIN, "web_a", false },
		{ "", "web_a", false },
		{ "\n\n\n", "web_a", false },
	};
	struct partition is;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(reads(&is, rows[i].uevent, rows[i].label), rows[i].found);
}

static void its_device_is_told(void **state)
{
	struct partition is;

	(void)state;
	assert_true(reads(&is, BEGIN "PARTNAME=web_a\n", "web_a"));
	assert_string_equal(is.name, "vdb1");
	assert_int_equal(is.number, makedev(254, 17));
	assert_true(reads(&is, "MAJOR=259\nMINOR=1048575\nDEVNAME=cciss/c0d0p12\n"
			  "PARTNAME=x\n", "x"));
	assert_string_equal(is.name, "cciss/c0d0p12");
	assert_int_equal(is.number, makedev(259, 1048575));
}

static void without_a_device_there_is_none(void **state)
{
	static const char *const rows[] = {
		"MINOR=1\nDEVNAME=a\nPARTNAME=x\n",
		"MAJOR=1\nDEVNAME=a\nPARTNAME=x\n",
		"MAJOR=1\nMINOR=1\nPARTNAME=x\n",
		"MAJOR=1\nMINOR=1\nDEVNAME=\nPARTNAME=x\n",
		"MAJOR=\nMINOR=1\nDEVNAME=a\nPARTNAME=x\n",
		"MAJOR=-1\nMINOR=1\nDEVNAME=a\nPARTNAME=x\n",
		"MAJOR=1x\nMINOR=1\nDEVNAME=a\nPARTNAME=x\n",
		"MAJOR=1\nMINOR=99999999\nDEVNAME=a\nPARTNAME=x\n",
		"MAJOR=1\nMINOR=1\nDEVNAME=a-name-that-no-partition-can-have\nPARTNAME=x\n",
	};
	struct partition is;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_false(reads(&is, rows[i], "x"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_label_is_found_whole),
		cmocka_unit_test(its_device_is_told),
		cmocka_unit_test(without_a_device_there_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
