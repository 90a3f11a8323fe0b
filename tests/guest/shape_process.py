"""Checks: what a process of a shape is, when it starts and for ever after."""
from claims import expect
from shape_checks import always, check, only_with

# linux/securebits.h: NOROOT and NO_CAP_AMBIENT_RAISE are on and locked, NO_SETUID_FIXUP is off
# and locked.  KEEP_CAPS is the program's own.
SECUREBITS = 0xcb

# linux/capability.h
CAPABILITIES = """
    CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE
    NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO
    SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME
    SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG
    WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE
""".split()


# What a process is

def caps_mask(shape):
    return f"{sum(1 << CAPABILITIES.index(cap) for cap in shape.caps):016x}"


def status(name, field, expected):
    def look(shape, reply):
        seen, right = reply.field(field), expected(shape)
        expect(seen == right, f"{field}: {seen}", f"expected: {right}")
    check(name, "read /proc/self/status", always("ok"), look)


for field in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
    status(f"{field} is CAPS, and nothing by default", field, lambda s: [caps_mask(s)])
status("no_new_privs is set", "NoNewPrivs", lambda s: ["1"])
status("a filter is attached, but with SECCOMP=none", "Seccomp",
       lambda s: ["0" if s.seccomp == "none" else "2"])
status("its uids are USER", "Uid", lambda s: [str(s.uid)] * 4 if s.userns else
       [str(s.base + s.uid)] * 4)
status("its gids are USER's", "Gid", lambda s: [str(s.gid)] * 4 if s.userns else
       [str(s.base + s.gid)] * 4)
status("it has no supplementary group", "Groups", lambda s: [])
for field in ("SigBlk", "SigIgn"):
    status(f"{field} is empty", field, lambda s: ["0" * 16])
status("its umask is 022", "Umask", lambda s: ["0022"])


def value(number):
    def look(_, reply):
        expect(reply.values("value") == [str(number)], reply, f"expected: {number}")
    return look


check("its securebits are locked", "call prctl 27", always("ok"), value(SECUREBITS))
check("cannot unlock its securebits", "call prctl 28 0", always("EPERM"))
check("cannot take a capability that it does not keep", "capset 16", always("EPERM"))
check("cannot raise an ambient capability", "call prctl 47 2 16", always("EPERM", "EINVAL"))
check("can become another user only with SETUID", "setuid 5",
      only_with(lambda s: s.has("SETUID"), "EPERM"))
check("can become the board's root in no way", "setuid 0",
      lambda s: None if s.userns and (s.uid == 0 or s.has("SETUID")) else {"EPERM"})


def nothing_permitted(_, reply):
    for field in ("CapPrm", "CapEff", "CapAmb"):
        expect(reply.field(field) == ["0" * 16], reply, f"{field} is not empty")


# As nginx and sshd do it; what they run as that user shall not come back.
check("whoever leaves root inside leaves its capabilities", "setuid 5",
      lambda s: {"ok"} if s.userns and s.uid == 0 and s.has("SETUID") else None, nothing_permitted)
check("can keep its capabilities for its own change of ids", "call prctl 8 1", always("ok"))
check("can join a group only with SETGID", "setgroups",
      only_with(lambda s: s.has("SETGID"), "EPERM"))
check("cannot raise its priority without a real SYS_NICE", "nice -5",
      only_with(lambda s: s.real("SYS_NICE"), "EACCES", "EPERM"))
check("cannot run before all others", "call sched_setscheduler 0 1 @1",
      only_with(lambda s: s.real("SYS_NICE"), "EPERM"))
check("cannot raise its limit of open files", "nofile 4096", always("EPERM"))
check("cannot lower its oom_score_adj", "write /proc/self/oom_score_adj -1000", always("EACCES"))
check("cannot lower its oom_score_adj below OOM_SCORE_ADJ",
      "write /proc/self/oom_score_adj 199", always("EACCES"))


def birth(name, holds):
    def look(shape, reply):
        expect(holds(shape, reply), reply.text)
    check(name, "birth", always("ok"), look)


def limit(reply, name):
    rows = [row for row in reply.values("limit") if row.startswith(name)]
    return rows[0][len(name):].split()[:2] if rows else None


birth("it has fds 0 to 2 and no other",
      lambda s, r: sorted(row.split()[0] for row in r.values("fd")) == ["0", "1", "2"])
birth("it is in a session that began inside", lambda s, r: r.values("sid") != ["0"])
birth("it begins in WORKDIR", lambda s, r: r.values("cwd") == [s.options["WORKDIR"]])
birth("its NOFILE is the table's",
      lambda s, r: limit(r, "Max open files") == [str(s.options["NOFILE"])] * 2)
# init/rlimits.c
for name, right in (("Max core file size", ["0", "0"]), ("Max locked memory", ["8388608"] * 2),
                    ("Max processes", ["unlimited"] * 2), ("Max pending signals", ["4096"] * 2),
                    ("Max msgqueue size", ["819200"] * 2), ("Max nice priority", ["0", "0"]),
                    ("Max realtime priority", ["0", "0"]),
                    ("Max stack size", ["8388608", "unlimited"]),
                    ("Max file size", ["unlimited"] * 2), ("Max cpu time", ["unlimited"] * 2)):
    birth(f"its limit is that of every service: {name}",
          lambda s, r, name=name, right=right: limit(r, name) == right)
birth("its nice value and scheduling class are the usual ones",
      lambda s, r: (r.values("nice"), r.values("policy")) == (["0"], ["0"]))
birth("its oom_score_adj is the table's",
      lambda s, r: r.values("oom_score_adj") == [str(s.options["OOM_SCORE_ADJ"])])
birth("nothing of PID 1's environment is in its own", lambda s, r:
      {row.split("=")[0] for row in r.values("env")} <= {"PATH", "HOME", "PORT"})


# Namespaces as they are

def own_namespaces(shape, reply):
    links = dict(line.split() for line in reply.lines)
    shared = {kind for kind, link in links.items() if link == shape.boards[kind]}
    right = {kind for kind, own in (("user", shape.userns), ("net", shape.net != "host")) if not own}
    expect(shared == right, f"shared with the board: {sorted(shared)}",
           f"expected: {sorted(right)}")


check("it shares with the board only the namespaces that its row says", "namespaces", always("ok"),
      own_namespaces)
