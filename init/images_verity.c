/*
 * Decides which image a block that dm-verity refused is of.  Refuses to know what
 * becomes of the service.
 */
#include "images_verity.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "console.h"
#include "image_device.h"
#include "procfile.h"
#include "sys.h"
#include "text.h"
#include "uevents.h"
#include "watch.h"

/* A uevent has 2048 bytes of variables at most (UEVENT_BUFFER_SIZE), and its path. */
#define MESSAGE_SIZE 4096

/* In one turn; the kernel tells of 100 blocks of a device. */
#define MESSAGES_MAX 32

#define HEADER "change@/devices/virtual/block/dm-"

static int uevents;

/* --- The message ---------------------------------------------------------------- */

/* The digits at *at, which moves behind them.  False if there are none. */
static bool take_number(const char **at, const char *end, uint64_t *to)
{
	const char *begin = *at;

	*to = 0;
	for (; *at < end && **at >= '0' && **at <= '9'; ++*at)
		*to = *to * 10 + (uint64_t)(**at - '0');
	return *at > begin;
}

/* "dm-0", in its own buffer. */
static bool take_device(struct verity_event *to, const char *bytes, const char *end)
{
	const char *name = bytes + sizeof(HEADER) - 1 - 3, *at = name + 3;
	uint64_t number;

	if ((size_t)(end - bytes) < sizeof(HEADER) || memcmp(bytes, HEADER, sizeof(HEADER) - 1) ||
	    !take_number(&at, end, &number) || at == end || *at ||
	    (size_t)(at - name) >= sizeof(to->device))
		return false;
	memcpy(to->device, name, (size_t)(at - name) + 1);
	return true;
}

/* "0,7": of the data, or "1,7": of the tree; then the block. */
static bool take_block(struct verity_event *to, const char *at, const char *end)
{
	uint64_t type;

	if (!take_number(&at, end, &type) || at == end || *at++ != ',' ||
	    !take_number(&at, end, &to->block))
		return false;
	to->in_tree = type == 1;
	return at == end;
}

bool images_verity_parse(struct verity_event *to, const char *bytes, size_t len)
{
	static const char key[] = "DM_VERITY_ERR_BLOCK_NR=";
	const char *end = bytes + len, *at, *next;

	if (!take_device(to, bytes, end))
		return false;
	for (at = bytes + strlen(bytes) + 1; at < end && (next = memchr(at, 0, (size_t)(end - at))); at = next + 1)
		if ((size_t)(next - at) > sizeof(key) - 1 && !memcmp(at, key, sizeof(key) - 1))
			return take_block(to, at + sizeof(key) - 1, next);
	return false;
}

/* --- The socket ----------------------------------------------------------------- */

/* PID 1 is not to wake for each device of the board: only what begins as HEADER does
 * passes.  The kernel reads words big-endian. */
static int listen_for_change(int fd)
{
#define WORD(at) ((uint32_t)HEADER[at] << 24 | (uint32_t)HEADER[(at) + 1] << 16 | \
		  (uint32_t)HEADER[(at) + 2] << 8 | (uint32_t)HEADER[(at) + 3])
	static const struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, WORD(0), 0, 5),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 16),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, WORD(16), 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 28),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, WORD(28), 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
#undef WORD
	const struct sock_fprog program = {
		.len = sizeof(filter) / sizeof(filter[0]), .filter = (struct sock_filter *)filter,
	};

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) < 0 ?
	       -errno : 0;
}

void images_verity_open(const struct supervisor *sup)
{
	int fd = uevents_open(), rc = fd;

	if (fd >= 0)
		rc = listen_for_change(fd);
	if (rc == 0)
		rc = watch_add(sup->epoll_fd, fd, SOURCE_VERITY, 0, EPOLLIN);
	uevents = rc == 0 ? fd : 0;
	if (rc == 0)
		return;
	if (fd >= 0)
		close(fd);
	console_say_of("images", "a corrupted block will not be told: %s", strerror(-rc));
}

/* --- Which image it is ------------------------------------------------------------ */

/* A device-mapper device has its name there (image_device.h). */
static bool read_name(const char *device, char *to, size_t size)
{
	char path[64];
	struct text t = TEXT_ON(path);
	ssize_t n;
	int fd;

	text_add(&t, "/sys/class/block/%s/dm/name", device);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, to, size - 1);
	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return false;
	to[n - (to[n - 1] == '\n')] = '\0';
	return true;
}

static bool is_of(const char *name, uint64_t serial, unsigned image)
{
	return serial && image_device_is(name, serial, images[image].name);
}

static void count(struct images_plan *plan, unsigned image, uint64_t serial,
		  const struct verity_event *event)
{
	plan->image[image].corrupted++;
	for (unsigned id = 0; id < SERVICE_SLOTS; id++)
		if (services[id].image == image + 1)
			console_say_of(services[id].name,
				       "image %s of release %llu is corrupted at block %llu%s",
				       images[image].name, (unsigned long long)serial,
				       (unsigned long long)event->block,
				       event->in_tree ? " of its hash tree" : "");
}

static bool find(struct images_plan *plan, const struct verity_event *event)
{
	char name[IMAGE_DEVICE_SIZE + 2];	/* ".1" */

	if (!read_name(event->device, name, sizeof(name)))
		return false;
	for (unsigned i = 0; i < IMAGE_SLOTS; i++) {
		const struct state_image *is = &plan->image[i];

		if (is_of(name, is->serial, i) || is_of(name, is->before, i)) {
			count(plan, i, is_of(name, is->serial, i) ? is->serial : is->before, event);
			return true;
		}
	}
	return false;
}

bool images_verity_heard(struct images_plan *plan)
{
	char message[MESSAGE_SIZE];
	struct verity_event event;
	bool counted = false;

	for (int i = 0; i < MESSAGES_MAX; i++) {
		struct sockaddr_nl from;
		socklen_t size = sizeof(from);
		ssize_t n = recvfrom(uevents, message, sizeof(message), 0, (void *)&from, &size);

		if (n < 0)
			break;
		/* From the kernel alone: a service with its network may send there. */
		if (from.nl_pid == 0 && images_verity_parse(&event, message, (size_t)n))
			counted |= find(plan, &event);
	}
	return counted;
}
