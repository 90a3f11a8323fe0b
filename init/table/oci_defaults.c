/*
 * What an option leaves open: what the service's OCI image says, or else what is
 * usual.  A value that is written wins, and of ENV each variable by itself; an
 * ARGV that is written takes the place of Entrypoint and Cmd together.
 *
 * What of the image cannot be had here, and does no harm by that, is left out, and a note
 * tells.
 */
#include <stdlib.h>
#include <string.h>

#include "../service.h"
#include "checks.h"
#include "oci.h"
#include "signals.h"
#include "values.h"

struct filling {
	const struct spec *spec;
	struct service_spec *service;
	struct oci_image image;	/* all empty without one */
	const char *root;
};

static void error(const struct filling *at, const char *phrase)
{
	spec_service_error(at->spec, at->service, "OCI", "%s", phrase);
	at->service->broken = true;
}

static void note(const struct filling *at, const char *what, const char *instead)
{
	report_note(at->spec->report, "%s: %s: %s; %s", at->service->name, at->service->oci, what,
		    instead);
}

static size_t name_length(const char *word)
{
	return strcspn(word, "=") + 1;
}

static bool has_variable(const struct words *env, const char *word)
{
	for (size_t i = 0; i < env->count; i++)
		if (!strncmp(env->at[i], word, name_length(word)))
			return true;
	return false;
}

/* Without those that ENV could not have. */
static void fill_env(const struct filling *at)
{
	const struct words *own = &at->service->env, *more = &at->image.env;
	struct words env = {
		arena_array(at->spec->arena, own->count + more->count + 1, sizeof(char *)), 0,
	};

	for (; env.count < own->count; env.count++)
		env.at[env.count] = own->at[env.count];
	for (size_t i = 0; i < more->count; i++) {
		const char *wrong = values_variable_error(more->at[i]);

		if (wrong)
			note(at, arena_printf(at->spec->arena, "its variable \"%s\" is left out",
					      more->at[i]), wrong);
		else if (!has_variable(&env, more->at[i]))
			env.at[env.count++] = more->at[i];
	}
	at->service->env = env;
}

static void fill_workdir(const struct filling *at)
{
	const char *path = at->image.workdir, *wrong;

	if (*at->service->workdir)
		return;
	at->service->workdir = "/";
	if (!path || !*path)
		return;
	wrong = values_path_error(path);
	if (wrong)
		error(at, arena_printf(at->spec->arena, "its WorkingDir %s: %s, in %s_WORKDIR", path,
				       wrong, at->service->folder->symbol));
	else
		at->service->workdir = path;
}

static void fill_user(const struct filling *at)
{
	struct user_ids *user = &at->service->user;
	const char *wrong;

	if (user->uid != USER_OPEN)
		return;
	*user = (struct user_ids){ 0, 0 };
	if (!at->image.user)
		return;
	wrong = oci_user(at->spec->arena, at->root, at->image.user, user, &at->service->home);
	if (wrong)
		error(at, arena_printf(at->spec->arena, "%s; write uid:gid in %s_USER, such as "
				       "\"1000:1000\"", wrong, at->service->folder->symbol));
}

static void fill_signal(const struct filling *at)
{
	int *signal = &at->service->stop_signal;

	if (*signal)
		return;
	*signal = signal_parse(at->image.stop_signal ? at->image.stop_signal : "TERM");
	if (*signal >= 0)
		return;
	error(at, arena_printf(at->spec->arena, "its StopSignal %s is unknown; write one in "
			       "%s_STOP_SIGNAL, such as \"TERM\"", at->image.stop_signal,
			       at->service->folder->symbol));
}

