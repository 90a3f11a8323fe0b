"""The board's network as Debian's ip shows it, on the board and in each service: it is
what the table says, and nothing else.
"""
import ipaddress
import json

import nets
from claims import claim, expect, expect_equal, poll
from nets import ALL, BRIDGES

OWN = [service for service in ALL if service.net == "private"]
# The index of a service's interface is that of its bridge, but for its number in the subnet.
INSIDE_INDEX = 2


def table_row(board, service):
    """Its row of `pith table`."""
    return board.recorded(("table", service.name),
                          lambda: board.pith_json(f"table {service.name}")["services"][0])


def expected_addresses(service, board):
    """The IPv4 address as the table has it, and what follows from it."""
    four = ipaddress.ip_address(table_row(board, service)["address"])
    bridge, bridge6 = BRIDGES[service.bridge]
    host = int(four) - int(ipaddress.ip_interface(bridge).network.network_address)
    six = (int(ipaddress.ip_address(bridge6)) >> 64 << 64) + host
    return str(four), str(ipaddress.ip_address(six))


def gateways(service):
    return [str(ipaddress.ip_interface(a).ip) for a in BRIDGES[service.bridge]]


def links(board, service=None):
    def do():
        return {row["ifname"]: row for row in board.plugged().ip("-d link", service)}
    return board.recorded(("links", service), do)


@claim("net", "every service with a network of its own has one port of its bridge, which is isolated "
              "and on which nothing is flooded or learned")
def ports(board):
    rows = links(board)
    for service in OWN:
        row = rows.get(service.name)
        expect(row, f"no interface {service.name}", sorted(rows))
        data = row["linkinfo"].get("info_slave_data", {})
        seen = {key: data.get(key) for key in ("state", "isolated", "learning", "flood", "mcast_flood",
                                               "bcast_flood", "hairpin", "proxy_arp")}
        expect_equal(seen, {"state": "forwarding", "isolated": True, "learning": False, "flood": False,
                            "mcast_flood": False, "bcast_flood": False, "hairpin": False,
                            "proxy_arp": False}, service.name)
        number = int(expected_addresses(service, board)[0].split(".")[3])
        expect_equal((row["linkinfo"]["info_kind"], row["master"], row["operstate"], row["mtu"],
                      row["ifindex"] - rows[service.bridge]["ifindex"]),
                     ("veth", service.bridge, "UP", nets.MTU, number - 1),
                     f"{service.name}: kind, bridge, state, MTU, index")
    expected = {"lo", "eth0", "eth1", "eth2", nets.VLAN_UPLINK, *BRIDGES, *(s.name for s in OWN)}
    expect_equal(set(rows), expected, "interfaces of the board")


@claim("net", "a VLAN's interface has its number, and is on top of its parent")
def vlan(board):
    row = links(board)[nets.VLAN_UPLINK]
    expect_equal((row["linkinfo"]["info_kind"], row["linkinfo"]["info_data"]["id"], row["link"]),
                 ("vlan", nets.VLAN, "eth1"), nets.VLAN_UPLINK)


@claim("net", "inside, a service has lo and eth0 with the table's MAC, and no other interface")
def inside(board):
    for service in OWN:
        rows = links(board, service.name)
        expect_equal(set(rows), {"lo", "eth0"}, service.name)
        row = rows["eth0"]
        mac = table_row(board, service)["mac"]
        expect_equal((row["ifindex"], row["address"], row["mtu"], row["operstate"]),
                     (INSIDE_INDEX, mac, nets.MTU, "UP"), f"{service.name}: index, MAC, MTU, state")
    macs = [links(board, s.name)["eth0"]["address"] for s in OWN]
    expect_equal(len(set(macs)), len(macs), "different MACs")
    expect_equal(set(links(board, "silent")), {"lo"}, "interfaces with NET=none")


@claim("net", "a MAC is the same in the next start of its service")
def same_mac(board):
    before = links(board, "gamma")["eth0"]["address"]
    board.pith("restart gamma")
    board.wait_state("gamma", "up")
    expect_equal(board.ip("link show eth0", "gamma")[0]["address"], before, "MAC")


def rows_of(link):
    return sorted(f"{a['local']}/{a['prefixlen']}" for a in link["addr_info"])


@claim("net", "every address on the board and in every service is the table's")
def addresses(board):
    board.plugged()
    for service in OWN:
        seen = {row["ifname"]: rows_of(row) for row in board.ip("addr", service.name)}
        four, six = expected_addresses(service, board)
        expect_equal(seen, {"lo": ["127.0.0.1/8", "::1/128"], "eth0": sorted([f"{four}/32", f"{six}/128"])},
                     service.name)
    seen = {row["ifname"]: rows_of(row) for row in board.ip("addr") if row["addr_info"]}
    expect_equal(seen, {
        "lo": ["127.0.0.1/8", "::1/128"], "br0": ["10.77.0.1/24", "fd70:6974:6800::1/64"],
        "lab": ["10.78.0.1/24", "fd70:6974:6801::1/64"],
        "eth0": [f"{nets.USER_LEASED}/24"], "eth2": [f"{nets.LEASED}/24"],
        nets.VLAN_UPLINK: [f"{nets.STATIC}/24", f"{nets.STATIC6}/64"]}, "the board")


