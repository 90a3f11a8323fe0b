"""PID 1 outlives itself: it is hit by fatal signals, or asked to be executed anew."""
import re
import time

from claims import claim, expect, expect_equal, poll
from claims_hard import open_fds
from services import COME_AND_GO, steady

SIGNALS = ("SEGV", "BUS", "ILL", "FPE", "ABRT")

CRASHES = 100

# A second crash within one second is another matter: init/reexec.h
APART_S = 1.05


def last_number(board):
    return int(board.output("pith logs --plain -n 3 counter | grep count | tail -n 1").split()[1])


# From a number on: the gaps in the lines, and the last one.  Read on the board,
# whose console is slow.
GAPS = ("pith logs --plain counter | awk -v first=%d '$1 == \"count\" && $2 >= first "
        "{ if (n ? $2 != n + 1 : $2 != first) print \"gap:\", n, $2; n = $2 } END { print n }'")


def expect_no_gap(board, first):
    """From first on, each number is there once.  The last one."""
    text = board.output(GAPS % first)
    expect(re.fullmatch(r"\d+\n", text), f"counter's numbers from {first} on", text)
    return int(text)


def apart(board):
    """Waits until one more crash is not the second within a second."""
    time.sleep(max(0, getattr(board, "crashed", 0) + APART_S - time.monotonic()))


def crash(board, signal, before=""):
    """The line that tells it.  before: what is to be done right before it."""
    apart(board)
    mark = board.console.mark()
    board.output(f"{before} kill -{signal} 1")
    line = board.line("pith", f"was hit by SIG{signal}", mark)
    board.crashed = time.monotonic()
    return line


def remembered(board):
    """What only PID 1 knows of the services."""
    names = steady(board)
    return {name: (row["pid"], row["restarts"], row["state"], row["last_exit"])
            for name, row in board.rows().items() if name in names}


@claim("hard", "SIG{} to PID 1: it is executed anew and says so, and no service notices", each=SIGNALS)
def survives(board, signal):
    before, fds, first = remembered(board), open_fds(board), last_number(board)
    uptime = board.row("counter", 0)["uptime_ms"]
    line = crash(board, signal)
    expect(f"from process {board.output('echo $$').strip()}" in line.text, line)
    expect_equal(remembered(board), before, "pid, restarts, state, last exit")
    row = board.row("counter", 0)
    expect(row["uptime_ms"] > uptime, uptime, row)
    board.ask("probe", "hostname").ok()
    time.sleep(0.5)
    expect(expect_no_gap(board, first) > first + 3, f"no number after {first}")
    expect(open_fds(board) <= fds, f"open fds: {fds} before, {open_fds(board)} after")


@claim("hard", "a client that waits or follows goes on across a crash")
def clients_go_on(board):
    board.wait_state("victim", "up")
    board.output("pith logs -f -n 0 counter >/run/followed 2>&1 & echo $! >/run/follower; "
                 "(pith wait -t 30 --for down victim; echo $? >/run/waited) >/dev/null 2>&1 &")
    time.sleep(0.5)
    crash(board, "SEGV")
    count = len(board.read("/run/followed").splitlines())
    board.pith("stop victim")
    for _ in range(30):
        status, text = board.run("cat /run/waited")
        if status == 0 and len(board.read("/run/followed").splitlines()) > count + 3:
            break
        time.sleep(0.1)
    lines = board.read("/run/followed").splitlines()
    board.run("kill $(cat /run/follower); rm /run/follow* /run/waited")
    board.pith("start victim")
    expect_equal(text, "0\n", "status of pith wait")
    expect(len(lines) > count + 3, *lines[-5:])


@claim("hard", "a back-off that has begun goes on across a crash")
def back_off(board):
    # Its pauses are 1.6 s long by now.
    apart(board)
    end = board.line("flaky", r"^exited with status 3.*again in 1\.", board.console.mark())
    mark = board.console.mark()
    crash(board, "BUS")
    start = board.started_line("flaky", mark)
    pause = round(float(re.search(r"again in (\S+) s", end.text)[1]) * 1000)
    expect(start.ms - end.ms - pause >= -20, end, start)


