/*
 * Carries a start's files to PID 1, with its reports.  Refuses to know what they are
 * good for.
 */
#include "report.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "dispose.h"
#include "fds.h"
#include "listen.h"
#include "sys.h"
#include "view.h"

union control {
	struct cmsghdr head;
	char bytes[CMSG_SPACE(SERVICE_LISTEN_MAX * sizeof(int))];
};

bool report_has_socket(const struct service *s)
{
	return view_is_kept(s) || listen_has(s);
}

int report_open(const struct service *s, int ends[2])
{
	int rc = report_has_socket(s) ?
		 socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) :
		 pipe2(ends, O_CLOEXEC | O_NONBLOCK);

	return rc < 0 ? -errno : 0;
}

void report_files(const struct recipe *r, enum stage stage, const int *fds, unsigned count)
{
	struct stage_report report = { .stage = (int32_t)stage };
	union control control = { 0 };
	struct iovec part = { &report, sizeof(report) };
	struct msghdr msg = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = CMSG_SPACE(count * sizeof(int)),
	};
	struct cmsghdr *head = &control.head;

	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(count * sizeof(int));
	memcpy(CMSG_DATA(head), fds, count * sizeof(int));
	must(r, stage, sendmsg(r->report_fd, &msg, MSG_NOSIGNAL) < 0 ? -errno : 0);
}

static void keep(const struct service *s, struct sandbox *box, int stage, const int *fds,
		 unsigned count)
{
	unsigned taken = 0;

	/* One that another binary's start made may show what this one hides. */
	if (stage == STAGE_VIEW && count && box->wants_view) {
		int fd = fds_keep(fds[taken++], fds_number((uint16_t)(s - services), FD_VIEW));

		box->view_fd = fd < 0 ? 0 : fd;
	} else if (stage != STAGE_VIEW && listen_has(s)) {
		taken = listen_keep(s, fds, count);
	}
	/* None is left over; but a mistake here shall not cost PID 1 its files. */
	if (taken < count)
		dispose_fds(fds + taken, count - taken);
}

static void keep_rights(const struct service *s, struct sandbox *box, int stage,
			struct msghdr *msg)
{
	const struct cmsghdr *head = CMSG_FIRSTHDR(msg);
	int fds[SERVICE_LISTEN_MAX];
	size_t bytes;

	if (!head || head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS)
		return;
	bytes = head->cmsg_len - CMSG_LEN(0);
	memcpy(fds, CMSG_DATA(head), bytes);
	keep(s, box, stage, fds, (unsigned)(bytes / sizeof(int)));
}

int report_read(const struct service *s, struct sandbox *box, int fd,
		struct stage_report *report, struct start_error *err)
{
	struct report_of_socket is = { 0 };
	union control control;
	struct iovec part = { &is, sizeof(is) };
	struct msghdr msg = {
		.msg_iov = &part, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	ssize_t n = recvmsg(fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	if (n >= 0)
		keep_rights(s, box, is.report.stage, &msg);
	if (n < (ssize_t)sizeof(*report))
		return (int)n;
	*report = is.report;
	if (n == sizeof(is) && listen_has(s))
		listen_name_failed(s, &is, err);
	return sizeof(*report);
}
