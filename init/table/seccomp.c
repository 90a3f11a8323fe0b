/*
 * From SECCOMP, CAPS and NET to a filter.  Decides which services share one,
 * and how it is written; what it refuses and how it works, it does not know.
 */
#include "seccomp.h"

#include <inttypes.h>
#include <string.h>

#include "../service.h"
#include "field.h"
#include "nearest.h"
#include "seccomp_calls.h"
#include "seccomp_compile.h"
#include "seccomp_rules.h"

/* A choice and its program, in a list of all that there are. */
struct seccomp_filter {
	struct seccomp_filter *next;
	struct seccomp_choice choice;
	struct seccomp_program program;
	size_t number;
};

static bool words_are_same(const struct words *a, const struct words *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->at[i], b->at[i]))
			return false;
	return true;
}

static bool choices_are_same(const struct seccomp_choice *a, const struct seccomp_choice *b)
{
	return a->opened == b->opened && a->strict == b->strict && a->logs == b->logs &&
	       a->reaper == b->reaper && words_are_same(&a->listed, &b->listed);
}

static bool programs_are_same(const struct seccomp_program *a, const struct seccomp_program *b)
{
	return a->count == b->count && !memcmp(a->at, b->at, a->count * sizeof(*a->at));
}

/* One that was compiled for the same choice, or that came out the same. */
static const struct seccomp_filter *filter_of(struct spec *spec,
					      const struct seccomp_choice *choice)
{
	struct seccomp_filter *made, **end;
	size_t count = 0;

	for (made = spec->filters; made; made = made->next, count++)
		if (choices_are_same(&made->choice, choice))
			return made;
	made = arena_alloc(spec->arena, sizeof(*made));
	made->choice = *choice;
	made->program = seccomp_compile(spec->arena, choice);
	made->number = count;
	for (end = &spec->filters; *end; end = &(*end)->next)
		if (programs_are_same(&(*end)->program, &made->program))
			return *end;
	*end = made;
	return made;
}

static struct seccomp_choice choice_of(const struct service_spec *service,
				       const struct seccomp_calls *calls)
{
	struct seccomp_choice choice = { .arch = calls, .opened = service->caps };

	if (service->net == SERVICE_NET_HOST)
		choice.opened |= SECCOMP_NET_HOST;
	if (service->seccomp == SERVICE_SECCOMP_STRICT) {
		choice.strict = true;
		choice.logs = service->seccomp_log;
		choice.reaper = service->init;
		choice.listed = service->seccomp_calls;
	}
	return choice;
}

/* A list may serve several architectures: a call that only another one has
 * counts for nothing. */
static void check_call(const struct spec *spec, const struct service_spec *service,
		       const struct seccomp_calls *calls, const char *name)
{
	struct nearest nearest = { .word = name };

	if (seccomp_calls_find(calls, name) || seccomp_calls_is_foreign(calls, name))
		return;
	for (size_t i = 0; i < calls->count; i++)
		nearest_offer(&nearest, calls->at[i].name);
	if (nearest.best)
		spec_service_error(spec, service, "SECCOMP_CALLS", "\"%s\" is no system call that "
				   "filters know; write %s", name, nearest.best);
	else
		spec_service_error(spec, service, "SECCOMP_CALLS", "\"%s\" is no system call that "
				   "filters know; leave it out", name);
}

/* Whoever wrote a list believes that nothing else is allowed. */
static void check_strict(const struct spec *spec, const struct service_spec *service)
{
	const char *symbol = service->folder->symbol;

	if (service->seccomp == SERVICE_SECCOMP_STRICT)
		return;
	if (service->seccomp_calls.count)
		spec_service_error(spec, service, "SECCOMP_CALLS", "counts only with strict; write "
				   "CONFIG_%s_SECCOMP=\"strict\", or leave it empty", symbol);
	if (service->seccomp_log)
		spec_service_error(spec, service, "SECCOMP_LOG", "counts only with strict; write "
				   "CONFIG_%s_SECCOMP=\"strict\", or leave it off", symbol);
}

