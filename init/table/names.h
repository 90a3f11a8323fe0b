/*
 * Names of services in the options of another one.
 */
#ifndef PITH_TABLE_NAMES_H
#define PITH_TABLE_NAMES_H

#include "spec.h"

/* Reports a name that no enabled service has: that it is switched off, or which one
 * may have been meant, as it is to be written (prefix, "share:", before it); else
 * what to write without it.  others: what else may stand there, ended by a NULL, or
 * NULL. */
void names_report_unknown(const struct spec *spec, const struct service_spec *service,
			  const char *option, const char *name, const char *without,
			  const char *prefix, const char *const *others);

#endif
