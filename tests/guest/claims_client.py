"""The client `pith`: what each command prints, for people and for programs, and what
it exits with."""
import re
import time

from claims import claim, expect, expect_equal, poll
from product import size_bytes
from services import steady

# What it exits with: init/client/client.h
OK, FAILED, USAGE, NOT_UP, UNKNOWN, NO_PITH = 0, 1, 2, 3, 4, 5

COMMANDS = ("status", "top", "logs", "events", "why", "wait", "start", "stop", "restart", "kill",
            "exec", "network", "table", "reboot", "poweroff", "halt", "reexec", "version")


@claim("board", "/sbin/pith is /init itself")
def is_init(board):
    expect_equal(board.output("readlink -f /sbin/pith").strip(), "/init", "target")


@claim("board", "pith --help names every command, and pith COMMAND --help its arguments")
def help_text(board):
    text = board.pith("--help")
    missing = [name for name in COMMANDS if not re.search(rf"^ +{name} ", text, re.M)]
    expect(not missing, missing, text)
    expect("write-logs" not in text, text)
    for name in COMMANDS:
        expect(f"usage: pith {name}" in board.pith(f"{name} --help"), name)


@claim("board", "`pith {}` is no command line: it exits with 2 and says why", each=[
    "", "frobnicate", "status --nonsense", "status probe web", "why", "wait", "start", "stop",
    "restart", "kill", "kill -s NOSUCH victim", "exec", "exec victim", "logs -n many", "top -s size",
    "logs -p loud", "wait --for ever probe"])
def usage(board, words):
    text = board.pith(words, USAGE)
    expect(text.startswith("pith: ") or "usage" in text, repr(text))


@claim("board", "an unknown command is answered with the nearest one")
def nearest_command(board):
    expect("restart" in board.pith("restrat", USAGE), board.pith("restrat", USAGE))


@claim("board", "pith {} of an unknown name exits with 4 and names the nearest one", each=[
    "status", "why", "logs", "wait", "start", "stop", "restart", "kill", "exec", "table"])
def unknown(board, command):
    text = board.pith(f"{command} neighbuor" + (" /probe" if command == "exec" else ""), UNKNOWN)
    expect("neighbour" in text, text)


# Status

@claim("board", "pith status has a row for each service, with its state, pid and address")
def status_rows(board):
    steady(board)
    text = board.pith("status")
    head, *lines = text.splitlines()
    rows = {line.split()[0]: line.split() for line in lines}
    expect_equal(sorted(rows), board.services(), "names")
    for word in ("NAME", "STATE", "PID", "UPTIME", "RESTARTS", "MEMORY", "PEAK", "MAX", "CPU",
                 "ADDRESS", "LAST EXIT"):
        expect(word in head, f"no {word}", head)
    for service, pid in steady(board).items():
        expect(str(pid) in rows[service], f"pid {pid}", rows[service])
        address = board.option(service, "ADDRESS")
        expect(not address or address in rows[service], address, rows[service])


@claim("board", "pith status --json tells what the kernel says")
def status_json(board):
    pids = steady(board)
    rows = board.rows()
    expect_equal(sorted(rows), board.services(), "names")
    for service, pid in pids.items():
        expect_equal((rows[service]["pid"], rows[service]["state"]), (pid, "up"), service)
    row = rows["probe"]
    expect_equal(row["max_bytes"], size_bytes(board.option("probe", "MEMORY_MAX")), "max")
    expect_equal(row["address"], board.option("probe", "ADDRESS"), "address")
    now = int(board.control("probe", "memory.current"))
    expect(0 < row["memory_bytes"] and abs(row["memory_bytes"] - now) < 500000, row, now)
    expect(row["peak_bytes"] is None or row["peak_bytes"] >= row["memory_bytes"], row)
    expect(row["cpu_ms"] >= 0, row)
    ticks = board.read(f"/proc/{pids['probe']}/stat").rsplit(")", 1)[1].split()[19]
    started_ms = int(ticks) * 10
    up_ms = float(board.read("/proc/uptime").split()[0]) * 1000
    expect(0 < row["uptime_ms"] <= up_ms - started_ms + 10, row, up_ms, started_ms)


@claim("board", "pith status counts a restart, and tells the last exit")
def status_restarts(board):
    before = board.row("victim", OK)["restarts"]
    board.kill_and_wait("victim")
    board.wait_state("victim", "up")
    row = board.row("victim", OK)
    expect_equal(row["restarts"], before + 1, "restarts")
    expect(row["last_exit"].startswith("killed by SIGKILL"), row["last_exit"])
    line = [line for line in board.pith("status").splitlines() if line.startswith("victim ")][0]
    expect("killed by SIGKILL" in line, line)


