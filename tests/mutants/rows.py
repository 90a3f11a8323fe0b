"""The mutants: one protection each, how it is taken away, and who has to notice.

At least one for each step of a start's recipe and for each row of what other
runtimes got wrong.  The text must be in its file exactly once; whoever changes
the line changes it here as well.
"""
import dataclasses

# What has to hold even with a mutation: the board still does its work, so that a
# claim which fails has seen the mutation, and not a ruin.
ALIVE = {
    "shapes": "every shape starts, and answers whoever asks it",
    "stress": "NOFILE holds stressors that open files",
    "net": "a VLAN's interface has its number, and is on top of its parent",
    "images-parts": "who waited for a first release starts from it",
    "table": "the base of the bad configurations is a good one",
    "unit": None,
}


@dataclasses.dataclass(frozen=True)
class Mutant:
    name: str       # what is missing
    file: str
    old: str
    new: str
    claims: tuple   # the names of those that have to fail, each of them
    boot: str = "shapes"    # of tests/guest; or "table", or "unit test_NAME"
    deadly: bool = False    # some services may no longer start


def shape(*names):
    return tuple("in every shape: " + name for name in names)


def hostile(what, service="hostage"):
    return (f"with a root in which {what}, {service} is refused in words or is whole, and nothing "
            "else is touched",)


# --- The sandbox, which is made once ------------------------------------------------

SANDBOX = [
    Mutant("a service may make user namespaces, by the sysctl", "init/inside.c",
           'set(in, "/proc/sys/user/max_user_namespaces", "0")', "0",
           shape("cannot make a user namespace", "cannot clone into a user namespace")),
    Mutant("a low port needs a capability", "init/inside.c",
           'set(in, "/proc/sys/net/ipv4/ip_unprivileged_port_start", "0")', "0",
           shape("may bind port 80")),
    Mutant("a ping needs a capability", "init/inside.c",
           "write(in->groups_fd, groups, t.len) < 0", "!t.len", shape("may ping")),
    Mutant("a service forwards", "init/network_settings.c",
           '	set("/proc/sys/net/ipv4/conf/default/forwarding", "0");\n', "",
           shape("ipv4/conf/default/forwarding is 0 in its network")),
    Mutant("a service listens to routers", "init/network_settings.c",
           '	{ "accept_ra", "0", false, true },\n', "",
           shape("ipv6/conf/all/accept_ra is 0 in its network",
                 "ipv6/conf/default/accept_ra is 0 in its network")),
    Mutant("the kernel makes up IPv6 addresses", "init/network_settings.c",
           '	{ "addr_gen_mode", "1", false, true },\n', "",
           shape("ipv6/conf/default/addr_gen_mode is 1 in its network")),
    Mutant("a service's network has the kernel's settings, and not the board's", "init/network_settings.c",
           'set("/proc/sys/net/core/devconf_inherit_init_net", "1");', "",
           shape("ipv6/conf/all/accept_ra is 0 in its network")),
    Mutant("ids inside are those of the next service", "init/sandbox_namespaces.c",
           'text_add(&t, "0 %u %u", s->uid_base, SERVICE_ID_RANGE);',
           'text_add(&t, "0 %u %u", s->uid_base + SERVICE_ID_RANGE, SERVICE_ID_RANGE);',
           shape("its uid_map is its own range of ids", "its gid_map is its own range of ids"),
           deadly=True),
    Mutant("all services have the board's user namespace", "init/privilege.c",
           "must(r, STAGE_JOIN_USER, sys_setns(r->box->user_fd, CLONE_NEWUSER));", "(void)0;",
           shape("it shares with the board only the namespaces that its row says")),
]

# --- The child's recipe, step by step ------------------------------------------------

