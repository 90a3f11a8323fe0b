"""Roots that are out to get whoever mounts in them.

The board's root file system is memory that can be written to, so each case makes
the root of a service hostile while the board runs, and starts the service.  That
start is refused, with the stage and the reason in words, or all is mounted
where it belongs; nothing outside of the root is touched.
"""
import re

from claims import claim, expect, expect_equal
from shapes import HOSTAGES, LONG_NAME

SPARE = "/services/.spare"

# As the C library says it.
LOOP, NO_FOLDER, NOTHING = "Symbolic link loop", "Not a directory", "No such file or directory"
# A link is no folder, where it comes last in a path.
LINK = f"{LOOP}|{NO_FOLDER}"
DENIED = "Permission denied"
UP = "it is up, and whole"

# What is done in the root, and how a start of it has to end: the stage and the
# reason, or UP.
CASES = [
    ("/dev is a link to the board's", "rmdir dev; ln -s /dev dev", "mounting /dev", LINK),
    ("/dev is a link out of the root", "rmdir dev; ln -s ../../run dev", "mounting /dev", LINK),
    ("/dev is a link to itself", "rmdir dev; ln -s dev dev", "mounting /dev", LINK),
    ("/dev is a link inside the root", "rmdir dev; mkdir x; ln -s x dev", "mounting /dev", LINK),
    ("/dev is a file", "rmdir dev; : >dev", "mounting /dev", NO_FOLDER),
    ("/dev is a FIFO", "rmdir dev; mkfifo dev", "mounting /dev", NO_FOLDER),
    ("/dev is a device node", "rmdir dev; mknod dev c 1 3", "mounting /dev", NO_FOLDER),
    ("/dev is missing", "rmdir dev", "mounting /dev", NOTHING),
    ("/proc is a link to the board's", "rmdir proc; ln -s /proc proc", "mounting /proc", LINK),
    ("/proc is a link out of the root", "rmdir proc; ln -s ../.. proc", "mounting /proc", LINK),
    ("/proc is a FIFO", "rmdir proc; mkfifo proc", "mounting /proc", NO_FOLDER),
    ("/proc is a disk", "rmdir proc; mknod proc b 254 0", "mounting /proc", NO_FOLDER),
    ("/proc is missing", "rmdir proc", "mounting /proc", NOTHING),
    ("/sys is a link to /proc", "rmdir sys; ln -s proc sys", "mounting /sys", LINK),
    ("/sys is a link out of the root", "rmdir sys; ln -s /../../lib sys", "mounting /sys", LINK),
    ("/sys is a file", "rmdir sys; echo text >sys", "mounting /sys", NO_FOLDER),
    ("/sys is missing", "rmdir sys", "mounting /sys", NOTHING),
    ("a TMPFS is a link to the board's /run", "rmdir tmp; ln -s /run tmp", "mounting a TMPFS", LINK),
    ("a TMPFS is a link to the root itself", "rmdir tmp; ln -s . tmp", "mounting a TMPFS", LINK),
    ("a TMPFS is a link into /proc", "rmdir tmp; ln -s /proc/1/root tmp", "mounting a TMPFS", LINK),
    ("a TMPFS is a file", "rmdir tmp; : >tmp", "mounting a TMPFS", NO_FOLDER),
    ("a TMPFS is missing", "rmdir tmp", "mounting a TMPFS", NOTHING),
    ("the folder above a TMPFS is a link out", "rm -r run; mkdir x; ln -s ../../run run",
     "mounting a TMPFS", LINK),
    ("the folder above a TMPFS is a FIFO", "rm -r run; mkfifo run", "mounting a TMPFS", NO_FOLDER),
    ("the program is missing", "rm probe", "executing its program", NOTHING),
    ("the program is a folder", "rm probe; mkdir probe", "executing its program", DENIED),
    ("the program is a FIFO", "rm probe; mkfifo -m 755 probe", "executing its program", DENIED),
    ("the program is a device node", "rm probe; mknod -m 755 probe c 1 5", "executing its program",
     DENIED),
    ("the program is a loop of links", "mv probe x; ln -s probe probe", "executing its program", LOOP),
    ("the program lies in a folder that nobody may enter", "mkdir -m 0 x; mv probe x; ln -s x/probe probe",
     "executing its program", DENIED),
    ("the working directory is missing", "rmdir work", "entering WORKDIR", NOTHING),
    ("the working directory is a file", "rmdir work; : >work", "entering WORKDIR",
     NO_FOLDER),
    ("the working directory is a link to itself", "rmdir work; ln -s work work",
     "entering WORKDIR", LOOP),
    ("the working directory is a link out of the root", "rmdir work; ln -s ../../../tmp work", UP, ""),
    ("the root is full of nodes, and of names of 255 bytes",
     f"mknod mem c 1 1; mkfifo fifo; cd x 2>/dev/null || mkdir x; cd x; for i in 1 2 3 4 5 6 7 8 9; do "
     f"mkdir {LONG_NAME}; cd {LONG_NAME}; done; ln -s /proc/1/root/dev/mem link", UP, ""),
]

# The program is PID 1's own, seen through the link of whoever executes it.
SELF = [("a link", "rm probe; ln -s /proc/self/exe probe", "start failed: executing what a link of /proc"),
        # Landlock lets nobody execute it; without, PID 1's own program wants no service.
        ("a script of it", "printf '#!/proc/self/exe\\n' >probe",
         {"hostage": "start failed: executing its program: Permission denied",
          "hostage-rw": "exited with status 1"}),
        ("a link to PID 1's", "rm probe; ln -s /proc/1/exe probe",
         "start failed: executing what a link of /proc")]


