"""Checks: what of the kernel a shape can call, read and write."""
from claims import expect
from services import O_RDWR, O_WRONLY
from shape_checks import admin, always, by_filter, check, only_with, real_admin, refused

# linux/sched.h
NEWNS, NEWUSER, NEWNET, NEWCGROUP = 0x00020000, 0x10000000, 0x40000000, 0x02000000

# Namespaces

check("cannot make a user namespace", f"unshared {NEWUSER:#x} groups",
      lambda s: {"EPERM"} if s.filtered else {"ENOSPC"})
check("cannot clone into a user namespace", f"clone {NEWUSER:#x}",
      lambda s: {"EPERM"} if s.filtered else {"ENOSPC"})
check("cannot clone into a mount namespace without SYS_ADMIN", f"clone {NEWNS:#x}",
      only_with(admin, "EPERM"))
check("there is no clone3, whose flags no filter sees", "call clone3 @0x10000000 64",
      lambda s: {"ENOSYS"} if s.filtered else None)
check("can make a mount namespace only with SYS_ADMIN", f"unshared {NEWNS:#x} groups",
      only_with(admin, "EPERM"))
check("can make a network namespace only with SYS_ADMIN", f"unshared {NEWNET:#x} groups",
      only_with(admin, "EPERM"))
check("can make a cgroup namespace only with SYS_ADMIN", f"unshared {NEWCGROUP:#x} groups",
      only_with(admin, "EPERM"))
check("cannot join a namespace", "call setns 0 0", by_filter("SYS_ADMIN", then=("EINVAL", "EPERM")))

# What not every architecture has.
ARCHES = {
    **dict.fromkeys(("iopl", "ioperm", "modify_ldt"), ("x86_64",)),
    **dict.fromkeys(("uselib", "ustat", "sysfs"), ("x86_64", "arm")),
    **dict.fromkeys(("clock_settime64", "clock_adjtime64"), ("arm",)),
}

# Calls that open the kernel wide: their arguments are such as do nothing if they get through.
for name, words, opens in (
        ("bpf", "0 @0 64", ("SYS_ADMIN", "BPF")),
        ("io_uring_setup", "1 @0", ()),
        ("io_uring_enter", "-1 0 0 0 0 0", ()),
        ("io_uring_register", "-1 0 0 0", ()),
        ("userfaultfd", "1", ("SYS_PTRACE",)),
        ("keyctl", "0 -3 0", ()),
        ("add_key", "=user =x =y 1 -3", ()),
        ("request_key", "=user =x 0 -3", ()),
        ("perf_event_open", "@0 0 -1 -1 0", ("SYS_ADMIN", "PERFMON")),
        ("kexec_load", "0 0 0 4", ("SYS_BOOT",)),
        ("kexec_file_load", "-1 -1 0 0 8", ("SYS_BOOT",)),
        ("init_module", "0 0 =", ("SYS_MODULE",)),
        ("finit_module", "-1 = 0", ("SYS_MODULE",)),
        ("delete_module", "=x 0", ("SYS_MODULE",)),
        ("process_vm_readv", "1 0 0 0 0 0", ("SYS_PTRACE",)),
        ("process_vm_writev", "1 0 0 0 0 0", ("SYS_PTRACE",)),
        ("kcmp", "1 1 9 0 0", ("SYS_PTRACE",)),
        ("pidfd_getfd", "-1 0 0", ("SYS_PTRACE",)),
        ("open_by_handle_at", "-1 0 0", ("DAC_READ_SEARCH",)),
        ("acct", "=/nowhere", ("SYS_PACCT",)),
        ("quotactl", "-1 0 0 0", ("SYS_ADMIN",)),
        ("swapon", "=/nowhere 0", ("SYS_ADMIN",)),
        ("swapoff", "=/nowhere", ("SYS_ADMIN",)),
        ("lookup_dcookie", "0 0 0", ("SYS_ADMIN",)),
        ("fanotify_init", "-1 0", ("SYS_ADMIN",)),
        ("iopl", "0", ("SYS_RAWIO",)),
        ("ioperm", "0 0 0", ("SYS_RAWIO",)),
        ("syslog", "-1 0 0", ("SYS_ADMIN", "SYSLOG")),
        ("clock_settime", "-1 0", ("SYS_TIME",)),
        ("clock_adjtime", "-1 0", ("SYS_TIME",)),
        ("clock_settime64", "-1 0", ("SYS_TIME",)),
        ("clock_adjtime64", "-1 0", ("SYS_TIME",)),
        ("settimeofday", "0 @0x7fffffffffffffff", ("SYS_TIME",)),
        ("setdomainname", "0 -1", ("SYS_ADMIN",)),
        ("modify_ldt", "0 0 0", ()),
        ("move_pages", "0 0 0 0 0 0", ("SYS_NICE",)),
        ("vhangup", "", ("SYS_TTY_CONFIG",)),
        ("nfsservctl", "-1 0 0", ()),
        ("uselib", "=/nowhere", ()),
        ("ustat", "0 0", ()),
        ("sysfs", "0", ()),
):
    check(f"{name} is refused", f"call {name} {words}".strip(),
          by_filter(*opens, arches=ARCHES.get(name)))
