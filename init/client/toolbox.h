/*
 * The board's BusyBox inside a service whose root has no shell (`pith exec
 * --toolbox`).  It is mounted for one command alone, in a mount namespace of
 * the command's own; the service sees nothing of it.
 */
#ifndef PITH_CLIENT_TOOLBOX_H
#define PITH_CLIENT_TOOLBOX_H

#include "recipe.h"

/* Every service has this folder, empty, if the image has the toolbox. */
#define TOOLBOX_FOLDER "/dev/toolbox"

/* Two mounts that are nowhere yet. */
struct toolbox {
	int folder;	/* with a link for each applet */
	int program;	/* of which the links are */
};

/* 0, -ENOENT if this image has no BusyBox, or -errno. */
int toolbox_prepare(struct toolbox *t);

/* Places it; for a child that has joined the service's mount namespace and has
 * real root. */
void toolbox_enter(const struct toolbox *t, const struct recipe *r);

#endif
