"""The services that most claims ask, and how their answers are read."""
import re

from claims import expect

# Root inside, and an ordinary user inside.
ROOT, USER = "probe", "neighbour"

# fcntl.h
O_RDONLY, O_WRONLY, O_RDWR = 0, 1, 2


def status_field(text, field):
    match = re.search(rf"^(?:status )?{field}:[ \t]*(.*)$", text, re.M)
    expect(match, f"no {field} in status", text)
    return match[1].split()


def mounts(board, service):
    """(mount point, what of its file system, options, type) of each mount."""
    rows = []
    for line in board.ask(service, "read /proc/self/mountinfo").ok().lines:
        head, tail = line.split(" - ")
        _, _, _, root, point, options = head.split()[:6]
        rows.append((point, root, options.split(","), tail.split()[0]))
    return rows


# They wait until somebody mends what they come after.
WAIT_IN_VAIN = ("bereft", "settled", "waiter")

# Never up, or not for long: badexec cannot start; doomed and retry fail; mute never
# is ready; setup is done at once; flaky fails and once ends by itself; onfail and
# mortal are sent to their ends by claims; sensor ends, and is started again, if the
# broker does not listen yet.
NEVER_UP = ("badexec", "doomed", "mute", "retry", "setup", *WAIT_IN_VAIN)
COME_AND_GO = ("flaky", "mortal", "once", "onfail", "sensor", *NEVER_UP)


def steady(board, *without):
    """The main processes of all services that run on, once all have started."""
    for service in board.services():
        if service not in NEVER_UP:
            board.started_line(service, timeout=40)
    return {name: pid for name, pid in board.pids().items()
            if name not in (*COME_AND_GO, *without)}
