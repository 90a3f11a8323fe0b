"""What was measured, as text on a terminal and as README.md.

README.md is text.md, which people wrote, with the tables in their places: `<!-- table NAME -->`
is the one of the board that make takes by itself, `<!-- table NAME BOARD -->` that of another.
They are made of results/, where --write puts what was measured.
"""
import json
import os
import re
import shutil
import statistics
import subprocess

from context import DEFAULT_BOARD, HERE, TOP, Target
import plots    # it finds modules where context.py says

RESULTS = os.path.join(HERE, "results")
PLACE = re.compile(r"<!-- table ([\w-]+)(?: ([\w.-]+))? -->")
CLOCKS = ("counted", "host")
UNKNOWN = "an unknown commit"

# In which README has the tables; what is not named comes behind.
ORDER = ("start", "boot", "restart", "steps", "floor", "scale", "orphans", "idle", "memory", "smallest", "log", "size",
         "versions")


def summary(values, digits=0):
    """Of a row: {"n": …, "median": …, "min": …, "max": …}"""
    def rounded(value):
        return round(value, digits) if digits else round(value)
    return {"n": len(values), "median": rounded(statistics.median(values)),
            "min": rounded(min(values)), "max": rounded(max(values))}


def path(out, table, clock):
    return os.path.join(out, f"{table}.json" if clock == "counted" else f"{table}-{clock}.json")


def commit():
    """What is measured, in git's words; with a + if the tree has more than that.  What --write writes is none of it."""
    written = [f":!tests/bench/{name}" for name in ("results", "README.md", "*.svg")]
    said = [subprocess.run(["git", "-C", TOP, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                           stderr=subprocess.DEVNULL, text=True, check=False).stdout.strip()
            for words in (["rev-parse", "--short", "HEAD"], ["status", "--porcelain", "--", TOP, *written])]
    return said[0] + ("+" if said[1] else "") if said[0] else UNKNOWN


def forget(out, table, clock):
    """What was measured before is not to be taken for what is measured now."""
    for name in (path(out, table, clock), path(out, table, clock) + ".new"):
        if os.path.lexists(name):
            os.unlink(name)


def cell(value):
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value == int(value) and abs(value) >= 10:
        value = int(value)
    return f"{value:,}" if isinstance(value, (int, float)) else str(value)


def _cells(result):
    return [[cell(row.get(column)) for column in result["columns"]] for row in result["rows"]]


def _right(result):
    """Whether a column is of numbers."""
    return [all(isinstance(row.get(column), (int, float, type(None))) for row in result["rows"])
            for column in result["columns"]]


def as_text(result):
    lines = [result["columns"], *_cells(result)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(result["columns"]))]
    right = _right(result)
    title = f"\n{result['title']} ({result['clock']} clock, {result['seconds']} s)"
    return "\n".join([title, *("  ".join(text.rjust(width) if number else text.ljust(width)
                                        for text, width, number in zip(line, widths, right)).rstrip()
                               for line in lines)])


def as_markdown(result):
    rows = [result["columns"], ["---:" if number else "---" for number in _right(result)], *_cells(result)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def load(folder, table):
    """What a folder has of a table: a result for each clock, the counted one first."""
    paths = [path(folder, table, clock) for clock in CLOCKS]
    return [_read(one) for one in paths if os.path.exists(one)]


def _commit_of(result):
    return result.get("commit", UNKNOWN)


def _read(one):
    with open(one) as file:
        return json.load(file)


def _section(results, how, tell_commit):
    """how: in words, as well.  The counted clock's rows; of the host's the ratios alone, which the table's module chose."""
    parts = [results[0]["how"].strip()] if how else []
    if tell_commit:
        parts.append("Measured at " + ", ".join(sorted({_commit_of(result) for result in results})) + ".")
    for result in results:
        if result["clock"] != "counted":
            parts.append("In the build machine's time, with two CPUs: ratios alone say something.")
        parts.append(as_markdown(result))
    return "\n\n".join(part for part in parts if part)


def render(tables):
    """README.md of results/.  A table that text.md has no place for comes at its end."""
    with open(os.path.join(HERE, "text.md")) as file:
        text = file.read()
    commits = {_commit_of(result) for board in {match[2] or DEFAULT_BOARD for match in PLACE.finditer(text)}
               for name in tables for result in load(os.path.join(RESULTS, board), name)}
    placed = {match[1] for match in PLACE.finditer(text)}
    for name, table in tables.items():
        if name not in placed:
            text += f"\n## {table.TITLE}\n\n<!-- table {name} -->\n"

    def put(match):
        results = load(os.path.join(RESULTS, match[2] or DEFAULT_BOARD), match[1])
        return _section(results, not match[2], len(commits) > 1) if results else f"*Not measured: `make bench TABLES={match[1]}`.*"
    with open(os.path.join(HERE, "README.md"), "w") as file:
        file.write(PLACE.sub(put, text))


def _refusal(result, board, kernel, now):
    """Why a result that another run has left is none of these; or nothing."""
    if (result["board"], result["kernel"]) != (board, kernel):
        return f"it is of {Target(result['board'], result['kernel']).folder}, not of {Target(board, kernel).folder}"
    then = _commit_of(result)
    return "" if then == now != UNKNOWN else f"it was measured at {then}, and this is {now}"


def keep(out, board, kernel, tables, measured):
    """Takes what OUT has into results/; a table of which OUT has nothing stays as it is.  measured: {(table, clock)}
    of this run; of what others have left in OUT only what is of the same board, kernel and commit.  Returns
    what was refused, in words."""
    folder, now, refused = os.path.join(RESULTS, Target(board, kernel).folder), commit(), []
    os.makedirs(folder, exist_ok=True)
    for name, clock in ((name, clock) for name in tables for clock in CLOCKS):
        found, there = path(out, name, clock), path(folder, name, clock)
        if not os.path.exists(found) or os.path.exists(there) and _read(found) == _read(there):
            continue
        why = "" if (name, clock) in measured else _refusal(_read(found), board, kernel, now)
        if why:
            refused.append(f"{found}: not kept: {why}; measure it again, or remove it")
        else:
            shutil.copyfile(found, there)
    return refused


def draw():
    plots.draw(os.path.join(RESULTS, DEFAULT_BOARD), HERE)
