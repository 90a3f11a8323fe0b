"""A product whose services are on two bridges with three ways out, and who of them may
reach whom.

The rules are said here once more, from the options alone: what the host tool and the
kernel make of them is held against this.
"""
import ipaddress
import os
import shlex

import shapes
import wire_offers
from wire import Wire

BRIDGES = {"br0": ("10.77.0.1/24", "fd70:6974:6800::1"), "lab": ("10.78.0.1/24", "fd70:6974:6801::1")}

# The wire of eth1 has a static address in a VLAN, that of eth2 a DHCP server, and eth0 is
# connected to QEMU's user network.  The farther hosts are behind both wires' gateways.
VLAN, VLAN_UPLINK = 100, "eth1.100"
STATIC, STATIC_GATEWAY = "10.9.0.2", "10.9.0.1"
STATIC6, STATIC6_GATEWAY = "fd00:9::2", "fd00:9::1"
LEASED, LEASE_GATEWAY = "10.8.0.20", "10.8.0.1"
USER_LEASED = "10.0.2.15"
FAR, FAR6 = "203.0.113.9", "2001:db8::9"

# What the wires' name server knows.
OUTSIDE_NAME = "far.example"

# So long after the build is the wires' time.
AHEAD_S = 40 * 24 * 3600

# Seconds.  A lease is renewed after the half of it.
LEASE_S = 3600

PROBE = 7000

_PROBE = {"ARGV": "/probe serve", "MEMORY_MAX": "6M", "TMPFS": "/tmp:256K", "LOG_KB": 4,
          "RESTART_DELAY_MS": 10, "RESTART_DELAY_MAX_MS": 20}

_TOOLS = ("debian-root \"$1\" iproute2 -- /sbin/ip /sbin/bridge\n"
          "debian-root \"$1\" nftables -- /usr/sbin/nft\n")

_GETENT = "debian-root \"$1\" libc-bin -- /usr/bin/getent\n"

# lighttpd takes its socket over by its number.
LIGHTTPD = """\
mkdir -p "$1/etc" "$1/www" "$1/run"
echo 'it serves' > "$1/www/index.html"
cat > "$1/etc/lighttpd.conf" <<'END'
server.document-root = "/www"
server.port = 80
server.systemd-socket-activation = "enable"
index-file.names = ( "index.html" )
END
exec debian-root "$1" lighttpd -- /usr/sbin/lighttpd
"""


def _doors(text, **options):
    """A probe with such doors, which its row says."""
    return {**_PROBE, "PORTS": text, "ENV": f"'DOORS={text}'", **options}


SERVICES = {
    # It may reach one port of everybody who has one.
    "alpha": _doors("7001/tcp", ADDRESS="10.77.0.20", ALLOW=(
        "beta:7001/tcp beta:7001/udp far:7001/tcp pair:7003/udp pair:7010/tcp hosted:7016/udp httpd:80/tcp "
        "sockets:7020/tcp sockets:/run/sockets/stream")),
    "beta": _doors("7001/tcp 7001/udp 7002/tcp", PUBLISH="8001:7001/tcp 8053:7001/udp 8009:7009/tcp"),
    "pair": _doors("7003/tcp 7003/udp 7010/tcp", NET="share:beta", ENV="PORT=7010 'DOORS=7003/tcp 7003/udp'"),
    "gamma": _doors("7001/tcp 7001/udp", ALLOW="beta:7002/tcp", ARGV="/probe watched", READY="notify"),
    "far": _doors("7001/tcp 7001/udp", BRIDGE="lab", ALLOW="beta:7001/tcp"),
    "near": _doors("7001/tcp", BRIDGE="lab", ALLOW="far:7001/udp"),
    # Its doors that no row names are open on the board, and closed to everybody.
    "hosted": {**_PROBE, "NET": "host", "PUBLISH": "7005:7005/tcp 7006:7006/udp",
               "PORTS": "7016/udp", "ALLOW": "beta:7001/tcp",
               "ENV": "PORT=7005 'DOORS=7006/udp 7015/tcp 7015/udp 7016/udp 7025/tcp'"},
    "hermit": {**_PROBE, "NET": "host", "ENV": "PORT=7035"},
    "silent": {**_PROBE, "NET": "none"},
    # It may make up whatever it wants to be.
    "liar": {**_doors("7001/udp"), "CAPS": "NET_ADMIN NET_RAW", "ALLOW": "beta:7001/tcp beta:7001/udp",
             "MEMORY_MAX": "24M"},
    # It hears whatever comes.
    "ear": {**_doors("7001/udp"), "CAPS": "NET_RAW", "ALLOW": "beta:7001/udp"},
    "sockets": {**_PROBE, "LISTEN": "7020/tcp 7021/udp /run/sockets/stream", "TMPFS": "/tmp:256K"},
    "httpd": {"ARGV": "/usr/sbin/lighttpd -D -f /etc/lighttpd.conf", "LISTEN": "80/tcp",
              "PUBLISH": "8080:80/tcp", "MEMORY_MAX": "16M", "TMPFS": "/tmp:64K",
              "RESTART_DELAY_MS": 0, "RESTART_DELAY_MAX_MS": 1, "START_LIMIT": 0, "LOG_KB": 4},
    "online": {**_PROBE, "NET": "none", "AFTER": "network-online"},
    "timed": {**_PROBE, "NET": "none", "AFTER": "time-valid"},
    # Nothing runs in it; the debug shell has its tools there.
    "tools": {**_PROBE, "NET": "none", "MEMORY_MAX": "4M"},
}

MKROOTFS = {
    "alpha": _GETENT, "httpd": LIGHTTPD, "tools": _TOOLS, "sockets": "mkdir -p \"$1/run/sockets\"\n",
    "liar": "debian-root \"$1\" iproute2 -- /sbin/ip\n",
    "online": "", "timed": "",
}

