"""Where the time of a start goes: pith beside the floor, by the parts of the recipe."""
import statistics

import callnames
import pith_starts
import steps
import watched
from guests import Failure

NAME = "steps"
TITLE = "Steps: where the time of a start goes, µs"
HOW = """\
Each system call of PID 1 and its children ends in a probe of the kernel's (raw_syscalls), for pith and for the floor in the
same way; that makes each call some 0.3 µs longer. The time from one probe to the next, whoever ran, counts for the call
that the later one is the end of, and calls are grouped into the parts of the recipe: so a column adds up to its last row. Medians
of each part. A first start is from the making of the cgroup, a restart from the arrival of SIGKILL, and both are to the program's first
words."""
COLUMNS = ("part", "pith, first", "floor, first", "more", "pith, restart", "floor, restart", "more again")
KINDS = (("first", steps.firsts), ("again", steps.agains))


def taken_apart(ctx, product, who):
    """{"first": [{part: µs}], "again": …}"""
    rows = watched.watch(ctx, product, who, f"steps-{who}", "calls", str(ctx.runs + 1), str(ctx.runs + 1))
    if rows is None:
        raise Failure("this kernel has no probes for system calls (CONFIG_FTRACE_SYSCALLS)")
    names, found = callnames.load(product), {}
    for phase, cut in KINDS:
        starts = cut(steps.probes(rows, phase, names))
        if len(starts) != ctx.runs + 1:
            raise Failure(f"{who}: {len(starts)} of {ctx.runs + 1} starts are in the trace ({phase})")
        # The first reads what later ones find in memory.
        found[phase] = [steps.parts(start) for start in starts[1:]]
    return found


def median(starts, part):
    return round(statistics.median(start.get(part, 0) for start in starts))


def measure(ctx):
    product = ctx.product("start-private", pith_starts.chain(ctx.runs + 1, {}))
    whose = [taken_apart(ctx, product, who) for who in ("pith", "floor")]
    rows = []
    for part in steps.ORDER:
        values = [median(found[phase], part) for phase, _ in KINDS for found in whose]
        if any(values):
            rows.append(_row(part, values))
    totals = [round(statistics.median(sum(start.values()) for start in found[phase]))
              for phase, _ in KINDS for found in whose]
    return rows + [_row("all", totals)]


def _row(part, values):
    return dict(zip(COLUMNS, (part, values[0], values[1], values[0] - values[1],
                              values[2], values[3], values[2] - values[3])))
