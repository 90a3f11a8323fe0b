/*
 * The lines that all recipes share.  Runs in a child between clone and exec;
 * refuses to know why a recipe does what it does.
 */
#include "recipe.h"

#include "sys.h"

void recipe_report(const struct recipe *r, enum stage stage, int error)
{
	struct stage_report report = { .stage = (int32_t)stage, .error = error };

	/* If this fails nobody can be told, and the child ends all the same. */
	if (write(r->report_fd, &report, sizeof(report)) < 0)
		_exit(RECIPE_EXIT);
}

int must(const struct recipe *r, enum stage stage, int rc)
{
	if (rc >= 0)
		return rc;
	recipe_report(r, stage, rc);
	_exit(RECIPE_EXIT);
}
