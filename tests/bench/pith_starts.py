"""What pith's starts took, from the kernel's probes on PID 1's calls and the payloads' own lines.

A chain of services, each AFTER the one before, so that one starts at a time.  A first start
begins with PID 1's first call for the service's sandbox, the making of its cgroup; a start in
a kept sandbox with the pipe through which the child will report.  Each ends in the payload's
main().  Before the one stands the end of the start before, before the other a kill -9: what
PID 1 does until then is in the table of restarts.
"""
import re

from guests import Failure

LINE = re.compile(r"^\s*.+-\d+\s+\[\d+\]\s+\S+\s+(?P<s>\d+)\.(?P<us>\d{6}): (?P<event>\w+): (?P<rest>.*)$")
MAIN = re.compile(r"main (\d+)$")


def _events(rows, phase):
    """[(µs, event, rest)]"""
    matches = [LINE.match(row["trace"]) for row in rows if row.get("phase") == phase]
    return sorted((int(match["s"]) * 1000000 + int(match["us"]), match["event"], match["rest"])
                  for match in matches if match)


def _mains(rows):
    matches = [MAIN.match(str(row.get("text"))) for row in rows]
    return sorted(int(match[1]) // 1000 for match in matches if match)


def _spans(events, mains, begins, choose):
    """Of each payload but the first: from the one of the calls since the payload before it."""
    found = []
    execs = [us for us, event, rest in events if event == "sched_process_exec" and "=/payload " in rest]
    for before, at in zip(execs, execs[1:]):
        calls = [us for us, event, _ in events if before < us < at and event in begins]
        ends = [us for us in mains if us >= at]
        if not calls or not ends:
            raise Failure(f"pith: of the start at {at} µs the {'end' if calls else 'beginning'} is missing")
        found.append(ends[0] - choose(calls))
    return found


def chain(count, options):
    """The services of a product.  The last one's ring keeps what all its runs said."""
    return {f"s{at:02}": {"LOG_KB": 16, **options, **({"AFTER": f"s{at - 1:02}"} if at else {})} for at in range(count)}


def measure(ctx, name, options):
    """{"first": [µs], "again": [µs], "chain": [µs]}; the first two are missing where the kernel
    has no probes.  chain: from one main() to the next, with all that PID 1 does between."""
    count = ctx.runs + 1
    product = ctx.product(name, chain(count, options))
    image = ctx.image(name, product, with_product=True)
    image.file("init", ctx.agent())
    image.file("init.pith", f"{product.folder}/init")
    image.text("plan", f"pith\t{count}\t{ctx.runs + 1}\t/init.pith\n")
    rows = ctx.guest(image, name)
    mains = _mains(rows)
    if len(mains) != count + ctx.runs + 1:
        raise Failure(f"{name}: {len(mains)} of {count + ctx.runs + 1} payloads told when they were in main()")
    found = {"chain": [after - before for before, after in zip(mains[:count], mains[1:count])]}
    if any("trace" in row for row in rows):
        found["first"] = _spans(_events(rows, "first"), mains, ("mkdirat",), min)
        found["again"] = _spans(_events(rows, "again"), mains, ("pipe2", "socketpair"), max)
    return found
