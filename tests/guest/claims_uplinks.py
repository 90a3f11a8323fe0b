"""The ways out: cables that come late, go and come back, leases, and the time."""
import re
import time

import nets
from claims import claim, expect, expect_equal, poll
from net_board import LEASED_CARD, STATIC_CARD, USER_CARD
from services import status_field

NET_BIND_SERVICE, NET_ADMIN, NET_RAW, SYS_TIME = 10, 12, 13, 25
LEASED_BY = "dhcp-eth2"


# Before any cable is in

@claim("net", "a board boots without a cable, and starts what needs none")
def boots(board):
    rows = board.dark()["rows"]
    waiting = {name for name, row in rows.items() if row["state"] != "up"}
    expect({"online", "timed"} <= waiting, waiting)
    expect(waiting <= {"online", "timed", "ntp", LEASED_BY, "dhcp-eth0"}, waiting)
    expect(board.dark()["uptime"] < 60, f"{board.dark()['uptime']} s")


@claim("net", "pith why says that a service AFTER network-online waits for a cable")
def why_dark(board):
    expect("network-online" in board.dark()["why"], board.dark()["why"])
    expect(re.search(r"carrier|cable", board.dark()["why"]), board.dark()["why"])


@claim("net", "without a lease an uplink has no address, and no name server is told")
def nothing_leased(board):
    dark = board.dark()
    expect(nets.LEASED not in dark["addresses"] and nets.USER_LEASED not in dark["addresses"],
           dark["addresses"])
    expect("nameserver" not in dark["names"], dark["names"])


@claim("net", "a clock that is behind the build is set to the build's time")
def floor(board):
    seen, least = board.dark()["time"], board.floor
    expect(least > 1700000000, f"the floor is {least}")
    expect(least <= seen <= least + board.dark()["uptime"] + 1, f"{seen}, and the floor is {least}")


@claim("net", "when a cable is in, what comes AFTER network-online starts")
def online(board):
    board.plugged()
    board.wait_state("online", "up", timeout=20)


# Leases

def lease_process(board):
    return board.pid(LEASED_BY)


@claim("net", "udhcpc has NET_RAW of all capabilities, a filter of its own, and may get no more")
def confined(board):
    text = board.plugged().read(f"/proc/{lease_process(board)}/status")
    for field in ("CapEff", "CapPrm", "CapBnd"):
        caps = int(status_field(text, field)[0], 16)
        expect(caps & ~(1 << NET_BIND_SERVICE) == 1 << NET_RAW, f"{field}: {caps:x}")
    expect_equal(status_field(text, "Seccomp"), ["2"], "Seccomp")
    expect_equal(status_field(text, "NoNewPrivs"), ["1"], "NoNewPrivs")
    expect(int(status_field(text, "Uid")[0]) >= 65536, "it has an id of the board's")


@claim("net", "ntpd has SYS_TIME of all capabilities")
def ntp_confined(board):
    board.plugged()
    board.wait_state("ntp", "up", "starting", timeout=30)
    text = board.read(f"/proc/{board.pid('ntp')}/status")
    for field in ("CapEff", "CapBnd"):
        expect_equal(int(status_field(text, field)[0], 16), 1 << SYS_TIME, field)


@claim("net", "when udhcpc is killed, and another takes its place, the address does not flicker")
def no_flicker(board):
    board.plugged()
    pid, given = lease_process(board), board.outside.leases.given
    board.output(f"chroot /services/tools /sbin/ip monitor address route >/run/monitor 2>&1 & "
                 "echo $! >/run/monitor.pid; sleep 0.3")
    try:
        board.output(f"kill -9 {pid}")
        poll(lambda: board.outside.leases.given, lambda n: n > given, 200)
        expect(board.outside.leases.given > given, "it asked for no other lease")
        time.sleep(0.5)
    finally:
        text = board.run("kill $(cat /run/monitor.pid); cat /run/monitor")[1]
    expect("Deleted" not in text, text)
    expect(nets.LEASED in board.addresses(), board.addresses())


@claim("net", "a lease outlives PID 1's execution anew")
def reexec(board):
    board.plugged()
    before = board.addresses()
    board.output("pith reexec")
    board.wait_state("alpha", "up")
    expect_equal(board.addresses(), before, "addresses")
    board.ask("gamma", f"knock udp {nets.FAR} 7").ok()


