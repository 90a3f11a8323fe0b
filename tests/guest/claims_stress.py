"""Real stressors against each limit: stress-ng, as Debian has it, in a service with all of them.

What counts is what the kernel counted, and how a neighbour's service fares while it goes on: it
answers every question, and takes no more than a few times as long as before.
"""
import os
import re

import shapes
import storage
from claims import claim, expect, expect_equal, poll
from product import size_bytes

STRESSED = "stressed"

# So much slower a neighbour may get, in the median: with a fair share of the CPU it is
# twice, and the build machine has moods.
SLOWER = 8

QUESTIONS = 60

PROCS = f"/sys/fs/cgroup/svc/{STRESSED}/cgroup.procs"

SERVICES = {
    STRESSED: {
        "ARGV": "/probe serve", "USER": "1000", "UID_BASE": 6553600, "NET": "none",
        "TMPFS": "/tmp:4M", "VOLUMES": "data:/data", "CPU_MAX": "30%", "MEMORY_MAX": "24M",
        "PIDS_MAX": 24, "IO_MAX": "/dev/vda wbps=1M", "NOFILE": 64, "RESTART_DELAY_MS": 10,
        "LOG_CONSOLE": True,
    },
    # It brings the peer along, and is the neighbour.
    "probe": {"ARGV": "/probe serve", "MEMORY_MAX": "6M", "TMPFS": "/tmp:256K", "RESTART": "no"},
}

BOARD = """\
CONFIG_RAM_MB=224
CONFIG_OVERCOMMIT=y
CONFIG_DEBUG_SHELL=y
CONFIG_SHUTDOWN_TIMEOUT_S=6
CONFIG_BRIDGE_ADDRESS="10.77.0.1/24"
CONFIG_DATA="data"
"""


def make_tree(folder):
    for name, options in SERVICES.items():
        mkrootfs = shapes.probe_root(name)
        if name == STRESSED:
            mkrootfs += 'exec debian-root "$1" stress-ng -- /usr/bin/stress-ng\n'
        shapes.make_service(folder, name, options, mkrootfs)
    shapes.write(os.path.join(folder, "modules"), "ext4\n")
    shapes.write(os.path.join(folder, "defconfig"), BOARD)
    return folder


def make_disk(path):
    return storage.make_ext4(path, megabytes=32)


# How it fares

def option(name):
    return SERVICES[STRESSED][name]


def counters(board, file):
    """{key: number} of a control file of its cgroup."""
    return {line.split()[0]: int(line.split()[1])
            for line in board.control(STRESSED, file).splitlines()}


def ask_neighbour(board):
    """{answered, median, most} of so many questions to the neighbour."""
    seen = board.peer(f"times {board.address('probe')} {QUESTIONS}", timeout=60)
    return {key: int(value) for key, value in seen.items()}


def calm(board):
    """The neighbour's service while nothing happens, once for all claims."""
    board.wait_state(STRESSED, "up")
    board.wait_state("probe", "up")
    return board.recorded("calm", lambda: ask_neighbour(board))


def stress(board, words, seconds=4):
    """Runs stressors, asks the neighbour meanwhile, and tells: (exit status, what stress-ng
    said, microseconds of the board's clock)."""
    before, identity = calm(board), board.row("probe")["pid"]
    start = uptime(board)
    board.output(f"(pith exec -T {STRESSED} /usr/bin/stress-ng --temp-path /tmp -t {seconds} {words} "
                 ">/run/said 2>&1 </dev/null; echo $? >/run/status) & sleep 1")
    during = ask_neighbour(board)
    text = poll(lambda: board.run("cat /run/status")[1], lambda seen: seen.strip().isdigit(), 300)
    used = uptime(board) - start
    said = board.read("/run/said")
    board.output("rm -f /run/status")
    expect(text.strip().isdigit(), f"it does not end: {text}", said)
    expect(during["answered"] == QUESTIONS, f"the neighbour: {during}, and {before} before")
    expect(during["median"] < SLOWER * before["median"] + 2000,
           f"the neighbour: {during}, and {before} before")
    expect_equal(board.row("probe")["pid"], identity, "the neighbour's process")
    expect_equal(board.read("/sys/fs/cgroup/svc/probe/memory.events").split("oom_kill ")[1].split()[0],
                 "0", "OOM kills of the neighbour")
    expect("stressor" in said or "dispatching" in said, "stress-ng says nothing", said)
    return int(text), said, used * 1e6


def watch(board, command):
    """Runs the command over and over while something else goes on."""
    board.output(f"(while [ ! -e /run/enough ]; do {command}; sleep 0.1; done) >/run/watched 2>/dev/null &")


