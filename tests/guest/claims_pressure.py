"""Services that give way before the OOM killer must: on a board whose services want
more memory than it has."""
import json
import re

from claims import claim, expect, expect_equal, poll

# In the order in which they give way; the second cannot be frozen, it has a watchdog.
LOWEST, WATCHED, HIGHEST = "victim", "watched", "zulu"
GIVE_WAY = (LOWEST, WATCHED, HIGHEST)

# These do not.
STAYS, HOG = "neighbour", "hog"

SVC = "/sys/fs/cgroup/svc"

# What each of two that give way holds, in MB.
HELD = 20

NO_OOM = re.compile(r"^(oom|oom_kill|oom_group_kill) [1-9]", re.M)


def limit(board):
    return board.read(f"{SVC}/memory.high").strip()


def expect_no_oom(board):
    """Of any service: memory.events counts what is below as well."""
    events = board.read(f"{SVC}/memory.events")
    expect(not NO_OOM.search(events), events)
    status, text = board.run("dmesg | grep -i 'out of memory'")
    expect(status == 1, text)


def in_background(board, service, request, answer):
    """Asks the probe; what it answers is in the file, whenever it does."""
    board.output(f"(echo {request} | nc -w 60 {board.address(service)} 7000 >{answer} 2>&1 &)")


def wait_unmarked(board, service):
    """Until pressure has nothing to do with it any more."""
    board.output(f"until pith status {service} --json | grep -q '\"shed_mark\":null'; "
                 "do sleep 0.2; done", timeout=30)


def ladder(board, mark):
    """What PID 1 has done for pressure since mark, in its order."""
    return [line.text.removeprefix("memory pressure: ")
            for line in board.console.all_lines("pith", "^memory pressure: ", mark)]


