"""What a host on a wire can offer: leases, names and the time.

Each is a function of a request's payload and frame that returns the reply's payload, or
None for no answer.  Sources: RFC 2131, 2132, 1035, 5905.
"""
import ipaddress
import struct
import time

_COOKIE = bytes.fromhex("63825363")
_DISCOVER, _OFFER, _REQUEST, _ACK, _NAK = 1, 2, 3, 5, 6

# Seconds from 1900 to 1970.
_NTP_EPOCH = 2208988800


def _packed(address):
    return ipaddress.ip_address(address).packed


class Leases:
    """A DHCP server for one board.  What it gives out may be changed at any time."""

    def __init__(self, server, address, prefix=24, gateway=None, dns=(), seconds=3600):
        self.server = server
        self.address = address
        self.prefix = prefix
        self.gateway = gateway
        self.dns = list(dns)
        self.seconds = seconds
        self.silent = False
        self.given = 0          # leases, renewed ones too

    def reply(self, payload, _):
        options = self._options(payload[240:])
        kind = {_DISCOVER: _OFFER, _REQUEST: _ACK}.get(options.get(53, b"\0")[0])
        if self.silent or kind is None:
            return None
        wanted = options.get(50, payload[12:16])
        if kind == _ACK and wanted not in (_packed(self.address), bytes(4)):
            kind = _NAK
        self.given += kind == _ACK
        head = struct.pack("!BBBB", 2, 1, 6, 0) + payload[4:12] + payload[12:16]
        given = _packed(self.address) if kind != _NAK else bytes(4)
        head += given + _packed(self.server) + bytes(4) + payload[28:44] + bytes(192)
        return head + _COOKIE + self._told(kind)

    @staticmethod
    def _options(data):
        options, at = {}, 0
        while at + 1 < len(data) and data[at] != 255:
            if data[at]:
                options[data[at]] = data[at + 2:at + 2 + data[at + 1]]
                at += data[at + 1] + 1
            at += 1
        return options

    def _told(self, kind):
        mask = (0xffffffff << (32 - self.prefix)) & 0xffffffff
        rows = [(53, bytes([kind])), (54, _packed(self.server))]
        if kind != _NAK:
            rows += [(51, struct.pack("!I", self.seconds)), (1, struct.pack("!I", mask))]
            rows += [(3, _packed(self.gateway))] if self.gateway else []
            rows += [(6, b"".join(map(_packed, self.dns)))] if self.dns else []
        return b"".join(bytes([code, len(data)]) + data for code, data in rows) + b"\xff"


def names(rows):
    """A name server that knows these: {name: address}."""
    def reply(payload, _):
        labels, at = [], 12
        while payload[at]:
            labels.append(payload[at + 1:at + 1 + payload[at]].decode())
            at += payload[at] + 1
        kind, = struct.unpack("!H", payload[at + 1:at + 3])
        question = payload[12:at + 5]
        address = rows.get(".".join(labels).lower())
        match = address and kind == (28 if ":" in address else 1)
        answer = b""
        if match:
            data = _packed(address)
            answer = struct.pack("!HHHIH", 0xc00c, kind, 1, 60, len(data)) + data
        flags = 0x8180 if address else 0x8183
        return payload[:2] + struct.pack("!HHHHH", flags, 1, bool(match), 0, 0) + question + answer
    return reply


def clock(now):
    """A time server; now(): seconds since 1970."""
    def reply(payload, _):
        def stamp(seconds):
            return struct.pack("!II", int(seconds) + _NTP_EPOCH & 0xffffffff,
                               int(seconds % 1 * (1 << 32)))
        seconds = now()
        head = struct.pack("!BBbbII4s", 0x24, 2, 6, -20, 0, 0, b"WIRE")
        return (head + stamp(seconds - 1) + payload[40:48] + stamp(seconds) + stamp(seconds))
    return reply


def running_clock(start):
    """Begins at start, and goes on as the build machine's does."""
    begun = time.monotonic()
    return lambda: start + time.monotonic() - begun


def echo(payload, _):
    return payload