RECIPE = [
    Mutant("the network namespace is not joined", "init/child.c",
           "must(r, STAGE_JOIN_NET, sys_setns(net_fd, CLONE_NEWNET));", "(void)net_fd;",
           shape("it shares with the board only the namespaces that its row says",
                 "hears nobody on an abstract socket of the board"), deadly=True),
    Mutant("the UTS namespace is not joined", "init/child.c",
           "must(r, STAGE_JOIN_UTS, sys_setns(r->box->uts_fd, CLONE_NEWUTS));", "",
           shape("it shares with the board only the namespaces that its row says")),
    Mutant("there is no cgroup namespace", "init/view.c",
           "sys_unshare(CLONE_NEWNS | CLONE_NEWCGROUP)", "sys_unshare(CLONE_NEWNS)",
           shape("/proc/self/cgroup reads 0::/, and nothing more")),
    Mutant("there is no IPC namespace", "init/view.c",
           "(r->makes_view ? CLONE_NEWNS : 0) | CLONE_NEWIPC", "r->makes_view ? CLONE_NEWNS : 0",
           shape("it shares with the board only the namespaces that its row says")),
    Mutant("after a restart there is no IPC namespace", "init/view.c",
           "CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWIPC", "CLONE_NEWNS | CLONE_NEWCGROUP",
           shape("it shares with the board only the namespaces that its row says")),
    Mutant("after a restart there is no cgroup namespace", "init/view.c",
           "CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWIPC", "CLONE_NEWNS | CLONE_NEWIPC",
           shape("/proc/self/cgroup reads 0::/, and nothing more")),
    Mutant("a view serves one start alone", "init/spawn.c",
           "makes_view = view_is_kept(s) && !box->view_fd;", "makes_view = view_is_kept(s); box->view_fd = 0;",
           ("a restart finds the /dev that the first start made, but with WRITABLE, with capabilities "
            "that count outside, and in another's network",)),
    Mutant("a view stays though a device has another number", "init/spawn.c",
           "	if (box->view_devices != devices_digest(s, nodes))\n", "	if (0)\n",
           ("a device of DEVICES that comes back with another number is the one that a restart finds",)),
    Mutant("a view stays for who may change it", "init/view.c", "(s->userns || !s->caps)", "true",
           ("a restart finds the /dev that the first start made, but with WRITABLE, with capabilities "
            "that count outside, and in another's network",)),
    Mutant("a view stays though its cgroup is made anew", "init/sandbox.c",
           "	sandbox_drop_view(box);\n	fds_drop(&box->cgroup_fd);\n", "	fds_drop(&box->cgroup_fd);\n",
           ("a service whose cgroup had to be made anew sees the new one",)),
    Mutant("the view of an image is kept", "init/view.c", "!has_image(s) && ", "",
           ("what no service uses any more is unmounted, and its devices are gone",), boot="images-parts"),
    Mutant("a PID 1 that takes over keeps the limits that it got", "init/boot.c",
           "	reexec_tell();\n	lift_limits();\n", "	reexec_tell();\n",
           ("a PID 1 that takes over with other limits gives services those of every service, even "
            "where it gets no more files",)),
    Mutant("a layer of WRITABLE stays for the next run", "init/view.c", "return !has_layer(s) && ", "return ",
           ("a layer of WRITABLE takes no more than its size, and what it hides is there again in the "
            "next run",)),
    Mutant("a service that is down holds its mounts", "init/run.c",
           "	if (step_at_rest(step))\n", "	if (0)\n",
           ("after an end for good, or a stop out of its back-off, nobody holds a service's mounts",)),
    Mutant("a start works in the view itself", "init/view.c",
           "sys_unshare(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWIPC)",
           "sys_unshare(CLONE_NEWCGROUP | CLONE_NEWIPC)",
           shape("no mount lies below another one, nor the old root"), deadly=True),
    Mutant("there is no PID namespace", "init/spawn.c",
           "			 CLONE_NEWPID,\n", "			 0,\n",
           shape("it sees only its own processes"), deadly=True),
    Mutant("it does not start in its cgroup", "init/spawn.c",
           ".flags = CLONE_INTO_CGROUP | CLONE_PIDFD", ".flags = CLONE_PIDFD",
           shape("its program is in its cgroup, where its limits are"), deadly=True),
    Mutant("oom_score_adj, and the floor below it, are not set", "init/child.c",
           'procfile_write("/proc/self/oom_score_adj", score)', "0",
           shape("its oom_score_adj is the table's",
                 "cannot lower its oom_score_adj below OOM_SCORE_ADJ")),
    Mutant("limits are PID 1's", "init/child.c", "rlimits_lower()", "0",
           shape("its limit is that of every service: Max pending signals")),
    Mutant("NOFILE is not set", "init/child.c", "rlimits_set_files(r->service->nofile)", "0",
           shape("its NOFILE is the table's")),
    Mutant("standard input is PID 1's", "init/child.c",
           "must(r, STAGE_STREAMS, SYS_INT(SYS_dup3, null, 0, 0));", "",
           shape("it has fds 0 to 2 and no other"), deadly=True),
    Mutant("there is no session of its own", "init/child.c",
           "must(r, STAGE_SESSION, SYS_INT(SYS_setsid));", "",
           shape("it is in a session that began inside")),
    Mutant("fds are not closed", "init/child.c",
           "must(r, STAGE_CLOSE, sys_close_range(r->reaper_fd ? reaper + 1 : reaper, ~0u, 0));",
           "", shape("it has fds 0 to 2 and no other")),
    Mutant("WORKDIR is not entered", "init/child.c",
           "must(r, STAGE_WORKDIR, SYS_INT(SYS_chdir, r->service->workdir));", "",
           shape("it begins in WORKDIR")),
    Mutant("the umask is 0", "init/child.c", "umask(022);", "umask(0);", shape("its umask is 022")),
    Mutant("signals stay blocked", "init/child.c", "const uint64_t none = 0;",
           "const uint64_t none = 1 << 9;", shape("SigBlk is empty")),
    Mutant("the program may be pith's own", "init/program.c", "RESOLVE_NO_MAGICLINKS", "0",
           ("with a root whose program is pith's own, by a link to PID 1's, hostage gets no hold of it",)),
]

