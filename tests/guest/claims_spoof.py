"""A service that may make up whatever it wants to be: it reaches nobody with it, changes
nothing at anybody, and is counted.
"""
import re

import frames
from claims import claim, expect, expect_equal
from frames import BROADCAST, IPV4, IPV6, ethernet
from net_board import TOOLS
from nets import BRIDGES, BY_NAME

LIAR = "liar"

# Many enough to tell them from what passes by itself.
TIMES = 5

GATEWAY, GATEWAY6 = "10.77.0.1", BRIDGES["br0"][1]
FOREIGN, FOREIGN6 = "192.0.2.66", "2001:db8::66"
FOREIGN_MAC = "02:66:66:66:66:66"


class Cast:
    """Who is who, as the kernel has it."""

    def __init__(self, board):
        board.plugged()
        self.mac, self.address, self.address6 = self._of(board, LIAR)
        # One that may reach the same door.
        self.other_mac, self.other, self.other6 = self._of(board, "ear")
        _, self.target, self.target6 = self._of(board, "beta")
        self.gateway_mac = board.ip("link show br0")[0]["address"]

    @staticmethod
    def _of(board, service):
        four, six = board.address_of(BY_NAME[service])
        return board.ip("link show eth0", service)[0]["address"], four, six


def cast(board):
    return board.recorded("cast", lambda: Cast(board))


def send(board, frame, times=TIMES):
    board.ask(LIAR, f"frame eth0 {frame.hex()} {times}").ok()


def udp(c, source, to, mac=None):
    kind = IPV6 if ":" in source else IPV4
    return ethernet(c.gateway_mac, mac or c.mac, kind, frames.udp(source, 5555, to, 7001, b"?"))


def datagrams(board, service="beta"):
    """How many its UDP sockets were given, in both families."""
    text = board.output(f"{board.inside(service)}sh -c 'cat /proc/net/snmp /proc/net/snmp6'")
    udp4 = [line.split() for line in text.splitlines() if line.startswith("Udp: ")][1]
    udp6 = [line.split()[1] for line in text.splitlines() if line.startswith("Udp6InDatagrams ")]
    return int(udp4[1]) + int(udp6[0])


FALSE = [
    ("its own MAC and another service's IPv4 address", lambda c: udp(c, c.other, c.target)),
    ("its own MAC and another service's IPv6 address", lambda c: udp(c, c.other6, c.target6)),
    ("its own MAC and the gateway's IPv4 address", lambda c: udp(c, GATEWAY, c.target)),
    ("its own MAC and the gateway's IPv6 address", lambda c: udp(c, GATEWAY6, c.target6)),
    ("its own MAC and nobody's IPv4 address", lambda c: udp(c, FOREIGN, c.target)),
    ("its own MAC and nobody's IPv6 address", lambda c: udp(c, FOREIGN6, c.target6)),
    ("its own MAC and an IPv6 address of the link", lambda c: udp(c, "fe80::66", c.target6)),
    ("another's MAC and its own IPv4 address", lambda c: udp(c, c.address, c.target, c.other_mac)),
    ("another's MAC and its own IPv6 address", lambda c: udp(c, c.address6, c.target6, c.other_mac)),
    ("nobody's MAC and its own IPv4 address", lambda c: udp(c, c.address, c.target, FOREIGN_MAC)),
    ("the gateway's MAC and address", lambda c: udp(c, GATEWAY, c.target, c.gateway_mac)),
    ("all of another's", lambda c: udp(c, c.other, c.target, c.other_mac)),
    ("all of another's, in IPv6", lambda c: udp(c, c.other6, c.target6, c.other_mac)),
]


@claim("net", "what a service sends as itself arrives, as a whole frame too")
def truth(board):
    c = cast(board)
    before = datagrams(board)
    send(board, udp(c, c.address, c.target))
    send(board, udp(c, c.address6, c.target6))
    expect_equal(datagrams(board) - before, 2 * TIMES, "datagrams that arrived")


