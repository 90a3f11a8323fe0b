/*
 * What a service has, for whoever would do something about it.  Of what no service of
 * the table has, each of these is false when /init is compiled, and what depends on
 * it is not linked: table.h tells how many there are.  listen_has() is one more.
 */
#ifndef PITH_HAS_H
#define PITH_HAS_H

#include "service.h"
#include "table.h"

/* A pair of interfaces on a bridge. */
static inline bool has_pair(const struct service *s)
{
	return ROUTED_COUNT && s->net == SERVICE_NET_PRIVATE;
}

static inline bool has_notify_socket(const struct service *s)
{
	return NOTIFY_COUNT && s->notify;
}

/* PID 1 inside is a reaper. */
static inline bool has_reaper(const struct service *s)
{
	return INIT_COUNT && s->init;
}

static inline bool has_filter(const struct service *s)
{
	return FILTER_COUNT && s->filter;
}

static inline bool has_layer(const struct service *s)
{
	return WRITABLE_COUNT && s->writable;
}

static inline bool has_tmpfs(const struct service *s)
{
	return TMPFS_COUNT && s->tmpfs_count;
}

static inline bool has_volumes(const struct service *s)
{
	return VOLUME_COUNT && s->volume_count;
}

static inline bool has_devices(const struct service *s)
{
	return DEVICE_COUNT && s->device_count;
}

/* Its root is an image. */
static inline bool has_image(const struct service *s)
{
	return IMAGE_COUNT && s->image;
}

/* Owners in it are shown as inside. */
static inline bool has_idmap(const struct service *s)
{
	return IDMAP_COUNT && s->idmap;
}

/* Files of the board that it sees. */
static inline bool has_files(const struct service *s)
{
	return FILE_COUNT && (s->socket_count || s->resolves);
}

#endif
