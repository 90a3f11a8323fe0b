"""Why a service ended: on the console, in `pith why`, and for programs."""
import re
import time

from claims import claim, expect, expect_equal, poll

LIFE = r" after [\d.]+ (ms|s|min)"

# How many exits are kept of each service: init/state.h
KEPT = 8


def told(board, service, pattern, mark):
    """The line of the end, which `pith why` has as well, as the last one."""
    line = board.line(service, pattern, mark, timeout=20)
    last = board.exits(service)[0]
    expect(re.search(pattern, last["how"]), f"pith why: {last['how']}", line)
    expect(last["how"] in board.pith(f"why {service}"), board.pith(f"why {service}"))
    return line


def ask(request):
    return lambda board: board.ask("mortal", request)


def kill(board):
    board.output(f"kill -9 {board.pid('mortal')}")


def pith_kill(board):
    board.pith("kill -s KILL mortal")


CAUSES = [
    ("an exit with 0", ask("exit 0"), rf"^exited with status 0{LIFE}"),
    ("an exit with 1", ask("exit 1"), rf"^exited with status 1{LIFE}"),
    ("an exit with 64", ask("exit 64"), rf"^exited with status 64 \(EX_USAGE\){LIFE}"),
    ("an exit with 78", ask("exit 78"), rf"^exited with status 78 \(EX_CONFIG\){LIFE}"),
    ("an exit with 127", ask("exit 127"), rf"^exited with status 127 \(not found\){LIFE}"),
    ("a wild pointer", ask("crash"), rf"^killed by SIGSEGV{LIFE}"),
    # A PID 1 has no SIGABRT; libc then runs what the machine forbids.
    ("abort() of PID 1 inside", ask("abort"), rf"^killed by SIG(?:SEGV|ILL){LIFE}"),
    ("somebody's kill -9", kill, rf"^killed by SIGKILL{LIFE}: not by pith"),
    ("pith kill", pith_kill, rf"^killed by SIGKILL{LIFE}: sent by `pith kill`"),
]


@claim("board", "{} is told on the console, by pith why and in its JSON", each=CAUSES)
def cause(board, _, do, pattern):
    board.wait_state("mortal", "up")
    mark = board.console.mark()
    do(board)
    told(board, "mortal", pattern, mark)
    board.started_line("mortal", mark)


@claim("board", "a call that seccomp refused is told by its name")
def refused_call(board):
    board.wait_state("mortal", "up")
    mark = board.console.mark()
    board.ask("mortal", "sigsys").ok()
    board.line("mortal", rf"^killed by SIGSYS{LIFE}", mark)
    board.line("mortal", "seccomp refused.* mkdirat", mark)
    text = poll(lambda: board.pith("why mortal"), lambda text: "mkdirat" in text, 30)
    expect("seccomp refused mkdirat" in text, text)
    expect("mkdirat" in board.exits("mortal")[0]["how"], board.exits("mortal")[0])


@claim("board", "an OOM kill tells memory.max, the peak and how often it came to that")
def out_of_memory(board):
    limit = board.option("hog", "MEMORY_MAX")
    times = []
    for _ in range(2):
        board.wait_state("hog", "up")
        mark = board.console.mark()
        board.ask("hog", "hog")
        pattern = (rf"^killed by the OOM killer{LIFE}, at its memory.max of {limit} "
                   r"\(peak \S+, \d+(st|nd|rd|th) time\)")
        line = told(board, "hog", pattern, mark)
        times.append(int(re.search(r"(\d+)(st|nd|rd|th) time", line.text)[1]))
        board.started_line("hog", mark)
    expect(times[1] > times[0] > 0, times)


@claim("board", "a start that failed is told with its step and errno")
def failed_start(board):
    found = [e for e in board.exits("badexec") if e["how"].startswith("start failed")]
    if not found:       # it is mended, and ended often since
        found = [{"how": board.line("badexec", "^start failed").text}]
    expect(re.match("start failed: executing its program.*: Exec format error", found[0]["how"]),
           found[0])


