/*
 * That a release and an image are checked by a child which may do nothing else, that the
 * caller gets its answer or a reason, and that it waits for nothing without end.
 *
 * links: init/verify.c init/strict.c init/signature.c init/manifest.c init/digest.c init/refusal.c init/text.c init/sys.c
 * libraries: -lbearssl
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "hex.h"
#include "init/clock.h"
#include "init/digest.h"
#include "init/service.h"
#include "init/strict.h"
#include "init/sys.h"
#include "init/verify.h"
#include "signature_vectors.h"
#include "table.h"

static uint8_t point[65];
struct trusted_key keys[KEY_COUNT] __asm__("trusted_keys") = {
	{ .point = point }, { .point = point },
};
const struct board board = { .product = "gateway", .name = "qemu-x86_64" };
const struct image images[IMAGE_COUNT] = { { .name = "broker" }, { .name = "web" } };

static struct manifest manifest;
static struct refusal why;

static int file_with(const void *bytes, size_t len)
{
	int fd = memfd_create("file", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), (ssize_t)len);
	return fd;
}

static int file_of_zeros(uint64_t size)
{
	int fd = memfd_create("zeros", MFD_CLOEXEC);

	assert_int_equal(ftruncate(fd, (off_t)size), 0);
	return fd;
}

static int signature_file(void)
{
	uint8_t signature[SIGNATURE_SIZE_MAX];
	size_t len = hex_read(ecdsa_vectors[0].signature, signature, sizeof(signature));

	hex_read(vector_points[ecdsa_vectors[0].point], point, sizeof(point));
	return file_with(signature, len);
}

static int manifest_file(void)
{
	return file_with(vector_message, strlen(vector_message));
}

/* The fds are closed. */
static unsigned release(int manifest_fd, int signature_fd)
{
	int rc;

	memset(&why, 0xff, sizeof(why));
	rc = verify_release(&manifest, manifest_fd, signature_fd, &why);
	close(manifest_fd);
	close(signature_fd);
	assert_int_equal(rc, rc == 0 ? 0 : why.error ? why.error : -EBADMSG);
	return rc == 0 ? REFUSAL_NONE : why.why;
}

static void a_release_is_read_from_its_beginning(void **state)
{
	int text = manifest_file(), signature = signature_file();

	(void)state;
	/* Both are at their end here. */
	assert_int_equal(release(dup(text), dup(signature)), REFUSAL_NONE);
	assert_string_equal(manifest.product, "gateway");
	assert_int_equal(manifest.count, 2);
	assert_string_equal(manifest.image[1].name, "web");
	assert_int_equal(release(text, signature), REFUSAL_NONE);
}

static void each_release_that_is_none_has_its_reason(void **state)
{
	static const char other[] = "pith-manifest 1\n";
	int pipes[2];

	(void)state;
	assert_int_equal(release(file_with(other, sizeof(other) - 1), signature_file()), REFUSAL_SIGNATURE);
	assert_int_equal(release(file_with("", 0), signature_file()), REFUSAL_SIGNATURE);
	assert_int_equal(release(manifest_file(), file_with("", 0)), REFUSAL_SIGNATURE_FORM);
	assert_int_equal(release(manifest_file(), manifest_file()), REFUSAL_TOO_LONG);
	assert_int_equal(release(signature_file(), signature_file()), REFUSAL_SIGNATURE);
	assert_int_equal(release(file_of_zeros(MANIFEST_SIZE_MAX), signature_file()), REFUSAL_SIGNATURE);
	assert_int_equal(release(file_of_zeros(MANIFEST_SIZE_MAX + 1), signature_file()), REFUSAL_TOO_LONG);
	assert_int_equal(release(manifest_file(), file_of_zeros(SIGNATURE_SIZE_MAX)), REFUSAL_SIGNATURE);
	assert_int_equal(release(manifest_file(), file_of_zeros(SIGNATURE_SIZE_MAX + 1)), REFUSAL_TOO_LONG);
	assert_int_equal(release(open("/proc/self", O_RDONLY | O_CLOEXEC), signature_file()), REFUSAL_READ);
	assert_int_equal(why.error, -EISDIR);
	assert_int_equal(release(manifest_file(), open("/proc/self", O_PATH | O_CLOEXEC)), REFUSAL_READ);
	assert_int_equal(why.error, -EBADF);
	assert_int_equal(release(-1, signature_file()), REFUSAL_READ);
	assert_int_equal(release(manifest_file(), -1), REFUSAL_READ);
	/* Of a pipe what comes first is its beginning. */
	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	assert_int_equal(write(pipes[1], vector_message, strlen(vector_message)), strlen(vector_message));
	close(pipes[1]);
	assert_int_equal(release(pipes[0], signature_file()), REFUSAL_NONE);
}

