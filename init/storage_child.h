/*
 * The child that makes the data partition usable: finds it, has it checked,
 * mounts it on PATH_DATA in PID 1's own mount namespace, and makes the folders of
 * all volumes.  All of that may take minutes, or hang on a broken disk, so PID 1
 * has a deadline for it (storage.h).
 *
 * It is called again when there may be more to do: what is there already stays.
 */
#ifndef PITH_STORAGE_CHILD_H
#define PITH_STORAGE_CHILD_H

#include "storage_state.h"

/* What it writes into the pipe: how the storage stands now, or which folder
 * could not be made.  Smaller than PIPE_BUF, so it is written in one piece. */
struct storage_word {
	struct storage is;	/* of a folder: .error alone */
	uint16_t service;	/* of a folder: its place; else STORAGE_NO_SERVICE */
	uint16_t volume;
};

#define STORAGE_NO_SERVICE UINT16_MAX

/* In the child, with all that it has from PID 1.  report: the pipe's end. */
_Noreturn void storage_child_become(int report);

#endif
