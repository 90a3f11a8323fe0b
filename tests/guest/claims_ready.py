"""When a service counts as ready, as done, as lost: TYPE, READY, the watchdog,
START_LIMIT and INIT."""
import time

from claims import claim, expect, expect_equal, poll

# The files by which a claim heals what fails without them.
PASS = "/services/{}/pass"


def heal(board, service):
    board.output("touch " + PASS.format(service))


# Oneshots

@claim("board", "TYPE=oneshot: a service that exits with 0 is finished, and is not started again")
def oneshot_finishes(board):
    row = board.wait_state("setup", "finished")
    expect_equal(row["restarts"], 0, "restarts")
    expect("setup" not in board.pids(), board.pids())


@claim("board", "TYPE=oneshot: one that fails is tried again, and what comes AFTER waits for it to "
                "be done")
def oneshot_retries(board):
    board.line("retry", r"^exited with status 1.*; again in")
    row = board.row("settled", 3)
    expect_equal(row["state"], "waiting", "state")
    text = board.pith("status settled", 3)
    expect("retry" in text and "pass" not in text, text)
    heal(board, "retry")
    board.pith("wait --for finished -t 20 retry")
    board.pith("wait -t 10 settled")
    done = [e for e in board.events("retry") if e["to"] == "finished"]
    start = [e for e in board.events("settled") if e["to"] == "starting"]
    expect(done and start and done[0]["time_ms"] <= start[0]["time_ms"], done, start)


# Notify

@claim("board", "READY=notify: a service is up once it said READY=1, and its STATUS= is shown")
def notify_ready(board):
    board.pith("restart watched")
    board.pith("wait -t 20 watched")
    expect_equal(board.row("watched", 0)["says"], "listening", "STATUS")
    expect("listening" in board.pith("status watched"), board.pith("status watched"))
    states = [e["to"] for e in board.events("watched")]
    expect_equal(states[-3:], ["starting", "readying", "up"], "states")


@claim("board", "what a service said is heard when the process that said it has ended")
def notify_from_the_dead(board):
    board.ask("watched", "notify STATUS=a last word").ok()
    says = poll(lambda: board.row("watched", 0)["says"], lambda says: says == "a last word", 50)
    expect(says == "a last word", f"says: {says}")


@claim("board", "NOTIFY_SOCKET and WATCHDOG_USEC are in the environment of a service that has them, "
                "and of no other")
def notify_environment(board):
    seen = dict(row.split("=", 1) for row in board.ask("watched", "birth").ok().values("env"))
    expect_equal(seen.get("WATCHDOG_USEC"), str(board.option("watched", "WATCHDOG_MS") * 1000))
    socket = seen.get("NOTIFY_SOCKET", "")
    row = board.ask("watched", f"stat {socket}").ok().lines[0].split()
    expect(row[1].startswith("s"), row)
    board.ask("probe", f"stat {socket}").refused("ENOENT")
    other = board.ask("probe", "birth").ok().text
    expect("NOTIFY_SOCKET" not in other and "WATCHDOG" not in other, other[:800])


@claim("board", "a service that says neither READY=1 nor anything else is ended after "
                "START_TIMEOUT_MS, and that is told")
def never_ready(board):
    line = board.line("mute", "START_TIMEOUT_MS", timeout=20)
    expect(line.text.startswith("killed by SIGKILL after"), line)
    board.wait_state("mute", "done")
    board.pith("wait -t 5 mute", 3)


@claim("board", "EXTEND_TIMEOUT_USEC gives a service more time to become ready, and READY=1 ends "
                "the wait")
def extended(board):
    board.wait_state("mute", "done", timeout=20)
    limit_ms = board.option("mute", "START_TIMEOUT_MS")
    mark = board.console.mark()
    board.pith("start --no-wait mute")
    board.ask("mute", "notify EXTEND_TIMEOUT_USEC=20000000").ok()
    time.sleep(limit_ms / 1000 + 0.7)
    expect_equal(board.state("mute"), "readying", "state after START_TIMEOUT_MS")
    board.ask("mute", "notify READY=1").ok()
    board.wait_state("mute", "up")
    board.pith("stop mute")
    expect(not board.console.all_lines("mute", "START_TIMEOUT_MS", mark), "it was timed out")


@claim("board", "messages that no sd_notify would send are ignored")
def strange_messages(board):
    before = board.pid("watched")
    for text in (r"\x00\x00", "=", "READY=0", "WATCHDOG=never", "EXTEND_TIMEOUT_USEC=-1",
                 "EXTEND_TIMEOUT_USEC=99999999999999999999999", "FDSTORE=1", "MAINPID=1",
                 r"\xff\xfe=\n\n\n", "STATUS=" + "x" * 400, "ERRNO=5", r"STATUS=\x1b[2J\x07bell"):
        board.ask("watched", "notify " + text).ok()
    row = board.wait_state("watched", "up")
    expect_equal(row["pid"], before, "pid")
    text = board.pith("status watched")
    expect("\x1b" not in text and "\x07" not in text, repr(text))


# The watchdog

@claim("board", "WATCHDOG_MS: a service that falls silent is killed and started again, and the log "
                "says so")
def watchdog(board):
    limit = board.option("watched", "WATCHDOG_MS")
    board.wait_state("watched", "up")
    mark = board.console.mark()
    board.ask("watched", "silence").ok()
    line = board.line("watched", "no WATCHDOG=1 within WATCHDOG_MS", mark,
                      timeout=limit / 1000 + 10)
    expect(line.text.startswith("killed by SIGKILL after"), line)
    board.started_line("watched", mark)
    board.wait_state("watched", "up")


