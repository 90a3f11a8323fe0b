/* Written by init/table from .config; any change here is lost. */
#ifndef PITH_TABLE_H
#define PITH_TABLE_H

#define SERVICE_COUNT 7
#define SERVICE_SLOTS 7	/* for arrays: at least one */
#define LISTEN_COUNT 4
#define LOG_ARENA_BYTES 106496

#endif
