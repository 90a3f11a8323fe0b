"""Every service to every door there is, in both families: open exactly where ALLOW says."""
import ipaddress
import socket

import nets
from claims import claim, expect, expect_equal
from nets import ALL, BRIDGES, BY_NAME, OPEN, PROBES
from wire import MAC

# Ports of the board: of its services with NET=host, named by a row and not, and what
# it publishes for others.
BOARD_DOORS = ("7005/tcp", "7006/udp", "7015/tcp", "7015/udp", "7016/udp", OPEN, "7035/tcp",
               "8001/tcp", "8053/udp", "8080/tcp")


def board_addresses():
    """{address: the bridge that it is the gateway of, or None}"""
    rows = {str(ipaddress.ip_interface(a).ip): name for name, both in BRIDGES.items() for a in both}
    return {**rows, **{a: None for a in (nets.STATIC, nets.STATIC6, nets.LEASED, nets.USER_LEASED)}}


def line(address, port):
    number, protocol = port.split("/")
    return f"{protocol} {address} {number}"


def doors_of(service):
    """All that is open at a service's address, whoever may come in: {port: who answers}."""
    rows = {}
    for other in ALL:
        if other.owner is service:
            rows.update((port, other.name) for port in other.doors)
            if other.is_probe:
                rows[f"{other.probe_port}/tcp"] = None      # it waits for a request
    if service.name == "httpd":
        rows["80/tcp"] = None
    return rows


def service_doors(board):
    """[(whose, port, "tcp ADDRESS PORT", who answers)] in both families."""
    return [(service, port, line(address, port), name)
            for service in ALL if service.net == "private"
            for address in board.address_of(service)
            for port, name in doors_of(service).items()]


def board_doors():
    return [(bridge, port, line(address, port))
            for address, bridge in board_addresses().items() for port in BOARD_DOORS]


def answers(board):
    """{source: {line: reply}}, once for all claims."""
    def do():
        board.plugged()
        lines = ([row[2] for row in service_doors(board)] + [row[2] for row in board_doors()])
        return board.knocks_of_all([service.name for service in PROBES], lines)
    return board.recorded("matrix", do)


def expect_none(wrong, count):
    expect(not wrong, f"{len(wrong)} of {count}:", *wrong[:20])


@claim("net", "from every service to every service's ports, what passes in both families is exactly "
              "what ALLOW says")
def services(board):
    wrong, count, opened = [], 0, 0
    for source in PROBES:
        for target, port, door, name in service_doors(board):
            reply = answers(board)[source.name][door]
            may = source.may_reach(target, port)
            right = reply.status == "ok" and (not name or reply.text.strip() == name)
            count, opened = count + 1, opened + may
            if right if not may else not right:
                wrong.append(f"{source.name} to {target.name}, {door}: {reply}")
            elif not may and reply.status == "ok":
                wrong.append(f"{source.name} to {target.name}, {door}: somebody else: {reply}")
    expect_none(wrong, count)
    expect(opened > 40, f"only {opened} of {count} may pass")


@claim("net", "from every service to the board's ports, what passes is exactly what OPEN and ALLOW "
              "say, at any address of the board")
def board_ports(board):
    wrong, count = [], 0
    for source in PROBES:
        for bridge, port, door in board_doors():
            reply = answers(board)[source.name][door]
            count += 1
            if source.net == "host":
                continue        # it is the board
            may = source.owner.net == "private" and (
                port == OPEN or ("hosted", port) in source.allow and bridge == source.owner.bridge)
            if not may and ("hosted", port) in source.allow and bridge != source.owner.bridge:
                continue        # the same door by another name
            if may != (reply.status == "ok"):
                wrong.append(f"{source.name}, {door}: {reply}")
    expect_none(wrong, count)


@claim("net", "a service that is refused is told at once, and does not wait")
def at_once(board):
    late = [f"{source.name} to {target.name}, {door}"
            for source in PROBES if source.owner.net != "none"
            for target, port, door, _ in service_doors(board)
            if door.startswith("tcp") and not source.may_reach(target, port)
            and answers(board)[source.name][door].status == "ETIMEDOUT"]
    expect_none(late, "the refused")


@claim("net", "a service with NET=none reaches no address at all")
def none(board):
    statuses = {reply.status for reply in answers(board)["silent"].values()}
    expect_equal(statuses, {"ENETUNREACH"}, "answers")


@claim("net", "with NET=host a service reaches others only by its own ALLOW")
def host(board):
    for name in ("hosted", "hermit"):
        for target, port, door, _ in service_doors(board):
            reply = answers(board)[name][door]
            expect((reply.status == "ok") == BY_NAME[name].may_reach(target, port),
                   f"{name} to {target.name}, {door}: {reply}")


# From the board itself, and from outside

PUBLISHED = [(outside, "beta") for outside in ("8001/tcp", "8053/udp")] + [("8080/tcp", None)]


@claim("net", "a published port answers on every address of the board, asked from the board itself")
def from_board(board):
    board.plugged()
    addresses = [a for a in board_addresses() if "." in a]
    replies = board.knocks([line(a, port) for a in addresses for port, _ in PUBLISHED])
    for address in addresses:
        for port, name in PUBLISHED:
            reply = replies[line(address, port)]
            expect(reply.status == "ok" and (not name or reply.text.strip() == name),
                   f"{address}, {port}: {reply}")


