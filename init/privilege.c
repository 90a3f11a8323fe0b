/*
 * Gives up privileges, in the one order in which nothing is lost too early and
 * nothing stays.  Refuses to know which capability is good for what: the host
 * tool has decided that.
 */
#include "privilege.h"

#include <sys/prctl.h>

#include "sys.h"

#ifndef PR_CAP_AMBIENT
#define PR_CAP_AMBIENT 47
#define PR_CAP_AMBIENT_RAISE 2
#define PR_CAP_AMBIENT_CLEAR_ALL 4
#endif

/* While the ids change, none goes by becoming another uid; linux/securebits.h,
 * capabilities(7). */
#define SECUREBITS_ON_THE_WAY (1 << 2)	/* NO_SETUID_FIXUP */

/* No capability comes back by being uid 0, and the ambient set grows no more.  But
 * a program that is root inside and becomes another user leaves them behind, as
 * everywhere, unless it asks to keep them (KEEP_CAPS). */
#define SECUREBITS_LOCKED \
	(1 << 0 | 1 << 1 |	/* NOROOT */ \
	 1 << 3 |		/* NO_SETUID_FIXUP stays off */ \
	 1 << 6 | 1 << 7)	/* NO_CAP_AMBIENT_RAISE */

/* Bits of the kernel's sets. */
#define CAPABILITIES_MAX 64

static bool keeps(const struct service *s, int cap)
{
	return s->caps >> cap & 1;
}

static int set(int option, unsigned long what, unsigned long value)
{
	return SYS_INT(SYS_prctl, option, what, value, 0, 0);
}

static void reduce_bounding_set(const struct recipe *r)
{
	for (int cap = 0; cap < CAPABILITIES_MAX; cap++) {
		int rc = keeps(r->service, cap) ? 0 : set(PR_CAPBSET_DROP, (unsigned)cap, 0);

		if (rc == -EINVAL)	/* past the kernel's last one */
			break;
		must(r, STAGE_CAPABILITIES, rc);
	}
}

/* What is in the ambient set survives the exec of a program that neither root
 * runs nor its file gives anything.  Only what may be inherited can get there. */
static void raise_ambient_set(const struct recipe *r)
{
	must(r, STAGE_CAPABILITIES, sys_capset(UINT64_MAX, r->service->caps));
	for (int cap = 0; cap < CAPABILITIES_MAX; cap++)
		if (keeps(r->service, cap))
			must(r, STAGE_CAPABILITIES, set(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE,
							(unsigned)cap));
}

static void take_ids(const struct recipe *r)
{
	const struct service *s = r->service;
	/* Without a user namespace they are the ones outside. */
	uint32_t first = s->userns ? 0 : s->uid_base;

	/* Groups first: without CAP_SETGID they would stay. */
	must(r, STAGE_IDS, sys_setgroups0());
	must(r, STAGE_IDS, sys_setresgid(first + s->gid));
	must(r, STAGE_IDS, sys_setresuid(first + s->uid));
}

void privilege_reduce(const struct recipe *r)
{
	const struct service *s = r->service;

	/* This gives every capability in it; they go again before anything of
	 * the service runs. */
	if (s->userns)
		must(r, STAGE_JOIN_USER, sys_setns(r->box->user_fd, CLONE_NEWUSER));
	reduce_bounding_set(r);
	must(r, STAGE_CAPABILITIES, set(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0));
	if (s->caps)
		raise_ambient_set(r);
	must(r, STAGE_CAPABILITIES, set(PR_SET_SECUREBITS, SECUREBITS_ON_THE_WAY, 0));
	take_ids(r);
	/* While it may still be done, and after the ambient set has grown. */
	must(r, STAGE_CAPABILITIES, set(PR_SET_SECUREBITS, SECUREBITS_LOCKED, 0));
	must(r, STAGE_CAPABILITIES, sys_capset(s->caps, s->caps));
	must(r, STAGE_NO_NEW_PRIVS, set(PR_SET_NO_NEW_PRIVS, 1, 0));
}
