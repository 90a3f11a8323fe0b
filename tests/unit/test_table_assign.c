/*
 * What the host tool chooses where nobody has: addresses, ranges of ids, MACs
 * and both directions of the start order.  Services are a, b, c and so on.
 *
 * links: init/table/addresses.c init/table/ids.c init/table/images.c init/table/after.c
 * links: init/table/spec.c init/table/ipv4.c init/table/vocabulary.c
 * links: init/table/values.c init/table/values_process.c
 * links: init/table/values_network.c init/table/use.c init/table/words.c
 * links: init/table/number.c init/table/signals.c init/table/arena.c
 * links: init/table/report.c init/table/utf8.c init/table/dotconfig.c
 * links: init/table/folders.c init/table/nearest.c
 * links: init/table/fingerprint.c init/table/values_view.c init/table/values_image.c init/table/caps.c
 * links: init/table/values_uplink.c init/table/values_ports.c init/table/ipv6.c
 * links: init/table/bridges.c init/table/mac.c init/table/names.c
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "init/table/checks.h"

#define SERVICES_MAX 4

struct board_of_test {
	struct arena arena;
	struct report report;
	struct dotconfig config;
	struct folder folders_at[SERVICES_MAX];
	struct folders folders;
	struct service_spec services[SERVICES_MAX];
	struct spec spec;
	char *said;
	size_t said_length;
	struct bridge_spec lab;
};

static void setup(struct board_of_test *t, size_t count)
{
	static const char *const names[] = { "a", "b", "c", "d" };
	static const char *const symbols[] = { "SVC_A", "SVC_B", "SVC_C", "SVC_D" };

	*t = (struct board_of_test){ .arena = { NULL } };
	t->report.to = open_memstream(&t->said, &t->said_length);
	t->folders = (struct folders){ t->folders_at, count };
	t->spec = (struct spec){
		.arena = &t->arena, .report = &t->report, .config = &t->config,
		.folders = &t->folders, .services = t->services, .count = count,
		.board = {
			.bridge = { 0x0a4d0001, 29 },
			.prefix6 = { { 0xfd, 0x70 }, 64 },
			.more_bridges = { &t->lab, 1 },
		},
	};
	for (size_t i = 0; i < count; i++) {
		t->folders_at[i] = (struct folder){ names[i], symbols[i], names[i], false };
		t->services[i].folder = &t->folders_at[i];
		t->services[i].name = names[i];
		t->services[i].bridge_name = "br0";
	}
	t->lab = (struct bridge_spec){ .name = "lab", .subnet = { 0x0a4e0102, 16 } };
	check_bridges(&t->spec);
}

static void teardown(struct board_of_test *t)
{
	fclose(t->report.to);
	free(t->said);
	arena_free(&t->arena);
}

static void free_ids_are_multiples_between_the_chosen_ranges(void **state)
{
	static const struct {
		int64_t given[SERVICES_MAX], expected[SERVICES_MAX];
		unsigned int errors;
	} rows[] = {
		{ { 0, 0, 0, 0 }, { 1114112, 1179648, 1245184, 1310720 }, 0 },
		{ { 0, 1114112, 0, 0 }, { 1179648, 1114112, 1245184, 1310720 }, 0 },
		{ { 0, 1179648, 0, 1245184 }, { 1114112, 1179648, 1310720, 1245184 }, 0 },
		{ { 0, 1114113, 0, 0 }, { 1245184, 1114113, 1310720, 1376256 }, 0 },
		{ { 0, 1048577, 0, 0 }, { 1179648, 1048577, 1245184, 1310720 }, 0 },
		{ { 0, 1048576, 0, 0 }, { 1114112, 1048576, 1179648, 1245184 }, 0 },
		{ { 65536, 131072, 0, 0 }, { 65536, 131072, 1114112, 1179648 }, 0 },
		{ { 4294836224, 0, 0, 0 }, { 4294836224, 1114112, 1179648, 1245184 }, 0 },
		{ { 65536, 131071, 0, 0 }, { 65536, 131071, 1114112, 1179648 }, 1 },
		{ { 200000, 200000, 0, 0 }, { 200000, 200000, 1114112, 1179648 }, 1 },
		{ { 65535, 0, 0, 0 }, { 65535, 1114112, 1179648, 1245184 }, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct board_of_test t;

		setup(&t, SERVICES_MAX);
		for (size_t j = 0; j < SERVICES_MAX; j++)
			t.services[j].uid_base = rows[i].given[j];
		check_ids(&t.spec);
		for (size_t j = 0; j < SERVICES_MAX; j++)
			if (t.services[j].uid_base != rows[i].expected[j])
				fail_msg("row %zu: %s has %" PRId64, i, t.services[j].name,
					 t.services[j].uid_base);
		assert_int_equal(t.report.errors, rows[i].errors);
		teardown(&t);
	}
}

/* Who has volumes is told a base that is free, and gets it for this run. */
static void a_range_that_is_not_chosen_is_no_range_for_volumes(void **state)
{
	struct volume volume = { .name = "data", .path = "/data" };
	struct board_of_test t;

	(void)state;
	setup(&t, SERVICES_MAX);
	for (size_t i = 0; i < 3; i++)
		t.services[i].volumes = (struct volumes){ &volume, 1 };
	t.services[0].uid_base = 1114112;
	t.services[2].broken = true;	/* has other errors, and maybe no volumes */
	check_ids(&t.spec);
	fflush(t.report.to);
	assert_int_equal(t.report.errors, 1);
	assert_non_null(strstr(t.said, "b: SVC_B_UID_BASE=0: "));
	assert_non_null(strstr(t.said, "write 1179648, or"));
	teardown(&t);
}

