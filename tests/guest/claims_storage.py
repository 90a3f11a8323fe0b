"""Storage for VOLUMES: the data partition in every state that it can be in, and what
each means for services with and without volumes."""
import os
import re

import storage
from claims import claim, expect, expect_equal, poll
from services import mounts, status_field

# From the test product's point of view
WRITERS = ("keeper", "trap", "writer")
WITH_VOLUMES = ("keeper", "reader", "trap", "writer")

# sys/stat.h, as the probe and stat(1) print it
FOLDER_OF_ONE, FOLDER_OF_ALL = "700", "755"


def start_slow(product, log, disk):
    """A disk that is slow, is due for a full check, and was used by another product."""
    path = storage.make_slow(disk, {
        "reader/notes/old": "from before\n",
        # Where trap's volume should be, and what it leads to
        "trap/notes": "-> ../reader/notes",
    })
    return storage.StorageBoard(product, log, disk=f"{path},throttling.iops-total=2")


def expect_waiting(board, services):
    for service in services:
        expect_equal(board.state(service), "waiting", service)


def expect_apart(board):
    """Whatever is with the storage: who needs none of it runs."""
    board.started_line("plain", timeout=30)
    board.ask("plain", "hostname").ok()


# --- In the middle of a check ----------------------------------------------------

def fsck(board):
    """The pid of the fsck that runs, on a disk that is as good as stuck by now."""
    board.storage("^checking /dev/vda$")
    board.recorded("stuck", lambda: board.machine.pace(1))
    pids = poll(lambda: board.run("pidof e2fsck.static")[1].split(), bool, 50)
    expect(len(pids) == 1, f"e2fsck's processes: {pids}")
    return int(pids[0])


def taken_over(board):
    """PID 1 is executed anew twice while the check runs: (fsck before, and after)."""
    def do():
        before = fsck(board)
        board.pith("reexec")
        board.line("pith", "takes over")
        board.output("kill -SEGV 1")
        board.line("pith", "was hit by SIGSEGV")
        return before, fsck(board)
    return board.recorded("taken over", do)


def mounted(board):
    """The line that says so, once the disk has been let go."""
    def do():
        taken_over(board)
        board.machine.pace(0)
        return board.storage("mounted, .* free$")
    return board.recorded("mounted", do)


@claim("store-slow", "services without volumes do not wait for the check of the partition")
def check_keeps_nobody(board):
    fsck(board)
    expect_apart(board)


@claim("store-slow", "services with volumes wait while it is checked")
def check_is_waited_for(board):
    fsck(board)
    expect_waiting(board, WITH_VOLUMES)


@claim("store-slow", "the fsck has no privilege: {}", each=[
    ("its ids are nobody's", "Uid", ["65534"] * 4),
    ("it has no group of root's", "Groups", []),
    ("no capability", "CapPrm", ["0" * 16]),
    ("and none to come", "NoNewPrivs", ["1"]),
    ("its PID namespace is its own", "NSpid", None),
])
def fsck_is_confined(board, _, field, expected):
    seen = status_field(board.read(f"/proc/{fsck(board)}/status"), field)
    expect(len(seen) == 2 if expected is None else seen == expected, f"{field}: {seen}")


@claim("store-slow", "the fsck sees nothing but itself and the partition, and has no other file open")
def fsck_is_alone(board):
    root = f"/proc/{fsck(board)}/root"
    expect_equal(board.output(f"cd {root} && find . -xdev ! -type d; ls dev; cd /").split(),
                 ["./sbin/e2fsck.static", "data"])
    open_files = board.output(f"cd {root}/../fd && for fd in *; do readlink $fd; done; cd /").split()
    expect(not set(open_files) - {"/dev/null", "/dev/data"}, open_files)


@claim("store-slow", "the fsck is in namespaces of its own: {}", each=["mnt", "net", "ipc", "uts"])
def fsck_is_apart(board, namespace):
    own = board.namespaces(fsck(board))
    expect(own[namespace] != board.namespaces(1)[namespace], own)


@claim("store-slow", "a PID 1 that is executed anew goes on with the check that runs")
def check_goes_on(board):
    before, after = taken_over(board)
    expect_equal(after, before, "e2fsck's pid")


