"""What the client says of the network: pith why NAME:PORT, pith network, and the counters
that pith status NAME shows, against what nft and ip say.
"""
import nets
import questions
from claims import claim, expect, expect_equal
from nets import ALL, BY_NAME
from net_board import LEASED_CARD, STATIC_CARD, USER_CARD

CLOSED, USAGE, UNKNOWN = 6, 2, 4

ASKED, SEEN = "/run/reaches", "/run/reached"

# Whom of each kind: it may reach much, shares a network, may reach little, is on another
# bridge, in the board's network, in none.
CALLERS = ("alpha", "pair", "gamma", "far", "hosted", "silent")


def why(board, words, status):
    """{step: whether it holds}, and all that it says."""
    value = board.pith_json(f"why {words}", status)
    expect_equal(value["open"], status == 0, "open")
    return {step["step"]: step["holds"] for step in value["steps"]}, value


@claim("net", "pith why NAME:PORT --from another says that it is open exactly where ALLOW says so")
def all_of_them(board):
    board.plugged()
    asked = {f"{caller} {target.name}:{port}": BY_NAME[caller].may_reach(target, port)
             for caller in CALLERS for target in ALL for port in target.doors}
    questions.write(board, ASKED, list(asked))
    board.output(f"while read -r from to && [ \"$from\" ]; do "
                 f"pith why --from $from $to >/dev/null; echo $from $to $?; "
                 f"done <{ASKED} >{SEEN}", timeout=120)
    seen = dict(line.rsplit(" ", 1) for line in board.read(SEEN).splitlines())
    expect_equal(sorted(seen), sorted(asked), "what was asked")
    wrong = [f"{words}: {seen[words]}" for words, may in asked.items()
             if seen[words] != ("0" if may else str(CLOSED))]
    expect(not wrong, f"{len(wrong)} of {len(asked)}:", *wrong[:20])
    expect(sum(asked.values()) > 20, asked)


@claim("net", "pith why {} from the outside says: open", each=[
    "beta:8001", "beta:8053/udp", "beta:8053", "pair:8001", "hosted:7005", "hosted:7006/udp", "hosted:7025",
    "httpd:8080", "beta:7001"])
def published(board, words):
    board.plugged()
    steps, value = why(board, words, 0)
    expect(all(steps.values()), value)
    expect({"network", "publish", "uplink", "service", "listener"} <= set(steps), value)


STOPPED = [
    # What is asked, the step that stops it, what it says of it, and the remedy
    ("beta:7002", "publish", "8001:7001/tcp", "add 7002:7002/tcp to SVC_BETA_PUBLISH"),
    ("gamma:8001", "publish", "7001/tcp of beta", "ask for beta:8001"),
    ("hosted:7015", "publish", "does not publish 7015/tcp", "SVC_HOSTED_PUBLISH"),
    ("silent:80", "network", "NET=none", "SVC_SILENT_NET"),
    ("--from gamma beta:7001", "allow", "beta:7002/tcp", "add beta:7001/tcp to SVC_GAMMA_ALLOW"),
    ("--from pair far:7001", "allow", "beta may not reach", "SVC_BETA_ALLOW"),
    ("--from silent beta:7001", "network", "NET=none", "SVC_SILENT_NET"),
]


@claim("net", "pith why {} names the {} as what stops it, and the remedy", each=[
    row[:2] for row in STOPPED])
def stopped(board, words, step):
    board.plugged()
    _, _, told, remedy = next(row for row in STOPPED if row[0] == words)
    steps, value = why(board, words, CLOSED)
    expect_equal((value["stopped_by"], steps[step]), (step, False), "what stops it")
    said = next(row["words"] for row in value["steps"] if row["step"] == step)
    expect(told in said, said)
    expect(remedy in value["remedy"], value["remedy"])
    text = board.pith(f"why {words}", CLOSED)
    expect(said in text and value["remedy"] in text, text)


@claim("net", "pith why NAME:PORT names the service that is down, and what starts it")
def down(board):
    board.plugged()
    board.pith("stop beta")
    try:
        _, value = why(board, "beta:8001", CLOSED)
        expect_equal(value["stopped_by"], "service", "what stops it")
        expect("pith start beta" in value["remedy"], value)
    finally:
        board.pith("start beta")
        board.wait_state("beta", "up")
    why(board, "beta:8001", 0)


@claim("net", "pith why NAME:PORT names the port that nobody listens at, and those where somebody does")
def no_listener(board):
    board.plugged()
    steps, value = why(board, "--from hosted hosted:7099", CLOSED)
    expect_equal((value["stopped_by"], steps["service"]), ("listener", True), "what stops it")
    said = value["steps"][-1]["words"]
    expect("7099/tcp" in said and "7005/tcp" in said, said)


