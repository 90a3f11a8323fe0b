"""The bridge, the addresses, and the way in and out of the board."""
import ipaddress
import re
import socket
import threading

from claims import claim, expect, expect_equal
from machine import free_port
from services import NEVER_UP, ROOT, USER

# Where QEMU's user network shows the build machine to its guest.
BUILD_MACHINE = "10.0.2.2"


# Whom the probe's ALLOW names.
ALLOWED = "counter"


@claim("board", "a service's eth0 has the table's address, and nobody is beside it on the link")
def address(board):
    for service in (ROOT, USER):
        lines = board.ask(service, "interfaces").ok().lines
        expected = f"eth0 up {board.option(service, 'ADDRESS')}/32"
        expect(expected in lines, f"no '{expected}' in {lines}")


@claim("board", "every service on the bridge has an address of its own, in the bridge's subnet")
def addresses_are_unique(board):
    bridge = ipaddress.ip_interface(board.config["BRIDGE_ADDRESS"])
    seen = []
    for service in board.services():
        if board.option(service, "NET") == "none" or service in NEVER_UP:
            continue
        text = board.started_line(service).text
        match = re.search(r"\d+\.\d+\.\d+\.\d+", text)
        expect(match, f"{service}: {text}")
        seen.append(ipaddress.ip_address(match[0]))
    expect(len(set(seen)) == len(seen), sorted(map(str, seen)))
    expect(all(a in bridge.network and a != bridge.ip for a in seen), seen)


@claim("board", "the console tells an automatic address as the service has it")
def automatic_address(board):
    told = board.address("chain-a")
    lines = board.ask("chain-a", "interfaces").ok().lines
    expect(any(line.startswith(f"eth0 up {told}/") for line in lines), told, lines)


@claim("board", "lo is up in every service, without a network too")
def loopback(board):
    for service in (ROOT, "no-net"):
        lines = board.ask(service, "interfaces").ok().lines
        expect("lo up 127.0.0.1/8" in lines, f"{service}: {lines}")


@claim("board", "a service reaches another at the port that its ALLOW names")
def allowed(board):
    to = board.option(ALLOWED, "ADDRESS")
    answer = board.ask(ROOT, f"connect {to} 7000 hostname").ok()
    expect_equal(answer.lines[:2], ["ok", ALLOWED], "the other's answer")


@claim("board", "a service is refused at another that its ALLOW does not name, though that one serves")
def not_allowed(board):
    to = board.option("victim", "ADDRESS")
    board.ask("victim", "hostname").ok()
    board.ask(ROOT, f"connect {to} 7000").refused("ECONNREFUSED", "EHOSTUNREACH", "EACCES")
    to = board.option(ALLOWED, "ADDRESS")
    board.ask(USER, f"connect {to} 7000").refused("ECONNREFUSED", "EHOSTUNREACH", "EACCES")


@claim("board", "a service reaches the gateway address")
def gateway(board):
    bridge = board.config["BRIDGE_ADDRESS"].split("/")[0]
    expect_equal(board.ask(ROOT, f"ping {bridge}").ok().number("type"), 0, "ICMP type")
    routes = [line.split() for line in board.ask(ROOT, "read /proc/net/route").ok().lines[1:]]
    hexed = f"{int.from_bytes(ipaddress.ip_address(bridge).packed, 'little'):08X}"
    expect(["eth0", "00000000", hexed] in [row[:3] for row in routes], routes)


@claim("board", "a service with NET=none reaches nobody")
def no_network(board):
    for to in (board.option(USER, "ADDRESS"), "10.77.0.1", BUILD_MACHINE):
        board.ask("no-net", f"connect {to} 7000").refused("ENETUNREACH")


@claim("board", "each service's veth is a port of br0 and has the service's name")
def bridge_ports(board):
    ports = set(board.output("ls /sys/class/net/br0/brif").split())
    expected = {s for s in board.services() if board.option(s, "NET") != "none"}
    missing = expected - ports - set(NEVER_UP)
    expect(not missing and ports <= expected, f"ports: {sorted(ports)}",
           f"missing: {sorted(missing)}")


@claim("board", "a service reaches beyond the uplink, masqueraded")
def uplink(board):
    port, seen = free_port(), []
    with socket.create_server(("127.0.0.1", port)) as server:
        server.settimeout(10)

        def serve():
            with server.accept()[0] as connection:
                seen.append(connection.recv(100))
                connection.sendall(b"from the build machine")
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        answer = board.ask(ROOT, f"connect {BUILD_MACHINE} {port} hello")
        thread.join(10)
    answer.ok()
    expect_equal(answer.lines, ["from the build machine"], "answer")
    expect_equal(seen, [b"hello\n"], "what arrived")


def ask_from_outside(board, port, request, timeout=5):
    """Over QEMU's forwarded port: from the build machine to the uplink."""
    with socket.create_connection(("127.0.0.1", board.machine.port(port)), timeout) as s:
        s.settimeout(timeout)
        s.sendall(request.encode() + b"\n")
        chunks = []
        while True:
            chunk = s.recv(4096)
            if not chunk:
                return b"".join(chunks).decode()
            chunks.append(chunk)


@claim("board", "a published port of the board leads to the service")
def published(board):
    expect_equal(ask_from_outside(board, 7070, "hostname"), "ok\nsounder\n", "answer")


@claim("board", "a port that is not published leads nowhere")
def not_published(board):
    # From the board's own uplink address, as from any host beyond it.
    board.ask(ROOT, "connect 10.0.2.15 7000").refused("ECONNREFUSED", "ETIMEDOUT",
                                                     "EINPROGRESS", "EAGAIN")


@claim("board", "IPv6 gives a service no address that the table does not know")
def ipv6(board):
    host = int(ipaddress.ip_address(board.option(ROOT, "ADDRESS"))) & 0xff
    expected = int(ipaddress.ip_address("fd70:6974:6800::")) + host
    rows = [line.split() for line in board.ask(ROOT, "read /proc/net/if_inet6").ok().lines]
    expect_equal(sorted((row[5], row[0]) for row in rows),
                 [("eth0", f"{expected:032x}"), ("lo", f"{1:032x}")], "addresses")


@claim("board", "without DHCP, resolv.conf has the name servers of UPLINK_DNS")
def name_servers(board):
    lines = board.ask(ROOT, "read /etc/resolv.conf").ok().lines
    expect_equal([line.split()[1] for line in lines if line.startswith("nameserver")],
                 board.config["UPLINK_DNS"].split(), "name servers")
