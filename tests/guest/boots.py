"""The boots, in their order: which product, on what hardware.

A boot costs seconds and a build more, so each serves as many claims as it
can.  What is claimed of it is in the claims' own files.
"""
import os
import shutil

# Each puts its claims on the list, in this order.
import claims_exec
import claims_external
import claims_gateway
import claims_init
import claims_isolation
import claims_life
import claims_limits
import claims_log
import claims_network
import claims_privileges
import claims_shutdown
import claims_strange
import claims_view
from board import Board
from product import TREE, Product

DISK_BYTES = 8 << 20

_products = {}


def _product(settings, name, **choice):
    if name not in _products:
        _products[name] = Product(os.path.join(settings.out, name), **choice)
    _products[name].build()
    return _products[name]


def _test_product(settings):
    return _product(settings, "guest", external=TREE,
                    defconfig=os.path.join(TREE, "defconfig"))


def _disk(settings):
    path = os.path.join(settings.out, "disk.img")
    with open(path, "wb") as file:
        file.truncate(DISK_BYTES)
    return path


def _log(settings, name):
    return os.path.join(settings.out, f"console-{name}.log")


def start_board(settings):
    """The test product on a whole board: where most claims are put."""
    return Board(_test_product(settings), _log(settings, "board"), disk=_disk(settings),
                 forwards=(7070, 8080))


def start_strange(settings):
    """The same, after another PID 1 and with words that nobody knows."""
    return Board(_test_product(settings), _log(settings, "strange"), disk=_disk(settings),
                 append="rdinit=/services/probe/first splines=reticulated single -- seven")


def start_halt(settings):
    """The same, for one more way to end."""
    return Board(_test_product(settings), _log(settings, "halt"), disk=_disk(settings))


def start_bare(settings):
    """The same, without a network card and without a disk."""
    return Board(_test_product(settings), _log(settings, "bare"), nic=False)


def start_gateway(settings):
    """The default product, as `make run` boots it."""
    return Board(_product(settings, "gateway"), _log(settings, "gateway"), shell=False,
                 memory=256, forwards=(8080,))


def start_external(settings):
    """The default product and one service folder in a tree of its own."""
    tree = claims_external.make_tree(os.path.join(settings.out, "external-tree"))
    return Board(_product(settings, "external", external=tree), _log(settings, "external"),
                 shell=False, memory=256, forwards=(8080,))


class Boot:
    def __init__(self, name, start):
        self.name = name
        self.start = start


BOOTS = [
    Boot("board", start_board),
    Boot("strange", start_strange),
    Boot("bare", start_bare),
    Boot("halt", start_halt),
    Boot("gateway", start_gateway),
    Boot("external", start_external),
]


def clean_up(settings):
    if settings.keep:
        return
    shutil.rmtree(os.path.join(settings.out, "external-tree"), ignore_errors=True)
    try:
        os.unlink(os.path.join(settings.out, "disk.img"))
    except FileNotFoundError:
        pass
