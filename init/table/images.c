/*
 * Which images there are, from whose root each is made, and what the board needs to have
 * for them.  Decides who maps the owners of its files: the kernel, when it is mounted, or
 * whoever builds it.  What the options of the kernel are, gate_rows.c knows.
 *
 * An image that several services have is made of the root of the one that is called as
 * the image; or else all of them have to have one folder.
 */
#include "images.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../manifest.h"
#include "checks.h"
#include "values.h"

/* From these on the kernel maps the owners of a mount of that type (FS_ALLOW_IDMAP), in
 * the order of enum image_type: 5.19 and 6.2. */
static const unsigned int maps_owners_from[] = { 519, 602 };

static const char *const type_names[] = { "erofs", "squashfs" };

bool images_has_verity(const struct spec *spec, const struct image_spec *image)
{
	return image->is_partition || spec->board.image_check == IMAGE_CHECK_VERITY;
}

const char *images_board_name(const struct spec *spec)
{
	return *spec->board.update_board || !spec->name ? spec->board.update_board : spec->name;
}

/* All that have it are mapped to their ranges, if it is from the same file system. */
static bool is_mapped(const struct spec *spec, const struct image_spec *image)
{
	for (size_t i = 0; i < spec->count; i++)
		if (spec->services[i].image == (size_t)(image - spec->images) + 1 &&
		    !spec->services[i].idmap)
			return false;
	return true;
}

const char *images_owner(const struct spec *spec, const struct image_spec *image)
{
	if (is_mapped(spec, image))
		return "0";
	if (image->users > 1)
		return "-";
	return arena_printf(spec->arena, "%" PRId64, spec->services[image->maker].uid_base);
}

static bool has_image(const struct service_spec *service)
{
	return !service->broken && service->root_name;
}

/* As ROOT says it. */
static const char *root_text(const struct spec *spec, int root, const char *name)
{
	return arena_printf(spec->arena, "%s%s", root == ROOT_PARTITION ? "part:" : "image:", name);
}

static int by_name(const void *one, const void *other)
{
	return strcmp(((const struct image_spec *)one)->name,
		      ((const struct image_spec *)other)->name);
}

static struct image_spec *image_of(const struct spec *spec, const struct service_spec *service)
{
	for (size_t i = 0; i < spec->image_count; i++)
		if (!strcmp(spec->images[i].name, service->root_name))
			return &spec->images[i];
	return NULL;
}

/* The first that has it makes it, for now. */
static void collect(struct spec *spec)
{
	spec->images = arena_array(spec->arena, spec->count, sizeof(*spec->images));
	for (size_t i = 0; i < spec->count; i++) {
		const struct service_spec *service = &spec->services[i];
		struct image_spec *image;

		if (!has_image(service))
			continue;
		image = image_of(spec, service);
		if (!image) {
			image = &spec->images[spec->image_count++];
			*image = (struct image_spec){
				service->root_name, service->root == ROOT_PARTITION, i, 0,
			};
		}
		image->users++;
		if (!strcmp(service->folder->name, image->name)) {
			image->maker = i;
			image->is_partition = service->root == ROOT_PARTITION;
		}
	}
	if (spec->image_count)
		qsort(spec->images, spec->image_count, sizeof(spec->images[0]), by_name);
}

static void check_shared(const struct spec *spec, const struct service_spec *service)
{
	const struct image_spec *image = image_of(spec, service);
	const struct service_spec *maker = &spec->services[image->maker];

	if (image->is_partition != (service->root == ROOT_PARTITION))
		spec_service_error(spec, service, "ROOT", "for %s it is \"%s\"; write the same, or "
				   "another name", maker->name,
				   root_text(spec, maker->root, maker->root_name));
	else if (service->folder != maker->folder && strcmp(maker->folder->name, image->name))
		spec_service_error(spec, service, "ROOT", "%s has it too, and nobody knows of whose "
				   "root it is made; write \"%s\" or \"%s\" for both", maker->name,
				   root_text(spec, service->root, maker->folder->name),
				   root_text(spec, service->root, service->folder->name));
}