@claim("hard", "what a service had to become, and who waits for it, is remembered")
def waits_go_on(board):
    board.wait_state("doomed", "failed")
    names = ("setup", "settled", "doomed", "bereft")
    before = {name: board.state(name) for name in names}
    mark = board.console.mark()
    crash(board, "ILL")
    expect_equal({name: board.state(name) for name in names}, before, "states")
    again = board.console.all_lines("doomed", "START_LIMIT", mark)
    expect(not again, "said again:", *again)
    board.output("touch /services/retry/pass /services/doomed/pass")
    board.pith("wait -t 10 --for finished retry")
    board.pith("wait -t 10 settled")
    board.pith("start doomed")
    board.pith("wait -t 10 bereft")


@claim("hard", "exits, events and logs from before a crash are still told after it")
def history(board):
    board.wait_state("mortal", "up")
    mark = board.console.mark()
    board.ask("mortal", "exit 78")
    board.line("mortal", "EX_CONFIG", mark)
    board.wait_state("mortal", "up")
    board.ask("bomb", "say 1 before the crash").ok()
    time.sleep(0.5)
    exits, events = board.exits("mortal"), board.events("mortal")[-3:]
    crash(board, "FPE")
    expect_equal(board.exits("mortal"), exits, "exits")
    seen = board.events("mortal")
    expect_equal([e for e in seen if e in events], events, "events")
    expect("before the crash" in board.pith("logs bomb"), board.pith("logs -n 5 bomb"))
    expect("was hit by SIGFPE" in board.pith("logs pith"), board.pith("logs -n 20 pith"))


@claim("hard", "a service that ends while PID 1 is executed anew is restarted by its policy")
def end_meanwhile(board):
    board.wait_state("victim", "up")
    old = board.pid("victim")
    mark = board.console.mark()
    crash(board, "SEGV", f"kill -9 {old};")
    board.started_line("victim", mark)
    expect(board.pid("victim") != old, "the same pid")
    end = board.row("victim")["last_exit"]
    expect(end.startswith(("killed by SIGKILL", "ended while pith")), end)
    board.wait_state("victim", "up")
    board.kill_and_wait("victim")


@claim("hard", "a notify socket and a watchdog work on after a crash")
def notify_goes_on(board):
    row = board.wait_state("watched", "up")
    crash(board, "ABRT")
    time.sleep(board.option("watched", "WATCHDOG_MS") / 1000 + 0.5)
    after = board.row("watched", 0)
    expect_equal((after["pid"], after["restarts"]), (row["pid"], row["restarts"]), "watched")
    board.ask("watched", "notify STATUS=after the crash").ok()
    time.sleep(0.5)
    expect_equal(board.row("watched", 0)["says"], "after the crash", "STATUS")
    mark = board.console.mark()
    board.ask("watched", "silence").ok()
    board.line("watched", "no WATCHDOG=1", mark, timeout=15)
    board.started_line("watched", mark)


# While PID 1 is hit: services that are killed, restarted, asked, and that print.
LOAD = ("while [ ! -e /run/enough ]; do "
        "kill -9 $(head -n1 /sys/fs/cgroup/svc/victim/cgroup.procs); pith restart neighbour; "
        "echo 'exit 1' | nc -w 2 10.77.0.118 7000; pith status; "
        "echo 'flood 60' | nc -w 2 10.77.0.104 7000; pith exec no-net /probe run hostname; "
        "sleep 0.2; done >/dev/null 2>&1 &")


