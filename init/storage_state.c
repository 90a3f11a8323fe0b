/*
 * Decides what each state of the storage means for a service and for a reader.
 * Refuses to know how it came about.
 */
#include "storage_state.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>

bool storage_serves(unsigned state, const struct service *s)
{
	if (state == STORAGE_MOUNTED || state == STORAGE_FULL)
		return true;
	for (unsigned i = 0; i < s->volume_count; i++)
		if (state != STORAGE_READ_ONLY || !s->volumes[i].read_only)
			return false;
	return true;
}

const char *storage_state_name(unsigned state)
{
	static const char *const names[STORAGE_STATE_COUNT] = {
		[STORAGE_NONE] = "none",
		[STORAGE_LOOKING] = "looking",
		[STORAGE_CHECKING] = "checking",
		[STORAGE_MOUNTED] = "mounted",
		[STORAGE_FULL] = "full",
		[STORAGE_READ_ONLY] = "read-only",
		[STORAGE_ABSENT] = "absent",
		[STORAGE_BROKEN] = "broken",
	};

	return state < STORAGE_STATE_COUNT ? names[state] : "?";
}

/* "5.1M": what a partition has is rounded down, never up. */
static void add_size(struct text *t, uint64_t bytes)
{
	const char *unit = "KMGTPE";

	for (; bytes >= 1024 * 1024; bytes /= 1024)
		unit++;
	text_add(t, "%u.%u%c", (unsigned)(bytes / 1024), (unsigned)(bytes % 1024 * 10 / 1024),
		 *unit);
}

static void add_mounted(struct text *t, const struct storage *is)
{
	static const char *const checks[] = {
		[STORAGE_UNCHECKED] = "",
		[STORAGE_CLEAN] = "checked, ",
		[STORAGE_REPAIRED] = "repaired, ",
		[STORAGE_SALVAGED] = "repaired with possible losses, ",
	};

	text_add(t, "%s is /dev/%s, %s: %smounted, ", board.data_label, is->device,
		 board.data_type, checks[is->check]);
	if (is->state == STORAGE_READ_ONLY)
		text_add(t, "read-only since the medium cannot be written, ");
	if (is->state == STORAGE_FULL) {
		text_add(t, "full");
		return;
	}
	add_size(t, is->free_bytes);
	text_add(t, " free");
}

/* How its fsck ended that could not repair it. */
static void add_damage(struct text *t, int status)
{
	if (WIFSIGNALED(status)) {
		text_add(t, "its fsck was killed by ");
		text_add_signal(t, WTERMSIG(status));
	} else {
		text_add(t, "damaged beyond repair, its fsck ended with status %d",
			 WEXITSTATUS(status));
	}
}

static void add_broken(struct text *t, const struct storage *is)
{
	static const char *const steps[] = {
		[STORAGE_STEP_LOOK] = "looking for it",
		[STORAGE_STEP_CHECK] = "checking it",
		[STORAGE_STEP_DAMAGE] = "",
		[STORAGE_STEP_MOUNT] = "mounting it",
	};

	text_add(t, "%s", board.data_label);
	if (is->device[0])
		text_add(t, " is /dev/%s, %s", is->device, board.data_type);
	text_add(t, ": not mounted, ");
	if (is->step == STORAGE_STEP_DAMAGE)
		add_damage(t, is->error);
	else if (is->step == STORAGE_STEP_MOUNT && is->error == -ENODEV)
		text_add(t, "the kernel has no %s", board.data_type);
	else if (is->step == STORAGE_STEP_MOUNT && is->error == -EBUSY)
		text_add(t, "another partition is mounted until the next boot");
	else
		text_add(t, "%s: %s", steps[is->step], strerror(-is->error));
}

void storage_explain(struct text *t, const struct storage *is)
{
	switch (is->state) {
	case STORAGE_LOOKING:
		text_add(t, "looking for a partition labelled %s", board.data_label);
		break;
	case STORAGE_CHECKING:
		text_add(t, "checking /dev/%s", is->device);
		break;
	case STORAGE_MOUNTED:
	case STORAGE_FULL:
	case STORAGE_READ_ONLY:
		add_mounted(t, is);
		break;
	case STORAGE_ABSENT:
		text_add(t, is->error == -ENOTUNIQ ? "more than one partition is labelled %s" :
			 "no partition labelled %s", board.data_label);
		break;
	case STORAGE_BROKEN:
		add_broken(t, is);
		break;
	default:
		text_add(t, "there is no DATA");
		break;
	}
}