PRIVILEGES = [
    Mutant("the bounding set stays full", "init/privilege.c",
           "set(PR_CAPBSET_DROP, (unsigned)cap, 0)", "0", shape("CapBnd is CAPS, and nothing by default")),
    Mutant("what CAPS keeps is not in the ambient set", "init/privilege.c",
           "		if (keeps(r->service, cap))\n", "		if (0)\n",
           shape("CapEff is CAPS, and nothing by default")),
    Mutant("more can be inherited than CAPS keeps", "init/privilege.c",
           "sys_capset(UINT64_MAX, r->service->caps)", "sys_capset(UINT64_MAX, UINT64_MAX)",
           shape("CapInh is CAPS, and nothing by default"), deadly=True),
    Mutant("securebits are not set", "init/privilege.c", "set(PR_SET_SECUREBITS, SECUREBITS_LOCKED, 0)",
           "set(PR_SET_SECUREBITS, 0, 0)", shape("its securebits are locked", "cannot unlock its securebits")),
    Mutant("root inside gets capabilities by its uid", "init/privilege.c",
           "(1 << 0 | 1 << 1 |", "(0 |", shape("its securebits are locked")),
    Mutant("a group of the board's stays", "init/privilege.c", "sys_setgroups0()",
           "SYS_INT(SYS_setgroups, 1, &(gid_t){ 5 })", shape("it has no supplementary group")),
    Mutant("its gid is the board's", "init/privilege.c",
           "must(r, STAGE_IDS, sys_setresgid(first + s->gid));", "", shape("its gids are USER's")),
    Mutant("its uid is the board's", "init/privilege.c",
           "must(r, STAGE_IDS, sys_setresuid(first + s->uid));", "", shape("its uids are USER")),
    Mutant("without a user namespace its uid is as inside", "init/privilege.c",
           "uint32_t first = s->userns ? 0 : s->uid_base;", "uint32_t first = 0;",
           shape("its uids are USER")),
    Mutant("no_new_privs is not set", "init/privilege.c",
           "must(r, STAGE_NO_NEW_PRIVS, set(PR_SET_NO_NEW_PRIVS, 1, 0));", "",
           shape("no_new_privs is set"), deadly=True),
    Mutant("no filter is attached", "init/child.c", "	if (has_filter(s))\n", "	if (0)\n",
           shape("a filter is attached, but with SECCOMP=none", "io_uring_setup is refused",
                 "a call of the ABI x32 kills")),
    Mutant("there is no Landlock", "init/landlock.c", "	if (abi < ABI_REFER)\n", "	if (1)\n",
           ("behind the mounts of probe, Landlock lets nothing be made or run where its row says nothing "
            "of it",)),
    Mutant("Landlock lets the root be written to", "init/landlock.c",
           'allow(rules, "/", s->writable ? rules->change : LOOK);', 'allow(rules, "/", rules->change);',
           ("behind the mounts of probe, Landlock lets nothing be made or run where its row says nothing "
            "of it",)),
    Mutant("Landlock lets everybody make nodes", "init/landlock.c",
           "if (r->service->caps >> CAP_MKNOD & 1)", "if (1)", shape("cannot make a device node")),
    Mutant("PID 1 inside can be looked into", "init/main.c", "prctl(PR_SET_DUMPABLE, 0);", ";",
           shape("cannot see the program of a PID 1 that is pith's")),
]

# --- What was wrong elsewhere, and has no step of its own here ---------------------------

AGAIN = [
    Mutant("it owns the namespace of its mounts", "init/privilege.c",
           "must(r, STAGE_JOIN_USER, sys_setns(r->box->user_fd, CLONE_NEWUSER));",
           "must(r, STAGE_JOIN_USER, sys_setns(r->box->user_fd, CLONE_NEWUSER)),\n"
           "		must(r, STAGE_JOIN_USER, sys_unshare(CLONE_NEWNS));",
           shape("can mount a file system only with a real SYS_ADMIN")),
    Mutant("a script may have pith's own program as its interpreter", "init/main.c",
           "if (getpid() != 1 || prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)", "if (0)",
           ("with a root whose program is pith's own, by a script of it, hostage-rw gets no hold of it",)),
]

# --- The view -----------------------------------------------------------------------

