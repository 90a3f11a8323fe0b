/*
 * The service of the init systems that isolate nothing: says when its main()
 * began, in a line of the file that boot_agent reads, and waits for ever.
 *
 * It opens that file itself: a shell that did it would cost the init system
 * more than the service does.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "boot_paths.h"

int main(void)
{
	struct timespec now;
	char line[64];
	int fd, length;

	clock_gettime(CLOCK_MONOTONIC, &now);
	fd = open(BOOT_MAINS, O_WRONLY | O_APPEND | O_CLOEXEC);
	length = snprintf(line, sizeof(line), "main %lld\n", now.tv_sec * 1000000000LL + now.tv_nsec);
	if (fd < 0 || write(fd, line, (size_t)length) != length)
		return 1;
	close(fd);
	/* Whatever the link to us is named: runit and s6 say "run". */
	prctl(PR_SET_NAME, BOOT_PAYLOAD);
	for (;;)
		pause();
}
