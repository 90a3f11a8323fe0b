"""The boots, in their order: which product, on what hardware.

A boot costs seconds and a build more, so each serves as many claims as it
can.  What is claimed of it is in the claims' own files.
"""
import os
import shutil
import threading

# Each puts its claims on the list, in this order.
import claims_client
import claims_crowd
import claims_deaths
import claims_exec
import claims_external
import claims_gateway
import claims_hostile
import claims_images
import claims_images_bad
import claims_images_cut
import claims_images_exchange
import claims_images_parts
import claims_init
import claims_inside
import claims_isolation
import claims_life
import claims_limits
import claims_links
import claims_listen
import claims_log
import claims_logs
import claims_many
import claims_matrix
import claims_network
import claims_oci
import claims_pressure
import claims_privileges
import claims_reach
import claims_ready
import claims_reasons
import claims_rules
import claims_shapes
import claims_shutdown
import claims_spoof
import claims_storage
import claims_stress
import claims_strange
import claims_uplinks
import claims_view
import claims_walls
import claims_watchdog
import cuts
import images
import nets
import shapes
import storage
# Crashes come last in their boot.
import claims_hard
import claims_reexec
from board import Board
from machine import COUNTED
from net_board import NetBoard
from product import TREE, Product

DISK_BYTES = 8 << 20

_products = {}
_building = threading.RLock()


def _product(settings, name, **choice):
    with _building:
        folder = os.path.join(settings.out, name)
        if folder not in _products:
            _products[folder] = Product(folder, settings.target, **choice)
        _products[folder].build()
        return _products[folder]


def _test_product(settings):
    return _product(settings, "guest", external=TREE,
                    defconfig=os.path.join(TREE, "defconfig"))


def _next_product(settings):
    """The test product as a later release of it might be: a row is new, one is gone,
    one is another, and the network is larger."""
    with open(os.path.join(TREE, "defconfig")) as file:
        rows = file.read().replace("CONFIG_SVC_NEIGHBOUR=y\n", "")
    rows = rows.replace('"10.77.0.1/24"', '"10.77.0.1/23"')
    path = os.path.join(settings.out, "next.defconfig")
    with open(path, "w") as file:
        file.write(rows + 'CONFIG_SVC_ZULU=y\nCONFIG_SVC_NO_NET_ENV="GENERATION=2"\n'
                   'CONFIG_BRIDGES="lab=10.79.0.1/24"\n')
    return _product(settings, "next", external=TREE, defconfig=path)


def _disk(settings, name, content=b""):
    path = os.path.join(settings.out, f"disk-{name}.img")
    with open(path, "wb") as file:
        file.write(content)
        file.truncate(DISK_BYTES)
    return path


def _log(settings, name):
    return os.path.join(settings.out, f"console-{name}.log")


def start_board(settings):
    """The test product on a whole board: where most claims are put."""
    return Board(_test_product(settings), _log(settings, "board"), disk=_disk(settings, "board"),
                 forwards=(7070, 8080))


def start_strange(settings):
    """The same, after another PID 1 and with words that nobody knows."""
    return Board(_test_product(settings), _log(settings, "strange"), disk=_disk(settings, "strange"),
                 append="rdinit=/services/probe/first splines=reticulated single -- seven")


def start_halt(settings):
    """The same, for one more way to end."""
    return Board(_test_product(settings), _log(settings, "halt"), disk=_disk(settings, "halt"))


def start_bare(settings):
    """The same, without a network card and without a disk.  A PC has a keyboard."""
    return Board(_test_product(settings), _log(settings, "bare"), nic=False,
                 keyboard=settings.target.arch != "x86_64")


def start_hard(settings):
    """The same, with a newer /init on its disk."""
    product, newer = _test_product(settings), _next_product(settings).init()
    board = Board(product, _log(settings, "hard"), disk=_disk(settings, "hard", newer))
    board.next_init = newer
    return board