VIEW = [
    Mutant("the root is writable", "init/view_root.c", "ROOT_ATTRIBUTES | MOUNT_ATTR_RDONLY",
           "ROOT_ATTRIBUTES", shape("its root is writable only with WRITABLE, for its root")),
    Mutant("set-user-id bits count in the root", "init/view_root.c",
           "(MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV)", "(MOUNT_ATTR_NODEV)",
           shape("set-user-id bits mean nothing in any mount")),
    Mutant("nodes in the root are devices", "init/view_root.c",
           "(MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV)", "(MOUNT_ATTR_NOSUID)",
           shape("there are device nodes in /dev alone")),
    Mutant("/dev stays writable", "init/view_dev.c",
           "must(r, STAGE_DEV, sys_mount_setattr(dev, MOUNT_ATTR_RDONLY));", "",
           shape("only its TMPFS, VOLUMES, terminals and memory are writable")),
    Mutant("/dev has one node more", "init/devices.h", 'row("tty", 5, 0)',
           'row("tty", 5, 0) row("kmsg", 1, 11)',
           shape("/dev holds the six harmless nodes, those of DEVICES, and no other",
                 "even the board's root can open in its cgroup only the six, terminals and DEVICES")),
    Mutant("shared memory has programs", "init/view_dev.c",
           '"tmpfs", harmless, "mode=1777"', '"tmpfs", 0, "mode=1777"',
           shape("no program runs from its shared memory",
                 "set-user-id bits mean nothing in any mount")),
    Mutant("the device program allows everything", "init/devices.c", "	RETURN(1),\n	RETURN(0),\n",
           "	RETURN(1),\n	RETURN(1),\n",
           shape("even the board's root can open in its cgroup only the six, terminals and DEVICES")),
    Mutant("the device program forgets reading and writing", "init/devices.c",
           "at[OWN_DENIED].imm = denied << 16;", "at[OWN_DENIED].imm = 0 * denied;",
           shape("even the board's root can open in its cgroup only the six, terminals and DEVICES")),
    Mutant("the device program forgets whether a disk is meant", "init/devices.c",
           "	SKIP_UNLESS(TYPE, BPF_DEVCG_DEV_BLOCK, 2),\n	RETURN(0),\n", "",
           shape("even the board's root can make in its cgroup only nodes that it may open")),
    Mutant("a node of DEVICES can be read and written", "init/view_dev.c",
           "(row->read ? 0400 : 0) | (row->write ? 0200 : 0)", "0600",
           shape("/dev/vda has the mode that DEVICES says, and belongs to USER")),
    Mutant("/sys is writable", "init/view_kernel.c",
           'mounting_new("sysfs", NULL,\n						  MOUNTING_HARMLESS | MOUNT_ATTR_RDONLY)',
           'mounting_new("sysfs", NULL, MOUNTING_HARMLESS)',
           shape("only its TMPFS, VOLUMES, terminals and memory are writable")),
    Mutant("its cgroup is writable", "init/view_kernel.c",
           'mounting_new("cgroup2", NULL, MOUNTING_HARMLESS | MOUNT_ATTR_RDONLY)',
           'mounting_new("cgroup2", NULL, MOUNTING_HARMLESS)',
           shape("only its TMPFS, VOLUMES, terminals and memory are writable")),
    Mutant("/proc runs programs", "init/view_kernel.c",
           'mounting_new("proc", NULL,\n						    MOUNTING_HARMLESS | MOUNT_ATTR_RDONLY)',
           'mounting_new("proc", NULL, MOUNT_ATTR_RDONLY)',
           shape("programs run only from the root and from a TMPFS that says exec")),
    Mutant("/proc/kcore is not covered", "init/view_kernel.c", '		{ "/proc/kcore", NULL_COVER },\n', "",
           shape("/proc/kcore is covered, if there is one")),
    Mutant("/proc/sys is writable", "init/view_kernel.c", '"/proc/irq", "/proc/sys", ', '"/proc/irq", ',
           shape("/proc/sys is covered, if there is one")),
    Mutant("/proc/sysrq-trigger is writable", "init/view_kernel.c",
           '"/proc/sys", "/proc/sysrq-trigger"', '"/proc/sys"',
           shape("/proc/sysrq-trigger is covered, if there is one")),
    Mutant("what is covered in /proc can be written to", "init/view_kernel.c",
           'mounting_new("proc", NULL,\n						    MOUNTING_HARMLESS | MOUNT_ATTR_RDONLY)',
           'mounting_new("proc", NULL, MOUNTING_HARMLESS)',
           shape("/proc/sys is covered, if there is one")),
    Mutant("the cover of folders can be written to", "init/view_kernel.c",
           "sys_mount_setattr(empty, MOUNTING_HARMLESS | MOUNT_ATTR_RDONLY)",
           "sys_mount_setattr(empty, MOUNTING_HARMLESS)", shape("/sys/firmware is covered, if there is one")),
    Mutant("/sys is covered in no start", "init/view_kernel.c", "	cover_in_sys(r);\n", "	(void)cover_in_sys;\n",
           shape("/sys/devices/virtual/powercap is covered, if there is one")),
    Mutant("terminals are those of the run before", "init/view_dev.c",
           '	must(r, STAGE_DEVPTS, sys_mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,\n'
           "					options));\n",
           '	if (!r->box->view_fd)\n		must(r, STAGE_DEVPTS, sys_mount("devpts", "/dev/pts", "devpts", '
           "MS_NOSUID | MS_NOEXEC, options));\n",
           ("a terminal whose master is held outside is not there in the next run",)),
    Mutant("a volume takes part in what is mounted on the board's", "init/sys.c",
           ".attr_set = set, .propagation = MS_PRIVATE,", ".attr_set = set,",
           ("in every shape: where the board's mounts are shared, none of a service's takes part",)),
    Mutant("programs run from every TMPFS", "init/view.c", "(row->exec ? 0 : MOUNT_ATTR_NOEXEC);", "0;",
           shape("a program in a TMPFS runs only where it says exec")),
    Mutant("nodes in a TMPFS are devices", "init/view.c",
           "unsigned attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |",
           "unsigned attributes = MOUNT_ATTR_NOSUID |", shape("there are device nodes in /dev alone")),
    Mutant("a volume that says ro is writable", "init/view_volumes.c",
           "(row->read_only ? MOUNT_ATTR_RDONLY : 0)", "0",
           shape("can write to a volume but to one that says ro")),
    Mutant("programs run from every volume", "init/view_volumes.c", "(row->exec ? 0 : MOUNT_ATTR_NOEXEC) |", "0 |",
           shape("a program on a volume runs only where it says exec")),
    Mutant("a root is changed by chroot, when pivot_root is not there", "init/view.c",
           '	must(r, STAGE_PIVOT, sys_pivot_root(".", "."));\n'
           '	must(r, STAGE_DETACH, sys_umount_detach("."));\n',
           '	must(r, STAGE_PIVOT, SYS_INT(SYS_chroot, "."));\n',
           shape("cannot climb out of its root from a root of its own")),
    Mutant("the old root is not taken off", "init/view.c",
           '	must(r, STAGE_DETACH, sys_umount_detach("."));\n', "",
           shape("no mount lies below another one, nor the old root"), deadly=True),
    Mutant("a layer of WRITABLE has no size", "init/view_root.c",
           '{ "mode", "0755" }, { "size", r->service->writable }, { 0 },', '{ "mode", "0755" }, { 0 },',
           ("a layer of WRITABLE takes no more than its size, and what it hides is there again in the "
            "next run",)),
]

# --- Hostile roots --------------------------------------------------------------------