def start_orphan(product, log, disk):
    """A check that takes its time."""
    return storage.StorageBoard(product, log, disk=f"{storage.make_slow(disk, {})},throttling.iops-total=2")


@claim("store-orphan", "a check whose parent is killed does not go on by itself")
def check_ends_with_its_parent(board):
    pid = fsck(board)
    status = f"/proc/{pid}/status"
    parent, = status_field(board.read(status), "PPid")
    board.output(f"kill -KILL {parent}")
    board.storage("^data is /dev/vda, ext4: not mounted, checking it: Interrupted")
    # It is gone, or will be when its disk lets go of it.
    seen = board.run(f"cat {status}")[1]
    expect("ShdPnd" not in seen or int(status_field(seen, "ShdPnd")[0], 16) >> 8 & 1, seen)


# --- Mounted -----------------------------------------------------------------------

@claim("store-slow", "services with volumes start as soon as it is mounted, and once")
def mounted_is_released(board):
    line = mounted(board)
    expect(re.search(r"^data is /dev/vda, ext4: (checked|repaired), mounted, [0-9.]+M free$",
                     line.text), line)
    for service in ("keeper", "reader", "writer"):
        board.started_line(service)
        expect(len(board.console.all_lines(service, "^started")) == 1, service)


@claim("store-slow", "the partition is mounted nosuid, nodev and noatime, below PID 1's own folder")
def mount_options(board):
    mounted(board)
    rows = [line.split() for line in board.read("/proc/mounts").splitlines()]
    row = next(row for row in rows if row[0] == "/dev/vda")
    expect_equal(row[1:3], ["/run/pith/data", "ext4"])
    expect({"nosuid", "nodev", "noatime", "rw"} <= set(row[3].split(",")), row)
    expect_equal(board.output("stat -c %a:%u /run/pith").strip(), "700:0")


@claim("store-slow", "each volume is a folder of its service's ids, in one of root's")
def folders(board):
    mounted(board)
    for service, ids, names in (("writer", (1000, 1001), ("notes", "tools")),
                                ("reader", (1000, 1001), ("notes",)), ("keeper", (100, 100), ("broker",))):
        first = storage.base(service)
        text = board.output(f"cd /run/pith/data/{service} && stat -c %a:%u:%g . *; cd /")
        modes = [FOLDER_OF_ALL if service == "reader" else FOLDER_OF_ONE] * len(names)
        expect_equal(text.split(), [f"{FOLDER_OF_ALL}:0:0"] +
                     [f"{mode}:{first + ids[0]}:{first + ids[1]}" for mode in modes], service)


@claim("store-slow", "what a volume has from before is seen, and keeps its owner")
def old_files(board):
    mounted(board)
    expect_equal(board.ask("reader", "read /var/notes/old").ok().text, "from before\n")
    expect_equal(board.output("stat -c %u /run/pith/data/reader/notes/old").strip(),
                 str(os.getuid()))


@claim("store-slow", "a service sees its own volumes and no other's")
def own_volumes(board):
    mounted(board)
    expect_equal(sorted((point, root) for point, root, _, kind in mounts(board, "writer")
                        if kind == "ext4"),
                 [("/opt", "/writer/tools"), ("/var/notes", "/writer/notes")])


@claim("store-slow", "a link in the place of a volume is said and not followed")
def link_is_refused(board):
    mounted(board)
    board.storage("^making the folder trap/notes: (Symbolic link loop|Not a directory)$")
    expect_equal(board.output("stat -c %u /run/pith/data/reader/notes").strip(),
                 str(storage.base("reader") + 1000), "owner of what it leads to")
    expect(not board.console.all_lines("trap", "^started"), "trap was started")


@claim("store-slow", "a service writes to its volume, and not to one that is :ro")
def writes(board):
    mounted(board)
    board.ask("writer", "keep /var/notes/try text").ok()
    board.ask("reader", "keep /var/notes/old text").refused("EROFS")


@claim("store-slow", "a service that is started anew finds what it has written")
def restart_keeps(board):
    mounted(board)
    board.ask("writer", "keep /var/notes/restart here").ok()
    board.kill_and_wait("writer")
    expect_equal(board.ask("writer", "read /var/notes/restart").ok().text, "here")


