/*
 * What a service may do beyond its own walls: the capabilities that it keeps
 * count where it keeps them, and one without a user namespace has a filter and
 * remains somebody other than root.  What a filter lets pass, seccomp.c decides.
 */
#include "../service.h"
#include "caps.h"
#include "checks.h"

/* Without a user namespace, 0 is the id of the board's own root. */
static void check_caps_outside(const struct spec *spec, const struct service_spec *service)
{
	uint64_t of_root = service->caps & caps_of_root;

	if (!service->userns && of_root)
		spec_service_error(spec, service, "CAPS", "%s: with USERNS=n it could become the "
				   "board's own root; leave it out, or write CONFIG_%s_USERNS=y",
				   caps_names(spec->arena, of_root), service->folder->symbol);
}

/* In a user namespace such a capability is an empty word, and whoever wrote it
 * would find out on the board. */
static void check_caps_inside(const struct spec *spec, const struct service_spec *service)
{
	const char *symbol = service->folder->symbol;
	uint64_t over_board = service->caps & caps_of_board;
	uint64_t over_network = service->caps & caps_of_network;

	if (!service->userns)
		return;
	if (over_board)
		spec_service_error(spec, service, "CAPS", "%s: counts only with USERNS=n, and then "
				   "for the whole board; write # CONFIG_%s_USERNS is not set, or "
				   "leave it out", caps_names(spec->arena, over_board), symbol);
	if (over_network && service->net == SERVICE_NET_HOST)
		spec_service_error(spec, service, "CAPS", "%s: counts on the board's network only "
				   "with USERNS=n; write # CONFIG_%s_USERNS is not set, or "
				   "CONFIG_%s_NET=\"private\"", caps_names(spec->arena, over_network),
				   symbol, symbol);
	if (over_network && service->net == SERVICE_NET_SHARE)
		spec_service_error(spec, service, "CAPS", "%s: counts on %s's network only for "
				   "%s itself, or with USERNS=n; leave it out, or write "
				   "# CONFIG_%s_USERNS is not set", caps_names(spec->arena, over_network),
				   service->share, service->share, symbol);
}

/* A user namespace is full of capabilities for whoever makes it.  In one of
 * ours user.max_user_namespaces is 0; in the board's only a filter forbids. */
static void check_userns(const struct spec *spec, const struct service_spec *service)
{
	if (!service->userns && service->seccomp == SERVICE_SECCOMP_NONE)
		spec_service_error(spec, service, "SECCOMP", "with USERNS=n nothing else keeps it "
				   "from making user namespaces; write \"default\" or \"strict\"");
}

void check_trust(struct spec *spec)
{
	for (size_t i = 0; i < spec->count; i++) {
		if (spec->services[i].broken)
			continue;
		check_caps_inside(spec, &spec->services[i]);
		check_caps_outside(spec, &spec->services[i]);
		check_userns(spec, &spec->services[i]);
	}
}