ROOTS = [
    Mutant("a mount point may be a link", "init/mounting.c",
           "	return sys_openat2(root, path, O_PATH | O_NOFOLLOW | flags,\n"
           "			   RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS);",
           "	return sys_openat2(root, path, O_PATH | flags, 0);",
           hostile("/dev is a link out of the root") +
           hostile("the folder above a TMPFS is a link out") +
           hostile("a TMPFS is a link to the board's /run")),
    Mutant("the root may be a link", "init/view_root.c",
           "O_PATH | O_DIRECTORY,\n\t\t\t\t\t\t RESOLVE_NO_SYMLINKS", "O_PATH | O_DIRECTORY, 0",
           ("a root that is a link to another service's is refused, and nothing else is touched",)),
    Mutant("a mount point is made where there is none", "init/mounting.c",
           "	at = mounting_open_inside(root, path, O_DIRECTORY);\n",
           "	(void)!SYS_INT(SYS_mkdirat, root, path, 0755);\n"
           "	at = mounting_open_inside(root, path, O_DIRECTORY);\n",
           hostile("a TMPFS is missing", "hostage-rw")),
]

# --- The filter --------------------------------------------------------------------------

FILTER = [
    Mutant("AF_ALG is allowed", "init/table/seccomp_rules.c",
           "	{ AF_ALG, EPERM, 0, NULL },\n	{ AF_VSOCK, EPERM, 0, NULL },\n	{ AF_CAN",
           "	{ AF_ALG, SECCOMP_PASS, 0, NULL },\n	{ AF_VSOCK, EPERM, 0, NULL },\n	{ AF_CAN",
           shape("AF_ALG is refused")),
    Mutant("TIOCSTI is allowed", "init/table/seccomp_rules.c",
           "{ TIOCSTI, EPERM, 0, NULL },", "{ TIOCSTI, SECCOMP_PASS, 0, NULL },",
           shape("TIOCSTI is refused")),
    Mutant("the upper half of an int counts", "init/table/seccomp_checks.c",
           "#define LOW_HALF(argument) (offsetof(struct seccomp_data, args) + 8 * (argument))",
           "#define LOW_HALF(argument) (offsetof(struct seccomp_data, args) + 8 * (argument) + 4)",
           shape("TIOCSTI is refused")),
    Mutant("io_uring is allowed", "init/table/seccomp_rules.c", "	REFUSED(io_uring_setup, 0),\n", "",
           shape("io_uring_setup is refused")),
    Mutant("user namespaces are left to the sysctl", "init/table/seccomp_rules.c",
           "	CHECKED(unshare, CAP(SYS_ADMIN), no_namespaces_of_unshare),\n"
           "	CHECKED(unshare, 0, no_user_namespace),\n", "",
           shape("cannot make a user namespace")),
    Mutant("clone3 is allowed", "init/table/seccomp_rules.c", '	{ "clone3", 0, ENOSYS, NULL },\n', "",
           shape("there is no clone3, whose flags no filter sees")),
    Mutant("nf_tables is allowed", "init/table/seccomp_rules.c",
           "{ NETLINK_NETFILTER, EPERM, CAP(NET_ADMIN), NULL },",
           "{ NETLINK_NETFILTER, SECCOMP_PASS, 0, NULL },",
           shape("nf_tables is refused without NET_ADMIN")),
    Mutant("files can be opened by their handles", "init/table/seccomp_rules.c",
           "	REFUSED(open_by_handle_at, CAP(DAC_READ_SEARCH)),\n", "",
           shape("open_by_handle_at is refused")),
    Mutant("tracing is allowed", "init/table/seccomp_rules.c", "	REFUSED(ptrace, CAP(SYS_PTRACE)),\n",
           "", shape("cannot trace its own PID 1")),
    Mutant("foreign ABIs are only refused", "init/table/seccomp_compile.c",
           "SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS", "SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(1)",
           shape("a call of the ABI i386 kills", "a call of the ABI x32 kills")),
    Mutant("a kept capability opens nothing", "init/table/seccomp.c", ".opened = service->caps",
           ".opened = 0", shape("can set the clock only with a real SYS_TIME")),
    Mutant("strict allows what is not listed", "init/table/seccomp_compile.c",
           "uint32_t action = !choice->strict ? SECCOMP_RET_ALLOW :",
           "uint32_t action = true || !choice->strict ? SECCOMP_RET_ALLOW :",
           shape("a strict filter refuses even what is harmless, if it is not listed")),
]

# --- The network ------------------------------------------------------------------------

def matrix(board=False):
    return ("from every service to the board's ports, what passes is exactly what OPEN and ALLOW say, at "
            "any address of the board" if board else
            "from every service to every service's ports, what passes in both families is exactly what "
            "ALLOW says",)


def spoofed(*what):
    return tuple(f"what a service sends with {words} arrives nowhere, and is counted" for words in what)


def outside(wire):
    return (f"a neighbour of an uplink finds open what PUBLISH and OPEN say, and nothing else: {wire}",)


def unsound(what):
    return (f"a lease with {what} is refused, and changes nothing",)


PORTS = ("every service with a network of its own has one port of its bridge, which is isolated and on "
         "which nothing is flooded or learned",)
NEIGHBOURS = ("neighbours are permanent on both sides, and there are none but the table's",)
QUIET = ("no interface listens to router advertisements or redirects, makes up an address, or routes the "
         "loopback's, on the board and in every service",)
SAME_SOCKETS = ("sockets of LISTEN are the same in the next start, and after PID 1 was executed anew",)

