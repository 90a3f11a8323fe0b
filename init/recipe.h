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

struct device_node;	/* devices.h */

struct recipe {
	const struct service *service;
	const struct sandbox *box;
	int report_fd;
	int reaper_fd;	/* INIT: /init itself, O_PATH; else 0 */
	const char *root;	/* what is mounted as its root: a folder */
	const struct device_node *nodes;	/* of the service's devices, in their order */
	int proc_fd;	/* its own /proc, if this process has mounted it; else 0 */
	unsigned listens;	/* sockets of its LISTEN that are handed on */
	bool opens;		/* it is to open those of TCP and UDP (listen.h) */
	bool makes_view;	/* it is to hand its first mounts to PID 1 (view.h) */
	bool tell_refused;	/* the kernel records each call that the filter refuses */
};

/* Sends a stage and an error, or 0, to the parent. */
void recipe_report(const struct recipe *r, enum stage stage, int error);

/* Returns rc when it is no error; else reports it and does not return. */
int must(const struct recipe *r, enum stage stage, int rc);

#endif