/* A signed text that is no manifest: nothing but the signer's mistake. */
static void a_gigabyte_of_manifest_costs_32_kilobytes(void **state)
{
	int text = file_of_zeros((uint64_t)1 << 30);

	(void)state;
	assert_int_equal(release(dup(text), signature_file()), REFUSAL_TOO_LONG);
	assert_int_equal(lseek(text, 0, SEEK_CUR), MANIFEST_SIZE_MAX + 1);
	close(text);
	assert_int_equal(release(open("/dev/zero", O_RDONLY | O_CLOEXEC), signature_file()), REFUSAL_TOO_LONG);
	assert_int_equal(release(manifest_file(), open("/dev/zero", O_RDONLY | O_CLOEXEC)), REFUSAL_TOO_LONG);
}

/* The caller's own fds may have any numbers, the child's among them. */
static void fds_may_have_each_others_numbers(void **state)
{
	int kept[3], text = manifest_file(), signature = signature_file();

	(void)state;
	for (int i = 0; i < 3; i++)
		kept[i] = fcntl(i, F_DUPFD_CLOEXEC, 10);
	for (int at = 0; at < 3; at++) {
		for (int other = 0; other < 3; other++) {
			int rc;

			if (at == other)
				continue;
			dup2(text, at);
			dup2(signature, other);
			rc = verify_release(&manifest, at, other, &why);
			for (int i = 0; i < 3; i++)
				dup2(kept[i], i);
			assert_int_equal(rc, 0);
		}
	}
	for (int i = 0; i < 3; i++)
		close(kept[i]);
	close(text);
	close(signature);
}

static void fill(uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)(i * 7 + i / 251);
}

/* The file is closed. */
static unsigned content(int fd, const struct manifest_image *image)
{
	int rc;

	memset(&why, 0xff, sizeof(why));
	rc = verify_content(fd, image, &why);
	close(fd);
	assert_int_equal(rc, rc == 0 ? 0 : why.error ? why.error : -EBADMSG);
	if (rc)
		assert_int_equal(why.image, 1);
	return rc == 0 ? REFUSAL_NONE : why.why;
}

static void an_image_has_to_be_what_was_hashed(void **state)
{
	static uint8_t bytes[3 * MANIFEST_SIZE_MAX + 2 * IMAGE_BLOCK_SIZE];
	struct manifest_image image = { .name = "web", .size = sizeof(bytes) };
	struct digest d;
	int pipes[2];

	(void)state;
	fill(bytes, sizeof(bytes));
	digest_begin(&d);
	digest_add(&d, bytes, sizeof(bytes));
	digest_end(&d, image.sha256);
	assert_int_equal(content(file_with(bytes, sizeof(bytes)), &image), REFUSAL_NONE);
	assert_int_equal(content(file_with(bytes, sizeof(bytes) - 1), &image), REFUSAL_IMAGE_SIZE);
	assert_int_equal(content(file_of_zeros(sizeof(bytes) + 1), &image), REFUSAL_IMAGE_SIZE);
	assert_int_equal(content(file_of_zeros(0), &image), REFUSAL_IMAGE_SIZE);
	assert_int_equal(content(file_of_zeros(sizeof(bytes)), &image), REFUSAL_IMAGE_DIGEST);
	for (size_t at = 0; at < sizeof(bytes); at += sizeof(bytes) - 1) {
		bytes[at] ^= 1;
		assert_int_equal(content(file_with(bytes, sizeof(bytes)), &image), REFUSAL_IMAGE_DIGEST);
		bytes[at] ^= 1;
	}
	image.sha256[31] ^= 1;
	assert_int_equal(content(file_with(bytes, sizeof(bytes)), &image), REFUSAL_IMAGE_DIGEST);
	assert_int_equal(content(-1, &image), REFUSAL_READ);
	/* What is no file, as a partition, may go on; but not end too early. */
	image.sha256[31] ^= 1;
	image.size = IMAGE_BLOCK_SIZE;
	digest_begin(&d);
	digest_add(&d, bytes, IMAGE_BLOCK_SIZE);
	digest_end(&d, image.sha256);
	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	assert_int_equal(write(pipes[1], bytes, 2 * IMAGE_BLOCK_SIZE), 2 * IMAGE_BLOCK_SIZE);
	assert_int_equal(content(dup(pipes[0]), &image), REFUSAL_NONE);
	close(pipes[1]);
	image.size = 2 * IMAGE_BLOCK_SIZE;
	assert_int_equal(content(pipes[0], &image), REFUSAL_IMAGE_SIZE);
}

/* --- The child alone --------------------------------------------------------- */

static struct {
	uint64_t value;
} answer;

static void compute(const void *what)
{
	answer.value = *(const uint64_t *)what * 2;
}

static void wait_for_ever(const void *what)
{
	(void)what;
	for (;;)
		__asm__ volatile("");
}

static void read_for_ever(const void *what)
{
	char byte;

	(void)what;
	(void)!read(STRICT_FIRST, &byte, 1);
}

static void crash(const void *what)
{
	(void)what;
	__builtin_trap();
}

static void open_file(const void *what)
{
	(void)what;
	SYS_INT(SYS_openat, AT_FDCWD, "/", O_RDONLY, 0);
}

static void fork_child(const void *what)
{
	(void)what;
	sys_fork();
}

static void kill_parent(const void *what)
{
	SYS_INT(SYS_kill, *(const uint64_t *)what, 0);
}

static void end_group(const void *what)
{
	(void)what;
	SYS_INT(SYS_exit_group, 0);
}

