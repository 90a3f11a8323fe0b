/*
 * Writes the image's plan: which roots there are, whose, and what is added to them.
 * Decides nothing but its form.
 */
#include <inttypes.h>

#include "budget.h"
#include "emit.h"
#include "files.h"
#include "images.h"
#include "mounts.h"

static void write_file(const char *root, const struct root_file *file, FILE *to)
{
	if (!file->keeps)
		fprintf(to, "file\t%s\t%s\n", root, file->path);
	for (size_t i = 0; i < file->lines.count; i++)
		fprintf(to, "line\t%s\t%s\t%s\n", root, file->path, file->lines.at[i]);
}

/* What the firmware knows is not for an image to say, which may be older or newer: the
 * file lies in the initramfs, and the image only has a place for it. */
static void write_file_of_image(const char *root, const char *source,
				const struct root_file *file, FILE *to)
{
	fprintf(to, "file\t%s\t%s\n", root, file->path);
	if (source && file->keeps)
		fprintf(to, "copy\t%s\t%s\t%s\n", source, root, file->path);
	for (size_t i = 0; source && i < file->lines.count; i++)
		fprintf(to, "text\t%s\t%s\n", source, file->lines.at[i]);
}

static void write_content(const struct spec *spec, const struct service_spec *service, FILE *to)
{
	struct mount_points mounts = mounts_of(spec->arena, service);
	struct root_files files = files_of(spec, service);
	const char *root = spec_root_folder(spec, service)->name;

	for (size_t i = 0; i < mounts.count; i++)
		fprintf(to, "dir\t%s\t%s\n", root, mounts.at[i].path);
	for (size_t i = 0; i < files.count; i++)
		if (files_tmpfs_of(&mounts, &files.at[i]))
			continue;
		else if (service->image)
			write_file_of_image(root, files_source(spec, service, &files.at[i]),
					    &files.at[i], to);
		else
			write_file(root, &files.at[i], to);
}

/* A root that several services have is none of theirs, but the board's. */
static void write_root(const struct spec *spec, const struct service_spec *service, FILE *to)
{
	fprintf(to, "root\t%s\t%" PRId64 "\n", service->folder->name,
		service->lease_of ? 0 : service->uid_base);
	write_content(spec, service, to);
}

static void write_images(const struct spec *spec, FILE *to)
{
	static const char *const types[] = { "erofs", "squashfs" };

	if (!spec->image_count)
		return;
	fprintf(to, "release\t%s\t%s\t%" PRId64 "\n", spec->board.product,
		images_board_name(spec), spec->board.serial_least);
	for (size_t i = 0; i < spec->image_count; i++) {
		const struct image_spec *image = &spec->images[i];
		const struct service_spec *maker = &spec->services[image->maker];

		fprintf(to, "image\t%s\t%s\t%s\t%s\n", image->name, maker->folder->name,
			images_owner(spec, image), types[spec->board.image_type]);
	}
}

/* They differ in nothing that the plan says. */
static bool has_root_before(const struct spec *spec, size_t place)
{
	for (size_t i = 0; i < place; i++)
		if (spec->services[i].folder == spec->services[place].folder)
			return true;
	return false;
}

void emit_plan(const struct spec *spec, FILE *to)
{
	struct budget budget = budget_of(spec);

	fprintf(to, "budget\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%d\n", budget.ram,
		budget.services, budget.reserve, spec->board.overcommit);
	for (size_t i = 0; i < spec->count; i++) {
		const struct service_spec *service = &spec->services[i];

		fprintf(to, "service\t%s\t%s\t%" PRId64 "\n", service->name,
			service->folder->name, service->uid_base);
		if (service->image)
			write_content(spec, service, to);
		else if (!has_root_before(spec, i))
			write_root(spec, service, to);
	}
	write_images(spec, to);
}