@claim("pressure", "all services together are held to what is free at boot, less a reserve")
def limited(board):
    for service in board.services():
        board.wait_state(service, "up")
    free = int(re.search(r"MemFree: +(\d+)", board.read("/proc/meminfo"))[1]) * 1024
    used = int(board.read(f"{SVC}/memory.current"))
    high = int(limit(board))
    expect((free + used) // 2 < high < free + used, f"{high} of {free} free and {used} used")


# The lowest takes all memory by itself

# It is frozen for some seconds only, so what is asked then is asked on the board.
WHILE_FROZEN = "; ".join([
    f"until grep -q 'frozen 1' {SVC}/{LOWEST}/cgroup.events; do sleep 0.05; done",
    f"pith status {LOWEST} --json >/run/status; echo $? >/run/status.rc",
    f"pith why {LOWEST} --json >/run/why",
    f"pith exec {LOWEST} /probe >/run/exec 2>&1; echo $? >/run/exec.rc",
    "kill -SEGV 1",
    # It does not answer for a moment.
    f"until pith status {LOWEST} --json >/run/anew || [ $? != 5 ]; do sleep 0.05; done",
    f"cp {SVC}/{LOWEST}/cgroup.events /run/anew.events",
    f"kill -9 $(head -n1 {SVC}/{LOWEST}/cgroup.procs); echo $? >/run/killed"])


def freeze(board):
    def do():
        board.wait_state(LOWEST, "up")
        mark = board.console.mark()
        board.output(f"({WHILE_FROZEN}) >/dev/null 2>&1 & true")
        in_background(board, LOWEST, "hog", "/run/answer")
        board.line("pith", f"^memory pressure: {LOWEST} is frozen", mark, 20)
        poll(lambda: board.run("test -s /run/killed")[0], lambda status: status == 0, 100)
        return mark
    return board.recorded("frozen", do)


@claim("pressure", "who takes all memory is frozen first, if it is the lowest")
def frozen(board):
    mark = freeze(board)
    row = json.loads(board.read("/run/status"))
    expect_equal((row["state"], row["shed_mark"]), ("frozen", "frozen"), "state, mark")
    expect_equal(board.read("/run/status.rc"), "3\n", "status of pith status")
    expect_equal(ladder(board, mark)[0], f"{LOWEST} is frozen", ladder(board, mark))
    expect([e for e in board.events(LOWEST) if (e["from"], e["to"]) == ("up", "frozen")],
           board.events(LOWEST))


@claim("pressure", "pith why tells of a frozen service for want of what, pith exec leaves it alone")
def frozen_why(board):
    freeze(board)
    why = json.loads(board.read("/run/why"))["why"]
    expect(why.startswith("frozen for memory pressure"), why)
    expect_equal(board.read("/run/exec.rc"), "1\n", board.read("/run/exec"))
    expect("is frozen" in board.read("/run/exec"), board.read("/run/exec"))


@claim("pressure", "a PID 1 that is executed anew leaves frozen what is frozen")
def frozen_crash(board):
    mark = freeze(board)
    board.line("pith", "was hit by SIGSEGV", mark)
    expect_equal(json.loads(board.read("/run/anew"))["state"], "frozen", "state after a crash")
    expect("frozen 1" in board.read("/run/anew.events"), board.read("/run/anew.events"))


@claim("pressure", "a service that is killed while it is frozen begins anew thawed")
def frozen_killed(board):
    mark = freeze(board)
    board.line(LOWEST, "^killed by SIGKILL", mark)
    board.started_line(LOWEST, mark)
    expect("frozen 0" in board.control(LOWEST, "cgroup.events"), "it is frozen still")
    board.ask(LOWEST, "hostname").ok()


@claim("pressure", "the others live, PID 1 too, and no OOM killer came")
def others_live(board):
    freeze(board)
    board.ask(STAYS, "hostname").ok()
    board.ask(HIGHEST, "hostname").ok()
    expect_no_oom(board)


# One that does not give way takes more than is left

def shed_all(board):
    def do():
        freeze(board)
        board.wait_state(LOWEST, "up")
        before = {name: board.pid(name) for name in (STAYS, HOG)}
        for service in (LOWEST, HIGHEST):
            board.ask(service, f"shm {HELD}", timeout=20).ok()
        mark = board.console.mark()
        size = (int(limit(board)) >> 20) - HELD // 2
        in_background(board, HOG, f"shm {size}", "/run/hogged")
        board.line("pith", f"^memory pressure: {HIGHEST} is stopped", mark, 40)
        seen = poll(lambda: board.run("grep ok /run/hogged")[0], lambda status: status == 0, 200)
        expect_equal(seen, 0, "the hog has all that it wants")
        for service in GIVE_WAY:
            board.wait_state(service, "shed")
        return mark, before
    return board.recorded("shed", do)


@claim("pressure", "the lowest gives way first: frozen, then stopped; one with a watchdog is stopped")
def in_order(board):
    mark, _ = shed_all(board)
    expect_equal(ladder(board, mark), [
        f"{LOWEST} is frozen", f"{LOWEST} is stopped", f"{WATCHED} is stopped",
        f"{HIGHEST} is frozen", f"{HIGHEST} is stopped"], "what gave way")


@claim("pressure", "with them stopped the hog has what it wants: no OOM killer came")
def no_oom(board):
    _, before = shed_all(board)
    expect_no_oom(board)
    expect_equal({name: board.pid(name) for name in before}, before, "main processes")
    board.ask(STAYS, "hostname").ok()


@claim("pressure", "pith status, why and events tell who was stopped for memory pressure")
def told(board):
    shed_all(board)
    row = board.row(HIGHEST)
    expect_equal((row["state"], row["shed_mark"]), ("shed", "stopped"), "state, mark")
    expect("stopped for memory pressure" in row["last_exit"], row["last_exit"])
    why = board.pith_json(f"why {HIGHEST}")["why"]
    expect(re.search(r"^stopped for memory pressure; comes back .*of the 2\d(\.\d)?M", why), why)
    expect_equal([board.rows()[name]["state"] for name in GIVE_WAY], ["shed"] * 3, "states")


@claim("pressure", "pith status NAME tells what the kernel has counted")
def counted(board):
    shed_all(board)
    row, events = board.row(HOG), dict(
        line.split() for line in board.control(HOG, "memory.events").splitlines())
    expect_equal({key: str(value) for key, value in row["memory_events"].items()},
                 {key: events[key] for key in row["memory_events"]}, "memory.events")
    stalls = [row["pressure"][f"{what}_percent"] for what in ("cpu", "memory", "io")]
    expect(None not in stalls and stalls[1] > 0, row["pressure"])
    expect(row["peak_bytes"] >= row["memory_bytes"] > 0, row["peak_bytes"], row["memory_bytes"])
    top = {row["name"]: row for row in board.pith_json("top -n 1")}
    expect(top[HOG]["stall_percent"] is not None, top[HOG])


@claim("pressure", "pith table tells who gives way, in which order")
def table(board):
    value = board.pith_json("table")
    expect_equal(value["shed"], list(GIVE_WAY), "shed")
    shed = {row["name"]: row["shed"] for row in value["services"]}
    expect_equal(shed, {name: board.option(name, "SHED") or 0 for name in shed}, "SHED")


@claim("pressure", "a crash of PID 1 changes nothing of what was shed")
def crash_while_shed(board):
    shed_all(board)
    before = {name: row["state"] for name, row in board.rows().items()}
    high, mark = limit(board), board.console.mark()
    board.output("kill -SEGV 1")
    board.line("pith", "was hit by SIGSEGV", mark)
    expect_equal({name: row["state"] for name, row in board.rows().items()}, before, "states")
    expect_equal(limit(board), high, "memory.high")


@claim("pressure", "an operator's start and stop win over pressure")
def operator_wins(board):
    shed_all(board)
    board.pith(f"stop {LOWEST}")
    expect_equal(board.state(LOWEST), "off", "state")
    board.pith(f"start {WATCHED}")
    row = board.row(WATCHED)
    expect_equal(row["state"], "up", "state")
    expect(row["shed_mark"].startswith("spared"), row["shed_mark"])


def come_back(board):
    def do():
        operator_wins(board)
        mark = board.console.mark()
        board.pith(f"restart {HOG}")
        board.line("pith", f"^memory pressure: {HIGHEST} comes back", mark, 20)
        board.wait_state(HIGHEST, "up")
        wait_unmarked(board, WATCHED)
        return mark
    return board.recorded("back", do)


@claim("pressure", "when the pressure has gone they come back, but what an operator stopped")
def back(board):
    mark = come_back(board)
    expect_equal(ladder(board, mark), [f"{HIGHEST} comes back"], "who came back")
    board.ask(HIGHEST, "hostname").ok()
    expect_equal(board.state(LOWEST), "off", f"state of {LOWEST}")
    board.pith(f"start {LOWEST}")


# And without end

@claim("pressure", "with nobody left to give way it is the OOM killer's turn, not a standstill")
def lifted(board):
    come_back(board)
    mark = board.console.mark()
    in_background(board, HOG, "hog", "/run/answer")
    board.line("pith", "^memory pressure: nothing is left", mark, 30)
    board.line(HOG, "^killed by the OOM killer.* no memory left", mark, 30)
    expect_equal(limit(board), "max", "memory.high")
    board.ask(STAYS, "hostname").ok()


def once_frozen(board, service, command):
    """Lets the service take all memory, and gives the command when it is frozen."""
    return (f"(echo hog | nc {board.address(service)} 7000 >/dev/null 2>&1 &); "
            f"until grep -q 'frozen 1' {SVC}/{service}/cgroup.events; do sleep 0.05; done; {command}")


@claim("pressure-end", "a frozen service that an operator restarts is thawed, stopped and started")
def frozen_restart(board):
    board.wait_state(LOWEST, "up")
    mark = board.console.mark()
    board.output(once_frozen(board, LOWEST, f"pith restart {LOWEST}"), timeout=30)
    board.line(LOWEST, "^exited with status 0", mark)
    board.started_line(LOWEST, mark)
    board.ask(LOWEST, "hostname").ok()


@claim("pressure-end", "a shutdown thaws what is frozen, so that it ends as it is asked to",
       last=True)
def shut_down(board):
    board.wait_state(HIGHEST, "up")
    status, lines, _ = board.shut_down(once_frozen(board, HIGHEST, "pith poweroff"))
    expect_equal(status, 0, "QEMU's status")
    ends = [line for line in lines if line.name == HIGHEST and "stopped: " in line.text]
    expect(ends and "exited with status 0" in ends[-1].text, *ends)


@claim("no-psi", "a kernel that tells of no pressure is said, once, and holds nobody back")
def no_psi(board):
    for service in board.services():
        board.wait_state(service, "up")
    lines = board.console.all_lines("pith", "^memory pressure is not told")
    expect_equal(len(lines), 1, [str(line) for line in lines])
    expect_equal(limit(board), "max", "memory.high")
