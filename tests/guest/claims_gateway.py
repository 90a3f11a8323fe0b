"""The default product, from the outside alone: it has no shell to ask."""
import re
import time
import urllib.request

from claims import claim, expect, expect_equal

SERVICES = ("broker", "sensor", "web")


@claim("gateway", "the console says which services started, with which address, and how long "
                  "it took")
def started(board):
    for service in SERVICES:
        line = board.started_line(service, timeout=40)
        expect(re.match(r"started, pid \d+, 10\.77\.0\.\d+, [\d.]+ m?s", line.text), line)


@claim("gateway", "a boot of the gateway is told in a few lines")
def few_lines(board):
    board.started_line("web", timeout=40)
    time.sleep(2)
    lines = [line for line in board.console.since(0) if line.raw.strip()]
    expect(len(lines) <= 30, f"{len(lines)} lines", *lines[:40])


def fetch(board, timeout=30):
    url = f"http://127.0.0.1:{board.machine.port(8080)}/"
    end = time.monotonic() + timeout
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as reply:
                return reply.status, reply.headers, reply.read().decode()
        except OSError as error:
            if time.monotonic() > end:
                return None, {}, f"{url}: {error}"
            time.sleep(0.3)


@claim("gateway", "nginx inside the guest answers the build machine on the forwarded port")
def nginx_answers(board):
    status, headers, body = fetch(board)
    expect_equal(status, 200, body)
    expect(headers.get("Server", "").startswith("nginx"), headers)
    expect("<" in body and len(body) > 50, body)


@claim("gateway", "once they have found each other, the gateway's services run on")
def nothing_restarts(board):
    for service in SERVICES:
        board.started_line(service, timeout=40)
    # The sensor ends, and is started again, if the broker does not listen yet.
    time.sleep(4)
    mark = board.console.mark()
    time.sleep(5)
    for service in SERVICES:
        ends = board.console.all_lines(service, "^exited|^killed|^start failed", mark)
        expect(not ends, *ends)


@claim("gateway", "there is no shell on the console unless DEBUG_SHELL asks for one")
def no_shell(board):
    board.started_line("web", timeout=40)
    expect("DEBUG_SHELL" not in board.config, "it is on")
    mark = board.console.mark()
    board.machine.type("\necho is-$((40+2))\n")
    expect(not board.console.wait_raw("is-42|pith# ", 2, mark), "something answers")
