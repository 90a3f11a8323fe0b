/*
 * Which devices a service may open: the harmless nodes that every /dev has, and
 * the row's DEVICES.  The kernel asks a program about each access, by the
 * cgroup that asks; so a node that came about in any other way is of no use.
 *
 * The board's own program lies on the group that holds all services and counts
 * for every one of them; a service with DEVICES has one of its own, which takes
 * its place.  What is attached stays so without an fd, also when PID 1 is
 * executed anew.
 *
 * Source: bpf(2), linux/bpf.h.  Needs CONFIG_BPF_SYSCALL and CONFIG_CGROUP_BPF.
 */
#ifndef PITH_DEVICES_H
#define PITH_DEVICES_H

#include <sys/types.h>

#include "service.h"
#include "stage.h"

/* Name, major and minor number of the character devices that do no harm. */
#define DEVICES_HARMLESS(row) \
	row("null", 1, 3) row("zero", 1, 5) row("full", 1, 7) \
	row("random", 1, 8) row("urandom", 1, 9) row("tty", 5, 0)

/* Where all of a row's DEVICES are. */
#define DEVICES_FOLDER "/dev/"

/* A row of DEVICES, as it is on this board now. */
struct device_node {
	mode_t type;	/* S_IFCHR or S_IFBLK */
	dev_t number;
};

/* Looks each of the row's DEVICES up, of which there are SERVICE_DEVICES_MAX at
 * most.  0, or -errno with *err naming the one that is not there (-ENOENT), is a
 * link (-ELOOP) or no device (-ENODEV). */
int devices_find(const struct service *s, struct device_node *nodes, struct start_error *err);

/* Of the nodes that were found: another one is another number. */
uint64_t devices_digest(const struct service *s, const struct device_node *nodes);

/* Lets the cgroup of the service use these, found just now, and the harmless
 * ones.  0 or -errno, with *err filled in. */
int devices_confine(const struct service *s, const struct device_node *nodes, int cgroup,
		    struct start_error *err);

/* Takes that back from a cgroup that may be another row's: the board's program
 * counts again.  0 or -errno. */
int devices_release(int cgroup);

/* Lets every cgroup below this one use the harmless ones alone.  0 or -errno. */
int devices_confine_all(int cgroup);

#endif