@claim("board", "a missed watchdog is told by pith why")
def watchdog(board):
    board.wait_state("watched", "up")
    mark = board.console.mark()
    board.ask("watched", "notify WATCHDOG=trigger")
    told(board, "watched", rf"^killed by SIGKILL{LIFE}: no WATCHDOG=1", mark)


@claim("board", "that a service did not become ready in time is told by pith why")
def not_ready(board):
    board.wait_state("mute", "done", "off", timeout=20)
    mark = board.console.mark()
    board.pith("start --no-wait mute")
    told(board, "mute", rf"^killed by SIGKILL{LIFE}: no READY=1 within START_TIMEOUT_MS", mark)


@claim("board", "pith kill with a signal that ends the program is told as such")
def sent_signal(board):
    board.wait_state("parent", "up")
    mark = board.console.mark()
    board.pith("kill -s USR1 parent")
    told(board, "parent", rf"^killed by SIGUSR1{LIFE}: sent by `pith kill`", mark)
    board.started_line("parent", mark)


@claim("board", "a service that was killed for staying beyond STOP_TIMEOUT_MS tells that")
def stop_timeout(board):
    board.wait_state("stubborn", "up")
    mark = board.console.mark()
    board.pith("stop stubborn")
    line = board.line("stubborn", "STOP_TIMEOUT_MS", mark)
    expect(line.text.startswith("stopped: killed by SIGKILL after"), line)
    expect("STOP_TIMEOUT_MS" in board.exits("stubborn")[0]["how"], board.exits("stubborn")[0])
    board.pith("start stubborn")


@claim("board", "a service without a handler for STOP_SIGNAL tells that it was killed for it")
def unheard(board):
    board.wait_state("deaf", "up")
    board.pith("stop deaf")
    text = board.exits("deaf")[0]["how"]
    expect("no handler for SIGTERM" in text, text)
    board.pith("start deaf")


@claim("board", "an end that was asked for is told as a stop, not as a failure")
def asked_for(board):
    mark = board.console.mark()
    board.pith("stop neighbour")
    line = board.line("neighbour", "^stopped: exited with status 0", mark)
    expect("again" not in line.text, line)
    board.pith("start neighbour")
    board.ask("neighbour", "hostname").ok()


@claim("board", "the last eight exits of a service are kept, and no more")
def last_eight(board):
    for status in range(1, KEPT + 3):
        board.wait_state("mortal", "up")
        mark = board.console.mark()
        board.ask("mortal", f"exit {status}")
        board.line("mortal", f"^exited with status {status} ", mark)
    seen = [int(re.search(r"status (\d+)", e["how"])[1]) for e in board.exits("mortal")]
    expect_equal(seen, list(range(KEPT + 2, 2, -1)), "statuses that pith why tells")
    ends = [e["ended_ms"] for e in board.exits("mortal")]
    expect(ends == sorted(ends, reverse=True), ends)
    lines = re.findall(r"exited with status \d+", board.pith("why mortal"))
    expect_equal(len(lines), KEPT, "exits in words")


@claim("board", "pith why tells how long the pause is and when the service starts again")
def back_off(board):
    for _ in range(40):
        text = board.pith("why flaky")
        if re.search("^state: +backoff", text, re.M):
            break
        time.sleep(0.05)
    expect(re.search(r"starts again in [\d.]+ m?s", text), text)
    last = board.exits("flaky")[0]
    expect_equal(last["then"], "backoff", "what followed")
    expect(0 < last["for_ms"] <= board.option("flaky", "RESTART_DELAY_MAX_MS"), last)


@claim("board", "each exit has its time, its life time and its pid")
def exit_fields(board):
    board.wait_state("mortal", "up")
    pid = board.pid("mortal")
    board.output(f"kill -9 {pid}")
    board.wait_state("mortal", "up")
    last = board.exits("mortal")[0]
    expect_equal(last["pid"], pid, "pid")
    now_ms = float(board.read("/proc/uptime").split()[0]) * 1000
    expect(0 < now_ms - last["ended_ms"] < 30000, now_ms, last)
    expect(re.search(LIFE, last["how"]), last)