@claim("net", "a service's address is in its bridge's subnet, and no other's")
def in_subnet(board):
    seen = [expected_addresses(service, board)[0] for service in OWN]
    expect_equal(len(set(seen)), len(seen), seen)
    for service, address in zip(OWN, seen):
        subnet = ipaddress.ip_interface(BRIDGES[service.bridge][0])
        expect(ipaddress.ip_address(address) in subnet.network and address != str(subnet.ip),
               service.name, address)


@claim("net", "inside, all routes lead through the gateway, and the gateway is on the link")
def routes(board):
    board.plugged()
    for service in OWN:
        four, six = gateways(service)
        rows = board.ip("route", service.name)
        expect_equal([(r["dst"], r.get("gateway"), r["dev"], "onlink" in r["flags"]) for r in rows],
                     [("default", four, "eth0", True)], f"{service.name}, IPv4")
        rows = [r for r in board.ip("-6 route", service.name) if r["dst"] == "default" or "gateway" in r]
        expect_equal([(r["dst"], r.get("gateway"), r["dev"]) for r in rows],
                     [("default", six, "eth0")], f"{service.name}, IPv6")


@claim("net", "the board's routes are its bridges', its uplinks', and a default one for each of these, "
              "the first being the best")
def board_routes(board):
    board.plugged()
    rows = board.ip("route")
    subnets = {r["dst"]: r["dev"] for r in rows if r["dst"] != "default"}
    expect_equal(subnets, {"10.77.0.0/24": "br0", "10.78.0.0/24": "lab", "10.8.0.0/24": "eth2",
                           "10.9.0.0/24": nets.VLAN_UPLINK, "10.0.2.0/24": "eth0"}, "subnets")
    ways = sorted((r.get("metric", 0), r["dev"], r["gateway"]) for r in rows if r["dst"] == "default")
    expect_equal([way[1:] for way in ways], [
        ("eth2", nets.LEASE_GATEWAY), (nets.VLAN_UPLINK, nets.STATIC_GATEWAY), ("eth0", "10.0.2.2")],
        "default routes, the best first")
    six = [(r["dev"], r["gateway"]) for r in board.ip("-6 route") if r["dst"] == "default"]
    expect_equal(six, [(nets.VLAN_UPLINK, nets.STATIC6_GATEWAY)], "default routes of IPv6")


def neighbours(board, service=None):
    return sorted((row["dst"], row.get("lladdr"), row["state"]) for row in board.ip("neigh", service)
                  if row["dev"] in ("eth0", *BRIDGES) and (service or row["dev"] != "eth0"))


@claim("net", "neighbours are permanent on both sides, and there are none but the table's")
def permanent(board):
    macs = {service.name: links(board, service.name)["eth0"]["address"] for service in OWN}
    expect_equal(neighbours(board), sorted(
        (address, macs[service.name], ["PERMANENT"]) for service in OWN
        for address in expected_addresses(service, board)), "the board's")
    for service in OWN:
        mac = links(board)[service.bridge]["address"]
        expect_equal(neighbours(board, service.name),
                     sorted((address, mac, ["PERMANENT"]) for address in gateways(service)), service.name)


@claim("net", "the bridges know each service's MAC at its port, for good, and no other")
def forwarding(board):
    board.plugged()
    rows = forwarding_rows(board)
    macs = {service.name: links(board, service.name)["eth0"]["address"] for service in OWN}
    expect_equal({(name, mac) for name, mac, _ in rows}, {(s.name, macs[s.name]) for s in OWN},
                 "MACs of services at ports")
    expect_equal({state for _, _, state in rows}, {"static"}, "states")


def forwarding_rows(board):
    """[(port, MAC, state)] of the bridges' tables, but for the ports' own."""
    rows = json.loads(board.tool("/sbin/bridge -j fdb show"))
    return sorted((row["ifname"], row["mac"], row.get("state", "learned")) for row in rows
                  if row.get("master") in BRIDGES and row.get("state") != "permanent"
                  and not row["mac"].startswith(("33:33", "01:00:5e")))


# --- What the kernel would do by itself ------------------------------------------------

# Of every interface and of what is yet to come; by the kernel's names.
QUIET = {
    "ipv6": {"accept_ra": "0", "use_tempaddr": "0", "accept_redirects": "0", "accept_source_route": "0"},
    "ipv4": {"route_localnet": "0", "accept_redirects": "0", "accept_source_route": "0",
             "send_redirects": "0", "proxy_arp": "0"},
}

