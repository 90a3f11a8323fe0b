/*
 * Which services share a filter, and how it stands in the table.
 *
 * links: init/table/seccomp.c init/table/seccomp_calls.c init/table/seccomp_rules.c
 * links: init/table/seccomp_checks.c init/table/seccomp_compile.c
 * links: init/table/seccomp_text.c init/table/seccomp_tree.c init/table/field.c
 * links: init/table/literal.c
 * links: init/table/spec.c init/table/vocabulary.c init/table/values.c
 * links: init/table/values_process.c init/table/values_network.c
 * links: init/table/use.c init/table/words.c init/table/number.c
 * links: init/table/ipv4.c init/table/signals.c init/table/arena.c
 * links: init/table/report.c init/table/utf8.c init/table/dotconfig.c
 * links: init/table/folders.c init/table/nearest.c
 * links: init/table/values_view.c init/table/values_image.c init/table/caps.c
 * links: init/table/values_uplink.c init/table/values_ports.c init/table/ipv6.c
 * libraries: -lseccomp
 */
#include <linux/capability.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "init/service.h"
#include "init/table/seccomp.h"

#define CAP(name) (UINT64_C(1) << CAP_##name)

static char *read_open[] = { "read", "open", NULL };
static char *open_read[] = { "open", "read", NULL };
static char *with_foreign[] = { "read", "open", "fstat64", NULL };
static char *with_basic[] = { "read", "open", "write", NULL };

#define STRICT(list, length) \
	.seccomp = SERVICE_SECCOMP_STRICT, .seccomp_calls = { (list), (length) }

/* The filter that each has in the end, -1 for none. */
static const struct row {
	struct service_spec service;
	int filter;
} rows[] = {
	{ { .seccomp = SERVICE_SECCOMP_DEFAULT }, 0 },
	{ { .seccomp = SERVICE_SECCOMP_NONE }, -1 },
	{ { .seccomp = SERVICE_SECCOMP_DEFAULT, .caps = CAP(SYS_TIME) }, 1 },
	{ { .seccomp = SERVICE_SECCOMP_DEFAULT }, 0 },
	/* Nothing that a filter knows of */
	{ { .seccomp = SERVICE_SECCOMP_DEFAULT, .caps = CAP(CHOWN) }, 0 },
	{ { .seccomp = SERVICE_SECCOMP_DEFAULT, .init = true }, 0 },
	{ { .seccomp = SERVICE_SECCOMP_DEFAULT, .net = SERVICE_NET_NONE }, 0 },
	{ { .seccomp = SERVICE_SECCOMP_DEFAULT, .net = SERVICE_NET_HOST }, 2 },
	{ { STRICT(read_open, 2) }, 3 },
	{ { STRICT(open_read, 2) }, 3 },
	{ { STRICT(with_foreign, 3) }, 3 },
	{ { STRICT(with_basic, 3) }, 3 },
	{ { STRICT(read_open, 2), .init = true }, 4 },
	{ { STRICT(read_open, 2), .seccomp_log = true }, 5 },
	{ { STRICT(NULL, 0), .seccomp_log = true }, 6 },
	{ { STRICT(read_open, 2), .caps = CAP(NET_RAW) }, 3 },
};

#define COUNT (sizeof(rows) / sizeof(rows[0]))

/* One after the other, as the host tool has them. */
struct table {
	struct arena arena;
	struct report report;
	struct folder folder;
	struct folders folders;
	struct dotconfig config;
	struct service_spec services[COUNT];
	struct spec spec;
	char *text;
	size_t length;
};