def renew(board, released=False):
    """Has it ask once more, and waits for the answer to be heard.  One who has given his
    lease back takes whatever he is given."""
    given = board.outside.leases.given
    pid = lease_process(board)
    board.output(f"kill -USR2 {pid}; sleep 0.3; kill -USR1 {pid}" if released else f"kill -USR1 {pid}")
    poll(lambda: board.outside.leases.given, lambda n: n > given, 100)
    expect(board.outside.leases.given > given, "it does not renew",
           board.run(f"pith logs -n 10 {LEASED_BY}")[1])
    time.sleep(0.5)


def leased(board, released=False, **change):
    """The lease's values from now on."""
    for key, value in change.items():
        setattr(board.outside.leases, key, value)
    renew(board, released)


def as_ever(board, released=False):
    leased(board, released, address=nets.LEASED, prefix=24, gateway=nets.LEASE_GATEWAY,
           dns=[nets.LEASE_GATEWAY], seconds=nets.LEASE_S)
    poll(board.addresses, lambda rows: nets.LEASED in rows, 100)


@claim("net", "resolv.conf follows the lease, in services that run as well")
def name_servers(board):
    board.plugged()
    pid = board.pid("alpha")

    def told():
        return [line.split()[1] for line in board.ask("alpha", "read /etc/resolv.conf").ok().lines
                if line.startswith("nameserver")]
    def soon(*right):
        seen = poll(lambda: told()[:len(right)], lambda seen: seen == [*right], 30)
        expect_equal(seen, [*right], "name servers")
    soon(nets.LEASE_GATEWAY)
    try:
        leased(board, dns=[nets.FAR, "10.8.0.77"])
        soon(nets.FAR, "10.8.0.77")
    finally:
        as_ever(board)
    soon(nets.LEASE_GATEWAY)
    expect_equal(board.pid("alpha"), pid, "alpha's process")


UNSOUND = [
    ("an address of the bridge's subnet", {"address": "10.77.0.99"}),
    ("a gateway of a bridge's subnet", {"gateway": "10.78.0.7"}),
    ("an address of another uplink's subnet", {"address": "10.9.0.50"}),
    ("its own address as the gateway", {"gateway": nets.LEASED}),
    ("an address that is none of a host", {"address": "224.0.0.5"}),
    ("a loopback address", {"address": "127.0.0.9"}),
]


@claim("net", "a lease with {} is refused, and changes nothing", each=UNSOUND)
def unsound(board, _, values):
    board.plugged()
    before, routes = board.addresses(), board.ip("route")
    mark = board.console.mark()
    try:
        leased(board, released=True, **values)
        expect(board.console.wait_raw("eth2: .*no lease", 10, mark), "nobody says so",
               *board.console.since(mark))
        expect_equal(board.addresses(), before, "addresses")
        expect_equal(board.ip("route"), routes, "routes")
    finally:
        as_ever(board, released=True)


def lease_ms(board):
    """What is left of it, as PID 1 has it."""
    return next(row["lease_ms"] or 0 for row in board.pith_json("network")["uplinks"] if row["name"] == "eth2")


@claim("net", "a lease that ends takes its address and its route along, and a new one brings them back")
def lease_ends(board):
    board.plugged()
    leases = board.outside.leases
    try:
        leased(board, seconds=20)
        # What was given may have been an answer that udhcpc no longer waited for.
        left = poll(lambda: lease_ms(board), lambda ms: 0 < ms <= 20000, 100)
        expect(0 < left <= 20000, f"PID 1 holds a lease of {left} ms")
        leases.silent = True
        seen = poll(board.addresses, lambda rows: nets.LEASED not in rows, 300)
        expect(nets.LEASED not in seen, seen)
        expect(nets.LEASE_GATEWAY not in [r.get("gateway") for r in board.ip("route")], board.ip("route"))
        board.ask("gamma", f"knock udp {nets.FAR} 7").ok()      # by the next best way
    finally:
        leases.silent = False
        leases.seconds = nets.LEASE_S
        seen = poll(board.addresses, lambda rows: nets.LEASED in rows, 600)
    expect(nets.LEASED in seen, seen)


