"""What exec hands on to a service: what the table says, and nothing of PID 1's."""
import shlex

from claims import claim, expect, expect_equal
from services import O_RDWR, ROOT, USER, status_field


def birth(board, service):
    return board.ask(service, "birth").ok()


@claim("board", "a service's program has fds 0 to 2 and no other")
def descriptors(board):
    fds = dict(row.split(" ", 1) for row in birth(board, ROOT).values("fd"))
    expect_equal(sorted(fds), ["0", "1", "2"], "open at exec")
    expect_equal(fds["0"], "/dev/null", "standard input")
    expect(fds["1"].startswith("pipe:") and fds["1"] == fds["2"], fds)


@claim("board", "no signal is blocked, ignored or caught when a service's program starts")
def signals(board):
    text = birth(board, ROOT).text
    for field in ("SigBlk", "SigIgn", "SigCgt", "SigPnd", "ShdPnd"):
        expect_equal(status_field(text, field), ["0" * 16], field)


@claim("board", "a service's arguments are those of ARGV")
def arguments(board):
    words = shlex.split(board.option(ROOT, "ARGV"))
    expect_equal(birth(board, ROOT).values("argv"), words, "argv")
    expect("two words" in words, words)


@claim("board", "a service's environment is ENV with PATH and HOME, and nothing of the board's")
def environment(board):
    seen = dict(row.split("=", 1) for row in birth(board, ROOT).values("env"))
    given = dict(word.split("=", 1) for word in shlex.split(board.option(ROOT, "ENV")))
    expect_equal(set(seen), {*given, "PATH", "HOME"}, "variables")
    expect_equal({name: seen[name] for name in given}, given, "values")


@claim("board", "a service starts in WORKDIR")
def working_directory(board):
    for service in (ROOT, USER):
        expect_equal(birth(board, service).values("cwd"), [board.option(service, "WORKDIR") or "/"],
                     f"working directory of {service}")


@claim("board", "a service's host name is HOSTNAME, or its name")
def host_name(board):
    expect_equal(board.ask(ROOT, "hostname").ok().text.strip(), board.option(ROOT, "HOSTNAME"))
    expect_equal(board.ask(USER, "hostname").ok().text.strip(), USER)


@claim("board", "a service leads a session of its own")
def session(board):
    expect_equal(birth(board, ROOT).number("sid"), 1, "session")
    board.ask(ROOT, f"open /dev/tty {O_RDWR}").refused("ENXIO")


@claim("board", "umask, nice value and scheduling class of a service are the usual ones")
def usual_values(board):
    seen = birth(board, ROOT)
    expect_equal(status_field(seen.text, "Umask"), ["0022"], "umask")
    expect_equal((seen.number("nice"), seen.number("policy")), (0, 0), "nice and policy")