check("cannot trace its own PID 1", "ptrace 1", by_filter("SYS_PTRACE", then=("ok", "EPERM")))
check("cannot reboot the board", "reboot", always("EPERM"))
check("can set the clock only with a real SYS_TIME", "settime",
      only_with(lambda s: s.real("SYS_TIME"), "EPERM"))
check("cannot read the kernel's log", "klog", refused("EPERM", unless=real_admin))
check("cannot load a kernel module", "module", always("EPERM"))

check("cannot change how addresses are laid out", "call personality 0x0040000", by_filter())
check("cannot change how addresses are laid out, whatever is in the argument's upper half",
      "call personality 0x1000040000", by_filter())

check("a strict filter refuses even what is harmless, if it is not listed", "call pidfd_open 1 0",
      lambda s: {"EPERM"} if s.strict else {"ok"})

# Sockets.  An int argument has 64 bits on its way through a filter, and 32 in the kernel.
for family, name in ((38, "AF_ALG"), (40, "AF_VSOCK")):
    check(f"{name} is refused", f"call socket {family} 5 0", by_filter())
    check(f"{name} is refused, whatever is in the argument's upper half",
          f"call socket {family | 1 << 32:#x} 5 0", by_filter())
    check(f"a pair of {name} is refused", f"call socketpair {family} 5 0 @0", by_filter())
check("nf_tables is refused without NET_ADMIN", "call socket 16 3 12", by_filter("NET_ADMIN", then=("ok",)))
check("nf_tables is refused without NET_ADMIN, whatever is in the argument's upper half",
      "call socket 16 3 0x10000000c", by_filter("NET_ADMIN"))
check("a family of sockets that nobody needs does not exist", "call socket 21 2 0",
      lambda s: {"EPERM"} if s.strict and "socket" not in s.options["SECCOMP_CALLS"] else
      {"EAFNOSUPPORT"} if s.filtered else None)
check("cannot open a raw socket without a NET_RAW of its own", "call socket 2 3 1",
      only_with(lambda s: s.has("NET_RAW") and s.net != "host", "EPERM"))
check("cannot open a packet socket without a NET_RAW of its own", "call socket 17 3 0",
      only_with(lambda s: s.has("NET_RAW") and s.net != "host", "EPERM"))
check("hears nobody on an abstract socket of the board", "abstract pith-test",
      lambda s: None if s.net == "host" else {"ECONNREFUSED"})

# Terminals
check("TIOCSTI is refused", "call ioctl 0 0x5412 @0", by_filter())
check("TIOCSTI is refused, whatever is in the argument's upper half",
      "call ioctl 0 0x100005412 @0", by_filter())
check("TIOCLINUX is refused", "call ioctl 0 0x541c @0", by_filter())
check("TIOCSETD is refused without NET_ADMIN", "call ioctl 0 0x5423 @0", by_filter("NET_ADMIN"))

# Foreign ABIs, of which arm64's and arm's probes know none
for abi in ("i386", "x32"):
    check(f"a call of the ABI {abi} kills", f"foreign {abi}",
          lambda s: {"ENOSYS"} if s.arch != "x86_64" else
          None if s.seccomp == "none" else {"killed by 31"})


# Files of the kernel

for path, text in (("/proc/sys/kernel/core_pattern", "|/probe"),
                   ("/proc/sys/kernel/modprobe", "/probe"),
                   ("/proc/sys/vm/overcommit_memory", "1"),
                   ("/proc/sys/net/ipv4/ip_forward", "1"),
                   ("/proc/sys/user/max_user_namespaces", "9"),
                   ("/proc/sysrq-trigger", "h"),
                   ("/proc/irq/default_smp_affinity", "1"),
                   ("/sys/kernel/mm/transparent_hugepage/enabled", "never"),
                   ("/sys/kernel/uevent_helper", "/probe"),
                   ("/sys/fs/cgroup/memory.max", "max"), ("/sys/fs/cgroup/pids.max", "max"),
                   ("/sys/fs/cgroup/cgroup.procs", "1"),
                   ("/sys/fs/cgroup/cgroup.subtree_control", "+memory")):
    check(f"cannot write to {path}", f"write {path} {text}", always("EROFS", "EACCES", "ENOENT"))
