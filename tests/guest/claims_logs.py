"""What is kept of what services print, and how it is got at."""
import base64
import re
import time

from claims import claim, expect, expect_equal, poll


def last_lines(board, service, count):
    return board.pith_lines(f"logs -n {count} {service}")


def wait_log(board, service, text, command="logs -n 5"):
    """The last lines, once the text is among them: a line takes its time."""
    seen = poll(lambda: board.pith(f"{command} {service}"), lambda seen: text in seen, 30)
    expect(text in seen, f"no '{text}' in:", seen)
    return seen


@claim("board", "pith logs has a service's lines, also those that never were on the console")
def kept(board):
    board.ask("bomb", "say 1 kept in the ring").ok()
    text = wait_log(board, "bomb", "kept in the ring")
    expect(re.search(r"^\[ *\d+\.\d{3}\] bomb: kept in the ring$", text, re.M), text)


@claim("board", "pith logs -n shows so many lines, the last ones")
def number(board):
    for word in ("first", "second", "third"):
        board.ask("bomb", f"say 1 the {word}").ok()
    wait_log(board, "bomb", "the third")
    lines = board.pith("logs -n 2 --plain bomb").splitlines()
    expect_equal(lines, ["the second", "the third"])
    expect_equal(board.pith("logs -n 0 bomb"), "", "no line at all")


@claim("board", "pith logs is binary safe: a pipe gets each byte of a line as it was")
def binary(board):
    parts = (bytes(b for b in range(100) if b != 10), bytes(range(100, 200)),
             bytes(range(200, 256)) + b"END")
    for part in parts:      # a request is short
        board.ask("bomb", "say 1 " + "".join(rf"\x{b:02x}" for b in part)).ok()
    wait_log(board, "bomb", "END")
    got = base64.b64decode(board.output("pith logs -n 3 --plain bomb | base64"))
    expect_equal(got, b"".join(part + b"\n" for part in parts), "bytes")


@claim("board", "binary lines are text in JSON")
def binary_json(board):
    board.ask("bomb", r"say 1 quote\x22back\x5c\x00\x1b\xc3\xa9\xff.").ok()
    wait_log(board, "bomb", "quote")
    row = last_lines(board, "bomb", 1)[-1]
    expect_equal(row["text"], 'quote"back\\\0\x1bé\ufffd.', "text")


@claim("board", "<N> at the beginning of a line is its level, and no part of it")
def levels(board):
    for level in range(8):
        board.ask("bomb", f"say {1 + level % 2} <{level}>of level {level}").ok()
    board.ask("bomb", "say 1 <9>no level").ok()
    wait_log(board, "bomb", "no level")
    rows = last_lines(board, "bomb", 9)
    expect_equal([(row.get("level"), row["text"]) for row in rows],
                 [(n, f"of level {n}") for n in range(8)] + [(None, "<9>no level")])
    text = board.pith("logs -n 20 -p err --plain bomb")
    expect("of level 3" in text and "of level 4" not in text, text)


@claim("board", "pith logs -f goes on with what comes, and across a restart")
def follow(board):
    board.ask("bomb", "say 1 before the follower").ok()
    wait_log(board, "bomb", "before the follower")
    board.output("pith logs -f -n 1 bomb >/run/followed 2>&1 & echo $! >/run/follower")
    try:
        wait_for(board, "before the follower")
        board.ask("bomb", "say 1 while it follows").ok()
        wait_for(board, "while it follows")
        board.kill_and_wait("bomb")
        board.ask("bomb", "say 1 of the next run").ok()
        wait_for(board, "of the next run")
    finally:
        board.run("kill $(cat /run/follower)")


def wait_for(board, text):
    seen = poll(lambda: board.read("/run/followed"), lambda seen: text in seen, 40)
    expect(text in seen, f"no '{text}' in:", seen)


@claim("board", "PID 1's own lines and the kernel's are in the same place, in the order of time")
def one_place(board):
    # Counted on the board: its console is slow.  Within its first second the kernel
    # sets its own clock back, when it has found a better one; and two CPUs may put
    # their lines into its buffer in another order than they took the time.  A line that
    # is written at this very moment has its time already: the next look has it in place.
    count_late = (r"pith logs | sed -n 's/^\[ *\([0-9.]*\)\] \([a-z0-9-]*\): .*/\1 \2/p' | "
                  "awk '$1 >= 1 { late += $1 < t && ($2 != last || $2 != \"kernel\"); "
                  "t = $1; last = $2; names[$2] = 1 } "
                  "END { print late + 0; for (n in names) print n }'")
    late, *names = poll(lambda: board.output(count_late).split(), lambda seen: seen[0] == "0", 3)
    expect({"pith", "kernel", "probe"} <= set(names), names)
    expect_equal(late, "0", "lines that come too late")
    text = board.pith("logs -n 100 pith")
    expect("started, pid" in text and "exited with status 3" in text, text[-2000:])
    expect("Linux version" in board.output("pith logs kernel | head -n 3"), "no first line")


