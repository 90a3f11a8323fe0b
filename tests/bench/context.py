"""What a table is measured with: where to build, which board, kernel and clock; products of
pith, programs, foreign packages, and guests that print what they measured.

Knows no table.  Everything is built below ctx.out, and what is there already and would not
change is taken as it is.
"""
import hashlib
import os
import shlex
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "guest"))

import shapes  # noqa: E402
from guests import Failure, Guest  # noqa: E402
from initramfs import Overlay  # noqa: E402
from product import NOT_INHERITED, TOP, Product  # noqa: E402
from target import DEFAULT_BOARD, Target  # noqa: E402

DEBIAN_ARCH = {"x86_64": "amd64", "arm64": "arm64"}
DEBIAN_ROOT = os.path.join(TOP, "board", "scripts", "bin", "debian-root")

AGENT = ["agent.c", "agent_bridge.c", "agent_pith.c", "agent_run.c", "boot_agent.c", "boot_look.c", "boot_mains.c",
         "boot_report.c"]
NETLINK = [f"netsetup/{name}.c" for name in ("addr", "link", "nlmsg", "nlread", "nlsock", "nlsock_parse")]

BOARD = """\
CONFIG_RAM_MB=512
CONFIG_OVERCOMMIT=y
CONFIG_BRIDGE_ADDRESS="10.77.0.1/16"
CONFIG_BRIDGE_PREFIX6="fd77::/64"
"""

# The service that all are compared by: everything that pith does for a service unless it is
# told otherwise, limits of each kind, and an address of each family.
SERVICE = {
    "ARGV": "/payload", "MEMORY_MAX": "16M", "PIDS_MAX": 16, "CPU_MAX": "50%", "NOFILE": 256,
    "OOM_SCORE_ADJ": 200, "LOG_KB": 4, "RESTART_DELAY_MS": 0, "RESTART_DELAY_MAX_MS": 1,
    "START_LIMIT": 0,
}


