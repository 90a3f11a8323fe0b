"""What the tables about init systems share: each system's guest does all of its tasks in one
boot, which is made once, and boots are measured in guests of their own.
"""
import floors
import report
from inits import INITS, NAMES, eight

SERVICES = len(NAMES)
TASKS = "boot:{services},memory,restart:{runs},orphans:1000,idle:60"

_seen = {}


def measured(ctx):
    """[(Init, what its guest said)] of each."""
    return [(init, _once(ctx, init)) for init in INITS]


def _once(ctx, init):
    tasks = TASKS if ctx.clock == "counted" else "boot:{services},restart:{runs}"
    key = (ctx.out, ctx.clock, ctx.runs, init.name)
    if key not in _seen:
        _seen[key] = init.boot(ctx, tasks.format(services=SERVICES, runs=ctx.runs), "init")
    return _seen[key]


def microseconds(what, values):
    """A row's columns.  Of a time in the build machine's clock only the ratios are shown."""
    seen = report.summary([value / 1000 for value in values])
    return {**what, "n": seen["n"], "median µs": seen["median"], "min": seen["min"], "max": seen["max"]}


def floor(ctx, mode):
    """The kernel's floor for one of the services that pith has here: [µs]"""
    return floors.times(ctx, eight(ctx), mode)


def add_ratios(ctx, rows):
    """To the row of the floor and to that of pith."""
    medians = {row["what"]: row["median µs"] for row in rows}
    floor_us = next((us for what, us in medians.items() if what.startswith("floor")), None)
    for row in rows:
        us = row["median µs"]
        row["× floor"] = round(us / floor_us, 2) if us and floor_us else None
        row["÷ pith"] = round(us / medians["pith"], 2) if us else None
        if ctx.clock == "host":
            for name in ("median µs", "min", "max"):
                row.pop(name, None)
    return rows