@claim("net", "what a service sends with {} arrives nowhere, and is counted", each=FALSE)
def false_sender(board, _, make):
    c = cast(board)
    before, counted = datagrams(board), board.counters()[f"{LIAR}>spoofed"]
    send(board, make(c))
    expect_equal(datagrams(board) - before, 0, "datagrams that arrived")
    after = board.counters()[f"{LIAR}>spoofed"]
    expect(after - counted >= TIMES, f"{after - counted} of {TIMES} are counted")


# Of IEEE 802.1D: to whom it is sent, a bridge's port would keep to itself, unseen by any rule.
GROUPS = [f"01:80:c2:00:00:{number:02x}" for number in (0, 2, 3, 14, 15)]


@claim("net", "what a service sends to {} with nobody's address is counted, and so was seen", each=GROUPS)
def link_local_group(board, group):
    c = cast(board)
    before = board.counters()[f"{LIAR}>spoofed"]
    send(board, ethernet(group, c.mac, IPV4, frames.udp(FOREIGN, 5555, GATEWAY, 7001, b"?")))
    after = board.counters()[f"{LIAR}>spoofed"]
    expect(after - before >= TIMES, f"{after - before} of {TIMES} are counted")


@claim("net", "what is spoofed is counted in pith status NAME")
def told(board):
    c = cast(board)
    send(board, udp(c, c.other, c.target))
    text = board.pith(f"status {LIAR}")
    expect("spoofed" in text, text)


def change(board, *words):
    """As the service itself, by its own ip."""
    for word in words:
        board.pith(f"exec -T {LIAR} /sbin/ip {word}")


def changes(c):
    return [
        ("MAC", [f"link set dev eth0 address {FOREIGN_MAC}"], [f"link set dev eth0 address {c.mac}"]),
        ("IPv4 address", [f"addr del {c.address}/32 dev eth0", f"addr add {c.other}/32 dev eth0"], None),
        ("IPv6 address", [f"addr del {c.address6}/128 dev eth0",
                          f"addr add {c.other6}/128 dev eth0 nodad"], None),
    ]


@claim("net", "a service that changes its {} reaches nobody", each=["MAC", "IPv4 address", "IPv6 address"])
def changed(board, what):
    c = cast(board)
    six = what == "IPv6 address"
    door = f"knock udp {c.target6 if six else c.target} 7001"
    board.ask(LIAR, door).ok()
    _, do, undo = next(row for row in changes(c) if row[0] == what)
    before = board.counters()[f"{LIAR}>spoofed"]
    try:
        change(board, *do)
        # Its routes went with its address, its neighbours with its MAC.
        keep_neighbours(board, c)
        gateway = GATEWAY6 if six else GATEWAY
        board.run(f"pith exec -T {LIAR} /sbin/ip {'-6 ' if six else ''}route replace default via {gateway} "
                  "dev eth0 onlink")
        board.ask(LIAR, door).refused("ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH")
        expect(board.counters()[f"{LIAR}>spoofed"] > before, "it is not counted")
    finally:
        if undo:
            change(board, *undo)
        else:
            restore(board, c, six)
        keep_neighbours(board, c)
    board.ask(LIAR, door).ok()


def keep_neighbours(board, c):
    change(board, *(f"neigh replace {address} lladdr {c.gateway_mac} dev eth0 nud permanent"
                    for address in (GATEWAY, GATEWAY6)))


def restore(board, c, six):
    other, own, length = (c.other6, c.address6, 128) if six else (c.other, c.address, 32)
    family, gateway = ("-6 ", GATEWAY6) if six else ("", GATEWAY)
    change(board, f"addr del {other}/{length} dev eth0",
           f"addr add {own}/{length} dev eth0{' nodad' if six else ''}",
           f"{family}route replace default via {gateway} dev eth0 onlink")


# What others believe and hear

