/*
 * Absolute paths that the image must have or that PID 1 makes, in its own
 * mount namespace.  Those of /proc and /sys stand where they are written.
 */
#ifndef PITH_PATHS_H
#define PITH_PATHS_H

#define PATH_CONSOLE	"/dev/console"
/* The binary that runs, also when it has no name any more. */
#define PATH_SELF	"/proc/self/exe"
#define PATH_NULL	"/dev/null"
#define PATH_KMSG	"/dev/kmsg"
#define PATH_WATCHDOG	"/dev/watchdog"
#define PATH_CGROUP	"/sys/fs/cgroup"
#define PATH_HELPERS_CGROUP PATH_CGROUP "/helpers"
#define PATH_SERVICES_CGROUP PATH_CGROUP "/svc"
#define PATH_SHELL	"/bin/busybox"

/* PID 1's own folder, on a tmpfs. */
#define PATH_RUN	"/run/pith"

/* A socket of each service that has one, by its name. */
#define PATH_NOTIFY	PATH_RUN "/notify"

/* A socket of each path in a LISTEN, by its service and its place there. */
#define PATH_LISTEN	PATH_RUN "/listen"

/* Where clients connect (control.h). */
#define PATH_CONTROL	PATH_RUN "/control"

/* How far the logs were copied (client/written.h). */
#define PATH_WRITTEN	PATH_RUN "/written"

/* An empty folder that nobody may change: it covers folders of /proc and
 * /sys inside the services. */
#define PATH_EMPTY	PATH_RUN "/empty"

/* The partition for volumes: the folder SERVICE/VOLUME of each (storage.h). */
#define PATH_DATA	PATH_RUN "/data"

/* The images that are mounted: the folder SERIAL/NAME of each (images.h). */
#define PATH_IMAGES	PATH_RUN "/images"

/* On the data partition, where no service has a name with a dot: the slots a and b,
 * and the record (slots.h). */
#define PATH_RELEASES	PATH_DATA "/.pith"

/* The release that came with the firmware. */
#define PATH_FACTORY	"/lib/pith/release"

/* The root of the partition's fsck, and a folder in it. */
#define PATH_FSCK	"/lib/pith/fsck"

/* Where the root is bound for the moment in which it moves over itself. */
#define PATH_ROOT_STEP	"/mnt"

#endif