/* "80" is of TCP. */
static void fill_ports(const struct filling *at)
{
	struct arena *arena = at->spec->arena;
	const struct words *more = &at->image.ports;
	struct ports ports = { arena_array(arena, more->count, sizeof(*ports.at)), 0 };

	if (at->service->ports.count || at->service->net != SERVICE_NET_PRIVATE)
		return;
	for (size_t i = 0; i < more->count; i++) {
		const char *word = more->at[i];
		struct ports one = { NULL, 0 };
		bool twice = false;

		if (!strchr(word, '/'))
			word = arena_printf(arena, "%s/tcp", word);
		if (read_ports(arena, NULL, word, &one) || one.count != 1) {
			note(at, arena_printf(arena, "its port %s is left out", more->at[i]),
			     "what others may reach are ports of tcp and udp");
			continue;
		}
		for (size_t j = 0; j < ports.count; j++)
			twice |= values_same_port(&ports.at[j], one.at);
		if (!twice)
			ports.at[ports.count++] = *one.at;
	}
	at->service->ports = ports;
}

static void empty_error(const struct spec *spec, struct service_spec *service)
{
	bool has_image = service->oci && *service->oci;

	spec_service_error(spec, service, "ARGV", "empty%s; write the program and its arguments",
			   has_image ? ", and its OCI image has neither Entrypoint nor Cmd" : "");
	service->broken = true;
}

static void fill_argv(const struct filling *at)
{
	struct arena *arena = at->spec->arena;
	const struct words *first = &at->image.entrypoint, *then = &at->image.cmd;
	struct words argv = { arena_array(arena, first->count + then->count + 1, sizeof(char *)), 0 };
	const char *program;

	if (at->service->argv.count)
		return;
	for (size_t i = 0; i < first->count; i++)
		argv.at[argv.count++] = first->at[i];
	for (size_t i = 0; i < then->count; i++)
		argv.at[argv.count++] = then->at[i];
	if (!argv.count || !*argv.at[0]) {
		empty_error(at->spec, at->service);
		return;
	}
	program = oci_program(arena, at->root, argv.at[0], at->service->workdir,
			      &at->service->env);
	if (program)
		argv.at[0] = arena_copy(arena, program, strlen(program));
	else
		error(at, arena_printf(arena, "its program %s is in no folder of its PATH; write its "
				       "path and arguments in %s_ARGV", argv.at[0],
				       at->service->folder->symbol));
	at->service->argv = argv;
}

/* What it wants to write to would be read-only, and it would be surprised on the board. */
static void check_volumes(const struct filling *at)
{
	for (size_t i = 0; i < at->image.volumes.count && !at->service->writable; i++) {
		const char *path = at->image.volumes.at[i];
		bool there = false;

		for (size_t j = 0; j < at->service->volumes.count; j++)
			there |= !strcmp(at->service->volumes.at[j].path, path);
		for (size_t j = 0; j < at->service->tmpfs.count; j++)
			there |= !strcmp(at->service->tmpfs.at[j].path, path);
		if (!there)
			note(at, arena_printf(at->spec->arena, "it keeps data in %s, which is "
					      "read-only here", path), "VOLUMES or TMPFS give it room");
	}
}

static void fill(struct spec *spec, struct service_spec *service)
{
	struct filling at = { .spec = spec, .service = service };

	at.root = arena_printf(spec->arena, "%s/%s", spec->roots, service->folder->name);
	if (*service->oci &&
	    !oci_read(spec->arena, arena_printf(spec->arena, "%s.oci", at.root), &at.image)) {
		error(&at, arena_printf(spec->arena, "%s.oci does not say what is in it; build the "
					"service's root anew: make clean image", at.root));
		return;
	}
	fill_env(&at);
	fill_workdir(&at);
	fill_user(&at);
	fill_signal(&at);
	fill_ports(&at);
	fill_argv(&at);
	check_volumes(&at);
}

/* It stands in .config as "", or not at all. */
static bool is_left_open(const struct spec *spec, const struct service_spec *service,
			 const char *option)
{
	const struct dotconfig_entry *entry = dotconfig_find(
		spec->config, arena_printf(spec->arena, "%s_%s", service->folder->symbol, option));

	return !entry || (entry->quoted && !*entry->value);
}

/* What could not be read has been told of already, and nothing is made of the rest. */
void check_oci(struct spec *spec)
{
	for (size_t i = 0; i < spec->count; i++) {
		struct service_spec *service = &spec->services[i];

		if (!service->broken)
			fill(spec, service);
		else if (is_left_open(spec, service, "ARGV") && is_left_open(spec, service, "OCI"))
			empty_error(spec, service);
	}
}