# These count only if "all" has them as well.
ALL_COUNTS = {("ipv4", "accept_source_route")}


def sysctls(board, service):
    """{(family, interface, name): value} of a network namespace."""
    names = " ".join(name for rows in QUIET.values() for name in rows)
    text = board.output(f"{board.inside(service)}sh -c 'cd /proc/sys/net; for n in {names}; do "
                        "grep -H . ipv?/conf/*/$n 2>/dev/null; done; grep -H . ipv4/conf/*/forwarding "
                        "ipv6/conf/all/forwarding; true'", timeout=60)
    rows = {}
    for line in text.splitlines():
        path, _, value = line.partition(":")
        words = path.split("/")
        rows[words[0], words[2], words[3]] = value
    return rows


def judge_sysctls(where, rows):
    wrong = []
    for (family, interface, name), value in sorted(rows.items()):
        right = QUIET[family].get(name)
        counts = interface == "all" or (family, name) not in ALL_COUNTS
        if right is not None and value != right and interface != "lo" and counts:
            wrong.append(f"{where}: {family} {interface} {name} is {value}, not {right}")
    for family, names in QUIET.items():
        for name in names:
            found = [key for key in rows if key[0] == family and key[2] == name]
            expect({key[1] for key in found} >= {"all", "default"}, f"{where}: no {family} {name}", rows)
    return wrong


@claim("net", "no interface listens to router advertisements or redirects, makes up an address, or "
              "routes the loopback's, on the board and in every service")
def quiet(board):
    board.plugged()
    wrong = judge_sysctls("board", sysctls(board, None))
    for service in [*OWN, nets.BY_NAME["silent"]]:
        wrong += judge_sysctls(service.name, sysctls(board, service.name))
    expect(not wrong, f"{len(wrong)}:", *wrong[:20])


@claim("net", "the board forwards from its bridges and uplinks, and no service does")
def forwards(board):
    board.plugged()
    for service in [None, *(s.name for s in OWN)]:
        names = {"eth0"} if service else {"eth0", "eth2", nets.VLAN_UPLINK, *BRIDGES}
        text = board.output(f"{board.inside(service)}sh -c 'cd /proc/sys/net/ipv4/conf; "
                            "grep -H . */forwarding; true'")
        rows = dict(line.split("/forwarding:") for line in text.splitlines())
        expect_equal({name: rows.get(name) for name in names}, dict.fromkeys(names, "0" if service else "1"),
                     service or "board")


@claim("net", "a board whose network is up has no address that it made up")
def none_made_up(board):
    board.plugged()
    for service in [None, *(s.name for s in OWN)]:
        seen = [a["local"] for row in board.ip("addr", service) for a in row["addr_info"]
                if a["local"].startswith("fe80") or a.get("temporary") or a.get("dynamic")]
        expect(not seen, f"{service or 'board'}: {seen}")


# --- Names -----------------------------------------------------------------------------

@claim("net", "a service's /etc/hosts lists itself and exactly the services of its ALLOW")
def hosts(board):
    board.plugged()
    for service in nets.PROBES:
        rows = {}
        for line in board.ask(service.name, "read /etc/hosts").ok().lines:
            words = line.split("#")[0].split()
            for name in words[1:]:
                rows.setdefault(name, set()).add(words[0])
        local = {name: rows.pop(name, None) for name in ("localhost", service.name)}
        rows = {name: found for name, found in rows.items() if not name.startswith(("ip6-", "localhost"))}
        expect_equal(rows, nets.hosts_of(service, board.address_of), service.name)
        expect("127.0.0.1" in local["localhost"], service.name, local)
        if service.is_private:
            expect_equal(local[service.name], set(board.address_of(service)), f"{service.name} itself")


@claim("net", "glibc's getent finds a service by its name, in both families, and no other")
def getent(board):
    four, six = board.plugged().address_of(nets.BY_NAME["beta"])
    for table, address in (("ahostsv4", four), ("ahostsv6", six)):
        text = board.pith(f"exec -T alpha /usr/bin/getent {table} beta")
        expect_equal({line.split()[0] for line in text.splitlines()}, {address}, f"getent {table} beta")
    board.pith("exec -T alpha /usr/bin/getent hosts gamma", status=2)


@claim("net", "getent finds a name of the outside by the lease's name server")
def outside_name(board):
    board.plugged()
    status, text = poll(lambda: board.run("pith exec -T alpha /usr/bin/getent ahostsv4 "
                                          + nets.OUTSIDE_NAME), lambda seen: seen[0] == 0, 20)
    expect(status == 0, text, board.ask("alpha", "read /etc/resolv.conf").text)
    expect_equal({line.split()[0] for line in text.splitlines()}, {nets.FAR}, "getent")
