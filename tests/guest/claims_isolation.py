"""What a service sees of the board, and what it can do to it: nothing."""
import re
import shlex

from claims import claim, expect, expect_equal
from product import size_bytes

NAMESPACES = ["mnt", "pid", "net", "ipc", "uts", "user", "cgroup"]

# Two services: root inside, and an ordinary user inside.
ROOT, USER = "probe", "neighbour"

# linux/sched.h, socket.h, fcntl.h
CLONE_NEWUSER, CLONE_NEWNET, CLONE_NEWNS = 0x10000000, 0x40000000, 0x00020000
AF_INET, AF_PACKET, SOCK_RAW = 2, 17, 3
O_RDONLY, O_WRONLY, O_RDWR = 0, 1, 2

NODES = {"null": "1:3", "zero": "1:5", "full": "1:7", "random": "1:8", "urandom": "1:9",
         "tty": "5:0"}

HIDDEN_FILES = ["/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/interrupts",
                "/proc/sched_debug", "/proc/latency_stats"]
HIDDEN_FOLDERS = ["/sys/firmware", "/proc/acpi", "/proc/scsi", "/proc/asound",
                  "/sys/devices/virtual/powercap"]


# Namespaces

@claim("board", "the {} namespace of a service is not PID 1's", each=NAMESPACES)
def namespace_is_not_init(board, kind):
    mine = board.ask(ROOT, f"link /proc/self/ns/{kind}").ok().text.strip()
    inits = board.output(f"readlink /proc/1/ns/{kind}").strip()
    expect(mine.startswith(kind + ":["), mine)
    expect(mine != inits, f"both are {mine}")


@claim("board", "two services have different {} namespaces", each=NAMESPACES)
def namespaces_differ(board, kind):
    first = board.ask(ROOT, f"link /proc/self/ns/{kind}").ok().text
    second = board.ask(USER, f"link /proc/self/ns/{kind}").ok().text
    expect(first != second, f"both are {first}")


@claim("board", "every service of the product has seven namespaces of its own")
def all_namespaces(board):
    seen = {}
    for name, pid in {**board.pids(), "PID 1": 1}.items():
        for kind, link in board.namespaces(pid).items():
            expect(link not in seen, f"{name} and {seen.get(link)} share {kind}: {link}")
            seen[link] = name
    expect(len(seen) >= 7 * 12, f"only {len(seen)} namespaces")


# Processes

@claim("board", "a service is PID 1 inside")
def is_pid_1(board):
    birth = board.ask(ROOT, "birth").ok()
    expect_equal((birth.number("pid"), birth.number("ppid")), (1, 0), "pid and ppid")


@claim("board", "a service sees only its own processes")
def sees_own_processes(board):
    names = [line.split()[0] for line in board.ask(ROOT, "list /proc").ok().lines]
    pids = sorted(int(name) for name in names if name.isdigit())
    expect(pids[:1] == [1] and len(pids) == 2, f"/proc lists {pids}, not 1 and the asking child")


@claim("board", "a service cannot {} a process of another service", each=[
    ("signal", "kill {} 0"), ("trace", "ptrace {}")])
def cannot_touch_others(board, _, request):
    board.ask(ROOT, request.format(board.pid(USER))).refused("ESRCH")


@claim("board", "a service's own orphan becomes its child")
def own_orphan(board):
    expect_equal(board.ask(ROOT, "orphan 300").ok().number("ppid"), 1, "parent of the orphan")


# Mounts

def mounts(board, service):
    rows = []
    for line in board.ask(service, "read /proc/self/mountinfo").ok().lines:
        head, tail = line.split(" - ")
        _, _, _, root, point, options = head.split()[:6]
        rows.append((point, root, options.split(","), tail.split()[0]))
    return rows


@claim("board", "a service sees only the mounts that belong to it")
def own_mounts(board):
    tmpfs = [word.split(":")[0] for word in board.option(ROOT, "TMPFS").split()]
    must = {"/", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue", "/proc", "/sys",
            "/sys/fs/cgroup", *tmpfs}
    covers = re.compile(r"/proc/[a-z_-]+$|/sys/firmware$|/sys/devices/virtual/powercap$")
    points = [row[0] for row in mounts(board, ROOT)]
    expect(must <= set(points), f"missing: {sorted(must - set(points))}", points)
    strange = [p for p in points if p not in must and not covers.match(p)]
    expect(not strange, f"strange: {strange}")
    twice = {p for p in points if points.count(p) > 1}
    expect(not twice, f"mounted more than once: {twice}")