def beliefs(board):
    """All that a frame might change, on the board and in other services."""
    batch = "printf '%s\\n' neigh addr route 'route show table local' |"
    commands = [f"chroot {TOOLS} /sbin/bridge fdb show"]
    for service in (None, "alpha", "beta", "gamma", "ear"):
        ip = f"{board.inside(service)}chroot {TOOLS} /sbin/ip"
        commands += [f"echo ns {service}", f"{batch} {ip} -batch -", f"{batch} {ip} -6 -batch -"]
    # Neighbours of the uplinks come and go by themselves.
    return [line for line in board.output("; ".join(commands), timeout=60).splitlines()
            if "valid_lft" not in line and not re.search(r"dev eth\S+ (lladdr|FAILED|INCOMPLETE)", line)
            or "PERMANENT" in line]


def arp(c, operation, address, mac=None, to=BROADCAST):
    return ethernet(to, mac or c.mac, frames.ARP,
                    frames.arp(operation, mac or c.mac, address, FOREIGN_MAC, address))


def offer(c):
    """A lease from a server that nobody asked."""
    payload = b"\2\1\6\0" + bytes(232)
    return ethernet(BROADCAST, c.mac, IPV4, frames.udp(c.address, 67, "255.255.255.255", 68, payload[:60]))


LIES = [
    ("ARP that it is the gateway", lambda c: arp(c, 2, GATEWAY)),
    ("ARP that it is another service", lambda c: arp(c, 2, c.target)),
    ("ARP that another service has its address", lambda c: arp(c, 1, c.address, c.other_mac)),
    ("ARP to the board alone", lambda c: arp(c, 2, c.target, to=c.gateway_mac)),
    ("NDP that it is the gateway", lambda c: ethernet(
        "33:33:00:00:00:01", c.mac, IPV6, frames.neighbour_advert(c.mac, GATEWAY6, "ff02::1"))),
    ("NDP that it is another service", lambda c: ethernet(
        "33:33:00:00:00:01", c.mac, IPV6, frames.neighbour_advert(c.mac, c.target6, "ff02::1"))),
    ("NDP from its own address, about another's", lambda c: ethernet(c.gateway_mac, c.mac, IPV6, frames.icmp(
        c.address6, GATEWAY6, frames.NEIGHBOUR_ADVERT,
        frames.neighbour_advert(c.mac, c.target6, GATEWAY6)[44:], 255))),
    ("a router advertisement", lambda c: ethernet(
        "33:33:00:00:00:01", c.mac, IPV6, frames.router_advert(c.mac, "fe80::66", "fd66::"))),
    ("a router advertisement from its own address", lambda c: ethernet(
        c.gateway_mac, c.mac, IPV6, frames.router_advert(c.mac, c.address6, "fd66::"))),
    ("an offer of a lease", offer),
    ("a frame in a VLAN", lambda c: ethernet(
        c.gateway_mac, c.mac, IPV4, frames.udp(c.address, 5555, c.target, 7001, b"?"), vlan=7)),
    ("a frame of the bridges' own protocol", lambda c: ethernet(
        "01:80:c2:00:00:00", c.mac, 0x0026, bytes.fromhex("424203") + bytes(35))),
]


@claim("net", "a service's lie changes nothing at the others and on the board: {}", each=LIES)
def lies(board, _, make):
    c = cast(board)
    # As all the lies find it, of which none may change anything.
    before = board.recorded("beliefs", lambda: beliefs(board))
    send(board, make(c))
    after = beliefs(board)
    expect(len(before) > 80, *before)
    expect(before == after, "gone:", *sorted(set(before) - set(after)), "new:",
           *sorted(set(after) - set(before)))


def heard(board, *sent):
    """What comes to another service's card, of what the liar sends."""
    c = cast(board)

    def meanwhile():
        for frame in sent:
            send(board, frame)
    return [frame for frame in map(frames.Frame, board.hear("ear", 1500, meanwhile))
            if frame.mac == c.mac or frame.source in (c.address, c.address6)]


