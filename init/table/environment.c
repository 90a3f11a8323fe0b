/*
 * The environment that a service is started with.  Decides what is added to
 * the words of ENV, which have been read and checked.
 */
#include "environment.h"

#include <inttypes.h>
#include <string.h>

#include "../notify.h"
#include "values.h"

static bool names_same_variable(const char *word, const char *other)
{
	return !strncmp(word, other, strcspn(word, "=") + 1);
}

static void add_unless_there(struct arena *arena, struct words *env, const char *word)
{
	for (size_t i = 0; i < env->count; i++)
		if (names_same_variable(word, env->at[i]))
			return;
	env->at[env->count++] = arena_copy(arena, word, strlen(word));
}

/* sd_listen_fds(3) asks whose they are: a program is PID 1 of its namespace, or the
 * first child of its reaper there.  The names are the words of LISTEN. */
static void add_listen(struct arena *arena, struct words *env, const struct service_spec *service)
{
	const char *names = "";

	if (!service->listen.count)
		return;
	for (size_t i = 0; i < service->listen.count; i++)
		names = arena_printf(arena, "%s%s%s", names, i ? ":" : "",
				     values_port_text(arena, &service->listen.at[i]));
	add_unless_there(arena, env, arena_printf(arena, "LISTEN_FDS=%zu", service->listen.count));
	add_unless_there(arena, env, service->init ? "LISTEN_PID=2" : "LISTEN_PID=1");
	add_unless_there(arena, env, arena_printf(arena, "LISTEN_FDNAMES=%s", names));
}

void environment_complete(struct arena *arena, struct service_spec *service)
{
	const size_t added = 7;	/* below */
	struct words env = {
		arena_array(arena, service->env.count + added, sizeof(*env.at)), 0,
	};

	while (env.count < service->env.count) {
		env.at[env.count] = service->env.at[env.count];
		env.count++;
	}
	add_unless_there(arena, &env,
			 "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
	add_unless_there(arena, &env, service->home ?
			 arena_printf(arena, "HOME=%s", service->home) :
			 service->user.uid ? "HOME=/" : "HOME=/root");
	/* ENV may not have these: read_env() refuses them. */
	if (spec_notifies(service))
		add_unless_there(arena, &env, "NOTIFY_SOCKET=" NOTIFY_INSIDE);
	if (service->watchdog_ms)
		add_unless_there(arena, &env, arena_printf(arena, "WATCHDOG_USEC=%" PRId64 "000",
							   service->watchdog_ms));
	add_listen(arena, &env, service);
	service->env = env;
}