@claim("hard", "a hundred crashes under load: every service keeps its pid, its log and its policy")
def hundred(board):
    churned = ("victim", "neighbour", "mortal", "bomb")
    steady(board)
    for name in churned:
        board.wait_state(name, "up", timeout=20)
    before = {n: r for n, r in remembered(board).items() if n not in churned}
    fds, memory, first = open_fds(board), board.anonymous_kb(), last_number(board)
    mark = board.console.mark()
    board.output("rm -f /run/enough; " + LOAD)
    apart(board)
    try:
        for i in range(0, CRASHES, 10):
            # Who answers was hit before: the second counts from then on.
            hits = " ".join(f"kill -{SIGNALS[n % 5]} 1; pith version >/dev/null; sleep {APART_S};"
                            for n in range(i, i + 10))
            board.output(hits, timeout=90)
            first = expect_no_gap(board, first)
    finally:
        board.output("touch /run/enough; wait", timeout=60)
    said = board.console.all_lines("pith", "was hit by SIG", mark)
    expect_equal(len(said), CRASHES, "lines that tell it")
    after = {n: r for n, r in remembered(board).items() if n not in churned}
    expect_equal(after, before, "pid, restarts, state, last exit")
    for name in churned:
        board.wait_state(name, "up", timeout=20)
        board.ask(name, "hostname").ok()
    time.sleep(0.5)
    expect_no_gap(board, first)
    now = poll(lambda: open_fds(board), lambda now: now <= fds + 2, 20)
    expect(now <= fds + 2, f"open fds: {fds} before, {now} after", board.output("ls -l /proc/1/fd"))
    expect(board.anonymous_kb() <= memory + 16, f"{memory} kB before, {board.anonymous_kb()} after")
    zombies = board.output("grep -l '^State:.Z' /proc/[0-9]*/status 2>/dev/null; true").split()
    expect(len(zombies) <= 1, zombies)


@claim("hard", "after all that the back-off grows and falls back as before")
def policy_holds(board):
    board.wait_state("victim", "up")
    time.sleep(board.option("victim", "RESTART_DELAY_MAX_MS") / 1000 + 0.3)
    pauses = []
    for _ in range(3):
        end, _ = board.kill_and_wait("victim")
        pauses.append(re.search(r"again in (\S+ m?s)", end.text)[1])
    expect(pauses[0].startswith(("100", "9")) and pauses[1].startswith(("200", "19")) and
           pauses[2].startswith(("400", "39")), pauses)


@claim("hard", "pith reexec executes the same /init anew, and no service notices")
def same_again(board):
    before, first = remembered(board), last_number(board)
    mark = board.console.mark()
    board.pith("reexec")
    board.line("pith", "takes over", mark)
    expect_equal(remembered(board), before, "pid, restarts, state, last exit")
    time.sleep(0.5)
    expect(expect_no_gap(board, first) > first, "counter stands still")
    board.kill_and_wait("victim")


# A newer /init: boots.py says in what its table differs

CHANGED, ADDED, REMOVED = "no-net", "zulu", "neighbour"


def taken_over(board):
    """Once for all claims: what was before, and the mark from which on it was different."""
    def do():
        for name in (CHANGED, REMOVED):
            board.wait_state(name, "up")
        # The image has no root for the service that it does not know.
        board.output(f"cp -a /services/victim /services/{ADDED}")
        size = len(board.next_init)
        board.output(f"head -c {size} /dev/vda >/next-init; chmod 755 /next-init")
        before = board.pids(), remembered(board), last_number(board), open_fds(board)
        mark = board.console.mark()
        answer = board.run("pith reexec /next-init")
        board.line("pith", "takes over", mark)
        return before, mark, answer
    return board.recorded("taken over", do)


@claim("hard", "pith reexec FILE exits with 0 once the newer /init has taken over")
def newer_answers(board):
    status, text = taken_over(board)[2]
    expect_equal(status, 0, f"status; it said: {text!r}")


@claim("hard", "a newer /init takes over in place: services whose row is the same don't notice")
def newer_unchanged(board):
    (pids, known, first, _), _, _ = taken_over(board)
    time.sleep(1)
    now = steady(board)
    same = {n: p for n, p in pids.items() if n not in (CHANGED, REMOVED, *COME_AND_GO)}
    expect_equal({n: now.get(n) for n in same}, same, "main processes")
    rows = board.rows()
    expect_equal({n: (rows[n]["restarts"], rows[n]["last_exit"]) for n in same},
                 {n: (known[n][1], known[n][3]) for n in same}, "restarts and last exit")
    expect_no_gap(board, first)
    board.ask("probe", "hostname").ok()


