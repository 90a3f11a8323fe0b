/*
 * The agent's main program: makes a machine of what the kernel hands over, and does what
 * /plan says.  agent.h tells what that may be.
 */
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

uint64_t agent_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* QEMU is started with -no-reboot, and this works on every machine of its. */
_Noreturn void agent_end(void)
{
	fflush(stdout);
	sleep(1);	/* the console's last bytes */
	reboot(RB_AUTOBOOT);
	for (;;)
		pause();
}

_Noreturn void agent_fail(const char *what, const char *why)
{
	printf("\n{\"error\": \"agent: %s: ", what);
	for (; *why; why++)
		putchar(*why == '"' || *why == '\\' || (unsigned char)*why < ' ' ? ' ' : *why);
	printf("\"}\n");
	agent_end();
}

void agent_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		agent_fail(path, strerror(errno));
	close(fd);
}

static void must(const char *what, int rc)
{
	if (rc < 0)
		agent_fail(what, strerror(errno));
}

static void mount_at(const char *type, const char *path)
{
	mkdir(path, 0755);
	must(path, mount(type, path, type, 0, NULL));
}

/* pivot_root(2) fails on the kernel's first root: all below is then beneath another mount. */
static void leave_rootfs(void)
{
	mkdir("/mnt", 0755);
	must("/mnt", mount("/", "/mnt", NULL, MS_BIND | MS_REC, NULL));
	must("/mnt", chdir("/mnt"));
	must("/mnt", mount(".", "/", NULL, MS_MOVE, NULL));
	must("/mnt", chroot("."));
}

static void make_machine(void)
{
	leave_rootfs();
	mount_at("proc", "/proc");
	mount_at("sysfs", "/sys");
	mount_at("devtmpfs", "/dev");
	mount_at("tmpfs", "/run");
	mount_at("tmpfs", "/tmp");
	mkdir("/dev/pts", 0755);
	must("/dev/pts", mount("devpts", "/dev/pts", "devpts", 0, "newinstance,ptmxmode=0666"));
	must("cgroup2", mount("cgroup2", "/sys/fs/cgroup", "cgroup2", 0, NULL));
	agent_write("/sys/fs/cgroup/cgroup.subtree_control", "+cpu +memory +io +pids");
	agent_write("/proc/sys/net/ipv4/ip_forward", "1");
}

static FILE *open_text(const char *path)
{
	FILE *file = fopen(path, "re");

	if (!file)
		agent_fail(path, strerror(errno));
	return file;
}

/* What the kernel has built in, or what is of another CPU, may be refused. */
static void load_modules(void)
{
	char line[256];
	FILE *list = open_text("/modules");

	while (fgets(line, sizeof(line), list)) {
		line[strcspn(line, "\n")] = '\0';
		int fd = open(line, O_RDONLY | O_CLOEXEC);

		if (fd < 0)
			agent_fail(line, strerror(errno));
		syscall(SYS_finit_module, fd, "", 0);
		close(fd);
	}
	fclose(list);
}

static void do_line(char *line)
{
	static int has_machine;
	char *words[AGENT_WORDS_MAX + 1] = { 0 };
	int count = 0;

	line[strcspn(line, "\n")] = '\0';
	for (char *word = strtok(line, "\t"); word; word = strtok(NULL, "\t")) {
		if (count == AGENT_WORDS_MAX)
			agent_fail("/plan", "too many words");
		words[count++] = word;
	}
	if (count == 4 && !strcmp(words[0], "pith"))
		agent_pith(words + 1);
	if (count > 2 && !strcmp(words[0], "bare-init"))
		agent_init(words + 1);
	if (!has_machine)
		make_machine();
	has_machine = 1;
	if (count == 1 && !strcmp(words[0], "bridge"))
		agent_bridge();
	else if (count > 4 && !strcmp(words[0], "run"))
		agent_run(words + 1, count - 1, false);
	else if (count > 4 && !strcmp(words[0], "run-confined"))
		agent_run(words + 1, count - 1, true);
	else if (count > 1 && !strcmp(words[0], "exec"))
		agent_exec(words + 1);
	else if (count > 2 && !strcmp(words[0], "init"))
		agent_init(words + 1);
	else
		agent_fail("/plan: not understood", words[0] ? words[0] : "an empty line");
}

int main(void)
{
	static char line[4096];
	FILE *plan = open_text("/plan");

	setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
	load_modules();
	while (fgets(line, sizeof(line), plan))
		do_line(line);
	agent_end();
}