class Context:
    def __init__(self, out, board, kernel="", clock="counted", runs=30, own=False):
        """clock: "counted", a nanosecond for each instruction of the guest's one CPU; or "host":
        two CPUs in the build machine's time, of which ratios alone say something.  own: others than pith and the floor
        are left out."""
        self.out = os.path.abspath(out)
        self.target = Target(board, kernel)
        self.board, self.kernel, self.clock, self.runs = board, kernel, clock, runs
        self.own = own
        self.arch = self.target.arch
        self.origins = {}           # package: version, of what was unpacked
        os.makedirs(self.out, exist_ok=True)
        self._compiler = None
        self._products = {}

    @staticmethod
    def say(text):
        print(f"# {text}", file=sys.stderr, flush=True)

    def path(self, *names):
        path = os.path.join(self.out, *names)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return path

    # pith

    def product(self, name, services, board=BOARD):
        """A built product of which each service is the payload, with SERVICE's options and those
        of services, {name: {option: value}}.  Its results are in .folder."""
        if name not in self._products:
            tree = self.path(name + "-tree", "services", "")
            tree = os.path.dirname(os.path.dirname(tree))
            shapes.forget_others(tree, services)
            for service, options in services.items():
                shapes.make_service(tree, service, {**SERVICE, **options}, self._payload_root())
            shapes.write(os.path.join(tree, "defconfig"), board)
            product = Product(self.path(name), self.target, external=tree,
                              defconfig=os.path.join(tree, "defconfig"))
            self._lend_host_tool(product.folder)
            self.say(f"builds {name}: {len(services)} services")
            product.build()
            self._products[name] = product
        return self._products[name]

    def _lend_host_tool(self, folder):
        """It is the same for all products, and was compiled for the flags."""
        if not os.path.exists(os.path.join(folder, "table")):
            os.makedirs(folder, exist_ok=True)
            self.call(["cp", "-a", *(self.path("flags", name) for name in ("table", "host", ".pith")), folder])

    def _payload_root(self):
        """The line of a mkrootfs.  A root is made anew when its own folder changes."""
        payload = self.payload()
        with open(payload, "rb") as file:
            digest = hashlib.sha256(file.read()).hexdigest()
        return f'# {digest}\nmkdir -p "$1"; cp {shlex.quote(payload)} "$1/payload"\n'

    # Programs of our own, for the board

    def payload(self):
        return self.program("payload", ["payload.c"])

    def program(self, name, sources, objects=(), flags=()):
        """A static program of sources in this folder, compiled as /init is; a path of a source
        with a slash is one of the tree's.  objects: such as a product's obj/table.o."""
        compiler, cflags, ldflags = self._flags()
        paths = [os.path.join(TOP if "/" in source else HERE, source) for source in sources]
        program = self.path("programs", name)
        command = [*compiler, *cflags, *flags, f"-I{HERE}", "-o", program + ".new", *paths, *objects, *ldflags, "-s"]
        self.call(command, cwd=TOP)
        os.rename(program + ".new", program)
        return program

    def agent(self):
        """PID 1 of guests that do what a /plan says (agent.h)."""
        return self.program("agent", [*AGENT, *NETLINK])

    def compiler(self):
        return self._flags()[0][0]

    def _flags(self):
        if not self._compiler:
            command = ["make", "-s", "-C", TOP, f"O={self.path('flags')}", f"BOARD={self.board}",
                       f"KERNEL={self.kernel}", "flags"]
            env = {k: v for k, v in os.environ.items() if k not in NOT_INHERITED}
            said = self.call(command, env=env).splitlines()[-3:]
            self._compiler = [shlex.split(line) for line in said]
        return self._compiler

    # Programs of others, for the board

    def tree(self, *packages):
        """The folder in which the packages are unpacked, with all that they depend on."""
        return self.debian("--tree", *packages).strip()

    def root(self, name, packages, files):
        """A folder with those files of Debian packages, and the libraries that they need."""
        root = self.path("roots", name)
        origins = root + ".origins"
        stamp = " ".join([*packages, "--", *files])
        if not os.path.exists(origins) or self._text(origins + ".key") != stamp:
            self.call(["rm", "-rf", root, origins, origins + ".key"])
            self.debian(root, *packages, "--", *files, env={"ORIGINS": origins})
            with open(origins + ".key", "w") as file:
                file.write(stamp)
        with open(origins) as file:
            for line in file:
                _, package, version, *_ = line.rstrip("\n").split("\t")
                self.origins[package] = version
        return root

    @staticmethod
    def _text(path):
        """Of a file, which need not be there."""
        if not os.path.exists(path):
            return None
        with open(path) as file:
            return file.read()

    def debian(self, *words, env=()):
        return self.call([DEBIAN_ROOT, *words],
                         env={**os.environ, "DEBIAN_ARCH": DEBIAN_ARCH[self.arch], **dict(env)})

    @staticmethod
    def call(command, **options):
        """What it prints; a Failure with the end of what it said if it fails."""
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, check=False, **options)
        if done.returncode:
            raise Failure(f"{shlex.join(command)}: status {done.returncode}\n{done.stderr[-2000:]}")
        return done.stdout

    # Guests

    def image(self, name, product, with_product=False):
        """An Overlay: what a guest boots with, to be filled and then written.  The kernel is the
        product's, and its modules are in lib/modules, their paths in /modules in the order in
        which to load them.  with_product: behind the product's own initramfs, of which it
        replaces files."""
        return Overlay(self.path("images", name), product, with_product)

    def guest(self, image, name, timeout=600, memory=512, append=""):
        """Boots image.folder until it ends by itself, and returns what it printed: a dict of each
        line {"…": …}.  A line with "error" is a Failure."""
        self.say(f"boots {name} ({self.clock} clock)")
        return Guest(self.target, self.clock).run(image.write(), self.path("consoles", f"{name}-{self.clock}.log"),
                                                  timeout, memory, append)
