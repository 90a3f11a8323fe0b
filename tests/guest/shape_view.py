"""Checks: what a shape sees, and that it cannot change it."""
import re

from claims import expect
from services import O_RDONLY, O_RDWR, O_WRONLY
from shape_checks import admin, always, check, only_with, real_admin, refused

# linux/sched.h
NEWNS = 0x00020000

SIX = {"null": "1:3", "zero": "1:5", "full": "1:7", "random": "1:8", "urandom": "1:9",
       "tty": "5:0"}

# Mounts

check("can mount a file system only with a real SYS_ADMIN", "mount tmpfs /tmp",
      only_with(real_admin, "EPERM"))
check("cannot mount a second proc", "mount proc /tmp", only_with(real_admin, "EPERM"))
check("cannot mount a second sysfs", "mount sysfs /tmp", only_with(real_admin, "EPERM"))
for path in ("/proc/kcore", "/proc/sys", "/sys/firmware", "/proc", "/sys", "/sys/fs/cgroup", "/dev",
             "/"):
    check(f"cannot unmount {path}", f"umount {path}", refused("EPERM", unless=real_admin))
for path in ("/", "/dev", "/proc/sys", "/proc/bus", "/sys", "/sys/fs/cgroup"):
    check(f"cannot remount {path} writable", f"remount {path}",
          refused("EPERM", unless=lambda s: real_admin(s) or (s.writable and not s.strict)))
# With capabilities of its own user namespace it may have a mount namespace of its own.  In
# that one all that came along is locked.
for request, errors in (("umount /proc/kcore", ("EINVAL",)), ("umount /proc/sys", ("EINVAL",)),
                        ("remount /proc/sys", ("EPERM",)), ("remount /sys", ("EPERM",)),
                        ("mount proc /tmp", ("EPERM",)), ("mount sysfs /tmp", ("EPERM",))):
    check(f"cannot {request} in a mount namespace of its own", f"unshared {NEWNS:#x} {request}",
          refused("EPERM", *errors, unless=real_admin))
check("cannot make a mount that is nowhere yet", "call fsopen =tmpfs 0",
      refused("EPERM", unless=real_admin))
check("cannot copy a mount", "call open_tree -100 =/ 1", refused("EPERM", unless=real_admin))
check("cannot move a mount", "call move_mount -100 =/proc -100 =/tmp 0",
      refused("EPERM", unless=real_admin))
check("cannot change what a mount allows", "call mount_setattr -100 =/ 0 @0 32",
      refused("EPERM", unless=real_admin))
check("cannot pivot to another root", "call pivot_root =/tmp =/tmp",
      refused("EPERM", unless=real_admin))
check("can change its root only with SYS_CHROOT", "chroot /tmp",
      only_with(lambda s: s.has("SYS_CHROOT"), "EPERM"))

check("cannot climb out of its root from a root of its own", "climb /tmp",
      only_with(lambda s: s.has("SYS_CHROOT"), "EPERM"),
      lambda s, reply: expect("outside" not in reply.text, reply))

# Nodes and handles.  Landlock knows nodes as well, and is asked before capabilities; who
# keeps SYS_ADMIN has none, since it lets nobody mount.

for what, words in (("a device node", "c 1 11"), ("a node of a disk", "b 254 0"),
                    ("a node of the memory", "c 1 1")):
    check(f"cannot make {what}", f"mknod /tmp/node {words}",
          lambda s: {"EPERM"} if admin(s) or s.strict else {"EACCES"})
check("can make a harmless node only with a real MKNOD", "mknod /tmp/node c 1 3",
      lambda s: {"ok"} if s.real("MKNOD") else {"EPERM"} if admin(s) or s.strict else {"EACCES"})
check("cannot open a file by its handle", "handle /",
      refused("EPERM", "EOPNOTSUPP", unless=lambda s: s.real("DAC_READ_SEARCH")))


# Mounts as they are

def mount_rows(reply):
    """(mount point, its options, type) of each."""
    for line in reply.lines:
        head, tail = line.split(" - ")
        fields = head.split()
        yield fields[4], set(fields[5].split(",")), tail.split()[0]


def mounts(name, holds):
    def look(shape, reply):
        wrong = [f"{point} {kind} {sorted(options)}" for point, options, kind in mount_rows(reply)
                 if not holds(shape, point, options)]
        expect(not wrong, *wrong)
    check(name, "read /proc/self/mountinfo", always("ok"), look)


def is_node(shape, point):
    """A mount over a file, which is a device: of DEVICES, or the null of a mask."""
    return point in shape.devices or re.match(r"/proc/[a-z_]+$", point)


mounts("set-user-id bits mean nothing in any mount", lambda s, point, options: "nosuid" in options)
mounts("there are device nodes in /dev alone", lambda s, point, options:
       "nodev" in options or point in ("/dev", "/dev/pts") or is_node(s, point))
mounts("programs run only from the root and from a TMPFS that says exec",
       lambda s, point, options: "noexec" in options or point == "/" or s.tmpfs.get(point) or
       "exec" in s.volumes.get(point, ()))
mounts("only its TMPFS, VOLUMES, terminals and memory are writable", lambda s, point, options:
       "ro" in options or point in s.tmpfs or point in ("/proc", "/dev/pts", "/dev/shm", "/dev/mqueue") or
       point in s.devices or (point == "/" and s.writable) or
       "ro" not in s.volumes.get(point, ("ro",)))


