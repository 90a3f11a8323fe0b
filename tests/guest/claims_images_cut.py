"""A few power cuts in updates.  tests/powercut makes as many as one likes."""
import cuts
from claims import claim, expect

COUNT = 3
# With it one is in the first half of what an update does, one once it counts, and one between.
SEED = "few-1135"


def start(product, tree, folder):
    board = cuts.Cuts(product, cuts.make_maker(product, tree), folder, SEED)
    board.begin()
    board.measure()
    return board


@claim("images-cut", f"after {COUNT} power cuts in updates there was the old release or the new one each time, "
       "and both were there")
def old_or_new(board):
    for _ in range(COUNT):
        board.cut()
    board.last()
    expect(board.count("old") + board.count("new") == COUNT, board.seen)
    expect(board.is_inside("old") and board.count("new"), board.seen)
