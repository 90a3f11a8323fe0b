"""A board with the services of nets.py, and what its network looks like to ip and nft.

It boots with all cables out; whoever needs them in asks for that.
"""
import ipaddress
import json
import os
import re
import shlex
import tempfile
import time

import nets
import questions
import wire_offers
from board import CGROUP, Answer, Board
from claims import Failure, expect, poll

# Of QEMU's user network, and of the wires.
USER_CARD, STATIC_CARD, LEASED_CARD = 0, 1, 2

# The battery of the board's clock is empty.
LONG_AGO = ("-rtc", "base=1990-01-01T00:00:00")

TOOLS = "/services/tools"
PROBE = "/services/alpha/probe"
ASKED = "/run/asked"


def _element(row):
    """(value, comment, packets) of a set's element; None for what it has not."""
    element = row.get("elem", row) if isinstance(row, dict) else {"val": row}
    value = element.get("val", element)
    value = tuple(value["concat"]) if isinstance(value, dict) and "concat" in value else value
    return value, element.get("comment"), element.get("counter", {}).get("packets")


class NetBoard(Board):
    MEMORY = 384

    def __init__(self, product, log):
        self._folder = tempfile.TemporaryDirectory(prefix="pith-wire-")
        self.outside = nets.Outside(self._folder.name)
        with open(os.path.join(product.folder, "table.c")) as file:
            self.floor = int((re.search(r"clock_floor_s = (\d+)", file.read()) or [0, 0])[1])
        self.wire_time = wire_offers.running_clock(self.floor + nets.AHEAD_S)
        self.outside.tell_time(self.wire_time)
        super().__init__(product, log, memory=self.MEMORY, wires=self.outside.wires[:],
                         cables=False, clock=LONG_AGO, forwards=(8001, "8053/udp", 7005, 8080, 7015))

    def close(self):
        super().close()
        self.outside.close()
        self._folder.cleanup()

    # The cards

    def _has_hotplug(self):
        with open(os.path.join(self.product.folder, "kernel.config")) as file:
            return "CONFIG_HOTPLUG_PCI=y\n" in file

    def pull(self, card):
        """Takes it out; of a kernel that cannot notice, as an operator tells it."""
        if self._has_hotplug():
            self.machine.pull(card)
        else:
            self.run(f"echo 1 > $(readlink -f /sys/class/net/eth{card}/device/..)/remove")

    def push(self, card):
        if self._has_hotplug():
            self.machine.push(card)
        else:
            self.run("echo 1 > /sys/bus/pci/rescan")

    # The cables

    def dark(self):
        """What the board was like before any cable was in."""
        def do():
            late = {"online", "timed", "ntp", "dhcp-eth0", "dhcp-eth2"}
            rows = poll(self.rows, lambda seen: all(row["state"] == "up" or name in late
                                                    for name, row in seen.items()), 100)
            return {
                "rows": rows, "port": self.pith_json("why httpd:8080", 6),
                "why": self.pith("why online"), "time": int(self.output("date +%s")),
                "uptime": float(self.read("/proc/uptime").split()[0]),
                "addresses": self.addresses(), "routes": self.ip("route"),
                "names": self.ask("alpha", "read /etc/resolv.conf").text,
            }
        return self.recorded("dark", do)

    def plugged(self):
        """All cables are in, and whatever comes by them has come."""
        def do():
            self.dark()
            for card in (USER_CARD, STATIC_CARD, LEASED_CARD):
                self.machine.cable(card, True)
            end = time.monotonic() + 60
            wanted = {nets.USER_LEASED, nets.LEASED, nets.STATIC}
            while not wanted <= set(self.addresses()) and time.monotonic() < end:
                time.sleep(0.2)
            expect(wanted <= set(self.addresses()), self.addresses(),
                   self.run("pith network; pith logs -n 5 dhcp-eth0 dhcp-eth2")[1])
        self.recorded("plugged", do)
        return self

    # What the kernel says

    def inside(self, service):
        """The prefix of a command that is to run in a service's network namespace."""
        if service is None or nets.BY_NAME[service].net == "host":
            return ""
        return f"nsenter -t $(head -n1 {CGROUP}/svc/{service}/cgroup.procs) -n "

    def tool(self, words, service=None):
        """What a tool of Debian's prints, as the board or a service sees it."""
        return self.output(f"{self.inside(service)}chroot {TOOLS} {words}", timeout=60)

    def ip(self, words, service=None):
        """The rows of `ip -j WORDS`."""
        return json.loads(self.tool(f"/sbin/ip -j {words}", service) or "[]")

    def addresses(self, service=None):
        """{address: interface}, but those of lo and of one link alone."""
        return {row["local"]: link["ifname"] for link in self.ip("addr", service)
                for row in link["addr_info"] if row["scope"] not in ("host", "link")}

    def address_of(self, service):
        """Both addresses of a service with a network of its own, as text."""
        def do():
            found = sorted(self.addresses(service.owner.name),
                           key=lambda a: ipaddress.ip_address(a).version)
            expect(len(found) == 2, f"{service.name}: {found}")
            return found
        return self.recorded(("addresses", service.owner.name), do)

    # The probes

    def _ask_now(self, service, request, timeout):
        _, text = self.run(f"echo {shlex.quote(request)} | {self.nc(service)}", timeout)
        return Answer(service, request, text)

    def nc(self, service):
        """The way to its probe past every firewall."""
        return f"{self.inside(service)}nc -w 10 127.0.0.1 {nets.BY_NAME[service].probe_port}"

    def knocks(self, doors):
        """{"tcp ADDRESS PORT": reply}, from the board itself."""
        questions.write(self, ASKED, doors)
        return questions.parse(questions.ask(self, f"{PROBE} run knocks <{ASKED}", "board"), doors, "board")

    def knocks_of_all(self, services, doors):
        """{service: the same from it}: all of them at the same time."""
        questions.write(self, ASKED, doors)
        self.output("p=; " + " ".join(
            f"{{ {{ echo knocks; cat {ASKED}; }} | {self.nc(name)}; }} >/run/knocks.{name} & p=\"$p $!\";"
            for name in services) + " wait $p", timeout=120)
        return {name: questions.parse(questions.ask(self, f"cat /run/knocks.{name}", name), doors, name)
                for name in services}

    def hear(self, service, ms, meanwhile):
        """The frames that come to a service's eth0 while meanwhile() goes on."""
        self.output(f"rm -f /run/heard.end; (echo hear eth0 {ms} | {self.nc(service)} >/run/heard 2>&1; "
                    ": >/run/heard.end) & sleep 0.3")
        meanwhile()
        poll(lambda: self.run("test -e /run/heard.end")[0], lambda status: not status, ms // 100 + 50)
        text = self.read("/run/heard")
        expect(text.startswith("ok"), f"{service} hears nothing: {text[:200]}")
        return [bytes.fromhex(line.split()[1]) for line in text.splitlines()[1:]]

    # The rules

    def ruleset(self):
        """The rows of `nft -j list ruleset`."""
        return json.loads(self.tool("/usr/sbin/nft -j list ruleset"))["nftables"]

    def elements(self, family, name):
        """The elements of a set: each its value, its comment and its packets."""
        rows = [row["set"] for row in self.ruleset() if "set" in row]
        found = [row for row in rows if (row["family"], row["name"]) == (family, name)]
        expect(len(found) == 1, f"no set {family} {name} in {[row['name'] for row in rows]}")
        return [_element(row) for row in found[0].get("elem", [])]

    def counters(self):
        """{comment: packets} of all that has both, in both families together."""
        seen = {}
        for row in self.ruleset():
            for _, comment, packets in map(_element, row.get("set", {}).get("elem", [])):
                if comment:
                    seen[comment] = seen.get(comment, 0) + packets
        return seen

    def counts(self, comment, do):
        """do() must move that rule's counter.  What it returned."""
        before = self.counters().get(comment)
        expect(before is not None, f"no rule has the comment {comment!r}", sorted(self.counters()))
        seen = do()
        after = self.counters()[comment]
        if after <= before:
            raise Failure(f"{comment}: {before} packets before, {after} after")
        return seen
