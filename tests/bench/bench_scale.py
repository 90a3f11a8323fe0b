"""What a service costs when there are many."""
import watched
from guests import Failure

NAME = "scale"
TITLE = "Scale: first starts of many services, ms and kernel memory for each"
HOW = """\
Boots with so many services at once, for each count anew: from the beginning of the first sandbox to the exec of the last
program, and the memory that is no more free then, both divided by the count. On one CPU services that start side by side take as
long as one after the other. Until its first services are on their way pith has the kernel hurry (rcu_expedited), which the floor
has not. × 8 is the time of each service against that with eight of them."""
COLUMNS = ("services", "pith ms", "floor ms", "× floor", "pith × 8", "floor × 8", "pith KB", "floor KB")
COUNTS = (1, 8, 32, 128, 256, 1000)


def each(ctx, count, who):
    """(ms, KB) of each service."""
    product = ctx.product(f"scale-{count}", {f"n{at:04}": {} for at in range(count)})
    rows = watched.watch(ctx, product, who, f"scale-{count}-{who}", "scale", str(count))
    if rows is None:
        raise Failure("this kernel has no probes for system calls (CONFIG_FTRACE_SYSCALLS)")
    begins = sorted(row["us"] for row in rows if "enter" in row)
    execs = [row["us"] for row in rows if "exec" in row]
    if len(begins) < count or len(execs) != count:
        raise Failure(f"scale {who}: {len(begins)} folders and {len(execs)} programs of {count}")
    # The last folders that PID 1 makes are the services' cgroups.
    return (max(execs) - begins[-count]) / 1000 / count, watched.one(rows, "kb")["kb"] / count


def ratio(one, other):
    return round(one / other, 2) if one and other else None


def measure(ctx):
    rows, eight = [], {}
    for count in COUNTS:
        try:
            (pith, pith_kb), (floor, floor_kb) = (each(ctx, count, who) for who in ("pith", "floor"))
        except Failure as failure:
            if count <= 8:
                raise
            # The smaller counts are worth telling.
            ctx.say(f"{count} services: {failure}")
            rows.append({"services": f"{count}: could not be measured", "failed": str(failure)})
            continue
        if count == 8:
            eight = {"pith": pith, "floor": floor}
        rows.append(dict(zip(COLUMNS, (
            count, round(pith, 2), round(floor, 2), ratio(pith, floor), ratio(pith, eight.get("pith")),
            ratio(floor, eight.get("floor")), round(pith_kb), round(floor_kb)))))
    return rows