@claim("net", "a published port answers in IPv6 too, asked from the board itself")
def from_board6(board):
    board.plugged()
    for address in [a for a in board_addresses() if ":" in a]:
        for port, name in PUBLISHED:
            reply = board.knocks([line(address, port)])[line(address, port)]
            expect(reply.status == "ok" and (not name or reply.text.strip() == name),
                   f"{address}, {port}: {reply}")


OUTSIDE = {
    "8001/tcp": "open", "8053/udp": b"beta", "8080/tcp": "open",
    "7005/tcp": "open", "7006/udp": b"hosted", "7025/tcp": "open",
    "7015/tcp": None, "7016/udp": None, "7035/tcp": None, "7001/tcp": None, "80/tcp": None,
    "7015/udp": None,
}


@claim("net", "a neighbour of an uplink finds open what PUBLISH and OPEN say, and nothing else: {}", each=[
    ("static, IPv4", "static", nets.STATIC), ("static, IPv6", "static", nets.STATIC6),
    ("leased", "leased", nets.LEASED)])
def from_outside(board, _, wire, address):
    host_outside = getattr(board.plugged().outside, wire)
    wrong = []
    for port, seen in host_outside.knock(address, [*OUTSIDE]).items():
        right = OUTSIDE[port]
        if seen != right if right else seen not in ("refused", "unreachable", "silent"):
            wrong.append(f"{address}, {port}: {seen!r}")
    expect_none(wrong, len(OUTSIDE))


@claim("net", "a neighbour of an uplink that sends to a service's own address reaches nobody")
def routed_from_outside(board):
    board.plugged()
    for address in board.address_of(BY_NAME["beta"]):
        wire = board.outside.static
        if ":" in address:
            wire.board[address] = wire.board[nets.STATIC6]
        else:
            wire.board[address] = wire.board[nets.STATIC]
        for port, seen in wire.knock(address, ("7001/tcp", "7001/udp", "7000/tcp")).items():
            expect(seen in ("refused", "unreachable", "silent"), f"{address}, {port}: {seen!r}")


@claim("net", "nothing from one uplink is forwarded to another")
def between_uplinks(board):
    board.plugged()
    wire, other = board.outside.leased, board.outside.static
    mark = other.mark()
    wire.board[nets.STATIC_GATEWAY] = wire.board[nets.LEASED]
    seen = wire.knock(nets.STATIC_GATEWAY, ["7/udp"])["7/udp"]
    expect(seen in ("silent", "unreachable"), seen)
    passed = [frame for frame in other.since(mark) if frame.source == nets.LEASE_GATEWAY]
    expect(not passed, *passed)


@claim("net", "a service reaches the outside in both families, and is seen there as the board")
def masqueraded(board):
    board.plugged()
    wire = board.outside.static
    for address, seen_as in ((nets.STATIC_GATEWAY, nets.STATIC), (nets.STATIC6_GATEWAY, nets.STATIC6),
                             (nets.FAR6, nets.STATIC6)):
        mark = wire.mark()
        reply = board.ask("gamma", f"knock udp {address} 7")
        expect_equal((reply.status, reply.lines), ("ok", ["?"]), f"{address}: the echo")
        expect_equal({f.source for f in wire.since(mark) if f.to_port == 7}, {seen_as}, "source")


@claim("net", "no address of a service is ever seen on a wire")
def never_outside(board):
    masqueraded(board)
    inner = [ipaddress.ip_interface(a).network for both in BRIDGES.values() for a in both[:1]]
    inner.append(ipaddress.ip_network("fd70:6974:6800::/47"))
    for wire in board.outside.wires:
        seen = [frame for frame in wire.since(0) for text in (frame.source, frame.target) if text
                and frame.mac != MAC and any(ipaddress.ip_address(text) in n for n in inner)]
        expect(not seen, *seen[:5])


def from_build_machine(board, port, protocol="tcp", text=b"?"):
    """All that is answered before the other side closes; UDP: in one datagram."""
    kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
    answer = b""
    with socket.socket(socket.AF_INET, kind) as s:
        s.settimeout(10)
        try:
            s.connect(("127.0.0.1", board.machine.port(port)))
            s.sendall(text)
            chunk = s.recv(200)
            while chunk:
                answer += chunk
                chunk = s.recv(200) if protocol == "tcp" else b""
        except (TimeoutError, ConnectionResetError):
            pass
    return answer


@claim("net", "the build machine reaches a published port through QEMU, by {}", each=[
    ("tcp", 8001, b"beta\n"), ("udp", "8053/udp", b"beta"), ("tcp, with NET=host", 7005, b"ok\nhosted\n")])
def from_qemu(board, how, port, reply):
    board.plugged()
    text = b"hostname\n" if port == 7005 else b"?"
    expect_equal(from_build_machine(board, port, how[:3], text), reply, "answer")


@claim("net", "the build machine does not reach a port of the board that is not published")
def not_from_qemu(board):
    board.plugged()
    expect_equal(board.knocks(["tcp 127.0.0.1 7015"])["tcp 127.0.0.1 7015"].text.strip(),
                 "hosted", "who listens there")
    expect_equal(from_build_machine(board, 7015), b"", "answer")
