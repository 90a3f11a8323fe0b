"""What a service sees of the board: its own, and nothing else."""
import re

from claims import claim, expect, expect_equal
from product import size_bytes
from services import O_WRONLY, ROOT, USER, mounts, steady

NAMESPACES = ["mnt", "pid", "net", "ipc", "uts", "user", "cgroup"]


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
    for name, pid in {**steady(board), "PID 1": 1}.items():
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
    ("signal", "kill {} 0", "ESRCH"), ("trace", "ptrace {}", "EPERM")])
def cannot_touch_others(board, _, request, error):
    board.ask(ROOT, request.format(board.pid(USER))).refused(error)


@claim("board", "a service's own orphan becomes its child")
def own_orphan(board):
    expect_equal(board.ask(ROOT, "orphan 300").ok().number("ppid"), 1, "parent of the orphan")


# Mounts

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
    expect_equal(names, {"dev", "proc", "sys", "run", "tmp", "etc", "probe", "first", "peer"}, "names in /")
    names = {line.split()[0] for line in board.ask(ROOT, "list /etc").ok().lines}
    expect_equal(names, {"hosts", "resolv.conf"}, "names in /etc, which the table knows")
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


@claim("board", "a TMPFS of {} is writable for its user and has the table's size", each=[
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
