"""PID 1 itself: what it keeps for itself, what it reaps, and what it withstands."""
import re
import time

from claims import claim, expect, expect_equal, poll
from claims_life import delay_ms
from services import steady


@claim("board", "PID 1 itself is exempt from the OOM killer")
def init_oom_score(board):
    expect_equal(board.read("/proc/1/oom_score_adj").strip(), "-1000")


@claim("board", "PID 1 lives in the cgroup init, with memory of its own")
def init_cgroup(board):
    expect_equal(board.read("/proc/1/cgroup").strip(), "0::/init")
    least = board.read("/sys/fs/cgroup/init/memory.min").strip()
    expect(int(least) > 0, f"memory.min of init: {least}")


@claim("board", "PID 1 is alone in its cgroup: what an operator starts is elsewhere")
def alone(board):
    # A child that looks for a refused call is there for a moment.
    there = poll(lambda: board.read("/sys/fs/cgroup/init/cgroup.procs").split(),
                 lambda seen: seen == ["1"], tries=10)
    expect_equal(there, ["1"], "processes")
    expect_equal(board.output("cat /proc/$$/cgroup").strip(), "0::/helpers", "the shell's cgroup")


@claim("board", "core_pattern is no pipe, and no cgroup of version 1 is mounted")
def board_wide(board):
    pattern = board.read("/proc/sys/kernel/core_pattern")
    expect(not pattern.startswith("|"), pattern)
    kinds = [line.split(" - ")[1].split()[0]
             for line in board.read("/proc/1/mountinfo").splitlines()]
    expect("cgroup2" in kinds and "cgroup" not in kinds, kinds)


@claim("board", "no mount of a service is in PID 1's own mount namespace")
def init_mounts(board):
    points = [line.split()[4] for line in board.read("/proc/1/mountinfo").splitlines()]
    expect(not [p for p in points if p.startswith("/services")], points)


def zombies_of_init(board):
    text = board.output("cat /proc/[0-9]*/stat 2>/dev/null; true")
    rows = [re.sub(r"\(.*\)", "-", line).split() for line in text.splitlines()]
    return [row[0] for row in rows if row[2] == "Z" and row[3] == "1"]


@claim("board", "1,000 orphans of PID 1's own PID namespace are reaped")
def orphans(board):
    text = board.output("/services/probe/probe run orphans 1000", timeout=60)
    expect("made 1000" in text, text)
    left = poll(lambda: zombies_of_init(board), lambda left: not left, 50)
    expect(not left, f"{len(left)} zombies are left")
    board.ask("probe", "hostname").ok()


@claim("board", "a service's own orphans are its own to reap, and leave nothing behind")
def service_orphans(board):
    board.ask("probe", "orphans 100").ok()
    time.sleep(0.3)
    expect_equal(board.control("probe", "pids.current"), "1", "pids.current")


@claim("board", "twenty restarts cost PID 1 no file descriptor, no memory and no zombie")
def restarts_leak_nothing(board):
    def held():
        fds = len(board.output("ls /proc/1/fd 2>/dev/null; true").split())
        memory = re.search(r"^Anonymous:\s+(\d+)", board.read("/proc/1/smaps_rollup"), re.M)[1]
        return fds, int(memory), len(zombies_of_init(board))

    def calm():
        """Between two restarts of flaky, which comes and goes on its own."""
        return min(held() for _ in range(4))
    steady(board)
    before = calm()
    mark = board.console.mark()
    for _ in range(20):
        # Short runs would make us wait for the back-off; a restart is forced
        # by the one service whose longest pause is short.
        board.ask("hog", "exit 1")
        board.started_line("hog", mark)
        mark = board.console.mark()
    after = calm()
    expect(after[0] <= before[0], f"open fds: {before[0]} before, {after[0]} after")
    expect(after[1] <= before[1] + 16, f"kB of memory: {before[1]} before, {after[1]} after")
    expect_equal(after[2], 0, "zombies")


def start_anew(board, change):
    """From its root as it is then: one that only restarts goes on with the mounts that it has.
    The line about the start that fails, and where to look for the next one."""
    board.pith("stop victim")
    board.output(change)
    mark = board.console.mark()
    board.run("pith start --no-wait victim")
    return board.console.wait_line("victim", "^start failed", 10, mark), mark


@claim("board", "a service whose root is gone says so, and comes back with it")
def root_gone(board):
    line, mark = start_anew(board, "mv /services/victim /services/moved")
    board.output("mv /services/moved /services/victim")
    expect(line, "no line about the failed start")
    expect(re.match("start failed: mounting its root.*: No such file or directory", line.text),
           line)
    board.started_line("victim", mark)
    board.ask("victim", "hostname").ok()


@claim("board", "a symbolic link in place of {} makes the start fail, and is not followed", each=[
    "proc", "sys", "dev"])
def link_in_root(board, folder):
    trap = "/run/guest-trap"
    line, mark = start_anew(board, f"mkdir -p {trap} && cd /services/victim && mv {folder} .{folder} && "
                            f"ln -s {trap} {folder}; cd /")
    mounted = board.output(f"grep -c {trap} /proc/1/mountinfo; ls {trap}; true")
    board.output(f"cd /services/victim && rm {folder} && mv .{folder} {folder}; cd /")
    expect(line, "it started, or said nothing")
    expect(re.match("start failed: mounting /" + folder, line.text), line)
    expect_equal(mounted.strip(), "0", "mounts on the link's target, and files in it")
    board.started_line("victim", mark)


@claim("board", "the clock jumping ten years either way changes nothing")
def clock_jumps(board):
    before = steady(board)
    mark = board.console.mark()
    board.output('now=$(date +%s); date -s "@$((now + 315360000))"; sleep 0.3; '
                 'date -s "@$((now - 315360000))"; sleep 0.3; date -s "@$now"')
    # Its longest pause is 1.6 s: with the jump it would come at once, or never.
    end = board.line("flaky", "^exited", mark)
    start = board.console.wait_line("flaky", "^started", 10, board.console.lines.index(end))
    expect(start, "no restart after the jump")
    expect(abs(start.ms - end.ms - delay_ms(end)) < 700, end, start)
    after = steady(board)
    expect_equal(after, before, "main processes")


@claim("board", "signal {} to PID 1 changes nothing", each=[
    "HUP", "QUIT", "PIPE", "ALRM", "CHLD", "CONT", "WINCH", "PWR", "IO", "34", "64"])
def stray_signal(board, signal):
    before = steady(board)
    board.output(f"kill -{signal} 1")
    board.ask("probe", "hostname").ok()
    after = steady(board)
    expect_equal(after, before, "main processes")


@claim("board", "PID 1 does not spin")
def does_not_spin(board):
    def ticks():
        fields = board.read("/proc/1/stat").rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])
    before = ticks()
    time.sleep(2)
    used = ticks() - before
    expect(used < 40, f"{used} of 200 ticks of CPU time in two seconds")


@claim("board", "the debug shell comes back when it ends")
def shell_respawns(board):
    mark = board.console.mark()
    board.shell.send("exit")
    expect(board.console.wait_raw("pith# ", 10, max(0, mark - 1)), "no new prompt")
    board.shell.take()
    board.output("true")
