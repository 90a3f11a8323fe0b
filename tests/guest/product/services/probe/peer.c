/*
 * The peer's main program, and its words with PID 1's control socket: proper
 * ones, and such as no client would say.
 *
 *   peer ask PATH                        asks for the state once
 *   peer noise PATH COUNT SEED           COUNT connections with garbage on them
 *   peer mutes PATH COUNT MS             COUNT connections that say nothing for MS
 *   peer full PATH PID_MAX PID PROGRAM…  see herd.c
 *   peer crowd COUNT PROGRAM…            COUNT of PROGRAM at the same time
 *   peer as UID PROGRAM…                 PROGRAM as that user
 *   peer pty ROWS COLUMNS ROWS COLUMNS PROGRAM…
 *                                        PROGRAM on a terminal that changes its size
 *   peer digest FOLDER…                  every file there, with all that a touch changes
 *   peer abstract NAME MS                listens on an abstract socket
 *   peer times ADDRESS COUNT             how long a probe takes to answer
 *   peer unlock PID MOUNT…               makes mounts writable where that process is
 *   peer plant PID PATH MAJOR MINOR      makes a node there
 *   peer limit PID RESOURCE VALUE        sets a limit of that process, soft and hard
 */
#include "peer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* More than a request, by far. */
#define NOISE_MAX 70000

void peer_sleep_ms(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	while (nanosleep(&t, &t) < 0 && errno == EINTR)
		;
}

int peer_connect(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	struct timeval patience = { .tv_sec = 5 };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	strncpy(to.sun_path, path, sizeof(to.sun_path) - 1);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (connect(fd, (void *)&to, sizeof(to)) == 0)
		return fd;
	close(fd);
	return -1;
}

int peer_attach(int fd, struct control_answer *answer)
{
	struct control_request request = {
		.magic = CONTROL_MAGIC, .version = CONTROL_VERSION, .verb = CONTROL_ATTACH,
	};
	ssize_t n;

	if (send(fd, &request, sizeof(request), MSG_NOSIGNAL) < 0)
		return -errno;
	n = recv(fd, answer, sizeof(*answer), 0);	/* its fd is thrown away */
	if (n < 0)
		return -errno;
	return n == sizeof(*answer) ? answer->result : -ECONNRESET;
}

int peer_ask(int argc, char **argv)
{
	struct control_answer answer = { 0 };
	int fd = argc == 2 ? peer_connect(argv[1]) : -1;

	if (fd < 0)
		printf("connect: %s\n", strerror(errno));
	else
		printf("result %d\n", peer_attach(fd, &answer));
	return 0;
}

static void send_with_fds(int fd, const void *bytes, size_t len, int fds)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(3 * sizeof(int))];
	} control = { 0 };
	struct iovec part = { (void *)bytes, len };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	int i, null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (fds) {
		message.msg_control = &control;
		message.msg_controllen = CMSG_SPACE((size_t)fds * sizeof(int));
		control.align = (struct cmsghdr){
			.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS,
			.cmsg_len = CMSG_LEN((size_t)fds * sizeof(int)),
		};
		for (i = 0; i < fds; i++)
			memcpy(CMSG_DATA(&control.align) + (size_t)i * sizeof(int), &null,
			       sizeof(null));
	}
	sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
	close(null);
}

/* A request of ours in all but one field, which names nothing. */
static struct control_request nearly(uint64_t table)
{
	struct control_request request = {
		.magic = CONTROL_MAGIC, .version = CONTROL_VERSION, .verb = CONTROL_STOP,
		.table = table, .service = UINT32_MAX,
	};

	switch (random() % 6) {
	case 0:
		request.magic++;
		break;
	case 1:
		request.version++;
		break;
	case 2:
		request.verb = (uint16_t)(CONTROL_VERB_COUNT + random() % 60000);
		break;
	case 3:
		request.table++;
		break;
	case 4:
		request.verb = CONTROL_KILL;
		request.number = -1;
		break;
	}
	return request;
}

/* One connection: some messages, of which none is right, and a sudden end.  Not
 * all answers are read. */
static void make_noise(const char *path)
{
	static char garbage[NOISE_MAX];
	struct control_answer answer = { 0 };
	struct control_request request;
	int fd = peer_connect(path);
	long i, n = random() % 20;

	if (fd < 0)
		return;
	if (random() % 4)
		peer_attach(fd, &answer);
	for (i = 0; i < n; i++) {
		size_t len = (size_t)(random() % (random() % 8 ? 64 : NOISE_MAX));
		size_t at;

		for (at = 0; at < 64; at++)
			garbage[at] = (char)random();
		request = nearly(answer.table);
		if (random() % 2)
			send_with_fds(fd, garbage, len, (int)(random() % 4));
		else
			send_with_fds(fd, &request, sizeof(request), (int)(random() % 4));
		if (random() % 2)
			recv(fd, &answer, sizeof(answer), MSG_DONTWAIT);
	}
	close(fd);
}

int peer_noise(int argc, char **argv)
{
	long i, n = argc == 4 ? atol(argv[2]) : 0;

	srandom(argc == 4 ? (unsigned)atol(argv[3]) : 0);
	for (i = 0; i < n; i++)
		make_noise(argv[1]);
	printf("connections %ld\n", i);
	return 0;
}

int peer_mutes(int argc, char **argv)
{
	long i, open_count = 0, n = argc == 4 ? atol(argv[2]) : 0;

	for (i = 0; i < n; i++)
		open_count += peer_connect(argv[1]) >= 0;
	printf("open %ld\n", open_count);
	fflush(stdout);
	peer_sleep_ms(argc == 4 ? atol(argv[3]) : 0);
	return 0;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(int argc, char **argv);
	} verbs[] = {
		{ "ask", peer_ask }, { "noise", peer_noise }, { "mutes", peer_mutes },
		{ "full", peer_full }, { "crowd", peer_crowd }, { "as", peer_as },
		{ "pty", peer_pty }, { "digest", peer_digest },
		{ "abstract", peer_abstract }, { "times", peer_times },
		{ "unlock", peer_unlock }, { "plant", peer_plant },
		{ "limit", peer_limit },
	};
	size_t i;

	for (i = 0; argc > 1 && i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (!strcmp(argv[1], verbs[i].name))
			return verbs[i].run(argc - 1, argv + 1);
	fprintf(stderr, "peer: no such verb\n");
	return 2;
}
