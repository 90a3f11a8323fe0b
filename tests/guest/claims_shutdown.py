"""How a board goes down.  Its last claims: the machine is gone afterwards."""
import re
import time

from claims import claim, expect, expect_equal


def going_down(board):
    """Powers the board off, once for all claims."""
    return board.shut_down("poweroff")


def first(lines, name, pattern):
    found = [line for line in lines if line.name == name and re.search(pattern, line.text)]
    expect(found, f"no line '{name}: {pattern}' among:",
           *[line for line in lines if line.name == name])
    return found[0]


def expect_last_words(lines, pith, kernel):
    """pith's last line, and what the kernel then said that it does."""
    told = [line for line in lines if line.name]
    expect(told, "no line at all")
    expect_equal((told[-1].name, told[-1].text), ("pith", pith), "last line")
    expect(any(f"reboot: {kernel}" in line.raw for line in lines), f"no '{kernel}' of the kernel",
           *lines[-3:])


@claim("board", "poweroff powers the machine off, and says so last", last=True)
def powers_off(board):
    status, lines, _ = going_down(board)
    expect_equal(status, 0, "QEMU's status")
    expect_last_words(lines, "powering off", "Power down")


@claim("board", "a shutdown stops services in reverse order of AFTER", last=True)
def reverse_order(board):
    _, lines, _ = going_down(board)
    for later, earlier in (("chain-a", "chain-b"), ("chain-b", "chain-c")):
        ended = first(lines, later, "exited with status 0")
        asked = first(lines, earlier, "^stopping on signal")
        expect(ended.ms <= asked.ms, ended, asked)


@claim("board", "services that do not come after one another stop at the same time", last=True)
def in_parallel(board):
    _, lines, _ = going_down(board)
    asked = first(lines, "stubborn", "^staying").ms
    others = [first(lines, name, "^stopping on signal").ms
              for name in ("chain-a", "probe", "neighbour")]
    expect(all(abs(ms - asked) < 500 for ms in others), asked, others)


@claim("board", "a service is stopped with its STOP_SIGNAL", last=True)
def stop_signal(board):
    _, lines, _ = going_down(board)
    first(lines, "probe", "^stopping on signal 15$")
    first(lines, "neighbour", "^stopping on signal 3$")


@claim("board", "a service that stays is killed after its STOP_TIMEOUT_MS", last=True)
def stop_timeout(board):
    _, lines, _ = going_down(board)
    asked = first(lines, "stubborn", "^staying in spite of signal 15")
    killed = first(lines, "stubborn", "killed by SIGKILL")
    took = killed.ms - asked.ms
    limit = board.option("stubborn", "STOP_TIMEOUT_MS")
    # Long before the whole shutdown's time is over, on a slow board too.
    last = board.config["SHUTDOWN_TIMEOUT_S"] * 500
    expect(limit - 100 <= took < last, f"{took} ms; STOP_TIMEOUT_MS is {limit}")


@claim("board", "a service without a handler for STOP_SIGNAL is killed at once, and the log says "
                "why", last=True)
def deaf_is_killed(board):
    _, lines, took = going_down(board)
    told = [line for line in lines if line.name == "deaf"]
    expect(any("SIGTERM" in line.text and "handler" in line.text for line in told), *told)
    killed = first(lines, "deaf", "killed by SIGKILL")
    asked = first(lines, "stubborn", "^staying")
    expect(killed.ms - asked.ms < 500, killed, asked)


@claim("board", "every service that ran ends, and none starts again", last=True)
def all_end(board):
    _, lines, _ = going_down(board)
    for name in ("probe", "neighbour", "no-net", "stubborn", "deaf", "patient", "hog", "bomb",
                 "victim", "chain-a", "chain-b", "chain-c", "broker", "sensor", "web"):
        first(lines, name, "exited|killed by")
    begun = [i for i, line in enumerate(lines) if re.search("staying|stopping", line.raw)]
    late = [line for line in lines[begun[0]:] if line.text and line.text.startswith("started")]
    expect(not late, *late)


@claim("halt", "halt stops the services and halts the machine, which stays on", last=True)
def halts(board):
    # Before that line it has no handler for its STOP_SIGNAL yet.
    board.line("chain-c", "^serving$", timeout=30)
    mark = board.console.mark()
    board.shell.send("halt")
    board.line("pith", "^halting$", mark, timeout=20)
    time.sleep(1)
    expect(not board.machine.ended(), "QEMU has ended")
    lines = board.console.since(mark)
    first(lines, "chain-c", "exited with status 0")
    expect_last_words(lines, "halting", "System halted")
