"""What PID 1 withstands from its clients and its services, all at once."""
import time

from claims import claim, expect, expect_equal, poll
from claims_logs import dropped_lines
from services import steady

CLIENTS = 1000


def open_fds(board):
    """Of PID 1, between two restarts of those that come and go on their own: those that
    could pile up.  The services' have a number each, from 128 on (init/fds.h)."""
    text = board.output("for i in 1 2 3 4 5 6; do ls /proc/1/fd 2>/dev/null | awk '$1 < 128' | wc -l; "
                        "sleep 0.05; done")
    return min(map(int, text.split()))


def goes_on(board, before, fds):
    """PID 1 answers, supervises, and holds no more than it did."""
    expect_equal(board.peer(f"ask {board.control_socket()}")["result"], "0", "answer")
    board.wait_state("victim", "up")
    board.kill_and_wait("victim")
    expect_equal(steady(board, "victim"), {n: p for n, p in before.items() if n != "victim"},
                 "main processes")
    for _ in range(10):
        now = open_fds(board)
        if now <= fds:
            return
    expect(False, f"open fds: {fds} before, {now} after")


@claim("hard", "1,000 clients at the same time are all answered")
def crowd(board):
    before, fds = steady(board), open_fds(board)
    seen = board.peer(f"crowd {CLIENTS} pith status", timeout=150)
    expect_equal(seen, {"made": str(CLIENTS), "status": f"0: {CLIENTS}"}, "how they ended")
    goes_on(board, before, fds)


@claim("hard", "garbage on its socket neither ends PID 1 nor costs it anything")
def garbage(board):
    before, fds, memory = steady(board), open_fds(board), board.anonymous_kb()
    socket = board.control_socket()
    for seed in (1, 2, 3):
        board.peer(f"noise {socket} 100 {seed}", timeout=60)
    goes_on(board, before, fds)
    expect(board.anonymous_kb() <= memory + 16, f"{memory} kB before, {board.anonymous_kb()} after")


@claim("hard", "connections that say nothing keep nobody else out for long")
def mutes(board):
    before, fds = steady(board), open_fds(board)
    socket = board.control_socket()
    # Each may be silent for a second, and there are places for 32: init/controls.c
    board.output(f"/services/probe/peer mutes {socket} 64 8000 >/run/mutes 2>&1 &")
    for _ in range(20):
        board.pith("why victim")
    board.output("wait")
    expect("open 64" in board.read("/run/mutes"), board.read("/run/mutes"))
    goes_on(board, before, fds)


@claim("hard", "clients that wait or follow go on while others come and go")
def watchers(board):
    before, fds = steady(board), open_fds(board)
    board.output("for i in 1 2 3 4 5 6 7 8; do pith logs -f -n 0 bomb >/run/watch-$i 2>&1 & "
                 "echo $!; done >/run/watchers")
    time.sleep(0.5)
    board.peer("crowd 100 pith why flaky", timeout=60)
    board.ask("bomb", "say 1 to all who listen").ok()
    try:
        text = poll(lambda: board.output("cat /run/watch-*"),
                    lambda text: text.count("to all who listen") == 8, 30)
        expect_equal(text.count("to all who listen"), 8, "clients that heard it")
    finally:
        board.run("kill $(cat /run/watchers); rm /run/watch*")
    goes_on(board, before, fds)


@claim("hard", "while one service floods its log, another is restarted in time, and PID 1 does not "
               "grow")
def flood(board):
    before = steady(board)
    board.wait_state("victim", "up")
    memory = board.anonymous_kb()
    board.ask("flooder", "torrent 12000").ok()
    for _ in range(4):
        board.kill_and_wait("victim")
    board.ask("probe", "hostname").ok()
    during = board.anonymous_kb()
    # A flood has a buffer of 64 KiB, which goes when it is over.
    expect(during <= memory + 80, f"{memory} kB before, {during} kB during it")
    after = poll(board.anonymous_kb, lambda kb: kb <= memory + 16, 200)
    expect(after <= memory + 16, f"{memory} kB before, {after} kB after")
    dropped = poll(lambda: dropped_lines(board, "flooder"), lambda dropped: dropped > 1000, 160)
    expect(dropped > 1000, f"{dropped} lines dropped")
    expect_equal(steady(board, "victim"), {n: p for n, p in before.items() if n != "victim"},
                 "main processes")


@claim("hard", "with a full table of processes PID 1 answers its clients, and recovers afterwards")
def full_table(board):
    before, fds = steady(board), open_fds(board)
    board.wait_state("victim", "up")
    mark = board.console.mark()
    seen = board.peer(f"full {board.control_socket()} 700 {board.pid('victim')} pith status",
                      timeout=60)
    expect(int(seen["made"]) > 50, seen)
    expect_equal({key: seen[key] for key in ("before", "after", "program", "killed", "still")},
                 {"before": "0", "after": "0", "program": "0", "killed": "0", "still": "0"},
                 "answers over an old and a new connection, a client's status, kill, an answer")
    end = board.line("victim", "^killed by SIGKILL", mark)
    board.started_line("victim", board.console.lines.index(end), timeout=20)
    goes_on(board, before, fds)


@claim("hard", "the clock jumping ten years moves no time-out, and neither client nor log is misled")
def clock(board):
    before = steady(board)
    row = board.row("watched", 0)
    board.output('now=$(date +%s); echo $now >/run/now; date -s "@$((now + 315360000))"')
    uptimes = [board.row("counter", 0)["uptime_ms"]]
    time.sleep(1)
    board.output('now=$(cat /run/now); date -s "@$((now - 315360000))"')
    time.sleep(1)
    uptimes.append(board.row("counter", 0)["uptime_ms"])
    # The watchdog, a back-off and a waiting client all go by the other clock.
    board.pith("wait -t 1 --for down counter", 3)
    time.sleep(board.option("watched", "WATCHDOG_MS") / 1000)
    board.output('date -s "@$(cat /run/now)"')
    expect(1500 < uptimes[1] - uptimes[0] < 15000, uptimes)
    after = board.row("watched", 0)
    expect_equal((after["pid"], after["restarts"]), (row["pid"], row["restarts"]), "watched")
    expect_equal(steady(board), before, "main processes")
