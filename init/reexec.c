/*
 * Decides what follows a fatal signal of PID 1.  Refuses to know what it was
 * doing: nothing but the state and the kept fds go over.
 */
#include "reexec.h"

#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/reboot.h>
#include <ucontext.h>

#include "clock.h"
#include "console.h"
#include "fds.h"
#include "paths.h"
#include "pie.h"
#include "state.h"
#include "sys.h"
#include "text.h"
#include "version.h"

/* The handler's frames, and what the kernel saves of all vector registers:
 * less than 12 KB with AVX-512 and AMX. */
#define STACK_SIZE 32768

static const int fatal[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT };

static char *const argv[] = { "/init", NULL };
static char *const envp[] = { NULL };

static uint8_t stack[STACK_SIZE] __attribute__((aligned(16)));
static volatile sig_atomic_t depth;
static volatile sig_atomic_t holds;
static siginfo_t waiting;	/* si_signo 0: none does */

static uint64_t instruction_of(const ucontext_t *context)
{
#if defined(__x86_64__)
	return (uint64_t)context->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
	return context->uc_mcontext.pc;
#elif defined(__arm__)
	return context->uc_mcontext.arm_pc;
#else
	(void)context;
	return 0;
#endif
}

/* Of one that has waited there is no context. */
static void note_crash(const siginfo_t *info, const ucontext_t *context)
{
	struct state_crash *crash = &state->crash;
	uint64_t now = clock_now_ms();

	if (crash->count && now - crash->at_ms < REEXEC_TOO_SOON_MS)
		crash->orderly_reboot = true;
	crash->count++;
	crash->at_ms = now;
	crash->signal = info->si_signo;
	crash->sender = info->si_code <= 0 ? info->si_pid : 0;
	crash->address = info->si_code > 0 ? (uintptr_t)info->si_addr : 0;
	crash->instruction = context ? pie_address(instruction_of(context)) : 0;
}

/* Only what signal-safety(7) allows.  Each time that it is hit itself, it does
 * less. */
static void on_fatal(int signal, siginfo_t *info, void *context)
{
	bool was_rebooting = state->crash.orderly_reboot;
	sigset_t none;

	(void)signal;
	if (holds && info->si_code <= 0) {
		waiting = *info;
		return;
	}
	depth++;
	if (depth == 1) {
		note_crash(info, context);
		console_drain();
	}
	/* exec keeps the mask: with them blocked, the next one would panic. */
	sigemptyset(&none);
	for (size_t i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++)
		sigaddset(&none, fatal[i]);
	sigprocmask(SIG_UNBLOCK, &none, NULL);
	if (depth <= 2 && !was_rebooting && reexec_can())
		execve(PATH_SELF, argv, envp);
	reboot(RB_AUTOBOOT);
	_exit(1);	/* not reached: the kernel panics, and reboots by that */
}

void reexec_hold(void)
{
	holds = true;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}

void reexec_release(void)
{
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	holds = false;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	if (waiting.si_signo)
		on_fatal(waiting.si_signo, &waiting, NULL);
}

void reexec_guard(void)
{
	const stack_t own = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction action = {
		.sa_sigaction = on_fatal, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER,
	};

	sigaltstack(&own, NULL);
	for (size_t i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++)
		sigaction(fatal[i], &action, NULL);
}

bool reexec_can(void)
{
	return fcntl(FDS_STATE, F_GETFD) >= 0;
}

int reexec(int fd)
{
	int rc;

	if (!reexec_can())
		return -ENOTSUP;
	console_flush();
	if (fd)
		rc = SYS_INT(SYS_execveat, fd, "", argv, envp, AT_EMPTY_PATH);
	else
		rc = SYS_INT(SYS_execve, PATH_SELF, argv, envp);
	console_say("executing /init anew: %s", strerror(-rc));
	return rc;
}

void reexec_tell(void)
{
	struct state_crash *crash = &state->crash;
	char words[160];
	struct text t = TEXT_ON(words);

	state->takeovers++;
	if (crash->told == crash->count) {
		console_say("version " PITH_VERSION " takes over");
		return;
	}
	crash->told = crash->count;
	text_add_signal(&t, crash->signal);
	if (crash->sender)
		text_add(&t, " from process %d", crash->sender);
	else
		text_add(&t, " at %lx, touching %lx", (unsigned long)crash->instruction,
			 (unsigned long)crash->address);
	console_say("was hit by %s and was executed anew; %s", words, crash->orderly_reboot ?
		    "twice within a second: the board reboots" : "the services go on");
}