/* As trust.c has it.  All other ways to a user namespace stay closed in a list. */
static void check_clone3(const struct spec *spec, const struct service_spec *service)
{
	for (size_t i = 0; !service->userns && i < service->seccomp_calls.count; i++)
		if (!strcmp(service->seccomp_calls.at[i], "clone3"))
			spec_service_error(spec, service, "SECCOMP_CALLS", "clone3: with USERNS=n "
					   "nothing else keeps it from making user namespaces, and "
					   "libc does without; leave it out");
}

/* True if the list is one to compile. */
static bool check_calls(const struct spec *spec, const struct service_spec *service,
			const struct seccomp_calls *calls)
{
	unsigned int errors = spec->report->errors;

	for (size_t i = 0; i < service->seccomp_calls.count; i++)
		check_call(spec, service, calls, service->seccomp_calls.at[i]);
	check_clone3(spec, service);
	check_strict(spec, service);
	if (service->seccomp == SERVICE_SECCOMP_STRICT && !service->seccomp_calls.count &&
	    !service->seccomp_log)
		spec_service_error(spec, service, "SECCOMP_CALLS", "strict allows what stands "
				   "here; run make learn SERVICE=%s, or write "
				   "CONFIG_%s_SECCOMP=\"default\"", service->name,
				   service->folder->symbol);
	return spec->report->errors == errors;
}

void check_seccomp(struct spec *spec)
{
	const struct seccomp_calls *calls = seccomp_calls_of(spec->arena, spec->arch);

	for (size_t i = 0; i < spec->count; i++) {
		struct service_spec *service = &spec->services[i];
		struct seccomp_choice choice;

		if (service->broken || !check_calls(spec, service, calls) ||
		    service->seccomp == SERVICE_SECCOMP_NONE)
			continue;
		choice = choice_of(service, calls);
		service->filter = filter_of(spec, &choice);
	}
}

static void write_program(const struct seccomp_program *program, FILE *to)
{
	for (size_t i = 0; i < program->count; i++) {
		const struct sock_filter *at = &program->at[i];

		fprintf(to, "\t{ 0x%02x, %u, %u, 0x%" PRIx32 " },\n", at->code, at->jt, at->jf,
			at->k);
	}
}

void seccomp_write_filters(const struct spec *spec, FILE *to)
{
	if (spec->filters)
		fputs("#include <linux/filter.h>\n\n", to);
	for (const struct seccomp_filter *at = spec->filters; at; at = at->next) {
		fprintf(to, "static const struct sock_filter filter_%zu[] = {\n", at->number);
		write_program(&at->program, to);
		fputs("};\n", to);
	}
}

static void write_mode(const struct service_spec *service, FILE *to)
{
	static const char *const modes[] = {
		[SERVICE_SECCOMP_NONE] = "SERVICE_SECCOMP_NONE",
		[SERVICE_SECCOMP_DEFAULT] = "SERVICE_SECCOMP_DEFAULT",
		[SERVICE_SECCOMP_STRICT] = "SERVICE_SECCOMP_STRICT",
	};

	field_symbol("seccomp", modes[service->seccomp], to);
	field_flag("seccomp_logs",
		   service->seccomp == SERVICE_SECCOMP_STRICT && service->seccomp_log, to);
}

void seccomp_write_fields(const struct spec *spec, const struct service_spec *service, FILE *to)
{
	(void)spec;
	write_mode(service, to);
	if (!service->filter)
		return;
	fprintf(to, "\t.filter = filter_%zu,\n", service->filter->number);
	field_unsigned("filter_count", service->filter->program.count, to);
}

void seccomp_write_content(const struct spec *spec, const struct service_spec *service, FILE *to)
{
	(void)spec;
	write_mode(service, to);
	if (service->filter)
		write_program(&service->filter->program, to);
}
