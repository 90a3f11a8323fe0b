"""The shapes that a service can have: the probe in each, as a product of their own.

What an option opens, and to whom, is said here once, as rules: a claim asks a
shape what it has and knows no shape by its name.
"""
import os
import shlex
import shutil

from product import TREE

# What counts for the owner of a user namespace, and so can be kept with one.
MIGHTY = ("CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP "
          "NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW SYS_CHROOT SYS_PTRACE SYS_ADMIN "
          "SETFCAP CHECKPOINT_RESTORE")

# What the probe needs to ask questions, but for those that it tries them with: first what
# libc calls on x86_64, then what else on arm64 and arm, which have none of some of those.
PROBE_CALLS = """
    accept access arch_prctl bind brk clock_gettime clock_nanosleep clone close connect dup2
    execve exit exit_group fcntl fork fstat fsync futex getcwd getdents64 getegid geteuid getgid
    getgroups getpgrp getpid getppid getpriority getrandom getrlimit getsid getsockname
    getsockopt gettimeofday gettid getuid ioctl kill link listen lseek lstat madvise mkdir mmap
    mprotect munmap nanosleep newfstatat open openat pause pipe pipe2 poll prctl pread64 prlimit64 read
    readlink readlinkat readv recvfrom recvmsg rename restart_syscall rmdir rt_sigaction
    rt_sigprocmask rt_sigreturn sched_getscheduler sched_yield sendfile sendmsg sendto
    set_robust_list set_tid_address setitimer setpgid setsid setsockopt shutdown sigaltstack socket
    stat statfs tgkill tkill umask uname unlink unlinkat utimensat vfork wait4 waitid write writev

    dup3 faccessat linkat mkdirat ppoll renameat renameat2
    _llseek _newselect clock_gettime64 clock_nanosleep_time64 fcntl64 fstat64 fstatat64 fstatfs64
    futex_time64 getegid32 geteuid32 getgid32 getgroups32 getuid32 lstat64 mmap2 ppoll_time64 recv
    send sendfile64 sigreturn stat64 statfs64 statx ugetrlimit utimensat_time64
"""

# Every option that changes what a service may see or do, alone and in the
# combinations that make the others harder.
SHAPES = {
    # It brings the peer along, and has the name under which that is sought.
    "probe": {},
    "user": {"USER": "1000:1001"},
    "no-net": {"NET": "none"},
    "host-net": {"NET": "host", "ENV": "PORT=7001"},
    "host-1000": {"NET": "host", "ENV": "PORT=7002", "USERNS": False, "USER": "1000"},
    "bare": {"USERNS": False},
    "bare-1000": {"USERNS": False, "USER": "1000:1001", "NET": "none"},
    "layered": {"WRITABLE": "1M"},
    "layered-1000": {"WRITABLE": "1M", "USER": "1000", "INIT": True},
    "scratch": {"TMPFS": "/tmp:1M:exec /run:256K", "USER": "1000"},
    "device": {"DEVICES": "/dev/vda:r /dev/ttyS1:rw"},
    "device-1000": {"DEVICES": "/dev/vda:rw /dev/ttyS1:w", "USER": "1000"},
    "net-admin": {"CAPS": "NET_ADMIN"},
    "net-1000": {"CAPS": "NET_ADMIN net_raw", "USER": "1000", "INIT": True},
    "clock": {"CAPS": "SYS_TIME", "USERNS": False},
    "clock-1000": {"CAPS": "SYS_TIME SYS_NICE", "USERNS": False, "USER": "1000", "NET": "none"},
    "admin": {"CAPS": "SYS_ADMIN"},
    "admin-bare": {"CAPS": "SYS_ADMIN MKNOD DAC_READ_SEARCH", "USERNS": False},
    "mighty": {"CAPS": MIGHTY, "SECCOMP": "none", "WRITABLE": "1M"},
    "mighty-1000": {"CAPS": MIGHTY, "SECCOMP": "none", "USER": "1000", "NET": "none"},
    "open": {"SECCOMP": "none"},
    "strict": {"SECCOMP": "strict", "SECCOMP_CALLS": " ".join(PROBE_CALLS.split())},
    "strict-1000": {"SECCOMP": "strict", "SECCOMP_CALLS": " ".join(PROBE_CALLS.split()),
                    "USER": "1000", "USERNS": False, "INIT": True},
    "learner": {"SECCOMP": "strict", "SECCOMP_LOG": True},
    "reaper": {"INIT": True},
    "mighty-reaper": {"CAPS": MIGHTY, "INIT": True},
    "stored": {"VOLUMES": "data:/data tools:/opt:exec", "UID_BASE": 65536000},
    "stored-1000": {"VOLUMES": "data:/data:ro", "UID_BASE": 65601536, "USER": "1000:1001"},
}

# Their roots are changed while the board runs.  A name has at most 255 bytes.  The
# second has no Landlock behind its first walls, as nobody that keeps SYS_ADMIN.
LONG_NAME = "n" * 255
_HOSTAGE = {"TMPFS": f"/tmp:64K /run/deep:64K /{LONG_NAME}:64K", "WORKDIR": "/work", "RESTART": "no",
            "STOP_TIMEOUT_MS": 500}
