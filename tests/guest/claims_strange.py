"""Boots that are not as they should be: another PID 1 came first, words that
nobody knows are on the kernel's command line, hardware is missing."""
import re
import time

from claims import claim, expect, expect_equal
from claims_shutdown import expect_last_words, first
from services import status_field

USUAL = ("neighbour", "no-net", "victim", "chain-a", "stubborn", "hog")


# After another PID 1

@claim("strange", "/init that another PID 1 became starts every service as usual")
def usual_services(board):
    board.started_line("probe")
    expect(any("first: becoming /init" in line.raw for line in board.console.since(0)),
           "the other program did not run")
    for service in USUAL:
        board.started_line(service)
        expect(service in board.pids(), service)


@claim("strange", "the kernel was asked to hurry for the boot alone")
def hurried(board):
    expect_equal(board.read("/sys/kernel/rcu_expedited").strip(), "0", "rcu_expedited")


@claim("strange", "nothing of another PID 1's signals, umask, files and environment reaches a "
                  "service")
def nothing_inherited(board):
    birth = board.ask("probe", "birth").ok()
    for field in ("SigBlk", "SigIgn", "SigCgt"):
        expect_equal(status_field(birth.text, field), ["0" * 16], field)
    expect_equal(status_field(birth.text, "Umask"), ["0022"], "umask")
    fds = [row.split()[0] for row in birth.values("fd")]
    expect_equal(sorted(fds), ["0", "1", "2"], "open at exec")
    expect(not [row for row in birth.values("env") if "LEFT" in row or "LD_" in row],
           birth.values("env"))


@claim("strange", "nothing of another PID 1's {} reaches a service", each=[
    ("supplementary groups", lambda birth: status_field(birth.text, "Groups"), []),
    ("nice value", lambda birth: birth.values("nice"), ["0"]),
    ("timer slack", lambda birth: birth.values("timerslack"), ["50000"]),
    ("limit of open files", lambda birth: [
        row.split()[3:5] for row in birth.values("limit") if row.startswith("Max open files")],
     [["512", "512"]]),
])
def not_inherited(board, _, look, expected):
    expect_equal(look(board.ask("probe", "birth").ok()), expected)


@claim("strange", "words on the kernel's command line that nobody knows are ignored")
def unknown_words(board):
    expect("splines=reticulated" in board.read("/proc/cmdline"), "not on the command line")
    birth = board.ask("probe", "birth").ok()
    expect("splines" not in birth.text and "seven" not in birth.text, birth.text[:500])


@claim("strange", "another PID 1's child lives on, and is reaped when it ends")
def foreign_children(board):
    time.sleep(2)
    text = board.output("cat /proc/[0-9]*/stat 2>/dev/null; true")
    rows = [re.sub(r"\((.*)\)", lambda m: m[1].replace(" ", "_"), line).split()
            for line in text.splitlines()]
    mine = [row for row in rows if row[1] == "first" and row[3] == "1"]
    expect_equal([row[2] for row in mine], ["S"], "states of the program's children")


@claim("strange", "supervision works after another PID 1 that ignored SIGCHLD")
def supervises(board):
    board.ask("victim", "hostname").ok()
    board.kill_and_wait("victim")
    board.ask("victim", "hostname").ok()


def going_down(board):
    def do():
        board.ask("patient", "stay").ok()
        return board.shut_down("reboot")
    return board.recorded("down", do)


@claim("strange", "reboot reboots the machine, and says so last", last=True)
def reboots(board):
    status, lines, _ = going_down(board)
    expect_equal(status, 0, "QEMU's status")
    expect_last_words(lines, "rebooting", "Restarting system")


@claim("strange", "SHUTDOWN_TIMEOUT_S ends a shutdown that a service would hold up longer",
       last=True)
def shutdown_deadline(board):
    status, lines, took = going_down(board)
    limit = board.config["SHUTDOWN_TIMEOUT_S"]
    begun = min(line.ms for line in lines if line.name and "signal" in line.text)
    took = [line for line in lines if line.name][-1].ms - begun
    expect(board.option("patient", "STOP_TIMEOUT_MS") > limit * 1000, "the table gives it less")
    expect(limit * 1000 - 500 <= took <= limit * 1000 + 2500,
           f"{took} ms; SHUTDOWN_TIMEOUT_S is {limit}")


# Without a network card and a disk

@claim("bare", "a missing network card is said, and the board boots")
def no_card(board):
    for service in USUAL:
        board.started_line(service)
    # It may only be late: this is not said at once.
    said = board.console.wait_raw(f"uplink {board.config['UPLINK']}: there is no such interface", 20)
    expect(said, "nothing is said of the uplink", *board.console.since(0)[:20])


@claim("bare", "without a network card services reach each other")
def still_a_bridge(board):
    to = board.option("counter", "ADDRESS")
    answer = board.ask("probe", f"connect {to} 7000 hostname").ok()
    expect_equal(answer.lines[:2], ["ok", "counter"], "the other's answer")


@claim("bare", "a missing disk is said, and the service with a limit on it starts")
def no_disk(board):
    board.started_line("probe")
    lines = [line for line in board.console.since(0) if line.name and "/dev/vda" in line.text]
    expect(lines, "no line has /dev/vda")
    expect_equal(board.control("probe", "pids.max"), str(board.option("probe", "PIDS_MAX")))


@claim("bare", "ctrl-alt-del reboots in order", last=True)
def ctrl_alt_del(board):
    board.line("chain-c", "^serving$", timeout=30)
    mark = board.console.mark()
    board.machine.press("ctrl", "alt", "delete")
    status = board.machine.wait_exit(40)
    lines = board.console.since(mark)
    expect_equal(status, 0, "QEMU's status")
    first(lines, "chain-c", "exited with status 0")
    expect_last_words(lines, "rebooting", "Restarting system")
