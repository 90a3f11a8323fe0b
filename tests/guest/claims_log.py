"""What services print: where it goes, and whom it can hold up."""
import re
import time

from claims import claim, expect, expect_equal
from claims_network import ask_from_outside


@claim("board", "a line on {} appears on the console with time and name", each=[
    ("standard output", 1), ("standard error", 2)])
def line_on_console(board, _, fd):
    mark = board.console.mark()
    board.ask("probe", f"say {fd} twelve words of the probe's own").ok()
    line = board.line("probe", "^twelve words of the probe's own$", mark)
    expect(line.ms and re.match(r"\[ *\d+\.\d{3}\] probe: ", line.raw), line.raw)


@claim("board", "without LOG_CONSOLE a service's lines stay off the console")
def line_not_on_console(board):
    mark = board.console.mark()
    board.ask("bomb", "say 1 never to be seen").ok()
    board.ask("probe", "say 1 after it").ok()
    board.line("probe", "^after it$", mark)
    expect(not board.console.all_lines("bomb", "never to be seen", mark), "it was shown")


@claim("board", "what is written in parts is one line, and two lines in one write are two")
def lines_are_cut_at_newlines(board):
    mark = board.console.mark()
    board.ask("probe", r"say 1 one\ntwo").ok()
    board.line("probe", "^one$", mark)
    board.line("probe", "^two$", mark)


@claim("board", "bytes that would steer the terminal are not passed on")
def no_escapes(board):
    mark = board.console.mark()
    board.ask("probe", r"say 1 \x1b[2Jbright\x07\x9bdark").ok()
    board.line("probe", "bright", mark)
    raw = "".join(line.raw for line in board.console.since(mark))
    expect("\x1b" not in raw and "\x07" not in raw and "\x9b" not in raw, repr(raw))


@claim("board", "a line that is too long is cut, and the cut is marked")
def long_line(board):
    mark = board.console.mark()
    board.ask("probe", "longline 5000").ok()
    line = board.line("probe", "^xxxx", mark)
    letters = re.match("x+", line.text)[0]
    expect(80 <= len(letters) < 5000, f"{len(letters)} letters shown")
    expect(len(line.text) > len(letters), f"no mark after {len(letters)} letters")
    board.ask("probe", "say 1 the next line").ok()
    board.line("probe", "^the next line$", mark)


@claim("board", "a service that floods its output holds up nobody else, and each of its lines is "
                "shown or counted as dropped")
def flood(board):
    mark = board.console.mark()
    board.ask("probe", "flood 3000", timeout=60).ok()
    board.ask("neighbour", "hostname").ok()
    time.sleep(0.5)     # what the console still holds, and its last count
    said = 3000
    for _ in range(20):
        board.ask("probe", "say 1 after the flood").ok()
        said += 1
        if board.console.wait_line("probe", "^after the flood$", 0.5, mark):
            break
    shown = len(board.console.all_lines("probe", r"^flood \d+ \.+$|^after the flood$", mark))
    dropped = sum(int(re.search(r"(\d+) lines", line.text)[1]) for line in
                  board.console.all_lines("pith", "lines did not fit", mark))
    expect(shown > 20, f"{shown} lines are shown")
    expect_equal(shown + dropped, said, "lines shown and counted as dropped")


@claim("board", "a console that takes nothing (ctrl-S) stops no service and no restart")
def stopped_console(board):
    board.ask("probe", "hostname").ok()
    before = board.pid("probe")
    mark = board.console.mark()
    board.machine.type("\x13")
    try:
        time.sleep(0.3)
        # Over the uplink, since the console is closed to us as well.
        for _ in range(2):
            ask_from_outside(board, 7070, "flood 400", timeout=30)
        ask_from_outside(board, 7070, "exit 5")
        ends = time.monotonic() + 15
        answer = ""
        while not answer and time.monotonic() < ends:
            time.sleep(0.2)
            try:
                answer = ask_from_outside(board, 7070, "hostname")
            except OSError:
                pass
    finally:
        board.machine.type("\x11")
    expect_equal(answer, "ok\nsounder\n", "the restarted service's answer")
    expect(board.pid("probe") != before, "it was not restarted")
    board.ask("probe", "say 1 the console is back").ok()
    board.line("probe", "^the console is back$", mark)