BRIDGE = [
    Mutant("the ports of a bridge are not isolated", "init/sandbox_namespaces.c", ".isolated = true",
           ".isolated = false", PORTS, boot="net"),
    Mutant("a bridge floods its ports", "netsetup/link.c",
           "nlmsg_put_u8(m, IFLA_BRPORT_BCAST_FLOOD, port->bcast_flood);",
           "nlmsg_put_u8(m, IFLA_BRPORT_BCAST_FLOOD, 1);", PORTS, boot="net"),
    Mutant("a bridge learns from its ports", "netsetup/link.c",
           "nlmsg_put_u8(m, IFLA_BRPORT_LEARNING, port->learning);",
           "nlmsg_put_u8(m, IFLA_BRPORT_LEARNING, 1);", PORTS, boot="net"),
    Mutant("the board asks where a service's address is", "init/sandbox_namespaces.c",
           "	neigh_put_ipv4(m, master, s->address, s->mac);\n", "", NEIGHBOURS, boot="net", deadly=True),
    Mutant("a service asks where its gateway is", "init/inside.c",
           "	neigh_put_ipv6(m, INSIDE_INDEX, bridge->address6, bridge->mac);\n", "", NEIGHBOURS, boot="net",
           deadly=True),
    Mutant("a service sees its subnet on the link", "init/inside.c",
           "addr_put_ipv4(m, INSIDE_INDEX, s->address, 32);", "addr_put_ipv4(m, INSIDE_INDEX, s->address, 24);",
           ("every address on the board and in every service is the table's",
            "inside, all routes lead through the gateway, and the gateway is on the link"), boot="net"),
    Mutant("the board listens to routers on its uplinks", "init/uplink_act.c",
           '		{ "ipv6/accept_ra", "0" },\n', "", QUIET, boot="net"),
]

FIREWALL = [
    Mutant("ports of a bridge take any sender", "init/table/firewall_filter.c",
           "NF_BR_PRE_ROUTING,\n				NF_BR_PRI_FILTER_BRIDGED, NF_DROP);",
           "NF_BR_PRE_ROUTING,\n				NF_BR_PRI_FILTER_BRIDGED, NF_ACCEPT);",
           spoofed("its own MAC and another service's IPv4 address",
                   "its own MAC and another service's IPv6 address",
                   "another's MAC and its own IPv4 address"), boot="net"),
    Mutant("a service may reach any other", "init/table/firewall_filter.c",
           '	firewall_begin(f);\n	firewall_end_with_goto(f, "refuse");\n}',
           "	firewall_begin(f);\n	firewall_end_with(f, NF_ACCEPT);\n}", matrix() + matrix(board=True),
           boot="net"),
    Mutant("the refused are not told", "init/table/firewall_filter.c", "nft_put_reject_tcp(&f->m);",
           "nft_put_verdict(&f->m, NF_DROP);", ("a service that is refused is told at once, and does not wait",),
           boot="net"),
    Mutant("services may use what is published", "init/table/firewall_nat.c",
           "		nft_match_set(&f->m, &firewall_sets[FIREWALL_SET_UPLINKS]);\n", "", matrix(board=True),
           boot="net"),
    Mutant("a service in the board's network may reach any other", "init/table/firewall_filter.c",
           '		if (FIREWALL_IN(f, refused[i]))\n			firewall_end_with_goto(f, "refuse");',
           "		if (FIREWALL_IN(f, refused[i]))\n			firewall_end_with(f, NF_ACCEPT);",
           ("with NET=host a service reaches others only by its own ALLOW",), boot="net"),
    Mutant("the board's own ports are open to its uplinks", "init/table/firewall_filter.c",
           "NF_INET_LOCAL_IN, NF_IP_PRI_FILTER, NF_DROP", "NF_INET_LOCAL_IN, NF_IP_PRI_FILTER, NF_ACCEPT",
           outside("static, IPv4") + outside("static, IPv6") + outside("leased"), boot="net"),
    Mutant("the board forwards for its uplinks", "init/table/firewall_filter.c",
           "NF_INET_FORWARD, NF_IP_PRI_FILTER, NF_DROP", "NF_INET_FORWARD, NF_IP_PRI_FILTER, NF_ACCEPT",
           ("a neighbour of an uplink that sends to a service's own address reaches nobody",
            "nothing from one uplink is forwarded to another"), boot="net"),
    Mutant("an uplink's neighbour may have a service's address", "init/table/firewall_filter.c",
           '		nft_match_saddr_ipv4(&f->m, bridge->address, bridge->prefix);\n'
           '		firewall_end_with_goto(f, "spoofed");',
           '		nft_match_saddr_ipv4(&f->m, bridge->address, bridge->prefix);\n'
           '		firewall_end_with(f, NF_ACCEPT);',
           ("what a neighbour of an uplink sends with a service's address is dropped, and counted",),
           boot="net"),
    Mutant("services' addresses are seen outside", "init/table/firewall_nat.c",
           "	nft_put_masquerade(&f->m);\n", "	nft_put_verdict(&f->m, NF_ACCEPT);\n",
           ("a service reaches the outside in both families, and is seen there as the board",
            "no address of a service is ever seen on a wire"), boot="net"),
]

