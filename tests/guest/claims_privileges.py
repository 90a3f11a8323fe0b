"""What a service may do: its ids and capabilities, and what it cannot."""
from claims import claim, expect, expect_equal
from services import ROOT, USER, status_field, steady

# linux/sched.h, sys/socket.h
CLONE_NEWUSER, CLONE_NEWNET, CLONE_NEWNS = 0x10000000, 0x40000000, 0x00020000
AF_INET, AF_PACKET, SOCK_RAW = 2, 17, 3

CAPABILITY_SETS = ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"]


@claim("board", "{} of {} is empty", each=[
    (field, who) for who in ("root inside", "a user inside") for field in CAPABILITY_SETS])
def no_capabilities(board, field, who):
    service = ROOT if who == "root inside" else USER
    text = board.ask(service, "read /proc/1/status").ok().text
    expect_equal(status_field(text, field), ["0" * 16], field)


@claim("board", "no_new_privs is set in every service")
def no_new_privs(board):
    for service, pid in steady(board).items():
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
               for pid in steady(board).values()]
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
    ("make a device node", ROOT, "mknod /tmp/node", "EACCES"),
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
    ("write to /sys", ROOT, "write /sys/kernel/profiling 1", "EROFS EACCES"),
    ("add to its /dev", ROOT, "create /dev/new", "EROFS EACCES"),
])
def cannot(board, _, service, request, errors):
    board.ask(service, request).refused(*errors.split())


@claim("board", "a service's oom_score_adj is the table's")
def oom_score(board):
    for service in (ROOT, USER):
        seen = board.ask(service, "read /proc/1/oom_score_adj").ok().text.strip()
        expect_equal(seen, str(board.option(service, "OOM_SCORE_ADJ")), service)
