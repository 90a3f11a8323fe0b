"""runc, crun and bwrap with pith's isolation, as far as they know it: what they are given, and
how they are started.  The network is made by ip, from two scripts, as people do it.
"""
import json
import os
import re
import struct

from context import SERVICE, TOP

PACKAGES = ("crun", "runc", "bubblewrap", "iproute2", "busybox-static")
PROGRAMS = {"crun": "/usr/bin/crun", "runc": "/usr/sbin/runc", "bwrap": "/usr/bin/bwrap", "ip": "/bin/ip"}
BUSYBOX = "/bin/busybox"
UID_BASE = 1114112
MEMORY_BYTES = 16 << 20

# As init/view_kernel.c has them
MASKED = ("acpi asound interrupts kcore keys latency_stats timer_list scsi".split(),
          "firmware devices/virtual/powercap".split())
READ_ONLY = "bus fs irq sys sysrq-trigger".split()

SECCOMP_ARCH = {"x86_64": "SCMP_ARCH_X86_64", "arm64": "SCMP_ARCH_AARCH64"}
NAMESPACE_FLAGS = 0x7e020000

# The peer is made where it is wanted; moved there it costs ten times as much.
CONNECT = """\
/bin/ip link add v$pid up master br0 type veth peer name eth0 netns $pid
busybox nsenter -t $pid -n /bin/ip -batch /net.batch
"""
BATCH = """\
link set lo up
link set eth0 up
address add 10.77.1.2/16 dev eth0
address add fd77::1:2/64 dev eth0 nodad
route add default via 10.77.0.1
route add ::/0 via fd77::1
"""
HOOK = f"""#!/bin/busybox sh
set -e
pid=$(busybox sed -n 's/.*"pid" *: *\\([0-9]*\\).*/\\1/p')
{CONNECT}"""

BWRAP = ("/usr/bin/bwrap --unshare-all --as-pid-1 --uid 0 --gid 0 --hostname s00 --cap-drop ALL "
         "--ro-bind /rootfs / --proc /proc --dev /dev --mqueue /dev/mqueue --seccomp 9")
BWRAP_PLAIN = f"""#!/bin/busybox sh
exec {BWRAP} /payload show 9</seccomp.bpf
"""
# Its network namespace is made by bwrap; it waits until that is connected.
BWRAP_ALL = f"""#!/bin/busybox sh
set -e
group=/sys/fs/cgroup/bwrap$$
mkdir $group
echo {MEMORY_BYTES} > $group/memory.max
echo {SERVICE["PIDS_MAX"]} > $group/pids.max
echo 50000 100000 > $group/cpu.max
echo {SERVICE["OOM_SCORE_ADJ"]} > /proc/self/oom_score_adj
ulimit -n {SERVICE["NOFILE"]}
rm -f /tmp/info /tmp/block
busybox mkfifo /tmp/info /tmp/block
(
	pid=$(busybox sed -n 's/.*"child-pid" *: *\\([0-9]*\\).*/\\1/p' /tmp/info)
	{CONNECT.replace(chr(10), chr(10) + chr(9)).rstrip()}
	echo > /tmp/block
) &
echo $$ > $group/cgroup.procs
exec {BWRAP} --info-fd 5 --block-fd 6 /payload show 9</seccomp.bpf 6<>/tmp/block 5>/tmp/info
"""


def _refused():
    """What pith's default filter refuses whatever the arguments."""
    with open(os.path.join(TOP, "init", "table", "seccomp_rules.c")) as file:
        return re.findall(r"^\tREFUSED\((\w+), ", file.read(), re.M)


def _seccomp(arch):
    def rule(names, errno, *args):
        return {"names": names, "action": "SCMP_ACT_ERRNO", "errnoRet": errno,
                **({"args": list(args)} if args else {})}

    def equals(index, value):
        return {"index": index, "value": value, "op": "SCMP_CMP_EQ"}
    flags = [rule(["clone", "unshare"], 1, {"index": 0, "value": 1 << bit, "valueTwo": 1 << bit,
                                            "op": "SCMP_CMP_MASKED_EQ"})
             for bit in range(32) if NAMESPACE_FLAGS >> bit & 1]
    families = [rule(["socket"], 1, equals(0, family)) for family in (17, 38, 40)]
    requests = [rule(["ioctl"], 1, equals(1, request)) for request in (0x5412, 0x541c, 0x5423)]
    return {"defaultAction": "SCMP_ACT_ALLOW", "architectures": [SECCOMP_ARCH[arch]],
            "syscalls": [rule(_refused(), 1), rule(["clone3"], 38), *flags, *families, *requests]}


def _mount(path, kind, *options):
    return {"destination": path, "type": kind, "source": kind, "options": list(options)}


