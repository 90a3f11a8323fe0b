"""The plots of start, boot and scale, drawn by gnuplot from what was measured.

The same results make the same bytes, as far as gnuplot is the same.
"""
import json
import os
import shutil
import subprocess

from guests import Failure

PITH, OTHERS = "#1f6f8b", "#9aa5ab"
TERMINAL = 'set terminal svg size {width},{height} font "sans-serif,13" background "white"\nset output "{path}"\n'
STYLE = """\
set border 3 lc rgb "#555555"
set tics nomirror textcolor rgb "#333333"
set grid {grid} lc rgb "#dddddd" lt 1
set key {key}
set title "{title}" textcolor rgb "#222222"
"""


def _load(folder, table):
    path = os.path.join(folder, f"{table}.json")
    if not os.path.exists(path):
        return None
    with open(path) as file:
        return json.load(file)["rows"]


def _run(script):
    if not shutil.which("gnuplot"):
        raise Failure("gnuplot: not installed; run make bench-setup")
    done = subprocess.run(["gnuplot", "-"], input=script, text=True, check=False, stderr=subprocess.PIPE)
    if done.returncode:
        raise Failure(f"gnuplot: status {done.returncode}\n{done.stderr}")


def _head(path, title, width, height, grid, key="off"):
    return (TERMINAL.format(path=path, width=width, height=height) +
            STYLE.format(title=title, grid=grid, key=key))


def _label(ms):
    return f"{ms:,.1f}" if ms < 100 else f"{ms:,.0f}"


def bars(path, title, rows):
    """rows: (name, ms), the fastest above; pith's in a colour of its own.  Logarithmic, as the slowest
    takes a hundred times as long."""
    rows = sorted(rows, key=lambda row: -row[1])
    data = "".join(f'{at} {ms} {1 if name.startswith("pith") else 0} "{_label(ms)}" "{name}"\n'
                   for at, (name, ms) in enumerate(rows))
    least, most = min(ms for _, ms in rows), max(ms for _, ms in rows)
    _run(_head(path, title, 760, 90 + 30 * len(rows), "x") + f"""\
$data << END
{data}END
set logscale x
set xrange [{least / 2}:{most * 2.5}]
set yrange [-0.7:{len(rows) - 0.3}]
set xlabel "ms"
set style fill solid noborder
plot $data using ({least / 2}):1:({least / 2}):2:($1-0.36):($1+0.36):\\
         ($3 == 1 ? {int(PITH[1:], 16)} : {int(OTHERS[1:], 16)}):ytic(5) with boxxyerror lc rgb variable, \\
     $data using 2:1:4 with labels left offset 0.6,0 textcolor rgb "#333333"
""")


def start(folder, path):
    rows = _load(folder, "start")
    if rows:
        bars(path, "First start with a network, to the payload's main()",
             [(row["what"].replace(", first start", ""), row["median µs"] / 1000) for row in rows
              if row["network"] == "private" and row["kind"] == "full" and row["median µs"]])


def boot(folder, path):
    rows = _load(folder, "boot")
    if rows:
        bars(path, "Boot to the main() of the eighth service",
             [(f'{row["what"]} ({row["services"]})', row["median µs"] / 1000) for row in rows if row["median µs"]])


def scale(folder, path):
    rows = [row for row in _load(folder, "scale") or () if row.get("pith ms")]
    if not rows:
        return
    data = "".join(f'{row["services"]} {row["pith ms"]} {row["floor ms"]}\n' for row in rows)
    most = max(max(row["pith ms"], row["floor ms"]) for row in rows)
    _run(_head(path, "First starts of many services", 760, 380, "x y", "top left") + f"""\
$data << END
{data}END
set logscale x 2
set yrange [0:{most * 1.15}]
set xlabel "services"
set ylabel "ms for each"
set xtics ({", ".join(f'"{row["services"]:,}" {row["services"]}' for row in rows)})
plot $data using 1:2 with linespoints lw 2 pt 7 lc rgb "{PITH}" title "pith", \\
     $data using 1:3 with linespoints lw 2 pt 7 lc rgb "{OTHERS}" title "floor"
""")


def draw(results, out):
    """start.svg, boot.svg and scale.svg, as far as results has their tables."""
    for plot in (start, boot, scale):
        plot(results, os.path.join(out, f"{plot.__name__}.svg"))