@claim("board", "the old root is gone from a service's mountinfo")
def old_root_gone(board):
    rows = mounts(board, ROOT)
    roots = [row for row in rows if row[0] == "/"]
    expect(len(roots) == 1, roots)
    expect(roots[0][1] == "/services/" + ROOT, f"/ shows {roots[0][1]} of its file system")
    whole = [row for row in rows if row[3] in ("rootfs", "ramfs") and row[1] == "/"]
    expect(not whole, whole)


@claim("board", "a service's root holds what its folder gave it, and nothing of the board")
def own_root(board):
    names = {line.split()[0] for line in board.ask(ROOT, "list /").ok().lines}
    expect_equal(names, {"dev", "proc", "sys", "run", "tmp", "probe", "first"}, "names in /")
    names = {line.split()[0] for line in board.ask(ROOT, "list /..").ok().lines}
    expect("services" not in names and "probe" in names, f"/.. holds {names}")


@claim("board", "a service's root is read-only")
def root_is_read_only(board):
    board.ask(ROOT, "create /new").refused("EROFS")
    board.ask(ROOT, f"open /probe {O_WRONLY}").refused("EROFS", "ETXTBSY", "errno 26")
    options = [row[2] for row in mounts(board, ROOT) if row[0] == "/"]
    expect("ro" in options[0], options)


@claim("board", "set-user-id bits and device nodes do nothing in a service's root")
def root_nosuid_nodev(board):
    options = [row[2] for row in mounts(board, ROOT) if row[0] == "/"][0]
    expect({"nosuid", "nodev"} <= set(options), options)


@claim("board", "a TMPFS is writable for the service's user and has the table's size", each=[
    (ROOT,), (USER,)])
def tmpfs(board, service):
    for word in board.option(service, "TMPFS").split():
        path, _, size = word.partition(":")
        board.ask(service, f"create {path}/new").ok()
        seen = board.ask(service, f"statfs {path}").ok().number("bytes")
        expect_equal(seen, size_bytes(size), f"size of {path}")
        full = board.ask(service, f"fill {path}/full")
        full.refused("ENOSPC")
        expect(full.number("wrote") <= size_bytes(size), full.text)


@claim("board", "{} is a read-only mount", each=[
    "/", "/dev", "/sys", "/sys/fs/cgroup", "/proc/sys", "/proc/irq", "/proc/fs", "/proc/bus",
    "/proc/sysrq-trigger"])
def read_only_mount(board, path):
    options = [row[2] for row in mounts(board, ROOT) if row[0] == path]
    expect(options and "ro" in options[-1], f"options of {path}: {options}")


@claim("board", "no program runs from {}, and no device there is one", each=[
    "/proc", "/sys", "/sys/fs/cgroup", "/dev/shm", "/dev/mqueue", "/tmp", "/run"])
def harmless_mount(board, path):
    options = [row[2] for row in mounts(board, ROOT) if row[0] == path]
    expect(options and {"nosuid", "nodev", "noexec"} <= set(options[-1]), options)


@claim("board", "files of a service's root belong to root inside")
def owners(board):
    for service in (ROOT, USER):
        row = board.ask(service, "stat /probe").ok().lines[0].split()
        expect_equal(row[2], "0:0", f"owner of /probe in {service}")


# Network interfaces

@claim("board", "a service sees only lo and eth0")
def interfaces(board):
    names = {line.split()[0] for line in board.ask(ROOT, "interfaces").ok().lines}
    expect_equal(names, {"lo", "eth0"}, "interfaces")


@claim("board", "a service with NET=none sees only lo")
def no_interfaces(board):
    names = {line.split()[0] for line in board.ask("no-net", "interfaces").ok().lines}
    expect_equal(names, {"lo"}, "interfaces")


# Control groups