def start_dog(name):
    """A few services on a board with a hardware watchdog."""
    def start(settings):
        product = _product(settings, "dog", external=TREE, board="qemu-softdog")
        return Board(product, _log(settings, name), memory=256, nic=False)
    return start


def start_shapes(settings):
    """The probe in every shape that the table can give it."""
    claims_shapes.choose(settings.only)
    tree = shapes.make_tree(os.path.join(settings.out, "shapes-tree"))
    product = _product(settings, "shapes", external=tree, defconfig=os.path.join(tree, "defconfig"))
    return Board(product, _log(settings, "shapes"), memory=256, nic=False,
                 disk=storage.make_ext4(_disk(settings, "shapes")))


def start_stress(settings):
    """A service with every limit, stress-ng in it, and a neighbour."""
    tree = claims_stress.make_tree(os.path.join(settings.out, "stress-tree"))
    product = _product(settings, "stress", external=tree, defconfig=os.path.join(tree, "defconfig"))
    return Board(product, _log(settings, "stress"), memory=256, nic=False,
                 disk=claims_stress.make_disk(_disk(settings, "stress")))


def start_store(name, f2fs=False):
    """Services with volumes, and a disk of each kind."""
    def start(settings):
        kind = "store-f2fs" if f2fs else "store"
        with _building:
            tree = storage.make_tree(os.path.join(settings.out, kind + "-tree"), f2fs)
            product = _product(settings, kind, external=tree, board="qemu-f2fs" if f2fs else None,
                               defconfig=os.path.join(tree, "defconfig"))
        boot = getattr(claims_storage, "start_" + name.partition("-")[2].replace("-", "_"))
        return boot(product, _log(settings, name), _disk(settings, name))
    return start


def start_images(settings):
    """Services with roots in images, files on the data partition."""
    tree = images.make_tree(os.path.join(settings.out, "images-tree"), images.FILES, claims_images.OPTIONS)
    product = _signed_product(settings, "images", tree)
    return claims_images.start(product, _log(settings, "images"), tree, _disk(settings, "images"))


def start_images_parts(settings):
    """One of them on partitions, the other one's checked as a whole; and no release at first."""
    tree = images.make_tree(os.path.join(settings.out, "parts-tree"), images.PARTS, claims_images_parts.OPTIONS)
    product = _signed_product(settings, "images-parts", tree)
    return claims_images_parts.start(product, _log(settings, "images-parts"), tree,
                                     _disk(settings, "images-parts"))


def start_oci(settings):
    """Services whose roots are OCI images."""
    tree = claims_oci.make_tree(os.path.join(settings.out, "oci-tree"), settings.target.arch)
    return Board(_signed_product(settings, "oci", tree), _log(settings, "oci"), memory=192, nic=False)


def start_images_cut(settings):
    """A board whose power is cut in updates."""
    tree = cuts.make_tree(os.path.join(settings.out, "cut-tree"))
    product = _signed_product(settings, "images-cut", tree)
    return claims_images_cut.start(product, tree, settings.out)


def _signed_product(settings, name, tree):
    return _product(settings, name, external=tree, defconfig=os.path.join(tree, "defconfig"),
                    key=images.make_keys(os.path.join(tree, "keys"))["first"][0])


def start_net(settings):
    """Two bridges, three ways out, and hosts on two of them."""
    tree = nets.make_tree(os.path.join(settings.out, "net-tree"))
    product = _product(settings, "net", external=tree, defconfig=os.path.join(tree, "defconfig"))
    return NetBoard(product, _log(settings, "net"))


def start_pressure(name, append=""):
    """Services that want more memory than the board has."""
    def start(settings):
        product = _product(settings, "pressure", external=TREE,
                           defconfig=os.path.join(TREE, "pressure.defconfig"))
        return Board(product, _log(settings, name), memory=160, nic=False, append=append)
    return start


def start_many(settings):
    """A thousand services, and nothing else."""
    tree = claims_many.make_tree(os.path.join(settings.out, "many-tree"))
    product = _product(settings, "many", external=tree, defconfig=os.path.join(tree, "defconfig"))
    return Board(product, _log(settings, "many"), memory=1536, nic=False)


