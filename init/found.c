/*
 * Keeps account of searches.  Refuses to know what an end is and where a
 * search looks.
 */
#include "found.h"

#include <sys/epoll.h>
#include <unistd.h>

#include "watch.h"

static struct {
	int fd;			/* 0: free */
	struct found found;
} places[FOUND_MAX];

void found_begin(int epoll_fd, uint16_t id, uint32_t exit, const struct finding_wish *wish)
{
	for (uint16_t place = 0; place < FOUND_MAX; place++) {
		int fd;

		if (places[place].fd)
			continue;
		fd = finding_begin(wish);
		if (fd >= 0 && watch_add(epoll_fd, fd, SOURCE_FINDING, place, EPOLLIN) < 0) {
			close(fd);
			return;
		}
		if (fd >= 0) {
			places[place].fd = fd;
			places[place].found = (struct found){ .id = id, .exit = exit };
		}
		return;
	}
}

bool found_take(int epoll_fd, uint16_t place, struct found *found)
{
	struct finding finding = { 0 };
	ssize_t n;

	/* An event of this turn may be about one that is over. */
	if (!places[place].fd)
		return false;
	n = read(places[place].fd, &finding, sizeof(finding));
	watch_drop(epoll_fd, &places[place].fd);
	*found = places[place].found;
	found->call = finding.call;
	found->arch = finding.arch;
	return n == sizeof(finding);
}
