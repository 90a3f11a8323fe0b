/*
 * The services' menus: Kconfig text, one instance of service.kconfig.in for
 * each folder.
 */
#ifndef PITH_TABLE_MENU_H
#define PITH_TABLE_MENU_H

#include <stdio.h>

#include "folders.h"
#include "report.h"

/* The template as it stands in service.kconfig.in. */
extern const char menu_template[];

/*
 * Writes the menus in the order of the folders.  A folder's own Kconfig is
 * sourced before the template, so that its defaults come first.  Paths that
 * kconfig cannot source go to the report.
 */
void menu_write(const struct folders *folders, struct report *report, FILE *to);

#endif
