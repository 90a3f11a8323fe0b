/*
 * From what was decided to the text of the files: table.c and table.h for
 * PID 1 (see ../service.h), image.plan for the builder of the image.  The same
 * spec gives the same bytes.
 */
#ifndef PITH_TABLE_EMIT_H
#define PITH_TABLE_EMIT_H

#include <stdio.h>

#include "spec.h"

void emit_table(const struct spec *spec, FILE *to);
void emit_header(const struct spec *spec, FILE *to);

/*
 * Lines of fields that are separated by tabs:
 *	budget RAM SERVICES RESERVE OVERCOMMIT
 *				bytes that the board has, that its services may
 *				take and that are kept from them: see budget.h.
 *				OVERCOMMIT is 1 where more may be promised, or 0
 *	root NAME UID_BASE	the root of service NAME goes to /services/NAME,
 *				owners shifted by UID_BASE
 *	dir NAME PATH		a mount point that must be in that root
 */
void emit_plan(const struct spec *spec, FILE *to);

#endif
