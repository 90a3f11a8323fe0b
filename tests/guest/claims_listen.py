"""LISTEN: sockets that are there before their service is, and stay when it goes."""
import http.client
import re
import threading

import nets
from claims import claim, expect, expect_equal, poll
from net_board import PROBE

OWNER = "sockets"
PATH = "/run/sockets/stream"
RESTARTS = 100
PAGE = "200 it serves"


def fds(board, service=OWNER):
    """{number: what} of what its program was given beyond the usual three."""
    rows = dict(line.split() for line in board.ask(service, "birth").ok().values("fd"))
    return {number: what for number, what in rows.items() if int(number) > 2}


def environment(board, service=OWNER):
    return dict(line.split("=", 1) for line in board.ask(service, "birth").ok().values("env"))


@claim("net", "a service is given the sockets of its LISTEN from fd 3 on, and no others")
def given(board):
    seen = fds(board)
    expect_equal(sorted(seen), ["3", "4", "5"], seen)
    expect(all(what.startswith("socket:") for what in seen.values()), seen)


@claim("net", "LISTEN_FDS, LISTEN_PID and LISTEN_FDNAMES are as sd_listen_fds(3) wants them")
def variables(board):
    env = environment(board)
    expect_equal((env.get("LISTEN_FDS"), env.get("LISTEN_PID")), ("3", "1"), "LISTEN_FDS, LISTEN_PID")
    expect_equal(len(env.get("LISTEN_FDNAMES", "").split(":")), 3, env)
    expect("LISTEN_FDS" not in environment(board, "beta"), "another service has it too")


@claim("net", "sockets of LISTEN are the same in the next start, and after PID 1 was executed anew")
def same(board):
    before = fds(board)
    board.kill_and_wait(OWNER)
    expect_equal(fds(board), before, "after a kill")
    board.output("pith reexec")
    board.wait_state(OWNER, "up")
    expect_equal(fds(board), before, "after pith reexec")
    board.pith(f"restart {OWNER}")
    board.wait_state(OWNER, "up")
    expect_equal(fds(board), before, "after a restart behind it")


def four(board, service=OWNER):
    return board.address_of(nets.BY_NAME[service])[0]


@claim("net", "a socket of LISTEN answers who may reach it: {}", each=[
    ("tcp, IPv4", "tcp", 0, "7020"), ("tcp, IPv6", "tcp", 1, "7020")])
def answers(board, _, protocol, family, port):
    board.wait_state(OWNER, "up")
    address = board.address_of(nets.BY_NAME[OWNER])[family]
    expect_equal(board.ask("alpha", f"knock {protocol} {address} {port}").ok().lines, [OWNER], "who answers")


@claim("net", "who connects while a service with LISTEN is down waits, and is served when it is up")
def waits(board):
    board.wait_state(OWNER, "up")
    board.pith(f"stop {OWNER}")
    try:
        board.output(f"({board.inside('alpha')}nc {four(board)} 7020 "
                     "</dev/null >/run/waited 2>&1; echo $? >>/run/waited) & sleep 1")
        expect_equal(board.read("/run/waited"), "", "what came while it was down")
    finally:
        board.pith(f"start {OWNER}")
    text = poll(lambda: board.read("/run/waited"), lambda seen: seen.endswith("0\n"), 100)
    expect_equal(text, f"{OWNER}\n0\n", "what came then")


@claim("net", "a unix socket of LISTEN is seen by those whose ALLOW names it, and by nobody else")
def unix(board):
    board.wait_state(OWNER, "up")
    expect_equal(board.ask("alpha", f"knock unix {PATH}").ok().lines, [OWNER], "who answers alpha")
    board.ask("beta", f"knock unix {PATH}").refused("ENOENT")


@claim("net", "a unix socket of LISTEN that is seen elsewhere is still the same after its owner's restart, "
              "and after PID 1 was executed anew")
def unix_stays(board):
    board.wait_state(OWNER, "up")
    board.pith(f"restart {OWNER}")
    board.output("pith reexec")
    board.wait_state(OWNER, "up")
    expect_equal(board.ask("alpha", f"knock unix {PATH}").ok().lines, [OWNER], "who answers alpha")


@claim("net", "a connection to a service lives on while the one restarts whose network it shares")
def shared(board):
    board.wait_state("pair", "up")
    ask = f"{board.inside('alpha')}nc -w 10 {four(board, 'beta')} 7010"
    board.output(f"({{ sleep 1.5; echo hostname; }} | {ask} "
                 ">/run/shared 2>&1; echo end >>/run/shared) & sleep 0.5")
    network = board.output(f"readlink /proc/{board.pid('pair')}/ns/net")
    board.pith("restart beta")
    board.wait_state("beta", "up")
    text = poll(lambda: board.read("/run/shared"), lambda seen: seen.endswith("end\n"), 100)
    expect_equal(text, "ok\npair\nend\n", "the answer")
    expect_equal(board.output(f"readlink /proc/{board.pid('beta')}/ns/net"), network, "the network")


# A real server under load

class Load(threading.Thread):
    """Pages from the build machine, one after the other, until it is told to stop."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.ways = {}
        self.enough = False
        self._port = port
        self.start()

    def _visit(self):
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        try:
            connection.request("GET", "/")
            reply = connection.getresponse()
            return f"{reply.status} {reply.read().decode().strip()}"
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__
        finally:
            connection.close()

    def run(self):
        while not self.enough:
            way = self._visit()
            self.ways[way] = self.ways.get(way, 0) + 1

    def end(self):
        self.enough = True
        self.join(30)
        return self.ways


def starts(board):
    return board.pith_json("why httpd")["starts"]


def under_load(board, restart):
    """What a load from another service, and one from the build machine, saw while the
    server was restarted by a command of the board's, again and again."""
    board.plugged()
    board.wait_state("httpd", "up")
    board.output("rm -f /run/enough /run/visits.end; "
                 f"({board.inside('alpha')}{PROBE} run visits {four(board, 'httpd')} 80 /run/enough "
                 ">/run/visits 2>&1; : >/run/visits.end) & sleep 0.1")
    load = Load(board.machine.port(8080))
    poll(lambda: load.ways, bool, 100)
    before = starts(board)
    try:
        # Some pages each time: it takes longer to listen than to be started.
        board.output(f"for i in $(seq {RESTARTS // 2}); do {restart}; pith wait -t 10 httpd; sleep 0.1; done",
                     timeout=120)
    finally:
        board.output("touch /run/enough")
        outer = load.end()
    expect_equal(starts(board) - before, RESTARTS // 2, "starts")
    poll(lambda: board.run("test -e /run/visits.end")[0], lambda status: not status, 300)
    inner = {way: int(number) for number, way in re.findall(r"(\d+) (.+)", board.read("/run/visits"))}
    expect(min(inner.get("ok", 0), outer.get(PAGE, 0)) > RESTARTS // 4, inner, outer)
    return inner, outer


@claim("net", "while lighttpd is {} 50 times, no visitor is refused, and at most those are cut off whose "
              "page it was at", each=[
    ("restarted", "pith restart httpd"),
    ("killed", "kill -9 $(head -n1 /sys/fs/cgroup/svc/httpd/cgroup.procs)")])
def visitors(board, _, restart):
    inner, outer = under_load(board, restart)
    expect("ECONNREFUSED" not in inner, inner)
    for ways, right in ((inner, "ok"), (outer, PAGE)):
        cut = sum(number for way, number in ways.items() if way != right)
        expect(cut <= RESTARTS // 2, ways)