def dropped_lines(board, service):
    """As many as the lines say that are kept."""
    text = board.output(f"pith logs --json {service} | grep dropped; true")
    return sum(int(n) for n in re.findall(r'"(\d+) lines', text))


@claim("board", "a service that prints more than LOG_RATE loses lines, which are counted and told")
def rate(board):
    allowed = board.option("flooder", "LOG_RATE")
    mark = time.monotonic()
    board.ask("flooder", "flood 8000", timeout=60).ok()
    seconds = time.monotonic() - mark
    for _ in range(20):
        # How many were dropped is said before the next line that passes.
        board.ask("flooder", "say 1 after it").ok()
        lost = dropped_lines(board, "flooder")
        if lost:
            break
        time.sleep(0.3)
    kept = int(board.output("pith logs --plain flooder | grep -c '^flood '"))
    # The burst is that of four seconds: init/bucket.h
    expect(50 < kept <= allowed * (seconds + 6), f"{kept} lines are kept in {seconds:.0f} s")
    expect(lost > 1000, f"{lost} lines are counted")


@claim("board", "a line of a service that was cut is marked")
def cut(board):
    board.ask("bomb", "longline 3000").ok()
    wait_log(board, "bomb", "xxxx")
    row = last_lines(board, "bomb", 1)[-1]
    expect(row.get("cut") and 80 <= len(row["text"]) < 3000, len(row["text"]), row.get("cut"))


@claim("board", "the kernel's own buffer holds no line of a service unless LOG_KMSG asks for it")
def no_kmsg(board):
    board.ask("bomb", "say 1 not for the kernel").ok()
    wait_log(board, "bomb", "not for the kernel")
    expect("not for the kernel" not in board.output("dmesg"), "it is there")


# Copies, on the board whose table wants them

@claim("dog-frozen", "LOG_KMSG: the kernel's buffer has what services and pith say")
def kmsg(board):
    board.started_line("slow")
    board.ask("slow", "say 1 <4>for the kernel's ears").ok()
    text = poll(lambda: board.output("dmesg"), lambda text: "for the kernel's ears" in text, 30)
    line = [line for line in text.splitlines() if "for the kernel's ears" in line]
    expect(line and "slow" in line[0], text[-1500:])
    expect("started, pid" in text, text[-1500:])


@claim("dog-frozen", "LOG_FILE has what services and pith say, and is renamed when it is full")
def log_file(board):
    path, most = board.config["LOG_FILE"], board.config["LOG_FILES"]
    board.started_line("slow")
    # A line is some 80 bytes: more than all the files together take.
    lines = board.config["LOG_FILE_KB"] * 1024 * most // 60
    for first in range(0, lines, 200):
        board.ask("slow", "flood 200", timeout=30).ok()
        time.sleep(0.3)     # LOG_RATE's burst, and the writer's turn
    board.ask("slow", "say 1 the last line of the file").ok()
    status, text = poll(lambda: board.run(f"cat {path}"),
                        lambda seen: "the last line of the file" in seen[1], 50)
    expect(status == 0 and "slow" in text, text[-1000:])
    rows = [line.split() for line in board.output(f"ls -l {path}*").splitlines()]
    sizes = {row[-1]: int(row[4]) for row in rows}
    expect_equal(sorted(sizes), sorted([path] + [f"{path}.{n}" for n in range(1, most)]), "files")
    limit = board.config["LOG_FILE_KB"] * 1024
    expect(all(size <= limit + 2000 for size in sizes.values()), sizes)
    expect(all(sizes[f"{path}.{n}"] > limit // 2 for n in range(1, most)), sizes)


@claim("dog-frozen", "the writer of copies is a process of its own")
def writer(board):
    text = board.output("ps -o pid,ppid,args | grep write-logs | grep -v grep")
    expect_equal([line.split()[1] for line in text.splitlines()], ["1"], "parents of the writer")
    pid = text.split()[0]
    fds = board.output("ls -l /proc/1/fd")
    expect(board.config["LOG_FILE"] not in fds and "/dev/kmsg" not in fds, fds)
    board.output(f"kill -9 {pid}")
    time.sleep(2)
    board.ask("slow", "say 1 after the writer's death").ok()
    text = poll(lambda: board.read(board.config["LOG_FILE"]),
                lambda text: "after the writer's death" in text, 30)
    expect("after the writer's death" in text, "no new writer came")