UPLINKS = [
    Mutant("a lease may have an address of a bridge's", "init/lease.c",
           "	       !overlaps_bridge(lease.address, lease.prefix, on) &&\n", "",
           unsound("an address of the bridge's subnet"), boot="net"),
    Mutant("a lease may have an address of another uplink's", "init/lease.c",
           "!overlaps_uplink(lease.address, lease.prefix, on) &&",
           "(!overlaps_uplink(lease.address, lease.prefix, on) || true) &&",
           unsound("an address of another uplink's subnet"), boot="net"),
    Mutant("a lease's gateway may be a service", "init/lease.c", "!overlaps_bridge(lease->gateway, 32, on) &&",
           "(on || true) &&",
           unsound("a gateway of a bridge's subnet"), boot="net"),
    Mutant("a lease's gateway may be the board itself", "init/lease.c",
           "lease->gateway != lease->address && ", "", unsound("its own address as the gateway"), boot="net"),
    Mutant("a lease may have an address that is nobody's", "init/lease.c",
           "return address >> 24 != 0 && address >> 24 != 127 && address < 0xe0000000;", "return address != 0;",
           unsound("an address that is none of a host") + unsound("a loopback address"), boot="net"),
    Mutant("anybody may tell of a lease", "init/uplinks.c", "	unsigned of = services[id].lease_of;\n",
           "	unsigned of = services[id].lease_of ? services[id].lease_of : 1;\n",
           ("PID 1 takes a lease from nobody but the service that asks for it",), boot="net"),
    Mutant("a lease never ends", "init/uplink_act.c", "	bool ends = has_ended(i, now_ms);\n",
           "	bool ends = false && has_ended(i, now_ms);\n",
           ("a lease that ends takes its address and its route along, and a new one brings them back",),
           boot="net"),
    Mutant("a link without carrier is still used", "init/uplink_act.c",
           '		{ "ipv4/ignore_routes_with_linkdown", "1" },\n', "",
           ("when the best uplink's cable is pulled, services go out by the next, and come back to it",),
           boot="net"),
    Mutant("nobody waits for an uplink", "init/uplinks.c", "	if (!online)\n		hold_services(sup, true, now_ms);\n",
           "", ("a board boots without a cable, and starts what needs none",), boot="net"),
    Mutant("the clock may be before the build", "init/boot.c", "	if (now.tv_sec >= floor.tv_sec)\n		return;\n",
           "	return;\n", ("a clock that is behind the build is set to the build's time",), boot="net"),
]

SOCKETS = [
    Mutant("sockets of LISTEN are opened anew at each start", "init/listen.c",
           "		*opens |= s->listen[i].protocol && !serves(s, i);\n",
           "		*opens |= s->listen[i].protocol;\n", SAME_SOCKETS, boot="net"),
    Mutant("services know the names of all others", "init/table/hosts.c",
           "		if (other != service && owner_of(spec, other) == owner)\n", "		if (other != service)\n",
           ("a service's /etc/hosts lists itself and exactly the services of its ALLOW",), boot="net"),
]

# --- Limits, and what the host tool refuses ------------------------------------------------

USE = [
    Mutant("limits are not written", "init/limit.c",
           "		int rc = write_row(cgroup, &rows[i]);\n",
           '		int rc = rows[i].file[0] == \'c\' ? 0 : write_row(cgroup, &rows[i]);\n',
           ("CPU_MAX holds stressors of the CPU to their quota, and the neighbour does not mind",),
           boot="stress"),
    Mutant("a number may have something behind it", "init/table/number.c",
           "			return -EINVAL;\n	}\n", "			break;\n	}\n",
           ("a USER with trailing bytes is refused",), boot="table"),
    Mutant("a service without user namespace needs no filter", "init/table/trust.c",
           "if (!service->userns && service->seccomp == SERVICE_SECCOMP_NONE)", "if (0)",
           ("a service without user namespace and filter is refused",), boot="table"),
    Mutant("a netlink attribute may be longer than 16 bits", "netsetup/nlmsg.c", "UINT16_MAX", "UINT32_MAX",
           ("attribute_beyond_16_bits_is_refused",), boot="unit test_nlmsg"),
]

# --- Releases on their way to the disk ---------------------------------------------------

BUNDLE, WRITER = "unit test_client_bundle", "unit test_client_slot_writer"
LAST = ("the_manifest_comes_last_and_all_else_is_on_the_disk",)

RELEASES = [
    Mutant("a file of an archive may have two names", "init/client/tar.c",
           " &&\n	       is_zero(block + LINK_NAME, LINK_NAME_SIZE) &&\n"
           "	       is_zero(block + PREFIX, TAR_BLOCK - PREFIX);\n", ";\n",
           ("each_other_kind_of_header_is_refused",), boot=BUNDLE),
    Mutant("a header's checksum may be any", "init/client/tar.c", " && says == sum", "",
           ("each_flipped_bit_of_a_header_is_refused",), boot=BUNDLE),
    Mutant("something may be hidden between the files of an archive", "init/client/bundle.c",
           "		if (bytes[--n])\n", "		if (bytes[--n] && 0)\n",
           ("zeros_alone_fill_a_block",), boot=BUNDLE),
    Mutant("something may stand behind an archive's end", "init/client/bundle.c",
           "tar_read(block, name, &size) != TAR_END", "tar_read(block, name, &size) == TAR_HEADERS",
           ("nothing_may_stand_behind_the_last_file",), boot=BUNDLE),
    Mutant("a folder's links are followed", "init/client/bundle.c", "O_RDONLY | O_NOFOLLOW | ", "O_RDONLY | ",
           ("a_folder_holds_the_same_files",), boot=BUNDLE),
    Mutant("an image need not be on the disk before its manifest", "init/client/slot_writer.c",
           "	int rc = fsync(fd) < 0 ? -errno : 0;\n", "	int rc = 0;\n", LAST, boot=WRITER),
    Mutant("an image's name need not be on the disk before its manifest", "init/client/slot_writer.c",
           "		rc = sync_folder(w);\n	if (rc == 0)\n		rc = put(", "		rc = put(", LAST, boot=WRITER),
    Mutant("an image is written to what is there already", "init/client/slot_writer.c", "O_CREAT | O_EXCL | ",
           "O_CREAT | ", ("what_is_there_already_is_not_written",), boot=WRITER),
    Mutant("what failed stays in its slot", "init/client/slot_writer.c",
           "	return slot_empty(w->slot);\n", "	return 0;\n",
           ("what_fails_leaves_no_release",), boot=WRITER),
    Mutant("a release may be put in place of itself", "init/client/update_step.c", "newest : newest + 1",
           "newest : newest", ("releases_have_to_be_newer_than_all_that_were_good",),
           boot="unit test_client_update_step"),
]

