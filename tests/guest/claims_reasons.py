"""What pith why NAME:PORT says of a connection is what becomes of it."""
import nets
from claims import claim, expect, expect_equal, poll

STOPPED = 6


def why(board, words, status=None):
    value = board.pith_json(f"why {words}", status if status is not None else 0)
    expect_equal(value["open"], status in (None, 0), f"open: {value}")
    return value


@claim("net", "what pith why calls open is open, and the counters move that it shows: {}", each=[
    ("from outside", "beta:8001", lambda board: expect_equal(
        board.outside.leased.knock(nets.LEASED, ["8001/tcp"]), {"8001/tcp": "open"})),
    ("from another service", "--from alpha beta:7001", lambda board: board.ask(
        "alpha", f"knock tcp {board.address_of(nets.BY_NAME['beta'])[0]} 7001").ok()),
    ("to a service with NET=host", "hosted:7005", lambda board: expect_equal(
        board.outside.leased.knock(nets.LEASED, ["7005/tcp"]), {"7005/tcp": "open"})),
])
def is_open(board, _, words, use):
    board.plugged()
    poll(lambda: board.pith_json(f"why {words}")["open"], bool, 20)
    before = why(board, words)["connections"]
    use(board)
    expect(why(board, words)["connections"] > before, f"{before} before, {why(board, words)} after")


@claim("net", "pith why says it when the firewall has gone", last=True)
def no_firewall(board):
    board.plugged()
    board.tool("/usr/sbin/nft delete table inet pith")
    value = why(board, "beta:8001", STOPPED)
    expect_equal(value["stopped_by"], "firewall", value)
