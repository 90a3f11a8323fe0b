/*
 * The lines that all recipes share.  Runs in a child between clone and exec;
 * refuses to know why a recipe does what it does.
 */
#include "recipe.h"

#include "sys.h"

int must(const struct recipe *r, enum stage stage, int rc)
{
	struct stage_report report = { .stage = (int32_t)stage, .error = rc };

	if (rc >= 0)
		return rc;
	/* Nobody is left to tell if this fails; the exit status still says
	 * that the start did. */
	if (write(r->report_fd, &report, sizeof(report)) < 0)
		_exit(RECIPE_EXIT);
	_exit(RECIPE_EXIT);
}