@claim("board", "a service sees only its own cgroup")
def own_cgroup(board):
    expect_equal(board.ask(ROOT, "read /proc/self/cgroup").ok().text.strip(), "0::/",
                 "/proc/self/cgroup")
    folders = [line.split()[0] for line in board.ask(ROOT, "list /sys/fs/cgroup").ok().lines
               if line.split()[1].startswith("d")]
    expect(not folders, f"below its cgroup: {folders}")
    inside = board.ask(ROOT, "read /sys/fs/cgroup/memory.max").ok().text.strip()
    expect_equal(inside, board.control(ROOT, "memory.max"), "memory.max inside")
    pids = board.ask(ROOT, "read /sys/fs/cgroup/cgroup.procs").ok().lines
    expect(len(pids) == 2 and "0" not in pids, f"cgroup.procs inside: {pids}")


@claim("board", "a service cannot change its own limits")
def cannot_change_limits(board):
    for file, value in (("memory.max", "max"), ("pids.max", "max"), ("cgroup.procs", "1")):
        board.ask(ROOT, f"write /sys/fs/cgroup/{file} {value}").refused("EROFS", "EACCES")


# Privileges

CAPABILITY_SETS = ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"]


def status_field(text, field):
    match = re.search(rf"^(?:status )?{field}:[ \t]*(.*)$", text, re.M)
    expect(match, f"no {field} in status", text)
    return match[1].split()


@claim("board", "{} of {} is empty", each=[
    (field, who) for who in ("root inside", "a user inside") for field in CAPABILITY_SETS])
def no_capabilities(board, field, who):
    service = ROOT if who == "root inside" else USER
    text = board.ask(service, "read /proc/1/status").ok().text
    expect_equal(status_field(text, field), ["0" * 16], field)


@claim("board", "no_new_privs is set in every service")
def no_new_privs(board):
    for service, pid in board.pids().items():
        text = board.read(f"/proc/{pid}/status")
        expect_equal(status_field(text, "NoNewPrivs"), ["1"], f"NoNewPrivs of {service}")


def ids_outside(board, service):
    user = str(board.option(service, "USER") or "0")
    uid, _, gid = user.partition(":")
    base = board.product.uid_bases()[service]
    return str(base + int(uid)), str(base + int(gid or uid))


@claim("board", "{} is the uid and gid outside that the table gives", each=[
    ("root inside", ROOT), ("a user inside", USER)])
def mapped_ids(board, _, service):
    uid, gid = ids_outside(board, service)
    text = board.read(f"/proc/{board.pid(service)}/status")
    expect_equal(status_field(text, "Uid"), [uid] * 4, "Uid")
    expect_equal(status_field(text, "Gid"), [gid] * 4, "Gid")
    expect(int(uid) >= 65536, uid)


@claim("board", "UID_BASE is the first uid outside")
def uid_base(board):
    line = board.read(f"/proc/{board.pid(USER)}/uid_map").split()
    expect_equal(line, ["0", str(board.option(USER, "UID_BASE")), "65536"], "uid_map")


@claim("board", "no two services share a uid outside")
def disjoint_ids(board):
    bases = sorted(board.product.uid_bases().values())
    expect(all(b - a >= 65536 for a, b in zip(bases, bases[1:])), bases)
    outside = [int(status_field(board.read(f"/proc/{pid}/status"), "Uid")[0]) // 65536
               for pid in board.pids().values()]
    expect(len(set(outside)) == len(outside), outside)


@claim("board", "a service has no supplementary group")
def no_groups(board):
    for service in (ROOT, USER):
        expect_equal(board.ask(service, "groups").ok().lines, [], f"groups of {service}")


