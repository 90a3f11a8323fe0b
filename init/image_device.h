/*
 * What the device-mapper device of an image is called: "pith-42-web", or "pith-42-web.1"
 * where another of that name is mounted somewhere still.  Its maker names it so
 * (verified_image.h), and PID 1 knows it by that (images_verity.h).
 */
#ifndef PITH_IMAGE_DEVICE_H
#define PITH_IMAGE_DEVICE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "manifest.h"
#include "text.h"

/* "pith-", a serial of up to 20 digits, a dash, the name; DM_NAME_LEN is 128. */
#define IMAGE_DEVICE_SIZE (5 + 20 + 1 + IMAGE_NAME_SIZE)

/* Into buf of that size. */
static inline const char *image_device_name(char *buf, uint64_t serial, const char *image)
{
	struct text t = { .buf = buf, .size = IMAGE_DEVICE_SIZE };

	text_add(&t, "pith-%llu-%s", (unsigned long long)serial, image);
	return buf;
}

/* The name is of that one.  No image has a dot in its own. */
static inline bool image_device_is(const char *name, uint64_t serial, const char *image)
{
	char own[IMAGE_DEVICE_SIZE];
	size_t len = strlen(image_device_name(own, serial, image));

	return !strncmp(name, own, len) && (!name[len] || name[len] == '.');
}

#endif
