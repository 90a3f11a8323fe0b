/*
 * What an OCI image says of how it is run, for what the options leave open.
 *
 * board/scripts/oci checked the image and wrote that down beside its root,
 * NAME.oci: a line `pith-oci 1`, then a key, one blank and a value, in which a backslash
 * and what is no printable ASCII are \xNN; the keys are in the order of oci.c's rows, those
 * of lists as often as need be, the others at most once, and `end` closes them.
 */
#ifndef PITH_TABLE_OCI_H
#define PITH_TABLE_OCI_H

#include "spec.h"

/* By image-spec/config.md, as it stands there: nothing is checked. */
struct oci_image {
	struct words entrypoint, cmd, env, ports, volumes;
	const char *user, *workdir, *stop_signal;	/* NULL: not said */
};

/* Reads the file at path.  False if it is none of that, or not there. */
bool oci_read(struct arena *arena, const char *path, struct oci_image *image);

/* Who is meant by an image's User: name or uid, and perhaps :group or :gid, by
 * /etc/passwd and /etc/group of the root; a uid alone may be unknown there.  Returns NULL,
 * or what is wrong and what to write.  *home is where passwd says that he lives, or as it
 * was. */
const char *oci_user(struct arena *arena, const char *root, const char *user,
		     struct user_ids *ids, const char **home);

/* The absolute path that argv[0] means in the root, by PATH of env and the working
 * directory, as a shell finds it; NULL: there is no such program. */
const char *oci_program(struct arena *arena, const char *root, const char *program,
			const char *workdir, const struct words *env);

#endif