/* The other end of the pipe that it reads from. */
static int other_end;

static void write_to_another(const void *what)
{
	(void)what;
	answer.value = (uint64_t)-SYS_INT(SYS_write, other_end, "", 1);
}

/* What it reads from, or 0 for a pipe that its caller has. */
static int given;

static int run(void (*work)(const void *), uint64_t what, uint64_t limit_ms)
{
	int pipes[2], rc;
	struct strict s = {
		.work = work, .what = &what, .second = -1, .answer = &answer, .size = sizeof(answer),
		.limit_ms = limit_ms,
	};

	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	s.first = given ? given : pipes[0];
	other_end = pipes[1];
	memset(&answer, 0, sizeof(answer));
	rc = strict_run(&s);
	close(pipes[0]);
	close(pipes[1]);
	/* One that was killed in time has nobody who waits for it. */
	if (rc == -ETIMEDOUT)
		assert_true(waitpid(-1, NULL, 0) > 0 || errno == ECHILD);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	return rc;
}

#define LONG_MS 600000

static void it_answers_and_leaves_no_process(void **state)
{
	(void)state;
	assert_int_equal(run(compute, 21, LONG_MS), 0);
	assert_int_equal(answer.value, 42);
}

static void it_may_do_nothing_else(void **state)
{
	static void (*const rows[])(const void *) = { open_file, fork_child, kill_parent, end_group, crash };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(run(rows[i], (uint64_t)getpid(), LONG_MS), -EPIPE);
	/* The caller's fds are not the child's. */
	assert_int_equal(run(write_to_another, 0, LONG_MS), 0);
	assert_int_equal(answer.value, EBADF);
}

static void it_is_killed_in_time(void **state)
{
	(void)state;
	assert_int_equal(run(wait_for_ever, 0, 20), -ETIMEDOUT);
	assert_int_equal(run(read_for_ever, 0, 20), -ETIMEDOUT);
	assert_int_equal(run(wait_for_ever, 0, 0), -ETIMEDOUT);
}

/* The only child of a process; 0: there is none yet. */
static pid_t child_of(pid_t pid)
{
	char path[64], text[32] = "";
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", pid, pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_true(read(fd, text, sizeof(text) - 1) >= 0);
	close(fd);
	return atoi(text);
}

static void read_status(pid_t pid, char *to, size_t size)
{
	char path[64];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	len = read(fd, to, size - 1);
	close(fd);
	assert_true(len > 0);
	to[len] = '\0';
}

static void it_is_nobody_and_goes_with_its_caller(void **state)
{
	static const char *const rows[] = {
		"\nSeccomp:\t1\n", "\nNoNewPrivs:\t1\n", "\nCapInh:\t0000000000000000\n",
		"\nCapPrm:\t0000000000000000\n", "\nCapEff:\t0000000000000000\n",
	};
	static const char *const of_root[] = {
		"\nUid:\t65534\t65534\t65534\t65534\n", "\nGid:\t65534\t65534\t65534\t65534\n",
		"\nGroups:\t \n",
	};
	pid_t caller, child;
	char status[4096];
	int ended, pipes[2];

	(void)state;
	/* With its caller's pipe it would come to the end of what it reads first. */
	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	given = pipes[0];
	caller = fork();
	assert_true(caller >= 0);
	if (caller == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		run(read_for_ever, 0, LONG_MS);
		_exit(0);
	}
	/* Were it none of that, this would go on for ever. */
	alarm(60);
	/* It is the last thing that it becomes. */
	do {
		sched_yield();
		child = child_of(caller);
		if (child)
			read_status(child, status, sizeof(status));
	} while (!child || !strstr(status, rows[0]));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!strstr(status, rows[i]))
			fail_msg("not%s:%s", rows[i], status);
	for (size_t i = 0; geteuid() == 0 && i < sizeof(of_root) / sizeof(of_root[0]); i++)
		if (!strstr(status, of_root[i]))
			fail_msg("not%s:%s", of_root[i], status);
	/* Whose child it becomes then. */
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	kill(caller, SIGKILL);
	assert_int_equal(waitpid(caller, &ended, 0), caller);
	assert_int_equal(waitpid(child, &ended, 0), child);
	assert_true(WIFSIGNALED(ended) && WTERMSIG(ended) == SIGKILL);
	alarm(0);
	given = 0;
	close(pipes[0]);
	close(pipes[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_release_is_read_from_its_beginning),
		cmocka_unit_test(each_release_that_is_none_has_its_reason),
		cmocka_unit_test(a_gigabyte_of_manifest_costs_32_kilobytes),
		cmocka_unit_test(fds_may_have_each_others_numbers),
		cmocka_unit_test(an_image_has_to_be_what_was_hashed),
		cmocka_unit_test(it_answers_and_leaves_no_process),
		cmocka_unit_test(it_may_do_nothing_else),
		cmocka_unit_test(it_is_killed_in_time),
		cmocka_unit_test(it_is_nobody_and_goes_with_its_caller),
	};

	return cmocka_run_group_tests_name("verify", tests, NULL, NULL);
}
