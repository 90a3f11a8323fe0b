"""What an init system with eight services has in memory."""
import init_guests

NAME = "memory"
TITLE = "Memory: PID 1 with eight services, its helpers, and the kernel"
HOW = """\
KB. PID 1's from smaps_rollup: anonymous is what is its own and could never be read again from a file; "shared" is its share (Pss) of text of
files, which in these guests is memory too, and of pith's state and log rings, which are in a memfd. Helpers are all processes
that are neither PID 1 nor a service; their anonymous memory is summed up. The kernel's is what slabs, memory per CPU, stacks
and page tables have grown by since before the boot, for one service: that of isolated ones has a network namespace, a veth pair and a
control group each. pith's has an eighth of what pith makes once as well, which for others was there before or is not at all: /dev, /proc, /sys and the
control groups, bridge and firewall, and the mount namespaces that it keeps for the next starts."""
COLUMNS = ("what", "anonymous", "shared", "Rss", "helpers", "helpers' anonymous", "kernel, a service")


def _kb(bytes_):
    return round(bytes_ / 1024)


def row(init, memory):
    return {"what": init.name, "anonymous": _kb(memory["anonymous"]), "shared": _kb(memory["shmem"]),
            "Rss": _kb(memory["rss"]), "helpers": memory["helpers"],
            "helpers' anonymous": _kb(memory["others_anonymous"]),
            "kernel, a service": _kb(memory["kernel"] / init_guests.SERVICES)}


def measure(ctx):
    return [row(init, seen["memory"]) for init, seen in init_guests.measured(ctx) if not init.own_modules]
