"""That limits are the table's, as the kernel reports them, and that they hold."""
import time

from claims import claim, expect, expect_equal, poll
from product import size_bytes
from services import WAIT_IN_VAIN, steady

FULL, OTHER = "probe", "neighbour"


def cpu_max(text):
    if not text:
        return "max 100000"
    if text.endswith("%"):
        return f"{int(text[:-1]) * 1000} 100000"
    return text


def size(text):
    return str(size_bytes(text)) if text else None


def number(value):
    return str(value) if value else None


# file, option, how the option's value reads in the file (None: left alone)
ROWS = [
    ("cpu.max", "CPU_MAX", cpu_max),
    ("cpu.weight", "CPU_WEIGHT", number),
    ("cpuset.cpus", "CPUSET", lambda text: text or None),
    ("memory.max", "MEMORY_MAX", size),
    ("memory.high", "MEMORY_HIGH", size),
    ("memory.low", "MEMORY_LOW", size),
    ("memory.min", "MEMORY_MIN", size),
    ("pids.max", "PIDS_MAX", number),
    ("io.weight", "IO_WEIGHT", lambda value: f"default {value}" if value else None),
]


def limited(board):
    """Services that have a cgroup: it is made with the first start."""
    return [name for name in board.services() if name not in WAIT_IN_VAIN]


@claim("board", "{1} is in the service's {0}", each=ROWS)
def limit_is_set(board, file, option, reads):
    checked = 0
    for service in limited(board):
        expected = reads(board.option(service, option))
        if expected is not None:
            expect_equal(board.control(service, file), expected, f"{file} of {service}")
            checked += 1
    expect(checked, f"no service has {option}")


@claim("board", "IO_MAX is in the service's io.max, under the device's numbers")
def io_max(board):
    device = board.output("cat /sys/block/vda/dev").strip()
    seen = board.control(FULL, "io.max").split()
    expect_equal(seen[:1], [device], "device")
    expect({"wbps=" + str(50 << 20), "riops=100"} <= set(seen), seen)


@claim("board", "a file of CGROUP is written as it is")
def raw_files(board):
    for word in board.option(FULL, "CGROUP").split():
        file, _, value = word.partition("=")
        expect_equal(board.control(FULL, file), value, file)


@claim("board", "every service has memory.max, pids.max and memory.oom.group")
def every_service_is_limited(board):
    for service in limited(board):
        for file in ("memory.max", "pids.max"):
            expect(board.control(service, file).isdigit(), f"{file} of {service}")
        expect_equal(board.control(service, "memory.oom.group"), "1", service)


@claim("board", "{} of svc is the sum of its services'", each=["memory.low", "memory.min"])
def sums(board, file):
    option = file.upper().replace(".", "_")
    total = sum(size_bytes(board.option(s, option) or "0") for s in board.services())
    seen = board.read(f"/sys/fs/cgroup/svc/{file}").strip()
    expect(total > 0, "the table has none")
    expect_equal(seen, str(total), file)


@claim("board", "NOFILE is the limit of open files, soft and hard")
def nofile(board):
    for service in (FULL, OTHER):
        limit = str(board.option(service, "NOFILE"))
        rows = [row for row in board.ask(service, "birth").ok().values("limit")
                if row.startswith("Max open files")]
        expect_equal(rows[0].split()[3:5], [limit, limit], f"limits of {service}")
    opened = board.ask(OTHER, "files")
    opened.refused("EMFILE")
    expect(opened.number("opened") < board.option(OTHER, "NOFILE"), opened.text)


@claim("board", "CPU_MAX holds back a service that wants all of the CPU")
def cpu_max_holds(board):
    quota, period = map(int, cpu_max(board.option(OTHER, "CPU_MAX")).split())
    spin_ms = 1500
    cpu = board.ask(OTHER, f"spin {spin_ms}").ok().number("cpu")
    share = spin_ms * quota / period
    expect(0.2 * share < cpu < 1.3 * share + 30, f"{cpu} ms of {spin_ms} ms; allowed {share:.0f}")


@claim("board", "a fork bomb meets pids.max, and the others go on")
def fork_bomb(board):
    before = steady(board)
    limit = board.option("bomb", "PIDS_MAX")
    answer = board.ask("bomb", "forkbomb 1500")
    answer.refused("EAGAIN")
    expect(answer.number("forked") < limit, answer.text)
    expect(int(board.control("bomb", "pids.current")) <= limit, "pids.current")
    expect(int(board.control("bomb", "pids.events").split()[1]) > 0, "pids.events")
    board.ask("bomb", "hostname").refused("EAGAIN")
    board.ask(FULL, "hostname").ok()
    board.ask(OTHER, "hostname").ok()
    time.sleep(1.7)
    board.ask("bomb", "hostname").ok()
    expect_equal(steady(board), before, "main processes")


@claim("board", "a memory hog is killed alone, the console says why, and the rest go on")
def memory_hog(board):
    before = steady(board, "hog")
    kills = board.control("hog", "memory.events")
    mark = board.console.mark()
    board.ask("hog", "hog")
    board.line("hog", "^killed by the OOM killer", mark)
    board.started_line("hog", mark)
    board.ask("hog", "hostname").ok()
    expect_equal(steady(board, "hog"), before, "main processes")
    expect(board.control("hog", "memory.events") != kills, "memory.events did not move")


@claim("board", "SysV memory of a dead run is not charged to the next")
def sysv_memory(board):
    held = 6 << 20
    before = int(board.control("victim", "memory.current"))
    board.ask("victim", "shm 6").ok()
    charged = int(board.control("victim", "memory.current"))
    expect(charged - before > held * 3 // 4, f"{before} before, {charged} with it: none to lose")
    board.kill_and_wait("victim")
    after = poll(lambda: int(board.control("victim", "memory.current")),
                 lambda after: after < before + held // 4, 20)
    expect(after < before + held // 4,
           f"memory.current: {before} before, {charged} with it, {after} in the next run")
