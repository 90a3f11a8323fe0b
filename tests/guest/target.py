"""The board and the kernel that guests of a run have, and what differs between boards.

What a board is, its own files say: board/NAME/board.mk and board/NAME/qemu.
"""
import os
import re

from product import TOP

DEFAULT_BOARD = "qemu-x86_64"


class Target:
    def __init__(self, board=DEFAULT_BOARD, kernel=""):
        self.board = board
        self.kernel = kernel
        self.qemu = os.path.join(TOP, "board", board, "qemu")
        with open(os.path.join(TOP, "board", board, "board.mk")) as file:
            self.arch = re.search(r"^BOARD_ARCH\s*:=\s*(\w+)", file.read(), re.M)[1]

    @property
    def folder(self):
        """Below that of a run, so that runs of several do not disturb one another."""
        return self.board + (f"-{self.kernel}" if self.kernel else "")

    @property
    def suffix(self):
        """Of a claim's name; none says that it is the board that make takes by itself."""
        words = [] if self.board == DEFAULT_BOARD else [self.board]
        words += [self.kernel] if self.kernel else []
        return f" ({', '.join(words)})" if words else ""
