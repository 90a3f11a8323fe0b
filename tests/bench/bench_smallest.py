"""The smallest limit of memory with which a service starts."""
import floors
import watched

NAME = "smallest"
TITLE = "The smallest memory.max with which a service starts, KB"
HOW = """\
Found by halving, to 4 KB: the limit of the one service is changed while it runs, it is killed, and it has to come back and stay. The
sandbox is kept, and is not charged to the service. What a start has to have is page tables and pages of the child until it
executes, its mounts and namespaces, Landlock's rules, the filter, and the program's own pages. The floor copies itself for it,
as pith does: its own pages are a few more."""
COLUMNS = ("what", "KB")
PLENTY_KB = 1024


def measure(ctx):
    product = ctx.product("smallest", {"s00": {"MEMORY_MAX": f"{PLENTY_KB}K"}})
    pith = watched.one(watched.watch(ctx, product, "pith", "smallest-pith", "memory", "svc/s00", str(PLENTY_KB)), "kb")
    floor = watched.one(floors.run(ctx, product, "smallest-floor", "memory"), "kb")
    return [{"what": "pith", "KB": pith["kb"]}, {"what": "floor", "KB": floor["kb"]}]