static void free_addresses_fill_the_gaps_in_the_order_of_the_names(void **state)
{
	/* The last bytes of 10.77.0.0/29, whose .1 is the bridge's. */
	static const struct {
		uint8_t given[SERVICES_MAX], expected[SERVICES_MAX];
		unsigned int errors;
	} rows[] = {
		{ { 0, 0, 0, 0 }, { 2, 3, 4, 5 }, 0 },
		{ { 0, 2, 0, 0 }, { 3, 2, 4, 5 }, 0 },
		{ { 0, 0, 6, 3 }, { 2, 4, 6, 3 }, 0 },
		{ { 6, 5, 4, 3 }, { 6, 5, 4, 3 }, 0 },
		{ { 2, 2, 0, 0 }, { 2, 2, 3, 4 }, 1 },
		{ { 1, 0, 0, 0 }, { 1, 2, 3, 4 }, 1 },
		{ { 7, 0, 0, 0 }, { 7, 2, 3, 4 }, 1 },
		{ { 8, 0, 0, 0 }, { 8, 2, 3, 4 }, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct board_of_test t;

		setup(&t, SERVICES_MAX);
		for (size_t j = 0; j < SERVICES_MAX; j++)
			if (rows[i].given[j])
				t.services[j].address = 0x0a4d0000u + rows[i].given[j];
		check_addresses(&t.spec);
		for (size_t j = 0; j < SERVICES_MAX; j++)
			if (t.services[j].address != 0x0a4d0000u + rows[i].expected[j])
				fail_msg("row %zu: %s has %08x", i, t.services[j].name,
					 t.services[j].address);
		assert_int_equal(t.report.errors, rows[i].errors);
		teardown(&t);
	}
}

static void a_full_subnet_is_said_once(void **state)
{
	struct board_of_test t;

	(void)state;
	setup(&t, SERVICES_MAX);
	t.spec.board.bridges[0].subnet.prefix = 30;
	check_addresses(&t.spec);
	assert_int_equal(t.report.errors, 1);
	assert_int_equal(t.services[0].address, 0x0a4d0002);
	teardown(&t);
}

static void each_bridge_has_its_own_addresses_of_both_families(void **state)
{
	static const uint8_t bridge[16] = { 0xfd, 0x70, [15] = 1 };
	static const uint8_t b[16] = { 0xfd, 0x70, [15] = 2 }, none[16];
	struct board_of_test t;

	(void)state;
	setup(&t, SERVICES_MAX);
	t.services[0].bridge_name = t.services[2].bridge_name = "lab";
	t.services[2].address = 0x0a4e0001;
	check_addresses(&t.spec);
	assert_int_equal(t.report.errors, 0);
	assert_memory_equal(t.spec.board.bridges[0].address6, bridge, 16);
	assert_false(t.spec.board.bridges[1].ipv6);
	assert_int_equal(t.services[0].bridge, 1);
	assert_int_equal(t.services[0].address, 0x0a4e0002);
	assert_false(t.services[0].ipv6);
	assert_memory_equal(t.services[0].address6, none, 16);
	assert_int_equal(t.services[2].address, 0x0a4e0001);
	assert_int_equal(t.services[1].bridge, 0);
	assert_int_equal(t.services[1].address, 0x0a4d0002);
	assert_true(t.services[1].ipv6);
	assert_memory_equal(t.services[1].address6, b, 16);
	assert_int_equal(t.services[3].address, 0x0a4d0003);
	teardown(&t);
}

static void the_number_of_an_ipv6_address_is_that_of_the_ipv4_address(void **state)
{
	struct board_of_test t;

	(void)state;
	setup(&t, 1);
	t.spec.board.bridge = (struct ipv4_subnet){ 0x0a000001, 8 };
	check_bridges(&t.spec);
	t.services[0].address = 0x0a4d1f09;
	check_addresses(&t.spec);
	assert_memory_equal(t.services[0].address6 + 8, "\0\0\0\0\0\x4d\x1f\x09", 8);
	teardown(&t);
}

static void a_mac_follows_from_the_name_and_is_local_and_unicast(void **state)
{
	struct board_of_test t, u;

	(void)state;
	setup(&t, 3);
	setup(&u, 2);
	check_addresses(&t.spec);
	check_addresses(&u.spec);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(t.services[i].mac[0] & 3, 2);
	assert_memory_equal(t.services[1].mac, u.services[1].mac, 6);
	assert_memory_not_equal(t.services[0].mac, t.services[1].mac, 6);
	assert_int_equal(t.spec.board.bridges[0].mac[0] & 3, 2);
	assert_memory_equal(t.spec.board.bridges[0].mac, u.spec.board.bridges[0].mac, 6);
	assert_memory_not_equal(t.spec.board.bridges[0].mac, t.spec.board.bridges[1].mac, 6);
	teardown(&t);
	teardown(&u);
}

/* Row i of names is the AFTER of service i. */
static void set_after(struct board_of_test *t, char *names[][SERVICES_MAX])
{
	for (size_t i = 0; i < SERVICES_MAX; i++) {
		t->services[i].after_names.at = names[i];
		while (names[i][t->services[i].after_names.count])
			t->services[i].after_names.count++;
	}
}

static void after_and_before_are_each_others_inverse(void **state)
{
	char *names[][SERVICES_MAX] = { { "d" }, { "d", "a" }, { NULL }, { NULL } };
	struct board_of_test t;

	(void)state;
	setup(&t, SERVICES_MAX);
	set_after(&t, names);
	check_after(&t.spec);
	assert_int_equal(t.report.errors, 0);
	assert_int_equal(t.services[1].after.count, 2);
	assert_int_equal(t.services[1].after.at[0], 3);
	assert_int_equal(t.services[1].after.at[1], 0);
	assert_int_equal(t.services[3].before.count, 2);
	assert_int_equal(t.services[3].before.at[0], 0);
	assert_int_equal(t.services[3].before.at[1], 1);
	assert_int_equal(t.services[0].before.count, 1);
	assert_int_equal(t.services[0].before.at[0], 1);
	assert_int_equal(t.services[2].before.count + t.services[2].after.count, 0);
	teardown(&t);
}

static void each_cycle_is_named_once(void **state)
{
	char *names[][SERVICES_MAX] = { { "b" }, { "c", "a" }, { "b" }, { "a" } };
	struct board_of_test t;

	(void)state;
	setup(&t, SERVICES_MAX);
	set_after(&t, names);
	check_after(&t.spec);
	fflush(t.report.to);
	assert_int_equal(t.report.errors, 2);
	assert_non_null(strstr(t.said, "the cycle a -> b -> a;"));
	assert_non_null(strstr(t.said, "the cycle b -> c -> b;"));
	teardown(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(free_ids_are_multiples_between_the_chosen_ranges),
		cmocka_unit_test(a_range_that_is_not_chosen_is_no_range_for_volumes),
		cmocka_unit_test(free_addresses_fill_the_gaps_in_the_order_of_the_names),
		cmocka_unit_test(a_full_subnet_is_said_once),
		cmocka_unit_test(each_bridge_has_its_own_addresses_of_both_families),
		cmocka_unit_test(the_number_of_an_ipv6_address_is_that_of_the_ipv4_address),
		cmocka_unit_test(a_mac_follows_from_the_name_and_is_local_and_unicast),
		cmocka_unit_test(after_and_before_are_each_others_inverse),
		cmocka_unit_test(each_cycle_is_named_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
