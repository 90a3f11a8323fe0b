/* Written by init/table from .config; any change here is lost. */
#ifndef PITH_TABLE_H
#define PITH_TABLE_H

#define SERVICE_COUNT 4
#define SERVICE_SLOTS 4	/* for arrays: at least one */
#define LOG_ARENA_BYTES 106496

#endif