@claim("board", "pith status NAME exits with 0 for a service that is up, and with 3 for one that is "
                "not")
def status_exit(board):
    board.pith("status probe", OK)
    board.pith("status setup", OK)      # finished, as it should
    board.pith("status once", NOT_UP)


def about(board):
    """Of the service with a value in every row."""
    return board.pith("status probe", OK), board.row("probe", OK)


@claim("board", "pith status NAME tells its seven namespaces as the kernel does")
def status_namespaces(board):
    text, row = about(board)
    seen = row["namespaces"]
    for kind, link in board.namespaces(board.pid("probe")).items():
        inode = re.search(r"\d+", link)[0]
        expect_equal(seen.get(kind), int(inode), kind)
        expect(inode in text, f"{kind}: {inode}", text)


@claim("board", "pith status NAME tells its limits, as set and as they are")
def status_limits(board):
    text, row = about(board)
    limits = {limit["file"]: limit for limit in row["limits"]}
    for file in ("memory.max", "memory.high", "pids.max", "cpu.max", "cpuset.cpus", "io.max"):
        expect(file in limits and file in text, file, sorted(limits))
        expect_equal(limits[file]["now"], board.control("probe", file), file)
    expect_equal(limits["pids.max"]["set"], str(board.option("probe", "PIDS_MAX")), "pids.max")


@claim("board", "pith status NAME tells its mounts")
def status_mounts(board):
    text, row = about(board)
    pid = board.pid("probe")
    points = [line.split()[4] for line in board.read(f"/proc/{pid}/mountinfo").splitlines()]
    expect_equal([m["path"] for m in row["mounts"]], points, "mounts")
    mounts = {m["path"]: m for m in row["mounts"]}
    expect_equal(mounts["/run"]["type"], "tmpfs", "type of /run")
    expect("ro" in mounts["/"]["options"].split(","), mounts["/"])
    expect("/dev/shm" in text and "/sys/fs/cgroup" in text, text)


