"""The kernel's floor by itself, step by step."""
import statistics

import floors
import pith_starts
from guests import Failure

NAME = "floor"
TITLE = "The kernel's floor, step by step, µs"
HOW = """\
floor.c makes the same sandbox and the same start by bare system calls in the order that costs least, and notes the time
after each step, which takes it some 0.05 µs. In a kept sandbox the view is kept as well: a mount namespace with all that lasts
longer than a run, of which each run takes a copy."""
COLUMNS = ("step", "first start", "in a kept sandbox")
MODES = (("steps", "full"), ("start-steps", "start"))


def taken(ctx, product, words, mode):
    """{step: median µs}, in their order, and that of all."""
    rows = floors.run(ctx, product, f"floor-{words}", words, str(ctx.runs + 1))
    rows = [row for row in rows if row.get("mode") == mode and "step" in row and row["run"]]
    if len({row["run"] for row in rows}) != ctx.runs:
        raise Failure(f"floor {words}: {len({row['run'] for row in rows})} of {ctx.runs} runs")
    values, sums = {}, {}
    for row in rows:
        values.setdefault(row["step"], []).append(row["ns"] / 1000)
        sums[row["run"]] = sums.get(row["run"], 0) + row["ns"] / 1000
    return {**{step: round(statistics.median(each), 1) for step, each in values.items()},
            "all": round(statistics.median(sums.values()), 1)}


def measure(ctx):
    product = ctx.product("start-private", pith_starts.chain(ctx.runs + 1, {}))
    first, kept = (taken(ctx, product, words, mode) for words, mode in MODES)
    return [dict(zip(COLUMNS, (step, value, kept.get(step)))) for step, value in first.items()]