@claim("hard", "a newer /init takes over in place: a service whose row has changed is restarted by "
               "the new one")
def newer_changed(board):
    (pids, _, _, _), _, _ = taken_over(board)
    board.wait_state(CHANGED, "up")
    expect(board.pid(CHANGED) != pids[CHANGED], "the same pid")
    birth = board.ask(CHANGED, "birth").ok()
    expect("GENERATION=2" in birth.values("env"), birth.values("env"))


@claim("hard", "a newer /init takes over in place: a service that is new is started")
def newer_added(board):
    taken_over(board)
    board.pith(f"wait -t 10 {ADDED}")
    answer = board.output("echo hostname | nc -w 5 10.77.0.119 7000")
    expect_equal(answer, f"ok\n{ADDED}\n", "its answer")


@claim("hard", "a newer /init takes over in place: a service that is gone is ended, with its cgroup")
def newer_removed(board):
    (pids, _, _, _), mark, _ = taken_over(board)
    board.line(REMOVED, "not in this table", mark)
    left = poll(lambda: board.run(f"ls -d /sys/fs/cgroup/svc/{REMOVED} /proc/{pids[REMOVED]}")[1],
                lambda left: left.count("No such file") == 2, 30)
    expect(left.count("No such file") == 2, left)
    text = board.pith(f"status {REMOVED}", 4)
    expect("no service" in text, text)


@claim("hard", "a newer /init takes over in place: bridges and their addresses are its table's, and "
               "services whose row is the same are reached over theirs")
def newer_network(board):
    taken_over(board)
    seen = re.findall(r"inet (\S+) scope global (br0|lab)", board.output("ip addr"))
    expect_equal(sorted(seen), [("10.77.0.1/23", "br0"), ("10.79.0.1/24", "lab")], "addresses")
    address = board.option("probe", "ADDRESS")
    for to in (address, f"fd70:6974:6800::{int(address.split('.')[3]):x}"):
        text = board.output(f"ping -c 1 -W 3 {to}")
        expect(" 0% packet loss" in text, text)


@claim("hard", "a newer /init takes over in place: the older client speaks by its table")
def newer_client(board):
    taken_over(board)
    expect_equal(sorted(board.rows()), sorted({*board.services(), ADDED} - {REMOVED}), "services")
    board.pith("restart victim")
    board.ask("victim", "hostname").ok()
    expect("GENERATION=2" in board.pith(f"table {CHANGED}"), board.pith(f"table {CHANGED}"))


@claim("hard", "a newer /init takes over in place: supervision goes on under it, and it can crash too")
def newer_supervises(board):
    taken_over(board)
    board.wait_state("victim", "up")
    board.kill_and_wait("victim")
    before = board.pid("probe")
    crash(board, "SEGV")
    expect_equal(board.pid("probe"), before, "pid of probe")
    board.wait_state("victim", "up")
    board.kill_and_wait("victim")


# The last of the boot

def second_crash(board):
    def do():
        board.wait_state("chain-c", "up")
        apart(board)
        return board.shut_down("kill -SEGV 1; sleep 0.3; kill -SEGV 1", timeout=60)
    return board.recorded("second crash", do)


@claim("hard", "a second crash within a second reboots the board, and says so", last=True)
def twice(board):
    status, lines, _ = second_crash(board)
    expect_equal(status, 0, "QEMU's status")
    told = [line for line in lines if line.name == "pith"]
    expect(any("reboots" in line.text and "second" in line.text for line in told), *told)
    expect_equal(told[-1].text, "rebooting", "last line")


@claim("hard", "that reboot is an orderly one", last=True)
def orderly(board):
    _, lines, _ = second_crash(board)
    stopped = [line for line in lines if line.name == "chain-c" and
               "exited with status 0" in line.text]
    expect(stopped, *[line for line in lines if line.name][-20:])
    expect(not [line for line in lines if "panic" in line.raw], *lines[-10:])
