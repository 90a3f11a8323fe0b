/* Written by init/table from .config; any change here is lost. */
#ifndef PITH_TABLE_H
#define PITH_TABLE_H

#define SERVICE_COUNT 7
#define SERVICE_SLOTS 7	/* for arrays: at least one */
#define LOG_ARENA_BYTES 106496

/* Of all services together */
#define LISTEN_COUNT 4
#define ROUTED_COUNT 2
#define NOTIFY_COUNT 5
#define INIT_COUNT 2
#define FILTER_COUNT 4
#define WRITABLE_COUNT 1
#define TMPFS_COUNT 3
#define VOLUME_COUNT 3
#define DEVICE_COUNT 3
#define FILE_COUNT 4

/* Images of services, and keys whose signature counts */
#define IMAGE_COUNT 0
#define IMAGE_SLOTS 1	/* for arrays: at least one */
#define PARTITION_COUNT 0
#define VERITY_COUNT 0
#define IDMAP_COUNT 0
#define KEY_COUNT 0
#define RSA_KEY_COUNT 0

#endif