def watched(board):
    """All lines that it printed."""
    board.output("touch /run/enough; sleep 0.5")
    lines = board.read("/run/watched").splitlines()
    board.output("rm -f /run/enough /run/watched")
    return lines


def uptime(board):
    return float(board.read("/proc/uptime").split()[0])


@claim("stress", "CPU_MAX holds stressors of the CPU to their quota, and the neighbour does not mind")
def cpu(board):
    calm(board)
    before = counters(board, "cpu.stat")
    _, said, wall = stress(board, "--cpu 4 --cpu-method int64")
    after = counters(board, "cpu.stat")
    used = after["usage_usec"] - before["usage_usec"]
    quota = wall * int(option("CPU_MAX").rstrip("%")) / 100
    expect(used < 1.3 * quota + 300000, f"{used} us of CPU in {wall:.0f} us", said)
    expect(used > 0.3 * quota, f"{used} us of CPU in {wall:.0f} us: it did not stress", said)
    expect(after["nr_throttled"] > before["nr_throttled"], "it was never throttled")


@claim("stress", "MEMORY_MAX ends a stressor of memory alone, and its service starts again")
def memory(board):
    calm(board)
    mark = board.console.mark()
    kills = counters(board, "memory.events")["oom_kill"]
    # It ends with them, and earlier than that.
    stress(board, "--vm 2 --vm-bytes 96M --vm-keep --oomable", seconds=30)
    expect(counters(board, "memory.events")["oom_kill"] > kills, "nothing was killed")
    expect(int(board.control(STRESSED, "memory.peak")) <= size_bytes(option("MEMORY_MAX")),
           board.control(STRESSED, "memory.peak"))
    board.line(STRESSED, "^killed by the OOM killer", mark)
    board.wait_state(STRESSED, "up")


@claim("stress", "PIDS_MAX holds stressors that fork, and the neighbour may still fork")
def processes(board):
    calm(board)
    before = counters(board, "pids.events")["max"]
    _, said, _ = stress(board, "--fork 4 --fork-max 16 --vfork 2 --vfork-max 16")
    expect(counters(board, "pids.events")["max"] > before, "it never met the limit", said)
    expect(int(board.control(STRESSED, "pids.current")) <= option("PIDS_MAX"), "pids.current")
    board.wait_state(STRESSED, "up")


@claim("stress", "NOFILE holds stressors that open files")
def files(board):
    calm(board)
    watch(board, f"for p in $(cat {PROCS}); do ls /proc/$p/fd | wc -l; done")
    stress(board, "--open 2 --open-max 4096")
    most = max(map(int, watched(board)))
    expect(20 < most <= option("NOFILE"), f"at most {most} open files")


@claim("stress", "a TMPFS that stressors fill is full at its size, and the neighbour's is not")
def tmpfs(board):
    calm(board)
    watch(board, f"stat -f -c '%b %f %S' /proc/$(head -n1 {PROCS})/root/tmp")
    _, said, _ = stress(board, "--hdd 1 --hdd-bytes 32M --hdd-opts wr-seq -v")
    used = []
    for line in watched(board):
        blocks, free, size = map(int, line.split())
        used.append((blocks - free) * size)
    expect(used and max(used) <= size_bytes("4M"), f"bytes of /tmp: {used}")
    expect(max(used) > size_bytes("3M"), f"it was not full: {sorted(used)} bytes", said)
    board.ask("probe", "fill /tmp/full").refused("ENOSPC")


@claim("stress", "IO_MAX holds stressors of the disk to its rate")
def disk(board):
    calm(board)

    def written():
        found = re.search(r"wbytes=(\d+)", board.control(STRESSED, "io.stat"))
        return int(found[1]) if found else 0
    before = written()
    _, said, wall = stress(board, "--temp-path /data --hdd 2 --hdd-opts direct,wr-seq --hdd-bytes 4M "
                           "--hdd-write-size 64K", seconds=5)
    bytes_now = written() - before
    allowed = size_bytes("1M") * wall / 1e6
    expect(bytes_now < 1.3 * allowed + (1 << 20), f"{bytes_now} bytes in {wall:.0f} us", said)
    expect(bytes_now > 256 << 10, f"{bytes_now} bytes: it did not stress", said)


@claim("stress", "all stressors at once harm nobody but their own service")
def everything(board):
    calm(board)
    answers = [board.run("pith status")[0] for _ in range(3)]
    stress(board, "--cpu 2 --vm 1 --vm-bytes 12M --fork 2 --open 1 --hdd 1 --hdd-bytes 8M --sock 1 "
           "--pipe 1 --signal 1 --shm 1 --mq 1", seconds=6)
    expect_equal([status in (0, 3) for status in answers], [True] * 3, "pith status")
    board.wait_state(STRESSED, "up")