@claim("board", "a service cannot {}", each=[
    ("mount a file system", ROOT, "mount tmpfs /tmp", "EPERM"),
    ("mount a second proc", ROOT, "mount proc /tmp", "EPERM"),
    ("take a mask off /proc", ROOT, "umount /proc/kcore", "EPERM"),
    ("unmount its /proc", ROOT, "umount /proc", "EPERM"),
    ("remount its root writable", ROOT, "remount /", "EPERM"),
    ("make a device node", ROOT, "mknod /tmp/node", "EPERM"),
    ("change its root", ROOT, "chroot /tmp", "EPERM"),
    ("make a user namespace", ROOT, f"unshare {CLONE_NEWUSER}", "ENOSPC EPERM"),
    ("make a user namespace, as a user", USER, f"unshare {CLONE_NEWUSER}", "ENOSPC EPERM"),
    ("make a mount namespace", ROOT, f"unshare {CLONE_NEWNS}", "EPERM"),
    ("make a network namespace", ROOT, f"unshare {CLONE_NEWNET}", "EPERM"),
    ("change its host name", ROOT, "sethostname other", "EPERM"),
    ("set the clock", ROOT, "settime", "EPERM"),
    ("reboot the board", ROOT, "reboot", "EPERM"),
    ("read the kernel's log", ROOT, "klog", "EPERM"),
    ("load a kernel module", ROOT, "module", "EPERM"),
    ("open a file by its handle", ROOT, "handle /", "EPERM"),
    ("open a raw socket", ROOT, f"socket {AF_INET} {SOCK_RAW} 1", "EPERM"),
    ("open a packet socket", ROOT, f"socket {AF_PACKET} {SOCK_RAW} 0", "EPERM"),
    ("join a group", ROOT, "setgroups", "EPERM"),
    ("become root inside, as a user", USER, "setuid 0", "EPERM"),
    ("become another user, as root", ROOT, "setuid 5", "EPERM"),
    ("take a capability back", ROOT, "capset 10", "EPERM"),
    ("raise its priority", ROOT, "nice -5", "EACCES EPERM"),
    ("raise its limit of open files", ROOT, "nofile 4096", "EPERM"),
    ("lower its oom_score_adj", ROOT, "write /proc/self/oom_score_adj -1000", "EACCES"),
    ("lower its oom_score_adj below the table's", USER,
     "write /proc/self/oom_score_adj -501", "EACCES"),
    ("set core_pattern", ROOT, "write /proc/sys/kernel/core_pattern |/probe", "EROFS EACCES"),
    ("set a sysctl of its network", ROOT, "write /proc/sys/net/ipv4/ip_forward 1",
     "EROFS EACCES"),
    ("pull the magic SysRq", ROOT, "write /proc/sysrq-trigger h", "EROFS EACCES"),
    ("write to /sys", ROOT, "write /sys/kernel/mm/transparent_hugepage/enabled never",
     "EROFS EACCES"),
    ("add to its /dev", ROOT, "create /dev/new", "EROFS EACCES"),
])
def cannot(board, _, service, request, errors):
    board.ask(service, request).refused(*errors.split())


@claim("board", "a service's oom_score_adj is the table's")
def oom_score(board):
    for service in (ROOT, USER):
        seen = board.ask(service, "read /proc/1/oom_score_adj").ok().text.strip()
        expect_equal(seen, str(board.option(service, "OOM_SCORE_ADJ")), service)


# /dev, /proc and /sys

@claim("board", "/dev holds the six harmless nodes and no other device")
def dev_nodes(board):
    rows = [line.split() for line in board.ask(ROOT, "list /dev").ok().lines]
    nodes = {row[0]: row[3] for row in rows if row[1][0] in "cb"}
    expect_equal(nodes, NODES, "nodes")
    modes = {row[0]: row[1] for row in rows if row[1][0] in "cb"}
    expect(all(mode == "c0666" for mode in modes.values()), modes)


@claim("board", "/dev has fd, stdin, stdout, stderr, ptmx, pts, shm and mqueue")
def dev_others(board):
    rows = {line.split()[0]: line.split()[1][0]
            for line in board.ask(ROOT, "list /dev").ok().lines}
    links = ("fd", "stdin", "stdout", "stderr", "ptmx")
    expect({**rows, **{name: "l" for name in links}} == rows, rows)
    expect(all(rows.get(name) == "d" for name in ("pts", "shm", "mqueue")), rows)


@claim("board", "a user inside may {}", each=[
    ("write to /dev/null", "write /dev/null x"),
    ("read /dev/urandom", f"open /dev/urandom {O_RDONLY}"),
    ("open /dev/stdout", f"open /dev/stdout {O_WRONLY}"),
    ("open /dev/stderr", f"open /dev/stderr {O_WRONLY}"),
    ("open a new terminal", f"open /dev/ptmx {O_RDWR}"),
    ("make shared memory", "create /dev/shm/new"),
    ("bind port 80", "bind 80"),
    ("send a ping", "ping 127.0.0.1"),
])
def may(board, _, request):
    board.ask(USER, request).ok()


@claim("board", "nothing can be read from {}", each=HIDDEN_FILES)
def hidden_file(board, path):
    answer = board.ask(ROOT, f"read {path}")
    expect(answer.status in ("ENOENT", "EACCES") or (answer.status, answer.text) == ("ok", ""),
           f"{answer.status}, {len(answer.text)} bytes", answer.text[:200])


