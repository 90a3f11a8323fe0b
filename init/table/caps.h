/*
 * Capabilities by their names: capabilities(7).  Sets of them are bits, as
 * 1 << CAP_….
 */
#ifndef PITH_TABLE_CAPS_H
#define PITH_TABLE_CAPS_H

#include <stdint.h>

#include "vocabulary.h"

option_reader read_caps;	/* uint64_t; 0 for "" */

/* Those that the kernel asks for in the initial user namespace alone, or in
 * one that a service's own is none of: kept in another one they are empty
 * words. */
extern const uint64_t caps_of_board;

/* Those over a network, which count in the user namespace that owns it. */
extern const uint64_t caps_of_network;

/* Those by which a process may take any id of its user namespace, and that by
 * which it may take a command of `pith exec` before that has given up being root. */
extern const uint64_t caps_of_root;

/* The names of a set, separated by blanks. */
const char *caps_names(struct arena *arena, uint64_t caps);

#endif