@claim("net", "nothing that a service sends to all, or to many, is heard by another: {}", each=[
    ("a broadcast", lambda c: ethernet(BROADCAST, c.mac, IPV4, frames.udp(
        c.address, 5555, "255.255.255.255", 7001, b"?"))),
    ("the subnet's broadcast", lambda c: ethernet(BROADCAST, c.mac, IPV4, frames.udp(
        c.address, 5555, "10.77.0.255", 7001, b"?"))),
    ("IPv4's multicast", lambda c: ethernet("01:00:5e:00:00:fb", c.mac, IPV4, frames.udp(
        c.address, 5353, "224.0.0.251", 5353, b"?"))),
    ("IPv6's multicast", lambda c: ethernet("33:33:00:00:00:01", c.mac, IPV6, frames.udp(
        c.address6, 5555, "ff02::1", 7001, b"?"))),
    ("ARP", lambda c: arp(c, 1, c.address)),
    ("a MAC that nobody has", lambda c: ethernet(FOREIGN_MAC, c.mac, IPV4, frames.udp(
        c.address, 5555, c.target, 7001, b"?"))),
    ("a protocol that nobody knows", lambda c: ethernet(BROADCAST, c.mac, 0x88b5, bytes(46))),
])
def not_heard(board, _, make):
    seen = heard(board, make(cast(board)))
    expect(not seen, *seen)


@claim("net", "a frame straight to another service's MAC does not get there")
def not_switched(board):
    c = cast(board)
    ear_mac, ear, ear6 = Cast._of(board, "ear")
    seen = heard(board, ethernet(ear_mac, c.mac, IPV4, frames.udp(c.address, 5555, ear, 7001, b"?")),
                 ethernet(ear_mac, c.mac, IPV6, frames.udp(c.address6, 5555, ear6, 7001, b"?")))
    expect(not seen, *seen)


@claim("net", "a service that listens hears what is meant for it")
def hears(board):
    c = cast(board)
    seen = board.hear("ear", 1500, lambda: board.ask("ear", f"knock udp {c.target} 7001").ok())
    expect([f for f in map(frames.Frame, seen) if f.source == c.target], "nothing came")


@claim("net", "a service does not reach another's address of the link")
def link_local(board):
    c = cast(board)
    change(board, "addr add fe80::66/64 dev eth0 nodad")
    try:
        mac = bytearray(frames.mac_bytes(c.other_mac))
        mac[0] ^= 2
        other = f"fe80::{mac[0]:02x}{mac[1]:02x}:{mac[2]:02x}ff:fe{mac[3]:02x}:{mac[4]:02x}{mac[5]:02x}"
        board.ask(LIAR, f"knock udp {other}%eth0 7001").refused(
            "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "ECONNREFUSED", "EACCES", "EPERM")
    finally:
        change(board, "addr del fe80::66/64 dev eth0")


@claim("net", "a service does not reach the board's loopback, whatever it writes into a frame: {}", each=[
    ("127.0.0.1", lambda c: frames.tcp(c.address, 5555, "127.0.0.1", 7015, frames.SYN)),
    ("::1", lambda c: frames.tcp(c.address6, 5555, "::1", 7015, frames.SYN)),
    ("from 127.0.0.1", lambda c: frames.tcp("127.0.0.1", 5555, GATEWAY, 7015, frames.SYN)),
])
def loopback(board, _, make):
    c = cast(board)
    packet = make(c)
    kind = IPV6 if packet[0] >> 4 == 6 else IPV4
    seen = board.hear(LIAR, 1500, lambda: send(board, ethernet(c.gateway_mac, c.mac, kind, packet)))
    opened = [f for f in map(frames.Frame, seen) if f.protocol == frames.TCP
              and f.flags & frames.SYN and f.flags & frames.ACK]
    expect(not opened, *opened)
