"""One host on the other end of a card of the board's: it is on the build machine, and
speaks Ethernet with QEMU through a unix socket.

It answers for its addresses as any host does (ARP, NDP, echo), offers what it was given
(UDP ports with a function each), asks what it is told to, and remembers every frame
that it saw.
"""
import ipaddress
import os
import socket
import threading
import time

import frames
from frames import ACK, Frame, RST, SYN

MAC = "02:77:69:72:65:01"

# Seconds.  A refusal comes at once.
PATIENCE = 2


class Wire:
    def __init__(self, folder, addresses, vlan=None):
        """folder: where the two sockets are.  vlan: all of this host's frames have it."""
        self.paths = (os.path.join(folder, "wire"), os.path.join(folder, "card"))
        self.addresses = [str(ipaddress.ip_address(a)) for a in addresses]
        self.vlan = vlan
        self.ports = {}         # UDP port: reply(payload, frame), or None for no answer
        self.frames = []
        self.board = {}         # address: MAC, as the board told it
        self._news = threading.Condition()
        self._port = 40000
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(self.paths[0])
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def options(self, name):
        """QEMU's, for the card's other side."""
        wire, card = self.paths
        return (f"dgram,id={name},local.type=unix,local.path={card},"
                f"remote.type=unix,remote.path={wire}")

    def close(self):
        self._socket.close()

    # What comes

    def _read(self):
        while True:
            try:
                data = self._socket.recv(65536)
            except OSError:
                return
            if len(data) < 14:
                continue
            frame = Frame(data)
            with self._news:
                self.frames.append(frame)
                self._news.notify_all()
            if frame.vlan == self.vlan:
                self._answer(frame)

    def _answer(self, frame):
        if frame.source and frame.type in (frames.ARP, frames.IPV4, frames.IPV6):
            self.board[frame.source] = frame.mac
        if frame.type == frames.ARP and frame.kind == 1 and frame.target in self.addresses:
            self._send(frame.mac, frames.ARP,
                       frames.arp(2, MAC, frame.target, frame.mac, frame.source))
        elif frame.protocol == frames.ICMP6 and frame.kind == frames.NEIGHBOUR_SOLICIT:
            wanted = str(ipaddress.ip_address(frame.payload[4:20]))
            if wanted in self.addresses and frame.source != "::":
                self._send(frame.mac, frames.IPV6,
                           frames.neighbour_advert(MAC, wanted, frame.source))
        elif frame.target in self.addresses and frame.kind == (
                8 if frame.protocol == frames.ICMP else 128):
            reply = 0 if frame.protocol == frames.ICMP else 129
            self.send(frames.icmp(frame.target, frame.source, reply, frame.payload))
        elif frame.protocol == frames.UDP and frame.to_port in self.ports:
            self._offer(frame)

    def _offer(self, frame):
        reply = self.ports[frame.to_port](frame.payload, frame)
        if reply is not None and frame.target in self.addresses:
            self.send(frames.udp(frame.target, frame.to_port, frame.source, frame.port, reply))
        elif reply is not None:     # to somebody who has no address yet
            self._send(frames.BROADCAST, frames.IPV4, frames.udp(
                self.addresses[0], frame.to_port, "255.255.255.255", frame.port, reply))

    # What goes

    def _send(self, mac, kind, payload):
        self.send_frame(frames.ethernet(mac, MAC, kind, payload, self.vlan))

    def send_frame(self, data):
        try:
            self._socket.sendto(data, self.paths[1])
        except OSError:
            pass            # QEMU is not there yet, or no more

    def send(self, packet, mac=None):
        """A packet, to the board's MAC unless another is given."""
        six = packet[0] >> 4 == 6
        target = str(ipaddress.ip_address(packet[24:40] if six else packet[16:20]))
        self._send(mac or self.board.get(target) or self.gateway_mac,
                   frames.IPV6 if six else frames.IPV4, packet)

    @property
    def gateway_mac(self):
        """The board's, as it was last heard."""
        with self._news:
            macs = [frame.mac for frame in self.frames if frame.vlan == self.vlan]
        return macs[-1] if macs else frames.BROADCAST

    def mark(self):
        with self._news:
            return len(self.frames)

    def since(self, mark):
        with self._news:
            return self.frames[mark:]

    def wait(self, holds, mark=0, timeout=PATIENCE):
        """The first frame after mark of which it holds; None if none comes."""
        end = time.monotonic() + timeout
        with self._news:
            while True:
                found = next((frame for frame in self.frames[mark:] if holds(frame)), None)
                left = end - time.monotonic()
                if found or left <= 0:
                    return found
                self._news.wait(left)

    # Questions from outside

    def _source(self, target):
        version = ipaddress.ip_address(target).version
        return next(a for a in self.addresses if ipaddress.ip_address(a).version == version)

    def knock(self, target, ports):
        """{"80/tcp": what}: open, refused, unreachable or silent; of UDP the answer's bytes."""
        source, asked = self._source(target), {}
        for port in ports:
            self._port += 1
            asked[self._port] = port
        seen = {}
        # Twice: the board may first have to learn who asks.
        for _ in range(2):
            mark = self.mark()
            for own, port in asked.items():
                if port not in seen:
                    self.send(self._question(source, own, target, port))
            while len(seen) < len(ports):
                found = self.wait(lambda f: self._port_of(f, source) in asked, mark)
                if not found:
                    break
                mark = self.frames.index(found, mark) + 1
                seen.setdefault(asked[self._port_of(found, source)], self._judge(found, target))
        return {port: seen.get(port, "silent") for port in ports}

    @staticmethod
    def _question(source, own, target, port):
        number, protocol = port.split("/")
        if protocol == "tcp":
            return frames.tcp(source, own, target, int(number), SYN)
        return frames.udp(source, own, target, int(number), b"?")

    def _port_of(self, frame, source):
        """Which of this host's questions a frame is about; None if about none."""
        if frame.vlan != self.vlan or frame.target != source or frame.mac == MAC:
            return None
        if frame.protocol in (frames.TCP, frames.UDP):
            return frame.to_port
        # An error has four bytes of its own, and then the packet that it is about.
        about = frame.payload[4:]
        if frame.protocol == frames.ICMP and frame.kind == 3 and len(about) >= 24:
            return int.from_bytes(about[20:22], "big")
        if frame.protocol == frames.ICMP6 and frame.kind == 1 and len(about) >= 44:
            return int.from_bytes(about[40:42], "big")
        return None

    def _judge(self, frame, target):
        if frame.protocol == frames.UDP:
            return frame.payload
        if frame.protocol != frames.TCP:
            return "unreachable"
        if frame.flags & RST:
            return "refused"
        self.send(frames.tcp(frame.target, frame.to_port, target, frame.port, RST | ACK,
                             frame.expected, frame.number + 1))
        return "open"
