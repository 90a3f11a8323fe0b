"""What of /dev, /proc and /sys a service is given, and what is kept from it."""
from claims import claim, expect, expect_equal
from services import O_RDONLY, O_RDWR, O_WRONLY, ROOT, USER, mounts

NODES = {"null": "1:3", "zero": "1:5", "full": "1:7", "random": "1:8", "urandom": "1:9",
         "tty": "5:0"}

HIDDEN_FILES = ["/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/interrupts",
                "/proc/sched_debug", "/proc/latency_stats"]
HIDDEN_FOLDERS = ["/sys/firmware", "/proc/acpi", "/proc/scsi", "/proc/asound",
                  "/sys/devices/virtual/powercap"]


@claim("board", "/dev holds the six harmless nodes and no other device")
def dev_nodes(board):
    rows = [line.split() for line in board.ask(ROOT, "list /dev").ok().lines]
    nodes = {row[0]: row[3] for row in rows if row[1][0] in "cb"}
    expect_equal(nodes, NODES, "nodes")
    modes = {row[0]: row[1] for row in rows if row[1][0] in "cb"}
    expect(all(mode == "c0666" for mode in modes.values()), modes)


@claim("board", "/dev has fd, stdin, stdout, stderr, ptmx, pts, shm and mqueue")
def dev_others(board):
    rows = {line.split()[0]: line.split()[1][0]
            for line in board.ask(ROOT, "list /dev").ok().lines}
    links = ("fd", "stdin", "stdout", "stderr", "ptmx")
    expect({**rows, **{name: "l" for name in links}} == rows, rows)
    expect(all(rows.get(name) == "d" for name in ("pts", "shm", "mqueue")), rows)


@claim("board", "a user inside may {}", each=[
    ("write to /dev/null", "write /dev/null x"),
    ("read /dev/urandom", f"open /dev/urandom {O_RDONLY}"),
    ("open /dev/stdout", f"open /dev/stdout {O_WRONLY}"),
    ("open /dev/stderr", f"open /dev/stderr {O_WRONLY}"),
    ("open a new terminal", f"open /dev/ptmx {O_RDWR}"),
    ("make shared memory", "create /dev/shm/new"),
    ("bind port 80", "bind 80"),
    ("send a ping", "ping 127.0.0.1"),
])
def may(board, _, request):
    board.ask(USER, request).ok()


def is_covered(board, path):
    """Whether something is mounted over it, or it is not there at all."""
    on_board, _ = board.run(f"ls -d {path}")
    return on_board or path in [row[0] for row in mounts(board, ROOT)]


@claim("board", "nothing can be read from {}", each=HIDDEN_FILES)
def hidden_file(board, path):
    expect(is_covered(board, path), "the kernel has it, and nothing is mounted over it")
    answer = board.ask(ROOT, f"read {path}")
    expect(answer.status in ("ENOENT", "EACCES") or (answer.status, answer.text) == ("ok", ""),
           f"{answer.status}, {len(answer.text)} bytes", answer.text[:200])


@claim("board", "nothing is to be seen in {}", each=HIDDEN_FOLDERS)
def hidden_folder(board, path):
    expect(is_covered(board, path), "the kernel has it, and nothing is mounted over it")
    answer = board.ask(ROOT, f"list {path}")
    expect(answer.status in ("ENOENT", "EACCES") or (answer.status, answer.text) == ("ok", ""),
           f"{answer.status}", answer.text[:200])