# A lease's message, with every field as lease.h has it.
FORGED = r"\x00\x01\x18\x00" + r"\x63\x00\x08\x0a" + r"\x01\x00\x08\x0a" + r"\x00\x10\x00\x00" + r"\x00" * 12


@claim("net", "PID 1 takes a lease from nobody but the service that asks for it")
def forged(board):
    before = board.plugged().addresses()
    board.ask("gamma", f"notify {FORGED}").ok()
    time.sleep(0.5)
    expect_equal(board.addresses(), before, "addresses")


# Cables that go and come back

def way(board, address=nets.FAR):
    return board.ip(f"route get {address}")[0].get("dev")


def echo(board, wire):
    """Whether what a service sends to the far host comes by that wire, and is answered."""
    mark = wire.mark()
    reply = board.ask("gamma", f"knock udp {nets.FAR} 7")
    return reply.status == "ok" and bool([f for f in wire.since(mark) if f.to_port == 7])


@claim("net", "when the best uplink's cable is pulled, services go out by the next, and come back to it")
def fail_over(board):
    board.plugged()
    static, leased_wire = board.outside.wires
    expect(echo(board, leased_wire), "it does not begin with the best")
    try:
        board.machine.cable(LEASED_CARD, False)
        expect(poll(lambda: echo(board, static), bool, 50), f"by {way(board)}", board.run("pith network")[1])
        expect_equal(way(board), nets.VLAN_UPLINK, "the way out")
        board.machine.cable(STATIC_CARD, False)
        expect_equal(poll(lambda: way(board), lambda dev: dev == "eth0", 50), "eth0", "the way out then")
    finally:
        board.machine.cable(STATIC_CARD, True)
        board.machine.cable(LEASED_CARD, True)
    expect(poll(lambda: echo(board, leased_wire), bool, 100),
           f"it does not come back, but goes by {way(board)}")


@claim("net", "udhcpc asks anew when its cable comes back")
def asks_anew(board):
    board.plugged()
    given = board.outside.leases.given
    board.machine.cable(LEASED_CARD, False)
    time.sleep(1)
    board.machine.cable(LEASED_CARD, True)
    expect(poll(lambda: board.outside.leases.given, lambda n: n > given, 150) > given, "it does not")


@claim("net", "with all cables out a service that runs goes on, and one that is started waits")
def all_out(board):
    board.plugged()
    board.wait_state("online", "up", timeout=20)
    pid = board.pid("online")
    try:
        for card in (USER_CARD, STATIC_CARD, LEASED_CARD):
            board.machine.cable(card, False)
        time.sleep(1.5)
        expect_equal(board.pid("online"), pid, "its process")
        board.run("pith stop online")
        board.run("pith start online", timeout=10)
        expect(board.state("online") != "up", board.run("pith why online")[1])
    finally:
        for card in (USER_CARD, STATIC_CARD, LEASED_CARD):
            board.machine.cable(card, True)
    board.wait_state("online", "up", timeout=30)
    poll(board.addresses, lambda rows: nets.LEASED in rows, 200)


@claim("net", "an uplink whose card is pulled out is left, and one that comes in later is set up")
def card(board):
    board.plugged()
    board.pull(LEASED_CARD)
    try:
        gone = poll(lambda: board.run("test -e /sys/class/net/eth2")[0], bool, 200)
        expect(gone, "it does not go")
        seen = poll(board.addresses, lambda rows: nets.LEASED not in rows, 50)
        expect(nets.LEASED not in seen, seen)
        board.ask("gamma", f"knock udp {nets.FAR} 7").ok()      # by the next best way
    finally:
        board.push(LEASED_CARD)
    seen = poll(board.addresses, lambda rows: rows.get(nets.LEASED) == "eth2", 300)
    expect(seen.get(nets.LEASED) == "eth2", seen, board.run("pith network")[1])
    expect(poll(lambda: echo(board, board.outside.leased), bool, 50), f"by {way(board)}")


# The time

@claim("net", "a service AFTER time-valid starts when a time server has answered, and not before")
def time_valid(board):
    board.plugged()
    expect(board.dark()["rows"]["timed"]["state"] != "up", board.dark()["rows"]["timed"])
    board.wait_state("timed", "up", timeout=90)
    seen, right = int(board.output("date +%s")), board.wire_time()
    expect(abs(seen - right) < 5, f"the board's clock: {seen}, the wire's: {right:.0f}")