for path in ("/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/interrupts",
             "/proc/sched_debug", "/proc/latency_stats", "/proc/kmsg"):
    def nothing(_, reply):
        expect(reply.text == "" or reply.status != "ok", reply)
    check(f"nothing is to be read in {path}", f"read {path}",
          refused("ok", "ENOENT", "EACCES", "EPERM",
                  unless=lambda s, p=path: p == "/proc/kmsg" and real_admin(s)), nothing)
for path in ("/sys/firmware", "/proc/acpi", "/proc/scsi", "/proc/asound",
             "/sys/devices/virtual/powercap"):
    def empty(_, reply):
        expect(reply.text == "" or reply.status != "ok", reply)
    check(f"nothing is to be seen in {path}", f"list {path}", always("ok", "ENOENT", "EACCES"), empty)
check("cannot write to its own program", f"open /proc/self/exe {O_WRONLY}",
      lambda s: {"EROFS", "ETXTBSY", "errno 26", "EACCES"})
check("cannot write to the program of its PID 1", f"open /proc/1/exe {O_WRONLY}",
      lambda s: {"EROFS", "EACCES", "errno 26", "EPERM"})


def pith_is_hidden(shape):
    """With INIT=y its PID 1 is pith's own program, and not the service's."""
    return {"EACCES", "EPERM"} if shape.init and not shape.has("SYS_PTRACE") else None


check("cannot open the memory of a PID 1 that is pith's", f"open /proc/1/mem {O_RDWR}",
      pith_is_hidden)
check("cannot see the program of a PID 1 that is pith's", "link /proc/1/exe",
      pith_is_hidden)
check("cannot reach the files of a PID 1 that is pith's", "link /proc/1/fd/0",
      pith_is_hidden)


for path, text in (("/proc/self/cgroup", "0::/\n"), ("/proc/sys/kernel/core_pattern", "core\n")):
    def is_text(_, reply, text=text):
        expect(reply.text == text, reply, f"expected: {text!r}")
    check(f"{path} reads {text.strip()}, and nothing more", f"read {path}", always("ok"), is_text)


def id_map(shape, reply):
    right = ["0", str(shape.base), "65536"] if shape.userns else ["0", "0", "4294967295"]
    expect(reply.text.split() == right, reply, f"expected: {right}")


for kind in ("uid", "gid"):
    check(f"its {kind}_map is its own range of ids", f"read /proc/self/{kind}_map", always("ok"), id_map)


def owner(shape, reply):
    first = 0 if shape.userns else shape.base
    expect(reply.lines[0].split()[2] == f"{first}:{first}", reply)


check("its files belong to the root of its range", "stat /probe", always("ok"), owner)


def own_processes(_, reply):
    pids = [line.split()[0] for line in reply.lines if line.split()[0].isdigit()]
    expect("1" in pids and len(pids) <= 6, f"/proc lists {pids}")


check("it sees only its own processes", "list /proc", always("ok"), own_processes)
check("there is no kernel thread among them", "read /proc/2/comm", always("ok", "ENOENT", "ESRCH"),
      lambda _, reply: expect("kthreadd" not in reply.text, reply))


# What needs no capability, in a network namespace of its own

def inside(shape):
    return None if shape.net == "host" else {"ok"}


for name, number in (("ipv6/conf/all/accept_ra", "0"), ("ipv6/conf/default/accept_ra", "0"),
                     ("ipv6/conf/all/use_tempaddr", "0"), ("ipv6/conf/default/addr_gen_mode", "1"),
                     ("ipv4/conf/all/accept_redirects", "0"), ("ipv4/conf/all/route_localnet", "0"),
                     ("ipv4/conf/default/forwarding", "0")):
    check(f"{name} is {number} in its network", f"read /proc/sys/net/{name}", inside,
          lambda _, reply, number=number: expect(reply.text.strip() == number, reply))
check("may bind port 80", "bind 80",
      lambda s: {"ok"} if s.net != "host" else {"EACCES"})
check("may ping", "ping 127.0.0.1", inside)
