"""Starts of one service: pith, the kernel's floor, runc, crun and bwrap."""
import floors
import peers
import pith_starts
import report

NAME = "start"
TITLE = "Start: from the parent's first call to the payload's main()"
HOW = """\
A first start makes all that a service has; a start "in a kept sandbox" what is fresh at each. The parent's first call is, for
pith, the making of the cgroup, and in a kept sandbox that of the pipe for the child's report, both told by a probe of the
kernel; for the others the one that executes them."""
COLUMNS = ("what", "network", "n", "median µs", "min", "max", "× floor", "÷ pith")
CLOCKS = ("counted", "host")

NETWORKS = {"private": {}, "none": {"NET": "none"}}
FLOORS = {"full": "floor, first start", "start": "floor, in a kept sandbox"}
# Between two runs: the kernel ends a network namespace and a veth pair in its own time.
PAUSE_MS = 300


def networks(ctx):
    return {"private": {}} if ctx.own else NETWORKS


def row(what, network, kind, values):
    seen = report.summary(values)
    return {"what": what, "network": network, "kind": kind, "n": seen["n"], "median µs": seen["median"],
            "min": seen["min"], "max": seen["max"]}


def pith_rows(ctx):
    rows = []
    for network, options in networks(ctx).items():
        found = pith_starts.measure(ctx, f"start-{network}", options)
        for kind, key, what in (("full", "first", "pith, first start"),
                                ("start", "again", "pith, in a kept sandbox"),
                                ("chain", "chain", "pith, one main() to the next")):
            if key in found:
                rows.append(row(what, network, kind, found[key]))
    return rows


def floor_rows(ctx):
    rows = []
    for network, options in networks(ctx).items():
        product = ctx.product(f"start-{network}", pith_starts.chain(ctx.runs + 1, options))
        for kind, what in FLOORS.items():
            if not ctx.own or kind == "full":
                rows.append(row(what, network, kind, floors.times(ctx, product, kind)))
    return rows


def peer_rows(ctx):
    product = ctx.product("start-private", pith_starts.chain(ctx.runs + 1, {}))
    image = ctx.image("start-peers", product)
    image.file("init", ctx.agent())
    image.file("payload", ctx.payload())
    peers.fill(ctx, image, product)
    known = {"exec": ("the program alone, not isolated", "host")}
    plan = ["bridge", f"run\texec\t{ctx.runs}\t10\t/payload\tonce"]
    for label, what, network, argv in peers.commands():
        known[label] = (what, network)
        plan.append("\t".join(["run-confined", label, str(ctx.runs), str(PAUSE_MS), *argv]))
    image.text("plan", "\n".join(plan) + "\n")
    return [row(*known[seen["label"]], "full", seen["us"])
            for seen in ctx.guest(image, "start-peers", timeout=1800) if "label" in seen]


def add_ratios(rows):
    """To the floor of the same kind, and to pith's first start."""
    medians = {(one["what"].split(",")[0], one["network"], one["kind"]): one["median µs"] for one in rows}
    for one in rows:
        kind = "full" if one["kind"] == "chain" else one["kind"]
        floor = medians.get(("floor", one["network"], kind))
        pith = medians.get(("pith", one["network"], "full"))
        one["× floor"] = round(one["median µs"] / floor, 2) if floor else None
        one["÷ pith"] = round(one["median µs"] / pith, 1) if pith else None
    return rows


def measure(ctx):
    return add_ratios(floor_rows(ctx) + pith_rows(ctx) + ([] if ctx.own else peer_rows(ctx)))
