"""Ethernet frames in both directions: packed for a wire or a raw socket, and read.

Addresses are text, as ipaddress takes them; MACs are text with colons.  Knows of no
host and keeps nothing.  Sources: RFC 791, 826, 8200, 4861, 768, 9293.
"""
import ipaddress
import struct

BROADCAST = "ff:ff:ff:ff:ff:ff"

ARP, IPV4, VLAN, IPV6 = 0x0806, 0x0800, 0x8100, 0x86dd
ICMP, TCP, UDP, ICMP6 = 1, 6, 17, 58
SYN, RST, ACK = 2, 4, 16
ROUTER_ADVERT, NEIGHBOUR_SOLICIT, NEIGHBOUR_ADVERT = 134, 135, 136


def mac_bytes(mac):
    return bytes.fromhex(mac.replace(":", ""))


def mac_text(data):
    return data.hex(":")


def _packed(address):
    return ipaddress.ip_address(address).packed


def _text(data):
    return str(ipaddress.ip_address(bytes(data)))


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total > 0xffff:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


# --- Packing ------------------------------------------------------------------

def ethernet(to, source, kind, payload, vlan=None):
    tag = struct.pack("!HH", VLAN, vlan) if vlan else b""
    return mac_bytes(to) + mac_bytes(source) + tag + struct.pack("!H", kind) + payload


def arp(operation, mac, address, to_mac, to_address):
    return (struct.pack("!HHBBH", 1, IPV4, 6, 4, operation) + mac_bytes(mac) + _packed(address) +
            mac_bytes(to_mac) + _packed(to_address))


def ip(source, to, protocol, payload, hops=64):
    """A packet of the family that its addresses have."""
    source, to = _packed(source), _packed(to)
    if len(to) == 16:
        return struct.pack("!IHBB", 6 << 28, len(payload), protocol, hops) + source + to + payload
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), 1, 0, hops, protocol, 0)
    total = checksum(head + source + to)
    return head[:10] + struct.pack("!H", total) + source + to + payload


def _summed(source, to, protocol, data, at):
    """The data with its checksum at that offset, over the pseudo header too."""
    source, to = _packed(source), _packed(to)
    pseudo = source + to + (struct.pack("!II", len(data), protocol) if len(to) == 16 else
                            struct.pack("!HH", protocol, len(data)))
    total = checksum(pseudo + data) or 0xffff
    return data[:at] + struct.pack("!H", total) + data[at + 2:]


def udp(source, port, to, to_port, payload):
    data = struct.pack("!HHHH", port, to_port, 8 + len(payload), 0) + payload
    return ip(source, to, UDP, _summed(source, to, UDP, data, 6))


def tcp(source, port, to, to_port, flags, number=1000, expected=0):
    data = struct.pack("!HHIIBBHHH", port, to_port, number, expected, 0x50, flags, 65535, 0, 0)
    return ip(source, to, TCP, _summed(source, to, TCP, data, 16))


def icmp(source, to, kind, payload, hops=64, code=0):
    """ICMP's or ICMPv6's, by the family."""
    data = struct.pack("!BBH", kind, code, 0) + payload
    if ipaddress.ip_address(to).version == 6:
        return ip(source, to, ICMP6, _summed(source, to, ICMP6, data, 2), hops)
    total = checksum(data)
    return ip(source, to, ICMP, data[:2] + struct.pack("!H", total) + data[4:], hops)


def neighbour_advert(mac, address, to, flags=0x60000000):
    target = struct.pack("!I", flags) + _packed(address) + b"\2\1" + mac_bytes(mac)
    return icmp(address, to, NEIGHBOUR_ADVERT, target, 255)


def router_advert(mac, source, prefix):
    """Of a router that would give out addresses of a /64, and a way out."""
    option = struct.pack("!BBBBIII", 3, 4, 64, 0xc0, 7200, 3600, 0) + _packed(prefix)
    body = struct.pack("!BBHII", 64, 0, 1800, 0, 0) + b"\1\1" + mac_bytes(mac) + option
    return icmp(source, "ff02::1", ROUTER_ADVERT, body, 255)


# --- Reading ------------------------------------------------------------------

class Frame:
    """What a frame says of itself; what it has not is None."""

    def __init__(self, data):
        self.data = data
        self.to, self.mac = mac_text(data[:6]), mac_text(data[6:12])
        self.vlan = self.source = self.target = self.protocol = None
        self.port = self.to_port = self.flags = self.kind = None
        self.payload = b""
        self.type, = struct.unpack("!H", data[12:14])
        body = data[14:]
        if self.type == VLAN:
            tag, self.type = struct.unpack("!HH", body[:4])
            self.vlan, body = tag & 0xfff, body[4:]
        self._read(body)

    def _read(self, body):
        if self.type == ARP and len(body) >= 28:
            self.kind, = struct.unpack("!H", body[6:8])
            self.source, self.target = _text(body[14:18]), _text(body[24:28])
        elif self.type == IPV4 and len(body) >= 20:
            end, = struct.unpack("!H", body[2:4])
            self.protocol = body[9]
            self.source, self.target = _text(body[12:16]), _text(body[16:20])
            self._transport(body[(body[0] & 15) * 4:end])
        elif self.type == IPV6 and len(body) >= 40:
            length, self.protocol = struct.unpack("!HB", body[4:7])
            self.source, self.target = _text(body[8:24]), _text(body[24:40])
            self._transport(body[40:40 + length])

    def _transport(self, body):
        if self.protocol in (TCP, UDP) and len(body) >= 8:
            self.port, self.to_port = struct.unpack("!HH", body[:4])
            if self.protocol == TCP and len(body) >= 20:
                self.flags, self.payload = body[13], body[(body[12] >> 4) * 4:]
                self.number, self.expected = struct.unpack("!II", body[4:12])
            elif self.protocol == UDP:
                self.payload = body[8:]
        elif self.protocol in (ICMP, ICMP6) and len(body) >= 4:
            self.kind, self.payload = body[0], body[4:]

    def __repr__(self):
        tag = f" vlan {self.vlan}" if self.vlan else ""
        ports = f" port {self.port} > {self.to_port}" if self.port is not None else ""
        return (f"{self.mac} > {self.to}{tag} {self.type:04x} {self.source} > {self.target} "
                f"protocol {self.protocol}{ports} kind {self.kind} flags {self.flags}")
