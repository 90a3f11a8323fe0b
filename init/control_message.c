/*
 * Decides what is a request, and puts an answer into bytes.  Refuses to know
 * whose connection it is and what the request means.
 */
#include "control_message.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "message.h"
#include "service.h"

static bool is_ours(const struct control_request *request, int fd)
{
	return request->magic == CONTROL_MAGIC && request->version == CONTROL_VERSION &&
	       request->verb < CONTROL_VERB_COUNT && (!fd || request->verb == CONTROL_REEXEC);
}

int control_receive(int socket, struct control_request *request, int *fd)
{
	int n = message_receive(socket, request, sizeof(*request), fd, MSG_DONTWAIT);

	if (n < 0)
		return n == -EMSGSIZE ? -EPROTO : n;
	return n == sizeof(*request) && is_ours(request, *fd) ? 0 : -EPROTO;
}

int control_send(int socket, int result, int fd)
{
	const struct control_answer answer = {
		.magic = CONTROL_MAGIC,
		.result = result,
		.table = board.fingerprint,
	};

	return message_send(socket, &answer, sizeof(answer), fd, MSG_DONTWAIT);
}