# --- What is signed, and by whom ----------------------------------------------------------

MANIFEST, SIGNATURE, VERIFY = "unit test_manifest", "unit test_signature", "unit test_verify"
ECDSA = ("of_each_kind_of_ecdsa_the_good_are_taken",)
SPELT = ("whatever_is_spelt_otherwise_is_refused",)

SIGNATURES = [
    Mutant("something may stand behind a signature's numbers", "init/signature.c",
           "take_integer(&from, to + NUMBER_SIZE) && !from.left;",
           "take_integer(&from, to + NUMBER_SIZE);", ECDSA, boot=SIGNATURE),
    Mutant("a signature's numbers may be negative", "init/signature.c", " || value[0] & 0x80)", ")",
           ECDSA, boot=SIGNATURE),
    Mutant("a signature's numbers may have any zeros in front", "init/signature.c",
           "		if (!--len || !(value[0] & 0x80))\n			return false;\n", "		--len;\n",
           ECDSA, boot=SIGNATURE),
    Mutant("what RSA signed may be another digest", "init/signature.c",
           "memcmp(signed_digest, digest, DIGEST_SIZE)", "memcmp(signed_digest, digest, 0)",
           ("of_each_kind_of_rsa_the_good_are_taken", "no_bit_of_what_is_signed_may_change"), boot=SIGNATURE),
    Mutant("the first key alone counts", "init/signature.c", "for (unsigned i = 0; i < count; i++)",
           "for (unsigned i = 0; i < 1 && count; i++)", ("one_key_will_do",), boot=SIGNATURE),
    Mutant("a number may have zeros in front", "init/manifest.c",
           "v.len && (v.at[0] != '0' || v.len == 1)", "v.len", SPELT, boot=MANIFEST),
    Mutant("a number may have more than 64 bits", "init/manifest.c", "!__builtin_add_overflow(n, digit, &n)",
           "(n += digit, true)", SPELT, boot=MANIFEST),
    Mutant("an image may be called as its manifest is", "init/manifest.c", " && !says(name, len, \"manifest\")",
           "", SPELT, boot=MANIFEST),
    Mutant("something may stand behind the end", "init/manifest.c", "if (!r->failed && r->at != r->end) {",
           "if (0) {", SPELT, boot=MANIFEST),
    Mutant("a manifest may be older than the board's least", "init/manifest.c",
           "if (serial_least < board.serial_least)", "if (0)", ("it_has_to_be_for_this_board",), boot=MANIFEST),
    Mutant("the manifest is believed before its signature", "init/verify.c",
           "	else if (signature_check(text, (size_t)len, signature, (size_t)signature_len,\n"
           "				 &answer.why) == 0)\n", "	else\n",
           ("each_release_that_is_none_has_its_reason",), boot=VERIFY),
    Mutant("an image's digest may be another", "init/verify.c", "	if (memcmp(found, ", "	if (0 && memcmp(found, ", ("an_image_has_to_be_what_was_hashed",), boot=VERIFY),
    Mutant("who checks a release may call what it likes", "init/strict.c",
           "rc = SYS_INT(SYS_seccomp, SECCOMP_SET_MODE_STRICT, 0, NULL);", "rc = 0;",
           ("it_may_do_nothing_else",), boot=VERIFY),
    Mutant("who checks a release has its caller's fds", "init/strict.c", "return sys_close_range(FDS, ~0u, 0);",
           "return 0;", ("it_may_do_nothing_else",), boot=VERIFY),
    Mutant("who checks a release is root", "init/strict.c", "rc = sys_setresuid(OTHER_USER);", "rc = 0;",
           ("it_is_nobody_and_goes_with_its_caller",), boot=VERIFY),
]

# --- And what is mounted is what was checked -----------------------------------------------

def exchanged(*ways):
    return tuple(f"no service sees an image that nobody signed: somebody {way} all the time" for way in ways)


MOUNTED = [
    Mutant("an image may be changed once it is checked", "init/verified_image.c",
           "		flags |= FS_IMMUTABLE_FL;\n", "",
           tuple(f"nobody may {how} an image in use" for how in ("write to", "replace", "remove", "rename")),
           boot="images-parts"),
    Mutant("an image's writer is not looked for", "init/verified_image.c",
           "		return refusal_set(why, REFUSAL_IMAGE_BUSY, 0);\n", "		return 0;\n",
           ("an image that is still open to be written is not taken",), boot="images-parts"),
    Mutant("what is mounted may have another digest", "init/verify.c", "	if (memcmp(found, ",
           "	if (0 && memcmp(found, ", exchanged("replaces the file"), boot="images-parts"),
]

MUTANTS = (SANDBOX + RECIPE + PRIVILEGES + AGAIN + VIEW + ROOTS + FILTER + BRIDGE + FIREWALL + UPLINKS + SOCKETS +
           RELEASES + SIGNATURES + MOUNTED + USE)
