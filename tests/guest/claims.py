"""The list of claims, and how one is put to the test.

A claim is a function of a board that returns if it holds and raises Failure
if not.  It belongs to one boot and holds without the other claims of it, of
which --only may leave out any.  They run in the order of their files: what one
leaves behind (a service that is down for good, or repaired) must not matter
to those that come after it.  Only a claim marked `last` may end the board.
"""
import time
import traceback

from console import GuestGone

CLAIMS = []


class Failure(Exception):
    """A claim that does not hold; its text says what was seen instead."""


class Claim:
    def __init__(self, boot, name, test, args, last):
        self.boot = boot
        self.name = name
        self.last = last
        self._test = test
        self._args = args

    def check(self, board):
        """None if it holds, else what was seen."""
        try:
            self._test(board, *self._args)
        except Failure as failure:
            return str(failure)
        except GuestGone as gone:
            return f"the guest is gone: {gone}"
        except Exception:   # a harness at fault is a claim not shown
            return traceback.format_exc(limit=-4)
        return None


def claim(boot, name, each=None, last=False):
    """Registers a test.  With `each`, one claim per row: the row's values
    fill the name's {} and are the test's further arguments."""
    def register(test):
        for row in [()] if each is None else each:
            args = row if isinstance(row, tuple) else (row,)
            CLAIMS.append(Claim(boot, name.format(*args), test, args, last))
        return test
    return register


def expect(holds, *seen):
    if not holds:
        raise Failure("\n".join(str(part) for part in seen) or "it does not")


def poll(look, holds, tries):
    """What look() sees once it holds, or in the last of so many tries."""
    for _ in range(tries):
        seen = look()
        if holds(seen):
            break
        time.sleep(0.1)
    return seen


def expect_equal(seen, expected, what="seen"):
    expect(seen == expected, f"{what}: {seen!r}", f"expected: {expected!r}")