def start_crowd(settings):
    """As many services with a network each, on a board whose clock counts instructions."""
    tree = claims_crowd.make_tree(os.path.join(settings.out, "crowd-tree"))
    product = _product(settings, "crowd", external=tree, defconfig=os.path.join(tree, "defconfig"))
    return Board(product, _log(settings, "crowd"), memory=1024, nic=False, clock=COUNTED)


def start_gateway(settings):
    """The default product, as `make run` boots it."""
    return Board(_product(settings, "gateway"), _log(settings, "gateway"), shell=False,
                 memory=256, forwards=(8080,))


def start_external(settings):
    """The default product and one service folder in a tree of its own."""
    tree = claims_external.make_tree(os.path.join(settings.out, "external-tree"))
    return Board(_product(settings, "external", external=tree), _log(settings, "external"),
                 shell=False, memory=256, forwards=(8080,))


# The boards beside the one that make takes by itself.
OTHERS = ("qemu-arm64", "qemu-arm")


class Boot:
    def __init__(self, name, start, others=()):
        """others: which claims are put to the test on which of OTHERS too, by their names,
        when no board is told.  Of a board that is told all are."""
        self.name = name
        self.start = start
        self.others = dict(others)


ALL = ""
# What PID 1 does when it is hit is the machine's; how often, and by whom, is not.
CRASHES = "^SIG|second crash|that reboot|executes the same|takes over in place: services"
# What is decided by numbers of system calls, and where their arguments are.
CALLS = "^in every shape: .*(is refused|kills)|answers whoever"

# System calls and ioctls with sizes, 64-bit numbers and pointers of the machine's in them.
IMAGES = "^services start from the images|on dm-verity$|^an image's owners|counts once it has proved itself"


def both(claims):
    return {board: claims for board in OTHERS}


# In their order, as many at a time as the build machine can: the long ones first.
BOOTS = [
    Boot("board", start_board, others={"qemu-arm64": ALL}),
    Boot("hard", start_hard, others=both(CRASHES)),
    Boot("shapes", start_shapes, others={"qemu-arm": CALLS}),
    Boot("net", start_net),
    Boot("many", start_many),
    Boot("pressure", start_pressure("pressure")),
    Boot("crowd", start_crowd),
    Boot("stress", start_stress),
    Boot("dog-frozen", start_dog("dog-frozen")),
    Boot("dog-vital", start_dog("dog-vital")),
    Boot("dog-limit", start_dog("dog-limit")),
    Boot("dog-hung", start_dog("dog-hung")),
    Boot("dog-stuck", start_dog("dog-stuck")),
    Boot("pressure-end", start_pressure("pressure-end")),
    Boot("no-psi", start_pressure("no-psi", "psi=0")),
    Boot("store-slow", start_store("store-slow")),
    Boot("store-orphan", start_store("store-orphan"), others=both(ALL)),
    Boot("store-late", start_store("store-late")),
    Boot("store-broken", start_store("store-broken")),
    Boot("store-read-only", start_store("store-read-only")),
    Boot("store-f2fs", start_store("store-f2fs", f2fs=True)),
    Boot("images", start_images, others=both(IMAGES)),
    Boot("images-parts", start_images_parts),
    Boot("images-cut", start_images_cut),
    Boot("oci", start_oci),
    Boot("gateway", start_gateway, others=both(ALL)),
    Boot("external", start_external),
    Boot("strange", start_strange, others=both(ALL)),
    Boot("bare", start_bare, others=both(ALL)),
    Boot("halt", start_halt, others=both(ALL)),
]


def clean_up(settings, boot):
    if settings.keep:
        return
    shutil.rmtree(os.path.join(settings.out, "external-tree"), ignore_errors=True)
    try:
        os.unlink(os.path.join(settings.out, f"disk-{boot.name}.img"))
    except FileNotFoundError:
        pass