SURVEY = ("/services/probe/peer digest / /dev /run | grep -v -e ^/run/before -e ^/run/after "
          "-e ^/run/guest-test -e ^/run/questions -e ^/run/answers >/run/{0}; cat /proc/1/mountinfo >>/run/{0}")


def spoil(board, service, script, root="cd /services/{0}"):
    """A root as it was built, then made hostile; and what the board looked like."""
    board.output(f"pith stop {service}; [ -e {SPARE}-{service} ] || cp -a /services/{service} "
                 f"{SPARE}-{service}; rm -rf /services/{service}; "
                 f"cp -a {SPARE}-{service} /services/{service}; touch /run/before /run/after; "
                 f"{root.format(service)}; {{ {script}; }}; cd /; {SURVEY.format('before')}")


def mend(board, service):
    """The root as it was; it starts as it did."""
    board.output(f"pith stop {service}; rm -rf /services/{service}; "
                 f"mv {SPARE}-{service} /services/{service}")
    board.pith(f"start {service}")
    board.wait_state(service, "up")


def start(board, service):
    """How the start ended: ("up", "") or ("done", what is told of it)."""
    mark = board.console.mark()
    board.run(f"pith start {service}")
    row = board.wait_state(service, "up", "done")
    if row["state"] == "up":
        return "up", ""
    return row["state"], board.line(service, "^start failed|^exited|^killed", mark).text


def untouched(board, but="nothing"):
    """The others run on, PID 1 answers, and there is nothing new under the sun."""
    _, text = board.run(f"{SURVEY.format('after')}; diff /run/before /run/after | "
                        f"grep '^[-+][^-+]' | grep -v '^[-+]{but}'")
    expect(not text, "what lies outside has changed:", text[:2000])
    expect_equal(board.row("probe")["state"], "up", "another service")


def whole(board, service):
    """It is up: in its own root, with its own mounts."""
    names = {line.split()[0] for line in board.ask(service, "list /").ok().lines}
    expect("services" not in names and "probe" in names, names)
    points = [line.split()[4] for line in board.ask(service, "read /proc/self/mountinfo").ok().lines]
    expect({"/", "/dev", "/proc", "/sys", "/tmp", "/run/deep", "/" + LONG_NAME} <= set(points), points)
    cwd = board.ask(service, "birth").ok().values("cwd")
    expect(cwd in (["/work"], ["/tmp"]), cwd)
    for node in ("/mem", "/dev/mem"):
        board.ask(service, f"open {node} 0").refused("EACCES", "ENOENT", "EPERM")


@claim("shapes", "with a root in which {}, {} is refused in words or is whole, and nothing else is touched",
       each=[(name, service, *rest) for service in HOSTAGES for name, *rest in CASES])
def hostile(board, _, service, script, stage, reason):
    spoil(board, service, script)
    state, told = start(board, service)
    if stage == UP:
        expect_equal((state, told), ("up", ""))
        whole(board, service)
    else:
        expect(re.match(rf"start failed: {stage}.*({reason})", told), f"{state}: {told}",
               f"expected: start failed: {stage} … {reason}")
    untouched(board)


@claim("shapes", "with a root whose program is pith's own, by {}, {} gets no hold of it", each=[
    (name, service, *rest) for service in HOSTAGES for name, *rest in SELF])
def own_program(board, _, service, script, words):
    spoil(board, service, script)
    state, told = start(board, service)
    words = words if isinstance(words, str) else words[service]
    expect(state != "up" and told.startswith(words), f"{state}: {told}", f"expected: {words}")
    untouched(board)


@claim("shapes", "a root that is {} is refused, and nothing else is touched", each=[
    ("a link to another service's", "ln -s user {0}", LINK),
    ("a link to the board's", "ln -s / {0}", LINK),
    ("a file", ": >{0}", NO_FOLDER),
    ("missing", "true", NOTHING)])
def root_itself(board, _, script, reason):
    service = min(HOSTAGES)
    spoil(board, service, f"rm -rf {service}; {script.format(service)}", "cd /services")
    state, told = start(board, service)
    expect(re.match(rf"start failed: mounting its root.*({reason})", told), f"{state}: {told}")
    untouched(board)


@claim("shapes", "a root that changes while {} starts leads out of it at no time", each=[
    (service,) for service in HOSTAGES])
def race(board, service):
    spoil(board, service, "mkdir out; ln -s ../../lib link")
    board.output(f"cd /services/{service}; (while [ -e out ]; do mv -T tmp real; mv -T link tmp; "
                 "mv -T tmp link; mv -T real tmp; done) >/dev/null 2>&1 & cd /")
    states = [start(board, service)[0] for _ in range(12) if board.run(f"pith stop {service}")]
    board.output(f"rmdir /services/{service}/out; sleep 0.3")
    untouched(board, but=f"/services/{service}[ /]")
    expect(set(states) <= {"up", "done"}, states)


@claim("shapes", "{}, which had a hostile root, starts again from its own", each=[
    (service,) for service in HOSTAGES])
def starts_again(board, service):
    spoil(board, service, "true")
    mend(board, service)
    whole(board, service)