static void make(struct table *table, const char *arch)
{
	FILE *to;

	memset(table, 0, sizeof(*table));
	table->report.to = stderr;
	table->folder = (struct folder){ "a", "SVC_A", "a", false };
	table->folders = (struct folders){ &table->folder, 1 };
	table->spec = (struct spec){
		.arena = &table->arena, .report = &table->report, .config = &table->config,
		.folders = &table->folders, .arch = arch, .services = table->services,
		.count = COUNT,
	};
	for (size_t i = 0; i < COUNT; i++) {
		table->services[i] = rows[i].service;
		table->services[i].folder = &table->folder;
		table->services[i].name = "a";
	}
	check_seccomp(&table->spec);
	assert_int_equal(table->report.errors, 0);
	to = open_memstream(&table->text, &table->length);
	seccomp_write_filters(&table->spec, to);
	for (size_t i = 0; i < COUNT; i++)
		seccomp_write_fields(&table->spec, &table->services[i], to);
	fclose(to);
}

static void drop(struct table *table)
{
	free(table->text);
	arena_free(&table->arena);
}

/* What a service's row says, to be freed. */
static char *fields_of(const struct table *table, size_t place)
{
	char *text;
	size_t length;
	FILE *to = open_memstream(&text, &length);

	seccomp_write_fields(&table->spec, &table->services[place], to);
	fclose(to);
	return text;
}

static void services_with_the_same_program_share_it(void **state)
{
	struct table table;

	(void)state;
	make(&table, "x86_64");
	for (size_t i = 0; i < COUNT; i++) {
		char *fields = fields_of(&table, i), expected[32];
		bool has = rows[i].filter >= 0;

		snprintf(expected, sizeof(expected), ".filter = filter_%d,", rows[i].filter);
		if (has ? !strstr(fields, expected) : strstr(fields, ".filter") != NULL)
			fail_msg("row %zu: %s %s in %s", i, has ? "no" : "there is", expected,
				 fields);
		free(fields);
	}
	drop(&table);
}

/* Each array has as many instructions as its services say, and there are no
 * others. */
static void each_program_is_written_once_and_whole(void **state)
{
	struct table table;
	unsigned int programs = 0, number;
	char line[256], ending;
	FILE *text;

	(void)state;
	make(&table, "x86_64");
	text = fmemopen(table.text, table.length, "r");
	while (fgets(line, sizeof(line), text)) {
		size_t instructions = 0;
		char count_line[64];

		if (sscanf(line, "static const struct sock_filter filter_%u[] = {%c", &number,
			   &ending) != 2)
			continue;
		assert_int_equal(number, programs++);
		while (fgets(line, sizeof(line), text) && strcmp(line, "};\n"))
			instructions++;
		snprintf(count_line, sizeof(count_line),
			 ".filter = filter_%u,\n\t.filter_count = %zuu,", number, instructions);
		assert_non_null(strstr(table.text, count_line));
	}
	fclose(text);
	assert_int_equal(programs, 7);
	drop(&table);
}

static void two_runs_write_the_same_bytes(void **state)
{
	static const char *const archs[] = { "x86_64", "arm64", "arm" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct table one, other;

		make(&one, archs[i]);
		make(&other, archs[i]);
		assert_int_equal(one.length, other.length);
		assert_string_equal(one.text, other.text);
		drop(&one);
		drop(&other);
	}
}

static size_t content_length(const struct table *table, size_t place)
{
	char *text;
	size_t length;
	FILE *to = open_memstream(&text, &length);

	seccomp_write_content(&table->spec, &table->services[place], to);
	fclose(to);
	assert_null(strstr(text, "filter_"));
	free(text);
	return length;
}

/* Or a service would be another one because its neighbour is. */
static void the_place_of_a_program_is_no_part_of_its_content(void **state)
{
	struct table table;

	(void)state;
	make(&table, "x86_64");
	for (size_t i = 0; i < COUNT; i++)
		assert_true(content_length(&table, i) > 0);
	drop(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(services_with_the_same_program_share_it),
		cmocka_unit_test(each_program_is_written_once_and_whole),
		cmocka_unit_test(two_runs_write_the_same_bytes),
		cmocka_unit_test(the_place_of_a_program_is_no_part_of_its_content),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