@claim("store-slow", "a PID 1 that is executed anew knows that it is mounted, and says it once")
def mounted_is_kept(board):
    mounted(board)
    mark = board.console.mark()
    board.pith("reexec")
    board.line("pith", "takes over", mark)
    board.kill_and_wait("writer")
    expect(not board.console.all_lines("storage", "", mark), "it was said again")


# --- After the next boot ---------------------------------------------------------------

NOTE, MESSAGE = "lasting", "retained"


def mosquitto(board, words):
    """What a client of keeper's prints; keeper may not listen at once."""
    board.started_line("keeper")
    command, _, rest = words.partition(" ")
    status, text = poll(
        lambda: board.run(f"pith exec keeper /usr/bin/mosquitto_{command} -h 127.0.0.1 -t note {rest}"),
        lambda seen: seen[0] == 0, 50)
    expect_equal(status, 0, f"mosquitto_{command}: {text}")
    return text.strip()


def expect_note(board):
    board.started_line("writer", timeout=30)
    expect_equal(board.ask("writer", "read /var/notes/note").ok().text, NOTE)


def again(board):
    """The board's next boot.  Meanwhile its first superblock was lost."""
    def do():
        mounted(board)
        board.ask("writer", f"keep /var/notes/note {NOTE}").ok()
        mosquitto(board, f"pub -r -m {MESSAGE}")
        return board.boot_again(spoil)

    def spoil(disk):
        board.left = storage.tool("e2fsck", "-f", "-n", disk), storage.tool("dumpe2fs", "-h", disk)
        storage.overwrite(disk, 1024, bytes(1024))
    return board.recorded("next", do)


@claim("store-slow", "an orderly end leaves the partition clean", last=True)
def left_clean(board):
    again(board)
    (status, text), (_, head) = board.left
    expect_equal(status, 0, f"e2fsck -f -n: {text}")
    expect("needs_recovery" not in head, head)


@claim("store-slow", "a partition without its first superblock is found by a copy and repaired",
       last=True)
def superblock_is_repaired(board):
    again(board).storage("^data is /dev/vda, ext4: repaired.*, mounted, ")


@claim("store-slow", "what a service has written is there after the next boot", last=True)
def note_lasts(board):
    expect_note(again(board))


@claim("store-slow", "mosquitto has its retained message after the next boot", last=True)
def message_lasts(board):
    expect_equal(mosquitto(again(board), "sub -C 1 -W 10"), MESSAGE)


# --- Absent, then plugged in, and full ---------------------------------------------------

def start_late(product, log, disk):
    """No disk at all, and one that is full, and worse, in the drawer."""
    board = storage.StorageBoard(product, log, slot=True)
    board.drawer = storage.make_full(disk)
    return board


def plugged(board):
    """The line about the disk that was plugged in."""
    def do():
        board.storage("^no partition labelled data")
        mark = board.console.mark()
        board.machine.plug(board.drawer)
        return board.storage("mounted, ", mark)
    return board.recorded("plugged", do)


@claim("store-late", "without the partition the services that wait are said, and all others run")
def absent(board):
    line = board.storage("^no partition labelled data")
    expect(line.text.endswith("; services wait: " + " ".join(WITH_VOLUMES)), line)
    expect_apart(board)


@claim("store-late", "without the partition nothing is polled")
def absent_is_idle(board):
    board.storage("^no partition labelled data")
    look = "awk '/^voluntary/ { print $2 }' /proc/1/status; sleep 3; awk '/^voluntary/ { print $2 }' /proc/1/status"
    before, after = board.output(look).split()
    expect(int(after) - int(before) < 3, f"PID 1 woke up {int(after) - int(before)} times in 3 s")


@claim("store-late", "a PID 1 that is executed anew still waits for the partition")
def absent_is_kept(board):
    board.storage("^no partition labelled data")
    mark = board.console.mark()
    board.pith("reexec")
    board.line("pith", "takes over", mark)
    expect_apart(board)


