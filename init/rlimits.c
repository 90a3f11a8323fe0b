/*
 * Decides what resource limits a process starts with.  Refuses to know which
 * process.
 *
 * A service's are those that the kernel gives to the first process (its
 * INIT_RLIMITS), with these exceptions.  CORE: nobody would look at it.  NPROC
 * and SIGPENDING depend on the board's memory there; processes are counted by
 * PIDS_MAX, which also holds for all users of a service together.
 */
#include "rlimits.h"

#include "sys.h"

#define NO_LIMIT (~UINT64_C(0))

/* fs.nr_open's default; ten files for each of a thousand services fit. */
#define FILES_MAX 1048576

/* Each is some 100 bytes of the kernel's, charged to MEMORY_MAX; a timer of
 * timer_create(2) counts too. */
#define SIGNALS_MAX 4096

/* As the kernel has it since Linux 5.16, on all boards. */
#define MEMLOCK_BYTES (8 << 20)

/* MQ_BYTES_MAX of linux/mqueue.h. */
#define MQUEUE_BYTES 819200

#define STACK_BYTES (8 << 20)

static int set(int resource, uint64_t soft, uint64_t hard)
{
	const struct rlimit limit = { soft, hard };

	return sys_setrlimit(resource, &limit);
}

struct row {
	int resource;
	uint64_t soft, hard;
};

/* What PID 1 has as well. */
static const struct row common[] = {
	{ RLIMIT_CPU, NO_LIMIT, NO_LIMIT },
	{ RLIMIT_FSIZE, NO_LIMIT, NO_LIMIT },
	{ RLIMIT_DATA, NO_LIMIT, NO_LIMIT },
	{ RLIMIT_STACK, STACK_BYTES, NO_LIMIT },
	{ RLIMIT_CORE, 0, 0 },
	{ RLIMIT_RSS, NO_LIMIT, NO_LIMIT },
	{ RLIMIT_NPROC, NO_LIMIT, NO_LIMIT },
	{ RLIMIT_AS, NO_LIMIT, NO_LIMIT },
	{ RLIMIT_LOCKS, NO_LIMIT, NO_LIMIT },
	{ RLIMIT_NICE, 0, 0 },
	{ RLIMIT_RTPRIO, 0, 0 },
	{ RLIMIT_RTTIME, NO_LIMIT, NO_LIMIT },
};

/* What PID 1 has without a limit. */
static const struct row lowered[] = {
	{ RLIMIT_MEMLOCK, MEMLOCK_BYTES, MEMLOCK_BYTES },
	{ RLIMIT_SIGPENDING, SIGNALS_MAX, SIGNALS_MAX },
	{ RLIMIT_MSGQUEUE, MQUEUE_BYTES, MQUEUE_BYTES },
};

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static int set_all(const struct row *rows, size_t count)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = set(rows[i].resource, rows[i].soft, rows[i].hard);
	return rc;
}

int rlimits_lift(void)
{
	int rc = set_all(common, COUNT(common)), files;

	for (size_t i = 0; rc == 0 && i < COUNT(lowered); i++)
		rc = set(lowered[i].resource, NO_LIMIT, NO_LIMIT);
	/* Last: where fs.nr_open is lower it fails, which is no reason to be without the
	 * others. */
	files = rlimits_set_files(FILES_MAX);
	return rc < 0 ? rc : files;
}

int rlimits_lower(void)
{
	return set_all(lowered, COUNT(lowered));
}

/* An operator's may be lower than the service's. */
static int allow_files(uint32_t nofile)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) < 0)
		return -errno;
	return files.rlim_max < nofile ? set(RLIMIT_NOFILE, files.rlim_cur, nofile) : 0;
}

int rlimits_reset(uint32_t nofile)
{
	int rc = allow_files(nofile);

	if (rc == 0)
		rc = set_all(common, COUNT(common));
	return rc < 0 ? rc : rlimits_lower();
}

int rlimits_set_files(uint32_t nofile)
{
	return set(RLIMIT_NOFILE, nofile, nofile);
}
