"""A thousand services: they start, are seen, and stop in a time that is theirs alone."""
import os
import shutil
import time

from claims import claim, expect, expect_equal
from claims_shutdown import expect_last_words
from product import HERE

COUNT = 1000

KCONFIG = """\
config SVC_{upper}
	default y

config SVC_{upper}_ARGV
	default "/sleeper"

config SVC_{upper}_NET
	default "{net}"

config SVC_{upper}_MEMORY_MAX
	default "512K"

config SVC_{upper}_PIDS_MAX
	default 2

config SVC_{upper}_LOG_KB
	default 1
"""

# Compiled once for all of them, beside their roots.
MKROOTFS = f"""\
#!/bin/sh
set -eu
made=${{1%/*}}/.sleeper
if [ ! -e "$made" ]; then
	$CC -static -Os -s -Wl,-z,max-page-size=4096 -Wl,-z,noseparate-code -o "$made.$$" {HERE}/sleeper.c
	mv "$made.$$" "$made"
fi
cp "$made" "$1/sleeper"
"""

BOARD = """\
CONFIG_RAM_MB=1024
CONFIG_DEBUG_SHELL=y
"""


def names(count=COUNT):
    return [f"s{n:03}" for n in range(count)]


def make_tree(folder, count=COUNT, net="none", more=lambda name: ""):
    """A product tree with that many services, of which each has one small program.
    more(name): further rows of its Kconfig."""
    services = os.path.join(folder, "services")
    if os.path.isdir(services) and len(os.listdir(services)) == count:
        return folder       # their roots are made anew when their folders are
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(services)
    mkrootfs = os.path.join(folder, "mkrootfs")
    with open(mkrootfs, "w") as file:
        file.write(MKROOTFS)
        os.fchmod(file.fileno(), 0o755)
    for name in names(count):
        os.mkdir(os.path.join(services, name))
        os.link(mkrootfs, os.path.join(services, name, "mkrootfs"))
        with open(os.path.join(services, name, "Kconfig"), "w") as file:
            file.write(KCONFIG.format(upper=name.upper(), net=net) + more(name))
    with open(os.path.join(folder, "defconfig"), "w") as file:
        file.write(BOARD)
    return folder


def wait_all(board):
    """Once for all claims: until nothing starts any more."""
    def do():
        end = time.monotonic() + 150
        while count(board, "state").get("up", 0) < COUNT and time.monotonic() < end:
            time.sleep(1)
        return time.monotonic()
    return board.recorded("all started", do)


def count(board, key):
    """How often each value of a key is in `pith status --json`; nothing if it does
    not answer, which is a claim of its own."""
    status, text = board.run(f"pith status --json | grep -o '\"{key}\":[^,]*' | sort | uniq -c", 60)
    rows = [line.split() for line in text.splitlines()]
    return {row[1].split(":")[1].strip('"'): int(row[0])
            for row in rows if status == 0 and len(row) == 2 and ":" in row[1]}


@claim("many", "while a thousand services start, PID 1 answers its clients")
def answers(board):
    board.pith("version")
    board.pith("why " + names()[-1])


@claim("many", "a thousand services all start")
def all_start(board):
    wait_all(board)
    expect_equal(count(board, "state"), {"up": COUNT}, "states")


@claim("many", "none of a thousand services needs a second start")
def first_try(board):
    wait_all(board)
    expect_equal(count(board, "restarts"), {"0": COUNT}, "restarts")
    expect(not board.console.all_lines(names()[-1], "killed|failed"),
           *board.console.all_lines(names()[-1], ""))


@claim("many", "among a thousand services one that is killed is started again at once")
def restart(board):
    wait_all(board)
    mark = board.console.mark()
    board.output(f"kill -9 $(cat /sys/fs/cgroup/svc/{names()[500]}/cgroup.procs)")
    board.line(names()[500], "^killed by SIGKILL", mark, timeout=20)
    board.started_line(names()[500], mark, timeout=20)


@claim("many", "a restart costs PID 1 no more than one of a thousand first starts did")
def cost(board):
    wait_all(board)

    def ticks():
        fields = board.read("/proc/1/stat").rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])
    before = ticks()
    for name in names()[:20]:
        board.pith(f"restart {name}")
    used, first = (ticks() - before) / 20, before / COUNT
    # A restart ends a run as well as it begins one; a walk over all would be seen.
    expect(used < 4 * first, f"{used} ticks for a restart, {first} for a first start")


@claim("many", "a thousand services stop, and pith halt halts the board, within the deadline", last=True)
def halts(board):
    mark = board.console.mark()
    board.shell.send("pith halt")
    board.line("pith", "^halting$", mark, timeout=100)
    lines = board.console.since(mark)
    expect(not [line for line in lines if "did not stop in time" in line.raw], *lines[-5:])
    expect(not board.machine.ended(), "QEMU has ended")
    board.console.wait_raw("System halted", 10, mark)
    time.sleep(0.5)     # the rest of that line
    expect_last_words(board.console.since(mark), "halting", "System halted")
    stopped = {line.name for line in lines if line.text and line.text.startswith("stopped: ")}
    # The console's ring does not hold all of their lines.
    expect(stopped, "nobody said that it stopped")
