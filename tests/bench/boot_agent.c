/*
 * PID 1 of a guest before its init system is: notes the clock, leaves a child that
 * measures, and executes the init system in its place.
 *
 * Modules are loaded by then and, but for a bare one, /dev, /proc, /sys, /run and the
 * control groups are mounted.
 *
 * TASKS, with commas: "seed" first if there is a number to be waited for, "pith" if the
 * services say what they say to pith, then boot:N for N services, and of restart:RUNS,
 * orphans:N, idle:SECONDS and memory (boot_report.h) those that are wanted.
 */
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/random.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "boot_look.h"
#include "boot_mains.h"
#include "boot_paths.h"
#include "boot_report.h"

/* The reporter is ready by then, and asleep; and awake again only when a boot is over. */
#define PREPARE_US 1000000
#define BOOT_US 2000000

/* Shared: a pipe would wake the reporter at the moment at which the clock starts. */
struct start {
	volatile uint64_t ns;
	uint64_t kernel_before;		/* bytes */
};

static void do_task(const char *task, int number, const struct start *start)
{
	if (!strcmp(task, "pith"))
		mains_ask("/init");
	else if (!strcmp(task, "boot"))
		report_boot(start->ns, number);
	else if (!strcmp(task, "restart"))
		report_restart(number);
	else if (!strcmp(task, "orphans"))
		report_orphans(number);
	else if (!strcmp(task, "idle"))
		report_idle(number);
	else if (!strcmp(task, "memory"))
		report_memory(start->kernel_before);
	else
		agent_fail("/plan: no such task", task);
	fflush(stdout);
}

static _Noreturn void measure(char *tasks, struct start *start)
{
	int rc = look_open(BOOT_PROC);

	if (rc < 0)
		agent_fail(BOOT_PROC, strerror(-rc));
	setsid();	/* nobody's signals to its own group are for us */
	start->kernel_before = look_kernel_memory();
	usleep(PREPARE_US + BOOT_US);
	for (char *task; (task = strsep(&tasks, ",")) != NULL; ) {
		char *colon = strchr(task, ':');

		if (colon)
			*colon = '\0';
		do_task(task, colon ? atoi(colon + 1) : 0, start);
	}
	agent_end();
}

/* Says that it is ready, and waits for a line: a number of µs to wait for, which is also what
 * makes the addresses of programs other ones.  The guest may be frozen and copied meanwhile. */
static void wait_for_seed(void)
{
	char line[32] = "";
	int fd;

	printf("\n{\"ready\": 1}\n");
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin))
		agent_fail("the console", strerror(errno));
	mknod(BOOT_RANDOM, S_IFCHR | 0600, makedev(1, 9));
	fd = open(BOOT_RANDOM, O_RDWR | O_CLOEXEC);
	if (fd < 0 || write(fd, line, strlen(line)) < 0 || ioctl(fd, RNDRESEEDCRNG) < 0)
		agent_fail(BOOT_RANDOM, strerror(errno));
	close(fd);
	usleep((useconds_t)atoi(line));
}

_Noreturn void agent_init(char **words)
{
	struct start *start = mmap(NULL, sizeof(*start), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (start == MAP_FAILED || (mkdir(BOOT_FOLDER, 0755) < 0 && errno != EEXIST))
		agent_fail(BOOT_FOLDER, strerror(errno));
	close(open(BOOT_MAINS, O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
	if (!strncmp(words[0], "seed,", 5)) {
		wait_for_seed();
		words[0] += 5;
	}
	fflush(stdout);
	if (fork() == 0)
		measure(words[0], start);
	usleep(PREPARE_US);
	start->ns = agent_now_ns();
	execv(words[1], words + 1);
	agent_fail(words[1], strerror(errno));
}