HOSTAGES = {"hostage": _HOSTAGE, "hostage-rw": {**_HOSTAGE, "WRITABLE": "256K", "CAPS": "SYS_ADMIN"}}

DEFAULTS = {
    "ARGV": "/probe serve", "TMPFS": "/tmp:1M", "WORKDIR": "/tmp", "MEMORY_MAX": "6M",
    "NOFILE": 128, "LOG_KB": 4, "OOM_SCORE_ADJ": 200, "STOP_SIGNAL": "QUIT",
    "RESTART_DELAY_MS": 10, "LOG_CONSOLE": True,
}

BOARD = """\
CONFIG_RAM_MB=256
CONFIG_OVERCOMMIT=y
CONFIG_RESERVE_MB=16
CONFIG_DEBUG_SHELL=y
CONFIG_TOOLBOX=y
CONFIG_SHUTDOWN_TIMEOUT_S=6
CONFIG_BRIDGE_ADDRESS="10.77.0.1/24"
CONFIG_DATA="data"
"""


class Shape:
    """One of them, by what follows from its options."""

    def __init__(self, name, options):
        self.name = name
        self.options = {**DEFAULTS, **options}
        uid, _, gid = self.options.get("USER", "0").partition(":")
        self.uid, self.gid = int(uid), int(gid or uid)
        self.caps = {cap.upper() for cap in self.options.get("CAPS", "").split()}
        self.userns = self.options.get("USERNS", True)
        self.net = self.options.get("NET", "private")
        self.seccomp = self.options.get("SECCOMP", "default")
        # One that only logs refuses what the default one does.
        self.filtered = self.seccomp != "none"
        self.strict = self.seccomp == "strict" and not self.options.get("SECCOMP_LOG")
        self.writable = "WRITABLE" in self.options
        self.init = self.options.get("INIT", False)
        self.tmpfs = {word.split(":")[0]: word.endswith(":exec")
                      for word in self.options["TMPFS"].split()}
        # path: what stands behind it
        self.volumes = {word.split(":")[1]: word.split(":")[2:]
                        for word in self.options.get("VOLUMES", "").split()}
        self.devices = dict(word.rsplit(":", 1)
                            for word in self.options.get("DEVICES", "").split())

    def has(self, cap):
        """Whether it keeps the capability, for whatever that counts."""
        return cap in self.caps

    def real(self, cap):
        """Whether the capability counts for the whole board."""
        return cap in self.caps and not self.userns

    def owns(self, cap):
        """Whether it counts in the namespaces that its user namespace owns."""
        return cap in self.caps and self.userns


class Shapes:
    ALL = [Shape(name, options) for name, options in SHAPES.items()]


def _value(value):
    return {True: "y", False: "n"}.get(value, value) if isinstance(value, bool) else value


def write(path, text, mode=0o644):
    """Only what is not there yet: a root is made anew when its folder changes."""
    if not os.path.exists(path) or open(path).read() != text:
        with open(path, "w") as file:
            file.write(text)
    os.chmod(path, mode)


def kconfig(name, options):
    """The service's own defaults, in Kconfig's language."""
    symbol = "SVC_" + name.upper().replace("-", "_")
    rows = [f"config {symbol}\n\tdefault y\n"]
    for option, value in options.items():
        text = _value(value)
        text = text if text in ("y", "n") or isinstance(text, int) else f'"{text}"'
        rows.append(f"config {symbol}_{option}\n\tdefault {text}\n")
    return "\n".join(rows)


def make_service(tree, name, options, mkrootfs):
    folder = os.path.join(tree, "services", name)
    os.makedirs(folder, exist_ok=True)
    write(os.path.join(folder, "Kconfig"), kconfig(name, options))
    write(os.path.join(folder, "mkrootfs"), "#!/bin/sh\nset -eu\n" + mkrootfs, 0o755)


def probe_root(name):
    """The line of a mkrootfs that brings the probe, and to one of them the peer."""
    source = os.path.join(TREE, "services", "probe")
    program = "mkrootfs" if name == "probe" else "fill-root"
    return f'{shlex.quote(os.path.join(source, program))} "$1"\n'


def forget_others(tree, names):
    """Services that an earlier table had."""
    services = os.path.join(tree, "services")
    for name in set(os.listdir(services) if os.path.isdir(services) else ()) - set(names):
        shutil.rmtree(os.path.join(services, name))


def make_tree(folder):
    """A product tree with a service of each shape."""
    forget_others(folder, [*SHAPES, *HOSTAGES])
    for shape in Shapes.ALL:
        make_service(folder, shape.name, shape.options, probe_root(shape.name))
    for name, options in HOSTAGES.items():
        make_service(folder, name, {**DEFAULTS, **options}, probe_root(name) + 'mkdir "$1/work"\n')
    write(os.path.join(folder, "modules"), "overlay\next4\n")
    write(os.path.join(folder, "defconfig"), BOARD)
    return folder
