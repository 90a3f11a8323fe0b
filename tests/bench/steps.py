"""A start taken apart: which part of it each system call belongs to.  Pure.

The time from one probe to the next, whoever it was that ran, counts for the call that the later
one is the end of; so the parts of a start add up to it.  Calls that say nothing by themselves
(opening, reading, closing) go with those around them.
"""
MKDIR, EXEC = "mkdirat", "exec"
CLONES, WAITS = ("clone", "clone3"), ("waitid", "wait4")
GAP_US = 50000      # between two starts, at least

LOOP, END = "PID 1's loop", "end of the last run"
NAMESPACES, SANDBOX_FDS = "namespaces", "namespace fds, id maps"
CGROUP, LOG, VETH, INSIDE = "cgroup, limits", "log pipe", "veth pair", "addresses, routes"
SETTINGS, CLONE, JOIN, LIMITS = "host name, sysctls", "clone", "joining namespaces", "oom_score_adj, rlimits"
MOUNTS, LANDLOCK, IDS = "mounts", "Landlock", "ids, capabilities"
FILES, SECCOMP, TO_MAIN = "streams, files, folder", "seccomp", "exec to main()"

ORDER = (END, CGROUP, LOG, NAMESPACES, SANDBOX_FDS, SETTINGS, VETH, INSIDE, CLONE, JOIN, LIMITS, MOUNTS, LANDLOCK, IDS,
         FILES, SECCOMP, TO_MAIN, LOOP)


def _rows(*rows):
    return {call: part for part, calls in rows for call in calls.split()}


# In PID 1: a call that is not here belongs to the part before it.
PARENT = _rows(
    (CGROUP, "mkdirat bpf"), (LOG, "pipe2 fchown"), (NAMESPACES, "socketpair"), (VETH, "sendto sendmsg"),
    (LOOP, "epoll_pwait epoll_pwait2 epoll_wait waitid wait4 timerfd_settime epoll_ctl signalfd4"))

# In the child that makes a sandbox, likewise.  An openat() is for a namespace before the sandbox has its
# name and after it has a socket, and for a sysctl between the two.
SANDBOX = _rows(
    (NAMESPACES, "clone clone3"), (SETTINGS, "sethostname"), (SANDBOX_FDS, "ioctl"),
    (INSIDE, "socket sendto setsockopt recvfrom getsockname bind"))
OPENS = {"sethostname": SETTINGS, "socket": SANDBOX_FDS}

# In the child that becomes the service a call that is not here belongs to the part behind it.
SERVICE = _rows(
    (CLONE, "clone clone3"), (JOIN, "setns unshare"), (LIMITS, "prlimit64"),
    (MOUNTS, "fsopen fsconfig fsmount move_mount open_tree mount_setattr mount pivot_root umount2 mknodat fchownat "
             "symlinkat mkdirat fchdir sendmsg statfs"),
    (IDS, "prctl capset setgroups setresuid setresgid"),
    (LANDLOCK, "landlock_create_ruleset landlock_add_rule landlock_restrict_self"),
    (FILES, "fcntl dup3 dup2 close_range setsid chdir getcwd umask rt_sigprocmask"),
    (SECCOMP, "seccomp"), (TO_MAIN, "execve execveat arch_prctl set_tid_address clock_gettime write writev"))


class Probe:
    """kind: "enter", "exit" of a call, or "exec"."""
    def __init__(self, row, names):
        self.pid, self.us = row["pid"], row["us"]
        self.kind = next(kind for kind in ("enter", "exit", EXEC) if kind in row)
        number = row[self.kind]
        self.call = names[number] if self.kind != EXEC and 0 <= number < len(names) else self.kind


def probes(rows, phase, names):
    return sorted((Probe(row, names) for row in rows if row.get("phase") == phase), key=lambda probe: probe.us)


def _cut(found, begins):
    """The starts in it, each a list of probes: from one that begins a start to the program's first words."""
    starts, now, payload, before = [], [], None, 0
    for probe in found:
        if not now and begins(probe, before):
            now = [probe]
        elif now:
            now.append(probe)
        before = probe.us
        if now and probe.kind == EXEC:
            payload = probe.pid
        elif now and probe.pid == payload and probe.call in ("write", "writev"):
            starts.append(now)
            now, payload = [], None
    return starts


def firsts(found):
    """First starts: from the beginning of the making of a cgroup."""
    return _cut(found, lambda probe, _: probe.pid == 1 and probe.kind == "enter" and probe.call == MKDIR)


def agains(found):
    """Starts after a kill: from its arrival, which ends a payload's pause(2) and a silence."""
    return _cut(found, lambda probe, before: probe.us - before > GAP_US)


def _parts_of_parent(calls):
    """PID 1's, once it has cloned a child: which one that is, is known by what it does next."""
    part, clones, reaped, parts = LOOP, 0, False, []
    sandbox = any(call == MKDIR for call in calls)
    for call in calls:
        if call in CLONES:
            clones += 1
            part = SANDBOX_FDS if sandbox and clones == 1 else CLONE
            parts.append(NAMESPACES if sandbox and clones == 1 else CLONE)
            continue
        # Behind the namespaces the same calls are for what follows.
        if part == VETH and call == "write" or VETH in parts and call in ("sendto", "sendmsg"):
            part = INSIDE
        elif call in ("pipe2", "socketpair") and (clones or not sandbox):
            part = CLONE
        elif call == "rt_sigprocmask" and sandbox:
            part = SANDBOX_FDS if clones else NAMESPACES
        elif call in WAITS and sandbox and not reaped:
            # For the child that made the namespaces.
            reaped = True
        else:
            part = PARENT.get(call, part)
        parts.append(part)
    return parts


def _parts_of_sandbox(calls):
    part, opens, parts = NAMESPACES, SANDBOX_FDS, []
    for call in calls:
        opens = OPENS.get(call, opens)
        part = opens if call == "openat" else SANDBOX.get(call, part)
        parts.append(part)
    return parts


def _parts_of_service(calls):
    part, parts = TO_MAIN, []
    for call in calls[::-1]:
        part = SERVICE.get(call, part)
        parts.append(part)
    return parts[::-1]


def parts(start):
    """{part: µs} of one start."""
    payload = next(probe.pid for probe in reversed(start) if probe.kind == EXEC)
    part_of = {}
    for pid in {probe.pid for probe in start}:
        own = [probe for probe in start if probe.pid == pid]
        calls = [probe.call for probe in own]
        named = (_parts_of_service(calls) if pid == payload else
                 _parts_of_parent(calls) if pid == 1 else _parts_of_sandbox(calls))
        part_of.update(zip(own, named))
    # A parent that lends its memory comes back from its clone when that is no more needed.
    confined = max(at for at, probe in enumerate(start) if probe.pid == payload and part_of[probe] != TO_MAIN)
    part_of.update((probe, TO_MAIN) for probe in start[confined:] if probe.call in CLONES)
    # What wakes PID 1 is that the one before has gone.
    if start[0].pid != 1:
        part_of[next(probe for probe in start if probe.pid == 1)] = END
    found, before = {}, start[0].us
    for probe in start:
        found[part_of[probe]] = found.get(part_of[probe], 0) + probe.us - before
        before = probe.us
    return found
