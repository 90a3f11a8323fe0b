"""Starts, ends and restarts, as the console and the kernel tell of them."""
import re
import time

from claims import claim, expect, expect_equal, poll
from services import NEVER_UP

# What a restart keeps, and what it makes anew.
KEPT, FRESH = ("net", "user", "uts"), ("ipc", "pid", "mnt")

AGAIN = r"; again in (\S+ m?s)"


def expect_pauses(lines, expected):
    """The pauses that the lines announce, but for what their printing took."""
    pauses = [delay_ms(line) for line in lines]
    expect(len(pauses) == len(expected) and
           all(-5 <= p - e <= 0 for p, e in zip(pauses, expected)),
           f"pauses: {pauses}", f"expected: {expected}")


def start_took_ms(line):
    """What a line of a start says, such as "started, pid 178, 10.77.0.7, 32 ms"."""
    match = re.search(r", ([\d.]+) (ms|s)$", line.text)
    expect(match, f"no duration in: {line}")
    return round(float(match[1]) * (1000 if match[2] == "s" else 1))


def delay_ms(line):
    """The pause that a line of an end announces."""
    match = re.search(AGAIN, line.text)
    expect(match, f"no pause in: {line}")
    value, unit = match[1].split()
    return round(float(value) * (1000 if unit == "s" else 1))


@claim("board", "the console says of each service that it started, its pid, its address and "
                "how long it took")
def started_lines(board):
    for service in board.services():
        if service not in NEVER_UP:
            line = board.started_line(service)
            address = "" if board.option(service, "NET") == "none" else r" 10\.77\.0\.\d+,"
            expect(re.match(rf"started, pid \d+,{address} [\d.]+ m?s", line.text), line)


@claim("board", "the pid that the console tells is the service's")
def told_pid(board):
    board.started_line("stubborn")
    line = board.console.all_lines("stubborn", "^started")[-1]
    expect(f"pid {board.pid('stubborn')}," in line.text, line, board.pids())


@claim("board", "AFTER: a service starts once those before it have started")
def after_order(board):
    marks = [board.console.lines.index(board.started_line(name))
             for name in ("chain-c", "chain-b", "chain-a")]
    expect(marks == sorted(marks), f"lines {marks} for chain-c, chain-b, chain-a")


@claim("board", "AFTER: a service never starts while one before it cannot")
def after_never(board):
    board.line("badexec", "^start failed")
    expect(not board.console.all_lines("waiter", "^started"), "waiter started")
    expect("waiter" not in board.pids(), board.pids())


@claim("board", "a start that fails says service, step and errno in words")
def failed_start(board):
    line = board.line("badexec", "^start failed")
    expect(re.match(r"start failed: executing its program.*: Exec format error",
                    line.text), line)
    expect(delay_ms(line) > 0, line)


@claim("board", "a start that fails is tried again, ever less often, until it succeeds")
def failed_start_heals(board):
    board.line("badexec", "^start failed.*again in (800|79.) ms")
    mark = board.console.mark()
    lines = board.console.all_lines("badexec", "^start failed")
    expect_pauses(lines[:5], [200, 400, 800, 1600, 3000][:len(lines)])
    board.output("cp /services/probe/probe /services/badexec/probe")
    board.started_line("badexec", mark)
    board.started_line("waiter", mark)
    board.ask("badexec", "hostname").ok()


@claim("board", "an exit tells its status and how long the service lived")
def exit_line(board):
    line = board.line("flaky", "^exited")
    expect(re.match(rf"exited with status 3 after [\d.]+ m?s{AGAIN}$", line.text), line)


@claim("board", "a fatal signal is told by its name")
def crash_line(board):
    mark = board.console.mark()
    board.ask("onfail", "crash")
    board.line("onfail", "^killed by SIGSEGV after", mark)
    board.started_line("onfail", mark)


def slow_starts(board, service):
    """How many of its runs were the stable ones that a slow board's first starts are
    taken for; after the last of them the back-off begins."""
    most = board.option(service, "RESTART_DELAY_MAX_MS")
    starts = board.console.all_lines(service, "^started")
    runs = zip(starts, board.console.all_lines(service, "^exited"))
    stable = [end.ms - start.ms + start_took_ms(start) >= most for start, end in runs]
    return max([stable.index(False) if False in stable else len(stable)] + [1]) - 1


@claim("board", "the back-off starts at RESTART_DELAY_MS, doubles, and ends at "
                "RESTART_DELAY_MAX_MS")
def backoff_grows(board):
    first = slow_starts(board, "flaky")
    lines = poll(lambda: board.console.all_lines("flaky", "^exited")[first:],
                 lambda lines: len(lines) >= 7, 100)
    expect_pauses(lines[:7], [100, 200, 400, 800, 1600, 1600, 1600])