@claim("board", "nothing is to be seen in {}", each=HIDDEN_FOLDERS)
def hidden_folder(board, path):
    answer = board.ask(ROOT, f"list {path}")
    expect(answer.status in ("ENOENT", "EACCES") or (answer.status, answer.text) == ("ok", ""),
           f"{answer.status}", answer.text[:200])


# What exec hands on

def birth(board, service):
    return board.ask(service, "birth").ok()


@claim("board", "a service's program has fds 0 to 2 and no other")
def descriptors(board):
    fds = dict(row.split(" ", 1) for row in birth(board, ROOT).values("fd"))
    expect_equal(sorted(fds), ["0", "1", "2"], "open at exec")
    expect_equal(fds["0"], "/dev/null", "standard input")
    expect(fds["1"].startswith("pipe:") and fds["1"] == fds["2"], fds)


@claim("board", "no signal is blocked, ignored or caught when a service's program starts")
def signals(board):
    text = birth(board, ROOT).text
    for field in ("SigBlk", "SigIgn", "SigCgt", "SigPnd", "ShdPnd"):
        expect_equal(status_field(text, field), ["0" * 16], field)


@claim("board", "a service's arguments are those of ARGV")
def arguments(board):
    words = shlex.split(board.option(ROOT, "ARGV"))
    expect_equal(birth(board, ROOT).values("argv"), words, "argv")
    expect("two words" in words, words)


@claim("board", "a service's environment is ENV with PATH and HOME, and nothing of the board's")
def environment(board):
    seen = dict(row.split("=", 1) for row in birth(board, ROOT).values("env"))
    given = dict(word.split("=", 1) for word in shlex.split(board.option(ROOT, "ENV")))
    expect_equal(set(seen), {*given, "PATH", "HOME"}, "variables")
    expect_equal({name: seen[name] for name in given}, given, "values")


@claim("board", "a service starts in WORKDIR")
def working_directory(board):
    for service in (ROOT, USER):
        expect_equal(birth(board, service).values("cwd"), [board.option(service, "WORKDIR")],
                     f"working directory of {service}")


@claim("board", "a service's host name is HOSTNAME, or its name")
def host_name(board):
    expect_equal(board.ask(ROOT, "hostname").ok().text.strip(), board.option(ROOT, "HOSTNAME"))
    expect_equal(board.ask(USER, "hostname").ok().text.strip(), USER)


@claim("board", "a service leads a session of its own")
def session(board):
    expect_equal(birth(board, ROOT).number("sid"), 1, "session")
    board.ask(ROOT, f"open /dev/tty {O_RDWR}").refused("ENXIO")


@claim("board", "umask, nice value and scheduling class of a service are the usual ones")
def usual_values(board):
    seen = birth(board, ROOT)
    expect_equal(status_field(seen.text, "Umask"), ["0022"], "umask")
    expect_equal((seen.number("nice"), seen.number("policy")), (0, 0), "nice and policy")


# PID 1

@claim("board", "PID 1 itself is exempt from the OOM killer")
def init_oom_score(board):
    expect_equal(board.read("/proc/1/oom_score_adj").strip(), "-1000")


@claim("board", "PID 1 lives in the cgroup init, with memory of its own")
def init_cgroup(board):
    expect_equal(board.read("/proc/1/cgroup").strip(), "0::/init")
    least = board.read("/sys/fs/cgroup/init/memory.min").strip()
    expect(int(least) > 0, f"memory.min of init: {least}")


@claim("board", "core_pattern is no pipe, and no cgroup of version 1 is mounted")
def board_wide(board):
    pattern = board.read("/proc/sys/kernel/core_pattern")
    expect(not pattern.startswith("|"), pattern)
    kinds = [line.split(" - ")[1].split()[0]
             for line in board.read("/proc/1/mountinfo").splitlines()]
    expect("cgroup2" in kinds and "cgroup" not in kinds, kinds)


@claim("board", "no mount of a service is in PID 1's own mount namespace")
def init_mounts(board):
    points = [line.split()[4] for line in board.read("/proc/1/mountinfo").splitlines()]
    expect(not [p for p in points if p.startswith("/services")], points)
