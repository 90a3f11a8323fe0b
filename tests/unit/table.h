/*
 * The sizes of a table, for tests of what is compiled with one: they have
 * their own services[] and board.
 */
#ifndef PITH_TABLE_H
#define PITH_TABLE_H

#define SERVICE_COUNT 3
#define SERVICE_SLOTS 3
#define LOG_ARENA_BYTES 65536

#define LISTEN_COUNT 5
#define ROUTED_COUNT 1
#define NOTIFY_COUNT 1
#define INIT_COUNT 1
#define FILTER_COUNT 1
#define WRITABLE_COUNT 1
#define TMPFS_COUNT 1
#define VOLUME_COUNT 1
#define DEVICE_COUNT 1
#define FILE_COUNT 1

#define IMAGE_COUNT 2
#define IMAGE_SLOTS 2
#define PARTITION_COUNT 1
#define VERITY_COUNT 1
#define IDMAP_COUNT 1
#define KEY_COUNT 2
#define RSA_KEY_COUNT 1

#endif
