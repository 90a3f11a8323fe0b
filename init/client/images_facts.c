/*
 * Puts together what the table, PID 1 and the kernel say of images.  Refuses to know
 * where releases lie (slots.h).
 */
#include "images_facts.h"

#include <string.h>
#include <sys/statvfs.h>

#include "clock.h"
#include "manifest.h"
#include "paths.h"

/* The folder, a serial and a name. */
#define PATH_SIZE (sizeof(PATH_IMAGES) + 22 + IMAGE_NAME_SIZE)

bool images_facts_read(const struct client *c, struct state_images *to)
{
	if (state_read_images(c->state, to))
		return true;
	*to = (struct state_images){ .is.phase = IMAGES_PHASE_COUNT };
	return false;
}

static const char *check_of(const struct image *row)
{
	return row->verity ? "dm-verity" : "sha256";
}

/* 0 is "none". */
static int64_t known(uint64_t serial)
{
	return serial ? (int64_t)serial : -1;
}

void images_facts_show_service(struct show *s, const struct client *c, uint16_t id,
			       const struct state_service *is)
{
	unsigned place = services[id].image - 1u;
	struct state_images all;
	const struct state_image *image = &all.image[place];

	images_facts_read(c, &all);
	show_string(s, "image", images[place].name);
	show_number(s, "image_release", SHOW_COUNT, known(is->image));
	if (image->serial != is->image)
		show_number(s, "image_next", SHOW_COUNT, known(image->serial));
	show_string(s, "image_check", check_of(&images[place]));
	show_number(s, "image_corrupted", SHOW_COUNT, (int64_t)image->corrupted);
}

bool images_facts_add_waiting(struct text *t, const struct client *c, const struct service *s)
{
	unsigned place = s->image - 1u;
	struct state_images all;

	if (!images_facts_read(c, &all) || all.image[place].serial)
		return false;
	text_add(t, "waits for image %s: ", images[place].name);
	images_explain(t, &all.is, clock_now_ms());
	return true;
}

/* Of the file system that is mounted there, or -1. */
static int64_t mounted_bytes(const struct image *row, uint64_t serial)
{
	char path[PATH_SIZE];
	struct text t = TEXT_ON(path);
	struct statvfs fs;

	text_add(&t, PATH_IMAGES "/%llu/%s", (unsigned long long)serial, row->name);
	if (!serial || t.cut || statvfs(path, &fs) < 0)
		return -1;
	return (int64_t)((uint64_t)fs.f_blocks * fs.f_frsize);
}

static void show_row(struct show *s, const struct image *row)
{
	show_string(s, "name", row->name);
	show_string(s, "type", image_type_names[row->type]);
	show_string(s, "on", row->is_partition ? "partition" : "file");
	show_string(s, "check", check_of(row));
}

void images_facts_show_all(struct show *s, const struct state_images *is)
{
	const unsigned count = IMAGE_COUNT;

	show_open(s, "images", '[');
	for (unsigned i = 0; i < count; i++) {
		const struct state_image *image = &is->image[i];

		show_open(s, NULL, '{');
		show_row(s, &images[i]);
		show_number(s, "release", SHOW_COUNT, known(image->serial));
		show_number(s, "mounted", SHOW_BYTES, mounted_bytes(&images[i], image->serial));
		show_number(s, "corrupted", SHOW_COUNT, (int64_t)image->corrupted);
		show_close(s, '}');
	}
	show_close(s, ']');
}

static void show_keys(struct show *s)
{
	const unsigned count = KEY_COUNT;

	show_open(s, "trusted_keys", '[');
	for (unsigned i = 0; i < count; i++) {
		const struct trusted_key *key = &trusted_keys[i];

		show_open(s, NULL, '{');
		show_string(s, "type", key->point ? "ecdsa-p256" : "rsa");
		show_number(s, "bits", SHOW_COUNT, key->point ? 256 : key->modulus_size * 8);
		show_close(s, '}');
	}
	show_close(s, ']');
}

void images_facts_show_board(struct show *s)
{
	const unsigned count = IMAGE_COUNT;

	show_string(s, "product", board.product);
	show_string(s, "board", board.name);
	show_number(s, "serial_least", SHOW_COUNT, (int64_t)board.serial_least);
	show_number(s, "update_confirm", SHOW_MS, board.update_confirm_ms);
	show_number(s, "update_rollback", SHOW_BOOL, board.update_rollback);
	show_keys(s);
	show_open(s, "images", '[');
	for (unsigned i = 0; i < count; i++) {
		show_open(s, NULL, '{');
		show_row(s, &images[i]);
		show_close(s, '}');
	}
	show_close(s, ']');
}

void images_facts_show_row(struct show *s, const struct service *row)
{
	show_string(s, "image", images[row->image - 1].name);
	show_number(s, "idmap", SHOW_BOOL, row->idmap);
}