# init/view_kernel.c.  Which of them there are, the board's own /proc and /sys tell.
HIDDEN = ("/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys",
          "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug",
          "/proc/scsi", "/sys/firmware", "/sys/devices/virtual/powercap")
LOCKED = ("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger")
ALWAYS_THERE = {"/proc/kcore", "/proc/keys", "/proc/interrupts", "/proc/timer_list", "/sys/firmware",
                *LOCKED}

COVERED = (*HIDDEN, *LOCKED)

for path in COVERED:
    def is_covered(shape, reply, path=path):
        rows = {point: options for point, options, _ in mount_rows(reply)}
        if path not in shape.there:
            expect(path not in rows and path not in ALWAYS_THERE, f"{path} is not on the board")
            return
        expect("ro" in rows.get(path, ()), f"{path}: {rows.get(path, 'not covered')}")
    check(f"{path} is covered, if there is one", "read /proc/self/mountinfo", always("ok"), is_covered)


def one_root(_, reply):
    points = [point for point, _, _ in mount_rows(reply)]
    expect(points.count("/") == 1, points)
    twice = sorted({point for point in points if points.count(point) > 1})
    expect(not twice, f"mounted more than once: {twice}")


check("no mount lies below another one, nor the old root", "read /proc/self/mountinfo",
      always("ok"), one_root)
check("its root is writable only with WRITABLE, for its root", "create /new",
      lambda s: {"ok"} if s.writable and (s.uid == 0 or s.has("DAC_OVERRIDE")) else
      {"EACCES"} if s.writable else {"EROFS"})
check("nothing can be added to its /dev", "create /dev/new", always("EROFS", "EACCES"))
check("a program in a TMPFS runs only where it says exec", "program /tmp",
      lambda s: {"ok"} if s.tmpfs["/tmp"] else {"EACCES"})
check("can write to a volume but to one that says ro", "create /data/new",
      lambda s: {"EROFS"} if "ro" in s.volumes.get("/data", ()) else {"ok"} if s.volumes else None)
check("a program on a volume runs only where it says exec", "program /data",
      lambda s: {"EACCES"} if s.volumes and "ro" not in s.volumes["/data"] else None)
check("a program on a volume runs where it says exec", "program /opt",
      lambda s: {"ok"} if "/opt" in s.volumes else None)
check("no program runs from its shared memory", "program /dev/shm", always("EACCES"))


def board_is_hidden(shape, reply):
    names = {line.split()[0] for line in reply.lines}
    allowed = {"dev", "proc", "sys", "tmp", "run", "etc", "probe", "first", "peer",
               *(path.strip("/") for path in shape.volumes)}
    expect("probe" in names and names <= allowed, f"/.. holds {sorted(names)}")


check("above its root is nothing but its root", "list /..", always("ok"), board_is_hidden)


# Devices

def nodes(shape, reply):
    rows = [line.split() for line in reply.lines]
    seen = {row[0] for row in rows if row[1][0] in "cb"}
    right = {*SIX, *(path[len("/dev/"):] for path in shape.devices)}
    expect(seen == right, f"nodes: {sorted(seen)}", f"expected: {sorted(right)}")
    wrong = [row for row in rows if row[0] in SIX and row[3] != SIX[row[0]]]
    expect(not wrong, *wrong)


check("/dev holds the six harmless nodes, those of DEVICES, and no other", "list /dev",
      always("ok"), nodes)
for path in ("/dev/vda", "/dev/ttyS1"):
    for flags, letter in ((O_RDONLY, "r"), (O_WRONLY, "w")):
        def allowed(shape, path=path, letter=letter):
            if path not in shape.devices:
                return {"ENOENT"}
            return {"ok", "EIO"} if letter in shape.devices[path] else {"EPERM", "EACCES"}
        check(f"can open {path} for {'reading' if letter == 'r' else 'writing'} only as DEVICES says",
              f"open {path} {flags}", allowed)
for path in ("/dev/vda", "/dev/ttyS1"):
    def node_mode(shape, reply, path=path):
        if path not in shape.devices:
            return
        rights = shape.devices[path]
        mode = f"{0o400 * ('r' in rights) + 0o200 * ('w' in rights):04o}"
        first = 0 if shape.userns else shape.base
        row = reply.lines[0].split()
        expect((row[1][1:], row[2]) == (mode, f"{first + shape.uid}:{first + shape.gid}"), reply)
    check(f"{path} has the mode that DEVICES says, and belongs to USER", f"stat {path}",
          lambda s, path=path: {"ok"} if path in s.devices else {"ENOENT"}, node_mode)
for path in ("/dev/mem", "/dev/kmsg", "/dev/console", "/dev/loop-control", "/dev/net/tun"):
    check(f"there is no {path}", f"open {path} {O_RDONLY}", always("ENOENT"))
for path, flags in (("/dev/null", O_RDWR), ("/dev/zero", O_RDONLY), ("/dev/full", O_RDONLY),
                    ("/dev/random", O_RDONLY), ("/dev/urandom", O_RDONLY), ("/dev/ptmx", O_RDWR),
                    ("/dev/stdout", O_WRONLY), ("/dev/stderr", O_WRONLY)):
    check(f"may open {path}", f"open {path} {flags}", always("ok"))
