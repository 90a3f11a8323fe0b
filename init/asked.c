/*
 * Decides what a request does.  Refuses to know how it came (controls.h).
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "act.h"
#include "clock.h"
#include "console.h"
#include "controls.h"
#include "dispose.h"
#include "ending.h"
#include "images.h"
#include "part.h"
#include "reexec.h"

/* Whose clients have an older or newer table in hand ask for a place that may
 * be another service's by now. */
static bool is_of_a_service(unsigned verb)
{
	return verb >= CONTROL_START && verb <= CONTROL_KILL;
}

static int check(const struct supervisor *sup, const struct control_request *request)
{
	if (!is_of_a_service(request->verb))
		return 0;
	if (request->table != board.fingerprint)
		return -ESTALE;
	if (request->service >= sup->order.count)
		return -ENOENT;
	if (sup->order.stopping && request->verb != CONTROL_KILL)
		return -ESHUTDOWN;
	return 0;
}

static void tell_parts(struct supervisor *sup, uint16_t id, enum control_verb verb)
{
	for (const struct part *const *part = parts; *part; part++)
		if ((*part)->asked)
			(*part)->asked(sup, id, verb);
}

static int steer(struct supervisor *sup, const struct control_request *request)
{
	static const struct {
		enum step_event event;
		const char *words;
	} rows[] = {
		[CONTROL_START] = { STEP_START, "start" },
		[CONTROL_STOP] = { STEP_STOP, "stop" },
		[CONTROL_RESTART] = { STEP_RESTART, "restart" },
	};
	uint16_t id = (uint16_t)request->service;

	console_say_of(services[id].name, "asked to %s", rows[request->verb].words);
	tell_parts(sup, id, (enum control_verb)request->verb);
	run_event(sup, id, rows[request->verb].event);
	return 0;
}

static int end_system(struct supervisor *sup, const struct control_request *request)
{
	static const uint8_t endings[] = {
		[CONTROL_REBOOT] = ENDING_REBOOT,
		[CONTROL_POWEROFF] = ENDING_POWER_OFF,
		[CONTROL_HALT] = ENDING_HALT,
	};

	if (sup->order.stopping)
		return -ESHUTDOWN;
	sup->ending = endings[request->verb];
	return 0;
}

static void attach(uint16_t place)
{
	int fd = state_open_for_reading();

	controls_answer(place, fd < 0 ? fd : 0, fd < 0 ? 0 : fd);
	if (fd >= 0)
		close(fd);
}

/* Another binary may hide more of the board than the mounts do that were made by this
 * one. */
static void drop_views(void)
{
	const unsigned services_count = SERVICE_COUNT;
	int fds[SERVICE_SLOTS];
	unsigned count = 0;

	for (unsigned id = 0; id < services_count; id++) {
		struct sandbox *box = &run_of((uint16_t)id)->box;

		if (box->view_fd)
			fds[count++] = box->view_fd;
		box->view_fd = 0;
	}
	if (count)
		dispose_fds(fds, count);
}

/* Without a file it is this binary that is executed again. */
static int take_over(int fd)
{
	if (fd && reexec_can())
		drop_views();
	return reexec(fd);
}

static int do_request(struct supervisor *sup, uint16_t place,
		      const struct control_request *request, int fd)
{
	int rc = check(sup, request);

	if (rc < 0)
		return rc;
	switch (request->verb) {
	case CONTROL_WATCH:
		return controls_watch(place);
	case CONTROL_START:
	case CONTROL_STOP:
	case CONTROL_RESTART:
		return steer(sup, request);
	case CONTROL_KILL:
		tell_parts(sup, (uint16_t)request->service, CONTROL_KILL);
		return act_signal(sup, (uint16_t)request->service, request->number);
	case CONTROL_REBOOT:
	case CONTROL_POWEROFF:
	case CONTROL_HALT:
		return end_system(sup, request);
	case CONTROL_REEXEC:
		/* A wish to end that has not begun would be forgotten. */
		return sup->ending && !sup->order.stopping ? -ESHUTDOWN : take_over(fd);
	case CONTROL_UPDATE:
		return IMAGE_COUNT ? images_ask(sup, request->number, clock_now_ms()) : -ENOTSUP;
	default:
		return -EPROTO;
	}
}

static void asked(struct supervisor *sup, uint16_t place)
{
	struct control_request request;
	int fd;

	if (controls_take(place, &request, &fd, clock_now_ms()) <= 0)
		return;
	if (request.verb == CONTROL_ATTACH)
		attach(place);
	else
		controls_answer(place, do_request(sup, place, &request, fd), 0);
	if (fd)
		close(fd);
}

static void open_socket(struct supervisor *sup, enum state_origin origin, bool ending)
{
	int rc = controls_open(sup->epoll_fd);

	(void)origin, (void)ending;
	if (rc < 0)
		console_say("no control socket: %s", strerror(-rc));
}

static bool happened(struct supervisor *sup, enum source source, uint16_t id, uint64_t now_ms)
{
	if (source == SOURCE_LISTEN)
		controls_accept(now_ms);
	else if (source == SOURCE_CLIENT)
		asked(sup, id);
	return false;
}

static bool tick(struct supervisor *sup, uint64_t now_ms)
{
	(void)sup;
	if (controls_deadline() && controls_deadline() <= now_ms)
		controls_accept(now_ms);
	return false;
}

const struct part control_part = {
	.open = open_socket, .happened = happened, .tick = tick, .deadline = controls_deadline,
	.to_the_end = true, .changed = controls_tell_change,
};
