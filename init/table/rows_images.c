/*
 * Writes images and keys as rows.  Decides their form; which there are, and how each
 * is checked, was decided before.
 */
#include "rows_images.h"

#include "field.h"
#include "images.h"
#include "literal.h"

static void write_images(const struct spec *spec, FILE *to)
{
	static const char *const types[] = { "IMAGE_EROFS", "IMAGE_SQUASHFS" };

	fputs("#include \"init/manifest.h\"\n\n"
	      "const struct image images[IMAGE_SLOTS] = {\n", to);
	for (size_t i = 0; i < spec->image_count; i++) {
		fprintf(to, "[%zu] = {\n", i);
		field_text("name", spec->images[i].name, to);
		field_flag("is_partition", spec->images[i].is_partition, to);
		field_flag("verity", images_has_verity(spec, &spec->images[i]), to);
		field_symbol("type", types[spec->board.image_type], to);
		fputs("},\n", to);
	}
	fputs("};\n\n", to);
}

static const char *symbol(const struct spec *spec, const char *what, size_t place)
{
	return arena_printf(spec->arena, "key_%s_%zu", what, place);
}

static void write_keys(const struct spec *spec, FILE *to)
{
	for (size_t i = 0; i < spec->key_count; i++) {
		const struct key_spec *key = &spec->keys[i];

		literal_bytes(symbol(spec, "point", i), key->point, key->point ? KEY_POINT_SIZE : 0,
			      to);
		literal_bytes(symbol(spec, "modulus", i), key->modulus, key->modulus_size, to);
		literal_bytes(symbol(spec, "exponent", i), key->exponent, key->exponent_size, to);
	}
	fputs("const struct trusted_key trusted_keys[] = {\n", to);
	for (size_t i = 0; i < spec->key_count; i++) {
		const struct key_spec *key = &spec->keys[i];

		fprintf(to, "[%zu] = {\n", i);
		if (key->point)
			field_symbol("point", symbol(spec, "point", i), to);
		field_list("modulus", symbol(spec, "modulus", i), "modulus_size", key->modulus_size,
			   to);
		field_list("exponent", symbol(spec, "exponent", i), "exponent_size",
			   key->exponent_size, to);
		fputs("},\n", to);
	}
	fputs("};\n\n", to);
}

void rows_of_images(const struct spec *spec, FILE *to)
{
	if (!spec->image_count)
		return;
	write_images(spec, to);
	write_keys(spec, to);
}

void rows_images_fields(const struct spec *spec, FILE *to)
{
	const struct board_spec *own = &spec->board;

	if (!spec->image_count)
		return;
	field_text("product", own->product, to);
	field_text("name", images_board_name(spec), to);
	field_number("serial_least", own->serial_least, to);
	field_number("update_confirm_ms", own->confirm_s * 1000, to);
	field_flag("update_rollback", own->rollback, to);
}
