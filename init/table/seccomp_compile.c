/*
 * Compiles filters.  libseccomp makes a binary tree of the calls' numbers.  Where a
 * number alone decides nothing, its program returns a marker; that is then replaced by
 * a jump to what decides, which stands behind the tree.  What comes out is put into
 * its shortest form (seccomp_tree.h).
 */
#include "seccomp_compile.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "seccomp_checks.h"
#include "seccomp_tree.h"

/* Verdicts that no filter of ours gives otherwise, since nothing is traced.
 * Number 0 stands for all calls without a rule. */
#define MARKER(number) SCMP_ACT_TRACE(number)

/* More than there are looks in seccomp_rules.c that a rule begins with. */
#define CHECKS_MAX 16

/* The one from which on LOG and KILL_PROCESS exist.  Said, it keeps libseccomp
 * from asking this machine's kernel what it knows. */
#define API_LEVEL 3

struct compiler {
	const struct seccomp_choice *choice;
	scmp_filter_ctx tree;
	struct {
		const struct seccomp_look *look;
		uint32_t pass;
	} checks[CHECKS_MAX];
	uint16_t check_count;
};

/* Only memory can be missing. */
static void must(int rc)
{
	if (rc < 0)
		abort();
}

static uint32_t marker_of(struct compiler *compiler, const struct seccomp_look *look,
			  uint32_t pass)
{
	uint16_t i = 0;

	while (i < compiler->check_count &&
	       (compiler->checks[i].look != look || compiler->checks[i].pass != pass))
		i++;
	if (i == CHECKS_MAX)
		abort();
	if (i == compiler->check_count) {
		compiler->checks[i].look = look;
		compiler->checks[i].pass = pass;
		compiler->check_count++;
	}
	return MARKER(i + 1);
}

static bool is_listed(const struct seccomp_choice *choice, const char *call)
{
	if (seccomp_rules_is_basic(call) || (choice->reaper && seccomp_rules_is_reapers(call)))
		return true;
	for (size_t i = 0; i < choice->listed.count; i++)
		if (!strcmp(choice->listed.at[i], call))
			return true;
	return false;
}

/*
 * What the tree says of the call; the default needs no word.  Who lists a call
 * that is refused by default wants it; the list does not know arguments, and
 * what they decide stays.  A refusal that is no EPERM is there to be understood.
 */
static uint32_t action_of(struct compiler *compiler, const struct seccomp_call *one)
{
	const char *call = one->name;
	const struct seccomp_choice *choice = compiler->choice;
	const struct seccomp_rule *rule = seccomp_rules_find(call, choice->opened);
	bool listed = choice->strict && is_listed(choice, call);
	bool refuses = !choice->strict || choice->logs;

	if (rule && rule->look && (listed || refuses))
		return marker_of(compiler, rule->look, listed || !choice->strict ? SECCOMP_RET_ALLOW
										 : SECCOMP_RET_LOG);
	if (listed)
		return SCMP_ACT_ALLOW;
	if (rule && !rule->look && (refuses || rule->verdict != EPERM))
		return SCMP_ACT_ERRNO((uint32_t)rule->verdict);
	/* arm's own calls are above what the default takes for too new. */
	if (one->number > SECCOMP_NEWEST_CALL && refuses)
		return choice->strict ? SCMP_ACT_LOG : SCMP_ACT_ALLOW;
	return MARKER(0);
}

static void make_tree(struct compiler *compiler)
{
	const struct seccomp_calls *calls = compiler->choice->arch;

	must(seccomp_api_set(API_LEVEL));
	compiler->tree = seccomp_init(MARKER(0));
	if (!compiler->tree)
		abort();
	if (calls->arch != seccomp_arch_native()) {
		must(seccomp_arch_remove(compiler->tree, seccomp_arch_native()));
		must(seccomp_arch_add(compiler->tree, calls->arch));
	}
	must(seccomp_attr_set(compiler->tree, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS));
	must(seccomp_attr_set(compiler->tree, SCMP_FLTATR_CTL_OPTIMIZE, 2));
	for (size_t i = 0; i < calls->count; i++) {
		const struct seccomp_call *call = &calls->at[i];
		uint32_t action = action_of(compiler, call);

		/* Numbers are those of this machine, and translated. */
		if (action != MARKER(0))
			must(seccomp_rule_add_exact(compiler->tree, action,
						    seccomp_syscall_resolve_name(call->name), 0));
	}
}

static void read_tree(struct compiler *compiler, struct seccomp_text *text)
{
	int fd = memfd_create("tree", MFD_CLOEXEC);
	ssize_t length;

	must(fd);
	must(seccomp_export_bpf(compiler->tree, fd));
	seccomp_release(compiler->tree);
	length = pread(fd, text->at, sizeof(text->at), 0);
	must((int)length);
	close(fd);
	text->count = (size_t)length / sizeof(text->at[0]);
}

/* A call that is newer than all that were judged answers as an older kernel
 * does: every program knows its way then.  The number is still in the
 * accumulator; arm's own calls lie far above, and are named. */
static void put_default(struct seccomp_text *text, const struct seccomp_choice *choice)
{
	uint32_t action = !choice->strict ? SECCOMP_RET_ALLOW :
			  choice->logs ? SECCOMP_RET_LOG : SECCOMP_RET_ERRNO | EPERM;
	size_t jump = seccomp_put(text, BPF_JMP | BPF_JGT | BPF_K, SECCOMP_NEWEST_CALL);

	text->at[jump].jf = 1;
	seccomp_put(text, BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS);
	seccomp_put(text, BPF_RET | BPF_K, action);
}

static void replace_marker(struct seccomp_text *text, size_t tree, uint32_t marker)
{
	for (size_t i = 0; i < tree; i++)
		if (text->at[i].code == (BPF_RET | BPF_K) && text->at[i].k == marker)
			text->at[i] = seccomp_jump(text->count - i - 1);
}

struct seccomp_program seccomp_compile(struct arena *arena, const struct seccomp_choice *choice)
{
	struct compiler compiler = { .choice = choice };
	struct seccomp_text text;
	struct sock_filter *at;
	size_t tree, end;

	make_tree(&compiler);
	read_tree(&compiler, &text);
	tree = text.count;
	replace_marker(&text, tree, MARKER(0));
	put_default(&text, choice);
	end = text.count;
	for (uint16_t i = 0; i < compiler.check_count; i++) {
		replace_marker(&text, tree, MARKER(i + 1));
		seccomp_put_check(&text, compiler.checks[i].look, choice->opened,
				  compiler.checks[i].pass);
	}
	seccomp_tree_shorten(&text, end, choice->arch->arch);
	seccomp_tidy(&text);
	at = arena_array(arena, text.count, sizeof(*at));
	memcpy(at, text.at, text.count * sizeof(*at));
	return (struct seccomp_program){ at, text.count };
}