@claim("board", "WATCHDOG=trigger is taken as a miss at once")
def watchdog_trigger(board):
    board.wait_state("watched", "up")
    mark = board.console.mark()
    board.ask("watched", "notify WATCHDOG=trigger")
    board.line("watched", "WATCHDOG", mark, timeout=3)
    board.wait_state("watched", "up")


@claim("board", "a service that says WATCHDOG=1 in time is left alone")
def watchdog_fed(board):
    row = board.wait_state("watched", "up")
    time.sleep(board.option("watched", "WATCHDOG_MS") / 1000 + 1)
    after = board.row("watched", 0)
    expect_equal((after["pid"], after["restarts"]), (row["pid"], row["restarts"]), "pid, restarts")


# The start limit

@claim("board", "START_LIMIT: a service that used up its starts is failed, and that is said once")
def start_limit(board):
    limit = board.option("doomed", "START_LIMIT")
    row = board.wait_state("doomed", "failed")
    expect_equal(row["restarts"], limit - 1, "restarts")
    expect_equal(len(board.console.all_lines("doomed", "^exited with status 1")), limit, "ends")
    time.sleep(1)
    said = board.console.all_lines("doomed", "START_LIMIT")
    expect(len(said) == 1, *said)


@claim("board", "what comes AFTER a failed service waits, and says on whom")
def waits_for_failed(board):
    board.wait_state("doomed", "failed")
    line = board.line("bereft", "doomed")
    expect("wait" in line.text, line)
    expect_equal(board.row("bereft", 3)["state"], "waiting", "state")
    expect("doomed" in board.pith("status bereft", 3), board.pith("status bereft", 3))
    expect("doomed" in board.pith("why bereft"), board.pith("why bereft"))
    board.pith("wait -t 2 bereft", 3)


@claim("board", "a restart by hand begins the count of starts anew, and what waited starts")
def limit_is_reset(board):
    board.wait_state("doomed", "failed", "up")
    if board.state("doomed") == "failed":
        board.run("pith restart doomed")     # it fails as before, three times more
        board.wait_state("doomed", "failed")
        expect_equal(len(board.console.all_lines("doomed", "^exited with status 1")),
                     2 * board.option("doomed", "START_LIMIT"), "ends")
        expect_equal(board.row("bereft", 3)["state"], "waiting", "state of bereft")
    heal(board, "doomed")
    board.pith("start doomed")
    board.wait_state("doomed", "up")
    board.pith("wait -t 10 bereft")
    board.ask("bereft", "hostname").ok()


# INIT, and services without it

@claim("board", "INIT: the program is not PID 1 inside, and orphans are the reaper's")
def reaper_is_pid_1(board):
    birth = board.ask("parent", "birth").ok()
    expect_equal(birth.number("ppid"), 1, "parent of the program")
    expect_equal(board.ask("parent", "orphan 300").ok().number("ppid"), 1, "parent of an orphan")
    name = board.ask("parent", "read /proc/1/comm").ok().text
    expect("probe" not in name, name)


@claim("board", "INIT: what is orphaned inside is reaped")
def reaper_reaps(board):
    before = board.control("parent", "pids.current")
    board.ask("parent", "orphans 40", timeout=40).ok()
    after = poll(lambda: board.control("parent", "pids.current"),
                 lambda after: after == before, 30)
    expect_equal(after, before, "pids.current")


@claim("board", "INIT: the reaper has no privilege that the program has not")
def reaper_is_confined(board):
    for process in ("1", "self"):
        text = board.ask("parent", f"read /proc/{process}/status").ok().text
        fields = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
        for field in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
            expect_equal(fields[field].strip(), "0" * 16, f"{field} of {process}")
        expect_equal(fields["NoNewPrivs"].strip(), "1", f"NoNewPrivs of {process}")


@claim("board", "INIT: STOP_SIGNAL ends a program without a handler at once")
def reaper_forwards(board):
    mark = board.console.mark()
    board.pith("stop parent")
    line = board.line("parent", "^stopped: ", mark)
    expect(line.text.startswith("stopped: killed by SIGTERM after"), line)
    board.pith("start parent")
    board.ask("parent", "hostname").ok()


@claim("board", "INIT: what the program exits with is what is told")
def reaper_passes_status(board):
    mark = board.console.mark()
    board.ask("parent", "exit 9")
    board.line("parent", "^exited with status 9 ", mark)
    board.started_line("parent", mark)


@claim("board", "zombies inside a service are counted and shown")
def zombies(board):
    board.ask("bomb", "hostname").ok()
    expect_equal(board.row("bomb", 0)["zombies"], 0, "zombies before")
    board.ask("bomb", "zombies 5").ok()
    time.sleep(0.3)
    expect_equal(board.row("bomb", 0)["zombies"], 5, "zombies")
    expect("zombie" in board.pith("status bomb").lower(), board.pith("status bomb"))
    board.kill_and_wait("bomb")
    expect_equal(board.row("bomb", 0)["zombies"], 0, "zombies of the next run")


# On the board with a watchdog: a real client of sd_notify(3)

@claim("dog-frozen", "systemd-notify makes a service ready, and ends well")
def systemd_notify(board):
    board.pith("wait -t 30 notifier")
    board.line("notifier", "systemd-notify ended with status 0", timeout=20)
    row = board.row("notifier", 0)
    expect("serving since" in row["says"], row["says"])


@claim("dog-frozen", "a service is up when systemd-notify said so, and not before")
def systemd_notify_order(board):
    said = board.line("notifier", "^notifier: before$", timeout=30)
    ready = board.line("notifier", "^ready after", timeout=30)
    expect(ready.ms - said.ms >= 900, said, ready)
    states = [e["to"] for e in board.events("notifier")]
    expect_equal(states[-3:], ["starting", "readying", "up"], "states")
