"""Two hundred and fifty services with a network each: what one more costs does not grow
with how many there are.
"""
import claims_many
from claims import claim, expect, expect_equal, poll

COUNT = 250

# The cost of the second half over that of the first.  It is the same work, but for what
# the kernel looks for in lists; were each start to look at all others, this would be 3.
RATIO = 1.5


def more(name):
    """Each serves a port, and may reach the next one's."""
    following = f"s{(int(name[1:]) + 1) % COUNT:03}"
    return (f'\nconfig SVC_{name.upper()}_PORTS\n\tdefault "80/tcp"\n'
            f'\nconfig SVC_{name.upper()}_ALLOW\n\tdefault "{following}:80/tcp"\n')


def make_tree(folder):
    return claims_many.make_tree(folder, COUNT, "private", more)


def wait_all(board):
    """Once for all claims: until all are up, or it takes too long."""
    def do():
        return poll(lambda: claims_many.count(board, "state"), lambda seen: seen.get("up") == COUNT, 300)
    return board.recorded("all started", do)


@claim("crowd", "250 services with a network each all start, in their first try")
def all_start(board):
    expect_equal(wait_all(board), {"up": COUNT}, "states")
    expect_equal(claims_many.count(board, "restarts"), {"0": COUNT}, "restarts")


@claim("crowd", "each of 250 services has a port of the bridge and its own addresses")
def networks(board):
    wait_all(board)
    ports = board.output("ls /sys/class/net/br0/brif").split()
    expect_equal(sorted(ports), claims_many.names(COUNT), "ports")
    for name in claims_many.names(COUNT)[::83]:
        pid = board.read(f"/sys/fs/cgroup/svc/{name}/cgroup.procs").split()[0]
        text = board.output(f"nsenter -t {pid} -n ip addr show eth0")
        expect(f"inet {board.row(name)['address']}/32" in text and "inet6 fd" in text, text)


@claim("crowd", "the networks of the last 125 services cost as many instructions as those of the first 125")
def linear(board):
    wait_all(board)
    text = board.output("pith status --json | grep -o '\"uptime_ms\":[0-9]*' | cut -d: -f2")
    ages = sorted(map(int, text.split()), reverse=True)
    expect_equal(len(ages), COUNT, "ages")
    first, second = ages[0] - ages[COUNT // 2], ages[COUNT // 2] - ages[-1]
    expect(second < RATIO * first, f"{first} million for the first half, {second} for the second")
