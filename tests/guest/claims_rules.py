"""The board's firewall as Debian's nft shows it: it is what the options say."""
import ipaddress

import frames
import nets
from claims import claim, expect, expect_equal
from nets import ALL, BRIDGES

OWN = [service for service in ALL if service.net == "private"]
HELPERS = ("dhcp-eth0", "dhcp-eth2", "ntp")     # with NET=host, as some of ALL

# (family, hook): policy of each chain that the kernel itself asks, and its place.
CHAINS = {
    ("bridge", "prerouting", "filter", -200, "drop"), ("bridge", "forward", "filter", -200, "drop"),
    ("inet", "prerouting", "filter", -450, "accept"), ("inet", "prerouting", "nat", -100, "accept"),
    ("inet", "output", "nat", -100, "accept"), ("inet", "postrouting", "nat", 100, "accept"),
    ("inet", "forward", "filter", 0, "drop"), ("inet", "input", "filter", 0, "drop"),
    ("inet", "output", "filter", 0, "accept"),
}


@claim("net", "the firewall is two tables, whose chains are at the kernel's hooks, and let nothing "
              "through by themselves")
def chains(board):
    rows = board.plugged().ruleset()
    tables = {(row["table"]["family"], row["table"]["name"]) for row in rows if "table" in row}
    expect_equal(tables, {("inet", "pith"), ("bridge", "pith")}, "tables")
    found = [row["chain"] for row in rows if "hook" in row.get("chain", {})]
    expect_equal({(c["family"], c["hook"], c["type"], c["prio"], c["policy"]) for c in found}, CHAINS,
                 "chains at hooks")


def words(service):
    """(name of the other network's owner, port) of each ALLOW of a network."""
    return sorted(service.allow)


def expected_comments():
    rows = {"outside>refused", "outside>spoofed"}
    for service in OWN:
        rows |= {f"{service.name}>{what}" for what in ("outside", "refused", "spoofed")}
    for service in [s for s in ALL if s.owner is s]:
        rows |= {f"{service.name}>{name}:{port}" for name, port in words(service)}
    rows |= {f"{name}>refused" for name in (*HELPERS, *(s.name for s in ALL if s.net == "host"))}
    for service in ALL:
        for outside, inside in service.publish:
            number, protocol = outside.split("/")
            rows.add(f"outside:{number}>{service.name}:{inside}")
            if service.net != "host":
                rows.add(f"board:{number}>{service.name}:{inside}")
    return rows


@claim("net", "there is a counter for each ALLOW, each PUBLISH and each refusal, and no other")
def comments(board):
    seen = set(board.plugged().counters())
    expect_equal(sorted(seen - expected_comments()), [], "not in the options")
    expect_equal(sorted(expected_comments() - seen), [], "missing")


def pairs(board, family):
    """The elements that a set of what is allowed should have."""
    numbers = {"tcp": 6, "udp": 17}
    rows = set()
    for service in OWN:
        for name, port in words(service):
            other = nets.BY_NAME[name]
            number, protocol = port.split("/")
            to = (str(ipaddress.ip_interface(BRIDGES[service.bridge][family]).ip)
                  if other.net == "host" else board.address_of(other)[family])
            rows.add((board.address_of(service)[family], to, protocol, int(number)))
    return {(a, b, numbers[p], n) for a, b, p, n in rows}


def protocol_number(value):
    return {"tcp": 6, "udp": 17}.get(value, value)


@claim("net", "the firewall lets pass exactly the addresses and ports that ALLOW means, in {}",
       each=[("IPv4", 0), ("IPv6", 1)])
def allowed(board, _, family):
    board.plugged()
    seen = {(a, b, protocol_number(p), n) for (a, b, p, n), _, _ in
            board.elements("inet", f"allow{(4, 6)[family]}")}
    expect_equal(seen, pairs(board, family), "elements")


@claim("net", "the firewall knows each port of a bridge with one MAC and one address, in {}",
       each=[("IPv4", 0), ("IPv6", 1)])
def senders(board, _, family):
    board.plugged()
    expected = {(service.name, board.ip("link show eth0", service.name)[0]["address"],
                 board.address_of(service)[family]) for service in OWN}
    expect_equal({value for value, _, _ in board.elements("bridge", f"ports{(4, 6)[family]}")}, expected,
                 "elements")


@claim("net", "a connection that ALLOW names is counted once, whatever goes through it")
def counted(board):
    board.plugged()
    address, _ = board.address_of(nets.BY_NAME["beta"])
    before = board.counters()
    board.ask("alpha", f"knock tcp {address} 7001").ok()
    after = board.counters()
    moved = {name: after[name] - before[name] for name in after if after[name] != before[name]
             and "outside" not in name}
    expect_equal(moved, {"alpha>beta:7001/tcp": 1}, "counters that moved")


@claim("net", "a connection that nothing names is counted as refused")
def refused(board):
    board.plugged()
    address, _ = board.address_of(nets.BY_NAME["beta"])
    board.counts("gamma>refused",
                 lambda: board.ask("gamma", f"knock tcp {address} 7001").refused("ECONNREFUSED"))


@claim("net", "what comes in by a PUBLISH is counted, from outside and from the board")
def published(board):
    board.plugged()
    wire = board.outside.leased
    board.counts("outside:8001>beta:7001/tcp",
                 lambda: expect_equal(wire.knock(nets.LEASED, ["8001/tcp"]), {"8001/tcp": "open"}))
    door = f"tcp {nets.LEASED} 8001"
    board.counts("board:8001>beta:7001/tcp", lambda: expect(board.knocks([door])[door].status == "ok"))


@claim("net", "what a neighbour of an uplink sends with a service's address is dropped, and counted")
def spoofed_outside(board):
    board.plugged()
    wire = board.outside.leased
    address, _ = board.address_of(nets.BY_NAME["alpha"])
    to, _ = board.address_of(nets.BY_NAME["beta"])
    wire.addresses.append(address)
    try:
        wire.board[to] = wire.board[nets.LEASED]
        board.counts("outside>spoofed", lambda: wire.send(
            frames.udp(address, 4444, to, 7001, b"?")))
    finally:
        wire.addresses.remove(address)