@claim("net", "pith why NAME:PORT names the uplinks' cables when none is in, and not for a service")
def no_cable(board):
    board.plugged()
    for card in (USER_CARD, STATIC_CARD, LEASED_CARD):
        board.machine.cable(card, False)
    try:
        status, text = 0, ""
        for _ in range(50):
            status, text = board.run("pith why beta:8001")
            if status:
                break
            board.run("sleep 0.1")
        expect_equal(status, CLOSED, text)
        _, value = why(board, "beta:8001", CLOSED)
        expect_equal(value["stopped_by"], "uplink", "what stops it")
        expect("cable" in value["remedy"], value)
        expect("no carrier" in str(value["steps"]), value)
        expect_equal(board.pith_json("network")["online"], False, "online")
        why(board, "--from alpha beta:7001", 0)
    finally:
        for card in (USER_CARD, STATIC_CARD, LEASED_CARD):
            board.machine.cable(card, True)
        for _ in range(100):
            if board.pith_json("network")["online"]:
                break
            board.run("sleep 0.1")
    expect_equal(board.pith_json("network")["online"], True, "online")


@claim("net", "`pith why {}` is refused with status {} and a word", each=[
    ("beta:0", USAGE), ("beta:70000", USAGE), ("beta:http", USAGE), ("beta:80/sctp", USAGE),
    ("--from beta alpha", USAGE), ("betta:80", UNKNOWN), ("--from betta alpha:80", UNKNOWN)])
def wrong_words(board, words, status):
    text = board.pith(f"why {words}", status)
    expect(text.startswith("pith: "), text)
    if status == UNKNOWN:
        expect("beta" in text, text)


@claim("net", "pith status NAME and pith why NAME:PORT count what passed as nft does")
def counters(board):
    board.plugged()
    address = board.address_of(BY_NAME["beta"])[0]
    for _ in range(3):
        board.ask("alpha", f"knock tcp {address} 7001").ok()
    before = board.counters()
    rows = {row["rule"]: row["packets"] for row in board.row("alpha", 0)["traffic"]}
    row = "alpha>beta:7001/tcp"
    expect(rows[row] >= 3, rows)
    expect_equal({name: before[name] for name in rows}, rows, "nft's numbers")
    _, value = why(board, "--from alpha beta:7001", 0)
    expect_equal(value["connections"], before[row], "connections")
    text = board.pith("status alpha")
    expect(f"{row}  packets {before[row]}  bytes" in text, text)


@claim("net", "pith network tells each uplink's link, address and where it is from, as ip does")
def network(board):
    addresses = board.plugged().addresses()
    rows = {row["name"]: row for row in board.pith_json("network")["uplinks"]}
    seen = {name: (row["link"], row["address"], row["from"]) for name, row in rows.items()}
    expect_equal(seen["eth2"], ("up", f"{nets.LEASED}/24", "dhcp"), "eth2")
    expect_equal(seen[nets.VLAN_UPLINK], ("up", f"{nets.STATIC}/24", "static"), nets.VLAN_UPLINK)
    expect_equal(rows[nets.VLAN_UPLINK]["address6"], f"{nets.STATIC6}/64", "address6")
    expect(0 < rows["eth2"]["lease_ms"] <= nets.LEASE_S * 1000, rows["eth2"])
    expect_equal(rows["eth2"]["dns"], [nets.LEASE_GATEWAY], "dns")
    for name, row in rows.items():
        if row["address"]:
            expect_equal(addresses.get(row["address"].split("/")[0]), name, "whose ip says it is")
    text = board.pith("network")
    for name in rows:
        expect(name in text, text)


@claim("net", "pith network and pith table tell the bridges with both their addresses")
def bridges(board):
    for words in ("network", "table"):
        rows = {row["name"]: row for row in board.pith_json(words)["bridges"]}
        expect_equal({name: (row["address"], row["address6"]) for name, row in rows.items()},
                     {name: (four, f"{six}/64") for name, (four, six) in nets.BRIDGES.items()}, words)
        for name, row in rows.items():
            expect_equal(row["mac"], board.ip(f"link show {name}")[0]["address"], f"MAC of {name}")


@claim("net", "pith status NAME tells both addresses and the MAC of {}", each=["alpha", "far", "pair"])
def addresses(board, service):
    row = board.row(service, 0)
    owner = BY_NAME[service].owner
    expect_equal([row["address"], row["address6"]], board.address_of(owner), "addresses")
    expect_equal(row["mac"], board.ip("link show eth0", owner.name)[0]["address"], "MAC")
    expect_equal(row["bridge"], owner.bridge, "bridge")
    expect_equal(row["network_of"], owner.name if owner.name != service else None, "whose network")
