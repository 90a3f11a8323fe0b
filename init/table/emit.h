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
 * plan.c.  Lines of fields that are separated by tabs:
 *	budget RAM SERVICES RESERVE OVERCOMMIT
 *				bytes that the board has, that its services may
 *				take and that are kept from them: see budget.h.
 *				OVERCOMMIT is 1 where more may be promised, or 0
 *	service NAME ROOT UID_BASE
 *				a service, whose root that is, and its first id
 *	root NAME UID_BASE	the root of the folder NAME goes to /services/NAME,
 *				owners shifted by UID_BASE; 0: nobody's
 *	release PRODUCT BOARD SERIAL	what a release says, and its least serial
 *	image NAME ROOT OWNER TYPE	it is made of the root of the folder ROOT, owners
 *				shifted by OWNER; "-": nobody's
 *	dir NAME PATH		a mount point that must be in that root
 *	file NAME PATH		an empty file there, whatever the root has in its place
 *	line NAME PATH TEXT	that file ends with this line; it is made if need be
 *	copy FILE NAME PATH	the image's FILE begins with what that root has there, if
 *				anything
 *	text FILE TEXT		and ends with this line
 */
void emit_plan(const struct spec *spec, FILE *to);

#endif
