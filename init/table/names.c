/*
 * Names of services that are not there.  Decides what whoever wrote one may have
 * meant.
 */
#include "names.h"

#include "nearest.h"

/* There is one row for each uplink, and none that is called as its folder. */
static bool is_multiplied(const struct spec *spec, const struct folder *folder)
{
	for (size_t i = 0; i < spec->count; i++)
		if (spec->services[i].folder == folder)
			return true;
	return false;
}

void names_report_unknown(const struct spec *spec, const struct service_spec *service,
			  const char *option, const char *name, const char *without,
			  const char *prefix, const char *const *others)
{
	const struct folder *folder = folders_find(spec->folders, name);
	struct nearest nearest = { .word = name };

	if (folder && is_multiplied(spec, folder)) {
		spec_service_error(spec, service, option, "there is one %s for each uplink; write "
				   "%s-<interface>, or %s", name, name, without);
		return;
	}
	if (folder) {
		spec_service_error(spec, service, option, "%s is switched off; switch it on with "
				   "CONFIG_%s=y or %s", name, folder->symbol, without);
		return;
	}
	for (size_t i = 0; i < spec->count; i++)
		nearest_offer(&nearest, spec->services[i].name);
	for (; others && *others; others++)
		nearest_offer(&nearest, *others);
	if (nearest.best)
		spec_service_error(spec, service, option, "there is no service %s; write %s%s",
				   name, prefix, nearest.best);
	else
		spec_service_error(spec, service, option, "there is no service %s; %s", name,
				   without);
}
