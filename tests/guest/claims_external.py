"""A product tree outside the repository: one folder, and it is a service."""
import os
import re
import shutil

from claims import claim, expect
from product import TOP

KCONFIG = """\
# Listens to the broker with mosquitto's own client.
config SVC_LISTENER
	default y

config SVC_LISTENER_ARGV
	default "/usr/bin/mosquitto_sub -v -h 10.77.0.2 -t '#'"

config SVC_LISTENER_AFTER
	default "broker"

config SVC_LISTENER_ALLOW
	default "broker:1883/tcp"

config SVC_LISTENER_LOG_CONSOLE
	default y
"""

MKROOTFS = """\
#!/bin/sh
exec debian-root "$1" mosquitto-clients -- /usr/bin/mosquitto_sub
"""


# What the repository was like before the tree was built.
_before = {}


def repository(built):
    """Every file of the repository with its size and time, but for what is built."""
    not_source = (os.path.join(TOP, ".git"), os.path.join(TOP, "build"), built)
    files = {}
    for folder, folders, names in os.walk(TOP):
        folders[:] = [name for name in folders
                      if os.path.join(folder, name) not in not_source]
        for name in names:
            path = os.path.join(folder, name)
            status = os.lstat(path)
            files[path] = (status.st_size, status.st_mtime_ns, status.st_mode)
    return files


def of_all_boards(folder):
    """Where the run builds that made the folder; other boards may be built meanwhile."""
    return os.path.dirname(os.path.dirname(folder))


def make_tree(folder):
    """A tree with the one service `listener`: mosquitto's subscriber."""
    _before.update(repository(of_all_boards(folder)))
    shutil.rmtree(folder, ignore_errors=True)
    service = os.path.join(folder, "services", "listener")
    os.makedirs(service)
    with open(os.path.join(service, "Kconfig"), "w") as file:
        file.write(KCONFIG)
    with open(os.path.join(service, "mkrootfs"), "w") as file:
        file.write(MKROOTFS)
        os.fchmod(file.fileno(), 0o755)
    return folder


@claim("external", "a service folder in an EXTERNAL tree is built and started")
def external_starts(board):
    expect("listener" in board.services(), board.services())
    board.started_line("listener", timeout=40)


@claim("external", "an EXTERNAL service changes nothing in the repository")
def untouched(board):
    after = repository(of_all_boards(board.product.folder))
    changed = [path for path in {*_before, *after} if _before.get(path) != after.get(path)]
    expect(not changed, *changed)


@claim("external", "the default product's own services start beside an EXTERNAL one")
def beside(board):
    for service in ("broker", "sensor", "web"):
        board.started_line(service, timeout=40)


@claim("external", "the sensor's readings arrive at a real subscriber of the broker, one a second")
def readings_arrive(board):
    pattern = r"^gateway/\S+ .*\d"
    mark = 0
    lines = []
    for _ in range(3):
        line = board.line("listener", pattern, mark, timeout=40)
        lines.append(line)
        mark = board.console.lines.index(line) + 1
    expect(re.search(r"\d", lines[0].text), lines)
    gap = (lines[2].ms - lines[0].ms) / 2
    expect(500 < gap < 2500, f"{gap:.0f} ms from one reading to the next", *lines)