@claim("board", "the pause that the console announces is kept")
def backoff_is_kept(board):
    lines = [line for line in board.console.all_lines("flaky", "^exited|^started")]
    pairs = [(end, start) for end, start in zip(lines, lines[1:])
             if end.text.startswith("exited")]
    expect(pairs, "no restart")
    for end, start in pairs:
        expect(start.text.startswith("started"), end, start)
        # Said when the program runs; seconds are told in tenths.  The end is told a little
        # after the clock was read for it.
        took, delay = start_took_ms(start), delay_ms(end)
        late = start.ms - took - end.ms - delay
        expect((-100 if max(took, delay) >= 1000 else -20) <= late < 700,
               f"{late} ms after the announced time:", end, start)


# On the board itself: from here each would take long enough for a stable run.
KILL_FOUR_TIMES = (
    "last=; for i in 1 2 3 4; do "
    'until pid=$(head -n1 /sys/fs/cgroup/svc/victim/cgroup.procs) && [ "$pid" ] && '
    '[ "$pid" != "$last" ] && pith wait -t 10 victim >/dev/null; do sleep 0.02; done; '
    "kill -9 $pid; last=$pid; done")


@claim("board", "kill -9 restarts a service, with a back-off that grows, and falls back after "
                "a stable run")
def kill_restarts(board):
    board.ask("victim", "hostname").ok()
    time.sleep(board.option("victim", "RESTART_DELAY_MAX_MS") / 1000)
    mark = board.console.mark()
    board.output(KILL_FOUR_TIMES, timeout=60)
    ends = poll(lambda: board.console.all_lines("victim", "^killed by SIGKILL", mark),
                lambda ends: len(ends) == 4, 50)
    expect_pauses(ends, [100, 200, 400, 800])
    board.wait_state("victim", "up")
    time.sleep(board.option("victim", "RESTART_DELAY_MAX_MS") / 1000 + 0.2)
    end, _ = board.kill_and_wait("victim")
    expect_pauses([end], [100])


@claim("board", "a restart keeps the network, user and UTS namespaces and the address, and "
                "makes the others anew")
def restart_keeps_sandbox(board):
    pid = board.pid("victim")
    before, address = board.namespaces(pid), board.ask("victim", "interfaces").ok().text
    # Held open by the shell: the kernel gives a free namespace's number away.
    board.output(f"exec 7</proc/{pid}/ns/ipc 8</proc/{pid}/ns/pid 9</proc/{pid}/ns/mnt")
    board.kill_and_wait("victim")
    after = board.namespaces(board.pid("victim"))
    board.output("exec 7<&- 8<&- 9<&-")
    for kind in KEPT:
        expect_equal(after[kind], before[kind], f"{kind} namespace")
    for kind in FRESH:
        expect(after[kind] != before[kind], f"{kind} namespace is the old one: {after[kind]}")
    expect_equal(board.ask("victim", "interfaces").ok().text, address, "interfaces")


@claim("board", "a TMPFS is empty after a restart")
def restart_empties_tmpfs(board):
    board.output(f"touch /proc/{board.pid('neighbour')}/root/tmp/left-behind")
    expect("left-behind" in board.ask("neighbour", "list /tmp").ok().text, "not made")
    board.kill_and_wait("neighbour")
    expect_equal(board.ask("neighbour", "list /tmp").ok().text, "", "left in /tmp")


@claim("board", "nothing of a service outlives its main process")
def nothing_outlives(board):
    board.ask("victim", "forkbomb 60000")
    old = board.control("victim", "cgroup.procs").split()
    expect(len(old) > 2, old)
    board.kill_and_wait("victim")
    now = board.control("victim", "cgroup.procs").split()
    expect(not set(old) & set(now), f"{old} before, {now} after")


@claim("board", "RESTART=no: a service that ended stays down")
def restart_no(board):
    line = board.line("once", "^exited with status 0")
    expect(not re.search(AGAIN, line.text), line)
    expect_equal(len(board.console.all_lines("once", "^started")), 1, "starts")
    expect("once" not in board.pids(), board.pids())


@claim("board", "RESTART=on-failure: an exit with 1 restarts a service, one with 0 does not")
def restart_on_failure(board):
    mark = board.console.mark()
    board.ask("onfail", "exit 1")
    board.line("onfail", "^exited with status 1.*" + AGAIN, mark)
    board.started_line("onfail", mark)
    mark = board.console.mark()
    board.ask("onfail", "exit 0")
    line = board.line("onfail", "^exited with status 0", mark)
    expect(not re.search(AGAIN, line.text), line)
    time.sleep(1)
    expect(not board.console.all_lines("onfail", "^started", mark), "it started again")
    expect("onfail" not in board.pids(), board.pids())
