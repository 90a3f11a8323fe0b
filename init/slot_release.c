/*
 * Decides when a slot is empty.  Refuses to know what a release is good for.
 */
#include "slot_release.h"

#include <errno.h>
#include <unistd.h>

#include "slots.h"
#include "verify.h"

static int refuse_file(struct refusal *why, int error)
{
	return refusal_set(why, error == -ENOENT ? REFUSAL_ABSENT : REFUSAL_READ, error);
}

static int verify(int folder, struct manifest *to, struct refusal *why)
{
	int manifest = slots_open_file(folder, SLOT_MANIFEST), signature, rc;

	if (manifest < 0)
		return refuse_file(why, manifest);
	signature = slots_open_file(folder, SLOT_SIGNATURE);
	rc = signature < 0 ? refusal_set(why, REFUSAL_READ, signature) :
			     verify_release(to, manifest, signature, why);
	close(manifest);
	if (signature >= 0)
		close(signature);
	return rc;
}

int slot_read_release(unsigned slot, struct manifest *to, struct refusal *why)
{
	int folder = slot_open(slot), rc;

	if (folder < 0)
		return refuse_file(why, folder);
	rc = verify(folder, to, why);
	if (rc == 0)
		return folder;
	close(folder);
	return rc;
}