OPEN = "7025/tcp"
MTU = 1400

BOARD = f"""\
CONFIG_RAM_MB=320
CONFIG_OVERCOMMIT=y
CONFIG_DEBUG_SHELL=y
CONFIG_TOOLBOX=y
CONFIG_SHUTDOWN_TIMEOUT_S=6
CONFIG_BRIDGE_ADDRESS="{BRIDGES['br0'][0]}"
CONFIG_BRIDGES="lab={BRIDGES['lab'][0]},fd70:6974:6801::/64"
CONFIG_UPLINK="eth2 {VLAN_UPLINK} eth0"
CONFIG_UPLINK_ADDRESS="eth2=dhcp {VLAN_UPLINK}={STATIC}/24,{STATIC6}/64 eth0=dhcp"
CONFIG_UPLINK_GATEWAY="{VLAN_UPLINK}={STATIC_GATEWAY},{STATIC6_GATEWAY}"
CONFIG_BRIDGE_MTU={MTU}
CONFIG_OPEN="{OPEN}"
CONFIG_SVC_DHCP=y
CONFIG_SVC_NTP=y
CONFIG_SVC_NTP_ARGV="/bin/ntpd -n -S /bin/tell -p {STATIC_GATEWAY}"
"""

MODULES = "8021q\n"


def make_tree(folder):
    """A product tree with the services and a defconfig."""
    shapes.forget_others(folder, SERVICES)
    for name, options in SERVICES.items():
        mkrootfs = "" if name == "httpd" else shapes.probe_root(name)
        shapes.make_service(folder, name, options, mkrootfs + MKROOTFS.get(name, ""))
    shapes.write(os.path.join(folder, "modules"), MODULES)
    shapes.write(os.path.join(folder, "defconfig"), BOARD)
    return folder


# --- Who may reach whom ---------------------------------------------------------------

class Port:
    """A door, and whose it is."""

    def __init__(self, text, owner=None):
        number, self.protocol = text.split("/")
        self.number = int(number)
        self.owner = owner

    @property
    def text(self):
        return f"{self.number}/{self.protocol}"


class Service:
    """One of them, by what follows from its options."""

    def __init__(self, name, options):
        self.name = name
        self.options = options
        self.net = options.get("NET", "private")
        self.bridge = options.get("BRIDGE", "br0")
        env = dict(word.partition("=")[::2] for word in shlex.split(options.get("ENV", "")))
        self.probe_port = int(env.get("PORT", PROBE))
        # Where somebody answers with its name.
        self.doors = env.get("DOORS", "").split() + [
            word for word in options.get("LISTEN", "").split() if word[0] != "/"]
        self.is_probe = options["ARGV"].startswith("/probe")
        self.publish = [(word.split(":")[0] + "/" + word.split("/")[1], word.split(":")[1])
                        for word in options.get("PUBLISH", "").split()]

    @property
    def owner(self):
        """Of the network that it is in."""
        return BY_NAME[self.net[6:]] if self.net.startswith("share:") else self

    @property
    def is_private(self):
        return self.owner.net == "private"

    @property
    def allow(self):
        """{(owner of the network, port)} that its network may reach."""
        rows = [word.split(":", 1) for word in self.owner.options.get("ALLOW", "").split()]
        return {(BY_NAME[name].owner.name, port) for name, port in rows if port[0] != "/"}

    def may_reach(self, other, port):
        """Whether a port at the other's address is open to it."""
        if self.owner is other.owner or (self.net == other.net == "host"):
            return True
        if self.owner.net == "none" or other.owner.net == "none":
            return False
        if other.net == "host" and port == OPEN:
            return True
        return (other.owner.name, port) in self.allow


BY_NAME = {}
BY_NAME.update((name, Service(name, options)) for name, options in SERVICES.items())

ALL = list(BY_NAME.values())
PROBES = [service for service in ALL if service.is_probe and service.name not in ("online", "timed", "tools")]


def hosts_of(service, address_of):
    """What /etc/hosts says of others: {name: {addresses}}.  address_of(service): both of
    one with a network of its own."""
    names = {word.split(":")[0] for word in service.owner.options.get("ALLOW", "").split()
             if ":/" not in word}
    names |= {other.name for other in ALL if other.owner is service.owner and other is not service}
    rows = {}
    for name in names:
        other = BY_NAME[name]
        if other.net == "host":
            rows[name] = {str(ipaddress.ip_interface(a).ip) for a in BRIDGES[service.owner.bridge]}
        else:
            rows[name] = set(address_of(other.owner))
    return rows


# --- The wires ------------------------------------------------------------------------

class Outside:
    """The hosts on the board's second and third card."""

    def __init__(self, folder):
        names = {}
        for name in ("static", "leased"):
            names[name] = os.path.join(folder, name)
            os.makedirs(names[name])
        self.leases = wire_offers.Leases(LEASE_GATEWAY, LEASED, gateway=LEASE_GATEWAY,
                                         dns=[LEASE_GATEWAY], seconds=LEASE_S)
        self.static = Wire(names["static"], [STATIC_GATEWAY, STATIC6_GATEWAY, FAR, FAR6], VLAN)
        self.leased = Wire(names["leased"], [LEASE_GATEWAY, FAR])
        self.leased.ports[67] = self.leases.reply
        for wire in self.wires:
            wire.ports[53] = wire_offers.names({OUTSIDE_NAME: FAR})
            wire.ports[7] = wire_offers.echo

    @property
    def wires(self):
        return self.static, self.leased

    def tell_time(self, now):
        """From now on there is a time server."""
        for wire in self.wires:
            wire.ports[123] = wire_offers.clock(now)

    def close(self):
        for wire in self.wires:
            wire.close()
