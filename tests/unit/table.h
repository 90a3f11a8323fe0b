/*
 * The sizes of a table, for tests of what is compiled with one: they have
 * their own services[] and board.
 */
#ifndef PITH_TABLE_H
#define PITH_TABLE_H

#define SERVICE_COUNT 3
#define SERVICE_SLOTS 3
#define LISTEN_COUNT 5
#define LOG_ARENA_BYTES 65536

#endif