const char *images_fix_owner(const struct spec *spec, const struct service_spec *service)
{
	const char *type = type_names[spec->board.image_type];

	if (!service->image || service->idmap || service->is_nobodys)
		return NULL;
	if (!service->userns)
		return "with USERNS=n nobody maps the owners in its image";
	if (!spec->kernel_version)
		return arena_printf(spec->arena, "kernels before %u.%u do not map the owners in its "
				    "image, and which one the board has is not known",
				    maps_owners_from[spec->board.image_type] / 100,
				    maps_owners_from[spec->board.image_type] % 100);
	return arena_printf(spec->arena, "a kernel %u.%u does not map the owners in its image of %s",
			    spec->kernel_version / 100, spec->kernel_version % 100, type);
}

static void check_service(struct spec *spec, struct service_spec *service)
{
	const struct image_spec *image = image_of(spec, service);

	service->image = (size_t)(image - spec->images) + 1;
	service->idmap = service->userns &&
		spec->kernel_version >= maps_owners_from[spec->board.image_type];
	service->is_nobodys = !service->idmap && image->users > 1;
	check_shared(spec, service);
}

/* The first service whose root comes from there. */
static const struct service_spec *first_with(const struct spec *spec, int root)
{
	for (size_t i = 0; i < spec->count; i++)
		if (has_image(&spec->services[i]) && spec->services[i].root == root)
			return &spec->services[i];
	return NULL;
}

/* What only updates have, where there can be none. */
static void refuse_updates(const struct spec *spec, const char *why)
{
	if (spec->board.confirm_s)
		spec_board_error(spec, "UPDATE_CONFIRM_S", "%s, or 0", why);
	if (spec->board.rollback)
		spec_board_error(spec, "UPDATE_ROLLBACK", "%s, or # CONFIG_UPDATE_ROLLBACK is not set",
				 why);
}

static void check_storage(const struct spec *spec)
{
	const struct service_spec *file = first_with(spec, ROOT_IMAGE);
	const struct service_spec *partition = first_with(spec, ROOT_PARTITION);

	if (*spec->board.data_label)
		return;
	if (partition)
		spec_service_error(spec, partition, "ROOT", "what is signed about the partitions lies "
				   "on the data partition; write its label in CONFIG_DATA, or "
				   "\"image:%s\"", partition->root_name);
	if (file && !spec->board.factory)
		spec_service_error(spec, file, "ROOT", "there is neither a data partition for it nor "
				   "a release in the firmware; write the partition's label in "
				   "CONFIG_DATA, or CONFIG_FACTORY=y");
	refuse_updates(spec, "updates lie on the data partition; write its label in CONFIG_DATA");
}

static void check_board(const struct spec *spec)
{
	const char *first = spec->services[spec->images[0].maker].name;
	const char *name = images_board_name(spec);

	if (!spec->board.image_keys.count)
		spec_board_error(spec, "IMAGE_KEYS", "%s's root is an image, and it has to be signed; "
				 "write the path of a public key (make keys makes one for the bench)",
				 first);
	if (!*spec->board.product)
		spec_board_error(spec, "UPDATE_PRODUCT", "a release says which product it is for; "
				 "write one, such as \"gateway\"");
	if (!*name)
		spec_board_error(spec, "UPDATE_BOARD", "a release says which board it is for; write "
				 "one, such as \"rpi4\"");
	else if (strlen(name) >= MANIFEST_NAME_SIZE || !values_is_release_name(name))
		spec_board_error(spec, "UPDATE_BOARD", "the board's own name %s cannot stand in a "
				 "release; write one of a-z, 0-9, '-' and '_' that starts with a "
				 "letter", name);
	if (spec->image_count > MANIFEST_IMAGES_MAX)
		spec_service_error(spec, &spec->services[spec->images[MANIFEST_IMAGES_MAX].maker],
				   "ROOT", "a release has at most %d images; write \"dir\"",
				   MANIFEST_IMAGES_MAX);
	check_storage(spec);
}

void check_images(struct spec *spec)
{
	bool broken = spec->board.broken;

	collect(spec);
	for (size_t i = 0; i < spec->count; i++) {
		if (has_image(&spec->services[i]))
			check_service(spec, &spec->services[i]);
		broken |= spec->services[i].broken;
	}
	spec->board.has_images = spec->image_count;
	spec->board.has_partitions = first_with(spec, ROOT_PARTITION);
	if (spec->board.broken)
		return;
	if (spec->image_count)
		check_board(spec);
	else if (!broken)
		refuse_updates(spec, "no service has an image that could be updated; write "
			       "\"image:<name>\" in the ROOT of one");
}