def config(arch, network, once=True):
    """config.json of the OCI runtimes' specification."""
    hard = ("nosuid", "noexec", "nodev")
    nofile = SERVICE["NOFILE"]
    return {
        "ociVersion": "1.0.2",
        "process": {
            "terminal": False, "user": {"uid": 0, "gid": 0}, "cwd": "/",
            "args": ["/payload", "show"] if once else ["/payload"], "env": ["PATH=/"],
            "capabilities": {kind: [] for kind in ("bounding", "effective", "inheritable", "permitted", "ambient")},
            "rlimits": [{"type": "RLIMIT_NOFILE", "hard": nofile, "soft": nofile}],
            "noNewPrivileges": True, "oomScoreAdj": SERVICE["OOM_SCORE_ADJ"],
        },
        "root": {"path": "/rootfs", "readonly": True},
        "hostname": "s00",
        "mounts": [
            _mount("/proc", "proc", *hard),
            _mount("/dev", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
            _mount("/dev/pts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"),
            _mount("/dev/shm", "tmpfs", *hard, "mode=1777", "size=65536k"),
            _mount("/dev/mqueue", "mqueue", *hard),
            _mount("/sys", "sysfs", *hard, "ro"),
            _mount("/sys/fs/cgroup", "cgroup", *hard, "relatime", "ro"),
        ],
        "hooks": {"createRuntime": [{"path": "/net"}]} if network else {},
        "linux": {
            "uidMappings": [{"containerID": 0, "hostID": UID_BASE, "size": 65536}],
            "gidMappings": [{"containerID": 0, "hostID": UID_BASE, "size": 65536}],
            "namespaces": [{"type": kind} for kind in
                           ("pid", "network", "ipc", "uts", "mount", "user", "cgroup")],
            "cgroupsPath": "/peer",
            "resources": {"memory": {"limit": MEMORY_BYTES}, "pids": {"limit": SERVICE["PIDS_MAX"]},
                          "cpu": {"quota": 50000, "period": 100000},
                          "devices": [{"allow": False, "access": "rwm"}]},
            "seccomp": _seccomp(arch),
            "maskedPaths": [f"/proc/{path}" for path in MASKED[0]] + [f"/sys/{path}" for path in MASKED[1]],
            "readonlyPaths": [f"/proc/{path}" for path in READ_ONLY],
        },
    }


def filter_bytes(product):
    """pith's own program of the first service, for bwrap."""
    with open(os.path.join(product.folder, "table.c")) as file:
        text = re.search(r"filter_0\[\] = \{(.*?)^\};", file.read(), re.M | re.S)[1]
    rows = re.findall(r"\{ (\w+), (\d+), (\d+), (\w+) \}", text)
    return b"".join(struct.pack("<HBBI", int(code, 0), int(jt), int(jf), int(k, 0)) for code, jt, jf, k in rows)


def fill(ctx, image, product):
    """Puts all of it into an image."""
    image.tree("", ctx.root("peers", PACKAGES, [*PROGRAMS.values(), BUSYBOX]))
    image.link("bin/sh", "busybox")
    image.tree("rootfs", _rootfs(ctx), UID_BASE)
    for name, network in (("plain", False), ("network", True)):
        image.text(f"bundles/{name}/config.json", json.dumps(config(ctx.arch, network)))
    image.text("net", HOOK, 0o755)
    image.text("net.batch", BATCH)
    image.text("bwrap-plain", BWRAP_PLAIN, 0o755)
    image.text("bwrap-all", BWRAP_ALL, 0o755)
    image.file("seccomp.bpf", filter_bytes(product), 0o644)


def _rootfs(ctx):
    folder = ctx.path("rootfs", "")
    for name in ("proc", "sys", "dev"):
        os.makedirs(os.path.join(folder, name), exist_ok=True)
    with open(ctx.payload(), "rb") as source, open(os.path.join(folder, "payload"), "wb") as file:
        file.write(source.read())
    os.chmod(os.path.join(folder, "payload"), 0o755)
    return folder


def commands():
    """[(label, what, network, argv)]"""
    rows = []
    for name, words in (("runc", ["--root", "/run/runc"]), ("crun", ["--root", "/run/crun", "--cgroup-manager", "cgroupfs"])):
        rows += [(f"{name}-{bundle}", name, network,
                  [PROGRAMS[name], *words, "run", "--bundle", f"/bundles/{bundle}", "peer"])
                 for bundle, network in (("plain", "none"), ("network", "private"))]
    return rows + [("bwrap-plain", "bwrap; no limits", "none", ["/bwrap-plain"]),
                   ("bwrap-all", "bwrap; limits and network by a script", "private", ["/bwrap-all"])]
