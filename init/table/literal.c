/*
 * Data as C source.  Decides how bytes and rows are spelt; knows nothing of
 * the table that they belong to.
 */
#include "literal.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

/* Octal escapes of three digits end by themselves, hexadecimal ones swallow
 * what follows; '?' is escaped because of trigraphs. */
void literal_string(const char *text, FILE *to)
{
	fputc('"', to);
	for (; *text; text++) {
		unsigned char byte = (unsigned char)*text;

		if (byte < ' ' || byte > '~')
			fprintf(to, "\\%03o", byte);
		else if (strchr("\"\\?", byte))
			fprintf(to, "\\%c", byte);
		else
			fputc(byte, to);
	}
	fputc('"', to);
}

const char *literal_symbol(struct arena *arena, const char *prefix, const char *name)
{
	size_t size = strlen(prefix) + 1 + 3 * strlen(name) + 1;
	char *symbol = arena_alloc(arena, size), *to = symbol;

	to += sprintf(to, "%s_", prefix);
	for (; *name; name++) {
		if (isalnum((unsigned char)*name))
			*to++ = *name;
		else
			to += sprintf(to, *name == '-' ? "_" : "_%02x", (unsigned char)*name);
	}
	return symbol;
}

void literal_words(const char *symbol, const struct words *words, FILE *to)
{
	fprintf(to, "static const char *const %s[] = {\n", symbol);
	for (size_t i = 0; i < words->count; i++) {
		fputc('\t', to);
		literal_string(words->at[i], to);
		fputs(",\n", to);
	}
	fputs("\tNULL,\n};\n\n", to);
}

void literal_places(const char *symbol, const struct places *places, FILE *to)
{
	if (!places->count)
		return;
	fprintf(to, "static const uint16_t %s[] = {", symbol);
	for (size_t i = 0; i < places->count; i++)
		fprintf(to, "%s%u", i ? ", " : " ", places->at[i]);
	fputs(" };\n\n", to);
}

void literal_limits(const char *symbol, const struct limits *limits, FILE *to)
{
	if (!limits->count)
		return;
	fprintf(to, "static const struct service_limit %s[] = {\n", symbol);
	for (size_t i = 0; i < limits->count; i++) {
		fputs("\t{ .file = ", to);
		literal_string(limits->at[i].file, to);
		fputs(", .value = ", to);
		literal_string(limits->at[i].value, to);
		if (limits->at[i].device) {
			fputs(", .device = ", to);
			literal_string(limits->at[i].device, to);
		}
		fputs(" },\n", to);
	}
	fputs("};\n\n", to);
}

/* A field of a row; C makes it false if nothing is said. */
static void literal_flag(const char *field, bool flag, FILE *to)
{
	if (flag)
		fprintf(to, ", .%s = true", field);
}

void literal_tmpfs(const char *symbol, const struct tmpfs_list *tmpfs, FILE *to)
{
	if (!tmpfs->count)
		return;
	fprintf(to, "static const struct service_tmpfs %s[] = {\n", symbol);
	for (size_t i = 0; i < tmpfs->count; i++) {
		fputs("\t{ .path = ", to);
		literal_string(tmpfs->at[i].path, to);
		fprintf(to, ", .size = \"%" PRIu64 "\"", tmpfs->at[i].bytes);
		literal_flag("exec", tmpfs->at[i].exec, to);
		fputs(" },\n", to);
	}
	fputs("};\n\n", to);
}

void literal_volumes(struct arena *arena, const char *symbol, const char *service,
		     const struct volumes *volumes, FILE *to)
{
	if (!volumes->count)
		return;
	fprintf(to, "static const struct service_volume %s[] = {\n", symbol);
	for (size_t i = 0; i < volumes->count; i++) {
		const struct volume *volume = &volumes->at[i];

		fputs("\t{ .folder = ", to);
		literal_string(arena_printf(arena, "%s/%s", service, volume->name), to);
		fputs(", .path = ", to);
		literal_string(volume->path, to);
		literal_flag("read_only", volume->read_only, to);
		literal_flag("exec", volume->exec, to);
		fputs(" },\n", to);
	}
	fputs("};\n\n", to);
}

void literal_devices(const char *symbol, const struct devices *devices, FILE *to)
{
	if (!devices->count)
		return;
	fprintf(to, "static const struct service_device %s[] = {\n", symbol);
	for (size_t i = 0; i < devices->count; i++) {
		fputs("\t{ .path = ", to);
		literal_string(devices->at[i].path, to);
		literal_flag("read", devices->at[i].read, to);
		literal_flag("write", devices->at[i].write, to);
		fputs(" },\n", to);
	}
	fputs("};\n\n", to);
}

const char *literal_protocol(bool udp)
{
	return udp ? "17 /* udp */" : "6 /* tcp */";
}

void literal_bytes(const char *symbol, const uint8_t *bytes, size_t count, FILE *to)
{
	if (!count)
		return;
	fprintf(to, "static const uint8_t %s[] = {", symbol);
	for (size_t i = 0; i < count; i++)
		fprintf(to, "%s0x%02x,", i % 12 ? " " : "\n\t", bytes[i]);
	fputs("\n};\n\n", to);
}
