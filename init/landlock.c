/*
 * Decides which rights a service has on which part of its root.  Refuses to
 * know how that root was put together.
 *
 * Rights add up on the way from a file to the root, so what "/" gives holds
 * everywhere below: what may not be executed is left to the mounts' noexec.
 */
#include "landlock.h"

#include <linux/landlock.h>

#include "sys.h"

/* Newer than some headers. */
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (UINT64_C(1) << 14)
#endif

/* The first that can allow a rename into another folder, and the first that
 * knows TRUNCATE. */
#define ABI_REFER	2
#define ABI_TRUNCATE	3

#define LOOK (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | \
	      LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITE (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE)
#define CHANGE (LOOK | WRITE | \
		LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE | \
		LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | \
		LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | \
		LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_REFER)
#define MAKE_NODES (LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_BLOCK)

struct rules {
	const struct recipe *recipe;
	int fd;
	uint64_t handled;	/* what this kernel knows */
	uint64_t change;	/* on what the service may change */
};

static int add_rule(const struct rules *rules, int at, uint64_t access)
{
	const struct landlock_path_beneath_attr rule = {
		.allowed_access = access & rules->handled, .parent_fd = at,
	};

	return SYS_INT(SYS_landlock_add_rule, rules->fd, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
}

static void allow(const struct rules *rules, const char *path, uint64_t access)
{
	int at = must(rules->recipe, STAGE_LANDLOCK,
		      sys_openat2(AT_FDCWD, path, O_PATH, RESOLVE_NO_SYMLINKS));

	must(rules->recipe, STAGE_LANDLOCK, add_rule(rules, at, access));
	close(at);
}

/* It is nowhere below "/".  An /init that came by `pith reexec FILE` is in a memfd:
 * no rule can be about that, and none has to. */
static void allow_reaper(const struct rules *rules)
{
	int rc = add_rule(rules, rules->recipe->reaper_fd,
			  LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE);

	must(rules->recipe, STAGE_LANDLOCK, rc == -EBADFD ? 0 : rc);
}

/* That /proc and /dev take no new file is the mounts' doing, and the kernel's:
 * here they are only written to. */
static void allow_all(const struct rules *rules)
{
	const struct recipe *r = rules->recipe;
	const struct service *s = r->service;

	allow(rules, "/", s->writable ? rules->change : LOOK);
	if (r->proc_fd)
		must(r, STAGE_LANDLOCK, add_rule(rules, r->proc_fd, WRITE));
	else
		allow(rules, "/proc", WRITE);
	allow(rules, "/dev", WRITE);
	allow(rules, "/dev/shm", rules->change);
	/* mq_open(3) goes to it by a mount of the kernel's own, below no "/". */
	allow(rules, "/dev/mqueue", rules->change);
	for (unsigned i = 0; i < s->tmpfs_count; i++)
		allow(rules, s->tmpfs[i].path, rules->change);
	for (unsigned i = 0; i < s->volume_count; i++)
		if (!s->volumes[i].read_only)
			allow(rules, s->volumes[i].path, rules->change);
	if (r->reaper_fd)
		allow_reaper(rules);
}

int landlock_prepare(const struct recipe *r)
{
	struct rules rules = {
		.recipe = r, .handled = CHANGE | MAKE_NODES, .change = CHANGE,
	};
	int abi;

	/* Within it nobody mounts anything, which is what that is kept for. */
	if (r->service->caps >> CAP_SYS_ADMIN & 1)
		return 0;
	abi = SYS_INT(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	if (abi < ABI_REFER)
		return 0;
	if (abi < ABI_TRUNCATE)
		rules.handled &= ~LANDLOCK_ACCESS_FS_TRUNCATE;
	if (r->service->caps >> CAP_MKNOD & 1)
		rules.change |= MAKE_NODES;
	/* The first field alone, as the first kernels knew it. */
	rules.fd = must(r, STAGE_LANDLOCK, SYS_INT(SYS_landlock_create_ruleset, &rules.handled,
						   sizeof(rules.handled), 0));
	allow_all(&rules);
	return rules.fd;
}

void landlock_enforce(const struct recipe *r, int ruleset)
{
	if (ruleset)
		must(r, STAGE_LANDLOCK, SYS_INT(SYS_landlock_restrict_self, ruleset, 0));
}
