/*
 * Fields of a row as C source.  Decides how a value is spelt; knows nothing of
 * the rows.
 */
#include "field.h"

#include <inttypes.h>

#include "ipv4.h"
#include "ipv6.h"
#include "literal.h"

void field_text(const char *field, const char *text, FILE *to)
{
	fprintf(to, "\t.%s = ", field);
	literal_string(text, to);
	fputs(",\n", to);
}

void field_number(const char *field, int64_t number, FILE *to)
{
	fprintf(to, "\t.%s = %" PRId64 ",\n", field, number);
}

/* "1114112u" */
void field_unsigned(const char *field, uint64_t number, FILE *to)
{
	fprintf(to, "\t.%s = %" PRIu64 "u,\n", field, number);
}

void field_flag(const char *field, bool flag, FILE *to)
{
	field_symbol(field, flag ? "true" : "false", to);
}

void field_symbol(const char *field, const char *symbol, FILE *to)
{
	fprintf(to, "\t.%s = %s,\n", field, symbol);
}

void field_list(const char *field, const char *symbol, const char *count_field, size_t count,
		FILE *to)
{
	if (!count)
		return;
	field_symbol(field, symbol, to);
	fprintf(to, "\t.%s = %zu,\n", count_field, count);
}

void field_address(struct arena *arena, const char *field, uint32_t address, FILE *to)
{
	fprintf(to, "\t.%s = 0x%08" PRIx32 "u,\t/* %s */\n", field, address,
		ipv4_format(arena, address));
}

void field_bytes(const char *field, const uint8_t *bytes, size_t count, FILE *to)
{
	fprintf(to, "\t.%s = {", field);
	for (size_t i = 0; i < count; i++)
		fprintf(to, "%s0x%02x", i ? ", " : " ", bytes[i]);
	fputs(" },\n", to);
}

void field_address6(struct arena *arena, const char *field, const uint8_t address[16], FILE *to)
{
	fprintf(to, "\t/* %s */\n", ipv6_format(arena, address));
	field_bytes(field, address, 16, to);
}

void field_fingerprint(const char *field, uint64_t fingerprint, FILE *to)
{
	fprintf(to, "\t.%s = 0x%016" PRIx64 "ull,\n", field, fingerprint);
}