@claim("board", "pith status NAME tells its capabilities, seccomp and no_new_privs")
def status_trust(board):
    text, row = about(board)
    expect_equal(row["capabilities"],
                 {name: "none" for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")},
                 "capabilities")
    expect_equal((row["seccomp"], row["no_new_privs"]), ("filter", True),
                 "seccomp, no_new_privs")
    expect("CapEff" in text and "no new privs" in text, text)


@claim("board", "pith status NAME lists what is loosened from the defaults")
def status_loosened(board):
    _, row = about(board)
    expect(not [words for words in row["loosened"] if "namespace" in words or "capabilit" in words],
           row["loosened"])
    row = board.row("neighbour", OK)
    expect([words for words in row["loosened"] if "OOM_SCORE_ADJ=-500" in words], row["loosened"])
    text = board.pith("status neighbour", OK)
    expect("OOM_SCORE_ADJ=-500" in text, text)


@claim("board", "pith status NAME tells its address and its published ports")
def status_network(board):
    text, row = about(board)
    expect_equal(row["address"], board.option("probe", "ADDRESS"), "address")
    outside, inside = re.match(r"(\d+):(\d+)", board.option("probe", "PUBLISH")).groups()
    lines = [line for line in text.splitlines() if re.search(rf"\b{outside}\b", line)]
    expect([line for line in lines if re.search(rf"\b{inside}\b", line)], text)


@claim("board", "pith status NAME shows its recent log")
def status_log(board):
    board.ask("probe", "say 1 seen in its status").ok()
    text = poll(lambda: board.pith("status probe", OK),
                lambda text: "seen in its status" in text, 30)
    expect("seen in its status" in text, text[-1000:])
    row = board.row("probe", OK)
    expect("seen in its status" in [line["text"] for line in row["log"]], row["log"])


# Top, events, table, version

@claim("board", "pith top -n 1 prints a table once, and ends")
def top(board):
    text = board.pith("top -n 1")
    missing = [name for name in ("probe", "web", "victim") if not re.search(rf"\b{name}\b", text)]
    expect(not missing, missing, text)
    expect("\x1b" not in text, repr(text[:200]))


@claim("board", "pith top sorts by memory and by name")
def top_sorted(board):
    board.ask("hog", "hostname").ok()
    names = [row["name"] for row in top_rows(board, "name")]
    expect_equal(names, sorted(names), "by name")
    memory = [row["memory_bytes"] or 0 for row in top_rows(board, "mem")]
    expect_equal(memory, sorted(memory, reverse=True), "by memory")


def top_rows(board, sort):
    value = board.pith_json(f"top -n 1 -s {sort}")
    rows = value if isinstance(value, list) else value["services"]
    return [row for row in rows if row["name"] != "pith"]


@claim("board", "pith top tells who uses the CPU")
def top_cpu(board):
    board.output(f"for i in 1 2; do echo 'spin 4000' | nc -w 10 {board.address('victim')} 7000 "
                 ">/dev/null & done")
    time.sleep(0.3)
    text = board.pith("top -n 1")
    rows = top_rows(board, "cpu")
    expect_equal(rows[0]["name"], "victim", "the busiest")
    expect(rows[0]["cpu_percent"] > 0, rows[0], text)


@claim("board", "pith events tells each change of state, in order, with name and pid")
def events(board):
    board.kill_and_wait("victim")
    board.wait_state("victim", "up")
    rows = board.events("victim")
    pid = board.pid("victim")
    expect_equal([row["to"] for row in rows[-4:]], ["cleaning", "backoff", "starting", "up"])
    expect_equal([row["from"] for row in rows[-3:]], ["cleaning", "backoff", "starting"])
    expect_equal(rows[-1]["pid"], pid, "pid")
    times = [row["time_ms"] for row in board.pith_lines("events")]
    expect_equal(times, sorted(times), "times")
    text = board.pith("events -n 40")
    expect(re.search(rf"^\[ *\d+\.\d{{3}}\] victim: starting -> up, pid {pid}$", text, re.M), text[-1500:])


@claim("board", "pith events -f goes on with what comes")
def events_follow(board):
    board.output("pith events -f -n 0 >/run/events 2>&1 & echo $! >/run/follower")
    try:
        time.sleep(0.3)
        board.kill_and_wait("victim")
        text = poll(lambda: board.read("/run/events"),
                    lambda text: re.search("victim: .* -> up", text), 30)
        expect(re.search("victim: .* -> up", text), text)
    finally:
        board.run("kill $(cat /run/follower)")


@claim("board", "pith table is the compiled table, and its hash the one that PID 1 runs by")
def table(board):
    value = board.pith_json("table")
    rows = {row["name"]: row for row in value["services"]}
    expect_equal(sorted(rows), board.services(), "names")
    row = rows["probe"]
    expect_equal(row["argv"], ["/probe", "serve", "two words", "three"], "argv")
    expect_equal(row["address"], board.option("probe", "ADDRESS"), "address")
    expect_equal(row["oom_score_adj"], board.option("probe", "OOM_SCORE_ADJ"), "oom_score_adj")
    hashes = [rows[name]["fingerprint"] for name in rows]
    expect(len(set(hashes)) == len(hashes), "two rows have the same hash")
    expect_equal(board.row("probe", OK)["fingerprint"], row["fingerprint"], "hash of a row")
    hash_of_all = value["table"]
    expect(re.fullmatch("[0-9a-f]{16}", hash_of_all), hash_of_all)
    text = board.pith("table")
    expect(hash_of_all in text and row["fingerprint"] in text, text[:1500])
    with open(board.product.folder + "/table.c") as file:
        expect(hash_of_all.lstrip("0") in file.read(), f"{hash_of_all} is not in table.c")


@claim("board", "pith version tells the client's and PID 1's, which are the same")
def version(board):
    first = board.console.wait_line("pith", "^version ", 5)
    number = first.text.split()[1]
    expect(number in board.pith("version"), board.pith("version"), first)
    expect(number in str(board.pith_json("version")), board.pith_json("version"))
    expect_equal(board.pith("--version"), f"pith {number}\n")


@claim("board", "`pith {}` prints JSON, and text for people", each=[
    "status", "status probe", "top -n 1", "why victim", "network", "table", "table probe", "version"])
def json_everywhere(board, words):
    value = board.pith_json(words)
    expect(value, "empty")
    expect(len(board.pith(words)) > 10, "nothing for people")


# Steering

@claim("board", "pith stop stops a service for good, pith start starts it again")
def stop_and_start(board):
    board.wait_state("victim", "up")
    old = board.pid("victim")
    board.pith("stop victim")
    expect_equal(board.row("victim", NOT_UP)["state"], "off", "state")
    expect("victim" not in board.pids(), board.pids())
    time.sleep(1)
    expect_equal(board.row("victim", NOT_UP)["state"], "off", "state a second later")
    board.pith("start victim")
    board.pith("wait -t 10 victim")
    expect(board.pid("victim") != old, "the same pid")
    board.ask("victim", "hostname").ok()


@claim("board", "pith stop of a service that is stopped, and pith start of one that runs, change "
                "nothing")
def idle_steering(board):
    board.wait_state("victim", "up")
    pid = board.pid("victim")
    board.pith("start victim")
    expect_equal(board.pid("victim"), pid, "pid")
    board.pith("stop once")
    board.pith("stop once")
    expect("once" not in board.pids(), board.pids())


@claim("board", "pith restart makes a new run at once, whatever the back-off was")
def restart(board):
    board.wait_state("victim", "up")
    for _ in range(3):
        old = board.pid("victim")
        board.pith("restart victim")
        board.pith("wait -t 5 victim")
        expect(board.pid("victim") != old, "the same pid")
    line = board.line("victim", "^asked to restart")
    expect(line, "not told")


@claim("board", "several services are steered at once")
def many_names(board):
    old = board.pids()
    board.pith("restart victim neighbour no-net")
    for name in ("victim", "neighbour", "no-net"):
        board.pith(f"wait -t 10 {name}")
        expect(board.pid(name) != old[name], f"{name} has its old pid")


@claim("board", "pith kill -s sends a signal to the main process, by name or number")
def kill(board):
    board.wait_state("neighbour", "up")
    for word in ("QUIT", "SIGQUIT", "3"):
        mark = board.console.mark()
        board.pith(f"kill -s {word} neighbour")
        board.line("neighbour", "^stopping on signal 3$", mark)
        board.line("neighbour", "^exited with status 0.*; again in", mark)
        board.started_line("neighbour", mark)
        board.wait_state("neighbour", "up")


@claim("board", "pith kill of a service that does not run exits with 1 and says so")
def kill_nobody(board):
    board.pith("stop once")
    text = board.pith("kill once", FAILED)
    expect("does not run" in text, text)


@claim("board", "pith wait waits until a service is up, or down, and exits with 3 if that takes too "
                "long or cannot be any more")
def wait(board):
    board.wait_state("victim", "up")
    start = time.monotonic()
    board.pith("wait -t 1 --for down victim", NOT_UP)
    expect(time.monotonic() - start >= 0.9, "it did not wait")
    board.output("(sleep 1; pith stop --no-wait victim) >/dev/null 2>&1 &")
    board.pith("wait -t 10 --for down victim")
    expect("stopped" in board.pith("wait victim", NOT_UP), board.pith("wait victim", NOT_UP))
    board.pith("start --no-wait victim")
    board.pith("wait -t 10 victim")
    board.kill_and_wait("victim")
    board.pith("wait -t 10 victim")


@claim("board", "pith reexec of what is no program is refused, and PID 1 goes on as it was")
def bad_reexec(board):
    before = steady(board)
    mark = board.console.mark()
    board.pith("reexec /proc/version", FAILED)
    board.pith("reexec /no/such/file", FAILED)
    board.output("echo no program >/no-init; chmod 755 /no-init")
    board.pith("reexec /no-init", FAILED)
    expect(not board.console.all_lines("pith", "takes over", mark), "it was executed anew")
    expect_equal(steady(board), before, "main processes")


# Who may ask

@claim("board", "a client that is not root is refused, also where the socket's path would let it "
                "through")
def not_root(board):
    text = board.run("/services/probe/peer as 1000 pith status")[1]
    expect("root" in text, text)
    socket = board.control_socket()
    folder = socket.rsplit("/", 1)[0]
    modes = board.output(f"stat -c %a {folder} {socket}").split()
    board.output(f"chmod 755 {folder}; chmod 666 {socket}")
    # /services is closed to others as well.
    board.output("cp /services/probe/peer /peer; chmod 755 /peer")
    try:
        text = board.run(f"/peer as 1000 /peer ask {socket}")[1]
    finally:
        board.output(f"chmod {modes[0]} {folder}; chmod {modes[1]} {socket}; rm /peer")
    expect("result" in text or "connect" in text, text)
    expect(not re.search(r"result [0-9]", text), text)
    expect_equal(board.peer(f"ask {socket}")["result"], "0", "root's answer")


@claim("board", "the state that clients see cannot be written by them")
def read_only(board):
    pid = board.output("pith events -f -n 0 >/dev/null 2>&1 & echo $!").strip()
    time.sleep(0.3)
    rows = [line for line in board.read(f"/proc/{pid}/maps").splitlines() if "memfd" in line]
    board.run(f"kill {pid}")
    expect(rows and all(row.split()[1][:2] == "r-" for row in rows), rows)