@claim("store-late", "a disk that is plugged in later is mounted, and who waited starts")
def late_is_mounted(board):
    plugged(board)
    for service in WITH_VOLUMES:
        board.started_line(service)


@claim("store-late", "a partition that passes for clean and cannot be mounted is checked throughout")
def passes_for_clean(board):
    expect("ext4: repaired with possible losses, mounted" in plugged(board).text, plugged(board))
    expect("lost+found" in board.output("ls /run/pith/data"), "there is no lost+found")


@claim("store-late", "a full partition is said to be, and services start on it")
def full(board):
    expect(plugged(board).text.endswith("mounted, full"), plugged(board))
    expect(not board.storage("full").text.count("wait"), "somebody waits")
    board.started_line("writer")
    board.ask("writer", "fill /var/notes/more").refused("ENOSPC")


# --- Broken ----------------------------------------------------------------------------------

def start_broken(product, log, disk):
    """Half of a file system."""
    os.truncate(storage.make_ext4(disk), 8 << 20)
    return storage.StorageBoard(product, log, disk=disk)


@claim("store-broken", "a partition that is beyond repair is said to be, and is not mounted")
def broken(board):
    line = board.storage("^data is /dev/vda, ext4: not mounted, damaged beyond repair, its fsck "
                         "ended with status ")
    expect(line.text.endswith("; services wait: " + " ".join(WITH_VOLUMES)), line)
    expect("/run/pith/data" not in board.read("/proc/mounts"), "it is mounted")


@claim("store-broken", "with a broken partition the services that need none of it run")
def broken_keeps_nobody(board):
    board.storage("not mounted")
    expect_apart(board)
    expect_waiting(board, WITH_VOLUMES)


@claim("store-broken", "a service that waits for a broken partition can be stopped and asked again")
def broken_is_stopped(board):
    board.storage("not mounted")
    board.pith("stop writer")
    board.wait_state("writer", "off")
    board.run("pith start writer &")
    board.wait_state("writer", "waiting")


@claim("store-broken", "a board with a broken partition ends in order", last=True)
def broken_ends(board):
    status, lines, _ = board.shut_down("poweroff")
    expect_equal(status, 0, "QEMU's status")
    expect(any("powering off" in str(line.text) for line in lines), *lines[-5:])


# --- Read-only ---------------------------------------------------------------------------------

def start_read_only(product, log, disk):
    """A card with its lock set."""
    path = storage.make_ext4(disk, {"reader/notes/old": "from before\n"})
    return storage.StorageBoard(product, log, disk=f"{path},readonly=on")


@claim("store-read-only", "a medium that cannot be written is mounted so, and who writes waits")
def read_only(board):
    line = board.storage("^data is /dev/vda, ext4: checked, mounted, read-only since the medium "
                         "cannot be written, ")
    expect(line.text.endswith("; services wait: " + " ".join(WRITERS)), line)
    expect_waiting(board, WRITERS)
    expect_apart(board)


@claim("store-read-only", "who only reads from its volumes starts on such a medium")
def read_only_is_read(board):
    board.started_line("reader", timeout=30)
    expect_equal(board.ask("reader", "read /var/notes/old").ok().text, "from before\n")


# --- f2fs --------------------------------------------------------------------------------------------

def start_f2fs(product, log, disk):
    """The other file system."""
    return storage.StorageBoard(product, log, disk=storage.make_f2fs(disk))


@claim("store-f2fs", "an f2fs partition is found by its label, checked and mounted")
def f2fs_is_mounted(board):
    board.storage("^data is /dev/vda, f2fs: checked, mounted, ")
    board.started_line("writer")
    board.ask("writer", "keep /var/notes/note text").ok()


# Its fsck exits with 0, whatever it mends.
@claim("store-f2fs", "an f2fs partition without its first superblock is found by the copy, with "
                     "what was written", last=True)
def f2fs_lasts(board):
    board.started_line("writer", timeout=30)
    board.ask("writer", f"keep /var/notes/note {NOTE}").ok()
    board = board.boot_again(lambda disk: storage.overwrite(disk, 1024, bytes(512)))
    board.storage("^data is /dev/vda, f2fs: checked, mounted, ")
    expect_note(board)
