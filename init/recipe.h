/*
 * What the recipes of children share: each line is one system call and the
 * stage that it belongs to; the first that fails is reported, and the child
 * ends.
 */
#ifndef PITH_RECIPE_H
#define PITH_RECIPE_H

#include "sandbox.h"
#include "service.h"
#include "stage.h"

/* What a child's exit status says when its report says more. */
#define RECIPE_EXIT 127

struct recipe {
	const struct service *service;
	const struct sandbox *box;
	int report_fd;
};

/* Returns rc when it is no error; else reports it and does not return. */
int must(const struct recipe *r, enum stage stage, int rc);

/* Mounts root, /dev, /proc, /sys, the masks and every TMPFS, and makes that
 * the root of this mount namespace. */
void view_enter(const struct recipe *r);

/* The child that fills a sandbox: waits for one byte on report_fd, which
 * says that its ids are mapped and its interface is there. */
_Noreturn void recipe_sandbox(const struct recipe *r);

/* The child that becomes the service. */
_Noreturn void recipe_service(const struct recipe *r);

#endif
