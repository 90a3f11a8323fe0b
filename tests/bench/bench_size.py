"""How large pith is, and what others are that do a part of the same."""
import os

import inits

NAME = "size"
TITLE = "Size"
HOW = """\
Bytes as they are on the board: the programs that run there all the time or at each start, and the same with the libraries that they
need. pith's image has nothing else but the kernel's modules and the services' program."""
COLUMNS = ("what", "programs", "with libraries", "image, packed")

# What of the packages is needed to do the work.  systemd is put together in inits.py.
OTHERS = {
    "runc": (["runc"], ["/usr/sbin/runc"]),
    "crun": (["crun"], ["/usr/bin/crun"]),
    "bwrap": (["bubblewrap"], ["/usr/bin/bwrap"]),
    "ip, for their network": (["iproute2"], ["/bin/ip"]),
    "BusyBox, init and all else": (["busybox-static"], ["/bin/busybox"]),
    "runit": (["runit"], ["/sbin/runit", "/bin/runsvdir", "/bin/runsv", "/bin/sv"]),
    "s6": (["s6"], ["/usr/bin/s6-svscan", "/usr/bin/s6-supervise", "/usr/bin/s6-svc", "/usr/bin/s6-svstat"]),
    "finit": (["finit"], ["/sbin/finit", "/lib/finit/initctl"]),
}
SYSTEMD = ["/lib/systemd/systemd"]


def size_of(path):
    """Bytes of a file, or of all files below a folder."""
    if os.path.isfile(path):
        return os.path.getsize(path)
    return sum(os.path.getsize(os.path.join(at, file)) for at, _, files in os.walk(path) for file in files
               if not os.path.islink(os.path.join(at, file)))


def systemd(ctx):
    """Its libraries are of a folder of their own, which no tool finds by itself."""
    inits.fill_systemd(ctx, ctx.image("size-systemd", inits.eight(ctx)))
    tree, root = ctx.tree("systemd"), ctx.path("roots", "systemd")
    program = sum(size_of(tree + file) for file in SYSTEMD)
    folder = f"{tree}/usr/lib/{inits.TRIPLETS[ctx.arch]}/systemd"
    core = sum(size_of(f"{folder}/{name}") for name in os.listdir(folder) if name.startswith("libsystemd-core"))
    return {"what": "systemd, PID 1 alone", "programs": program, "with libraries": program + core + size_of(root)}


def measure(ctx):
    folder = inits.eight(ctx).folder
    init = size_of(f"{folder}/init")
    rows = [{"what": "pith, eight services", "programs": init, "with libraries": init,
             "image, packed": size_of(f"{folder}/initramfs.cpio.gz")}]
    for what, (packages, files) in OTHERS.items():
        root = ctx.root("size-" + what.split()[0].strip(",").lower(), packages, files)
        rows.append({"what": what, "programs": sum(size_of(root + file) for file in files),
                     "with libraries": size_of(root)})
    return [*rows, systemd(ctx)]
