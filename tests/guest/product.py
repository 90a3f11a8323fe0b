"""Builds images with pith's own Makefile and reads what was decided there.

The files of the build are read to know what a claim must expect: .config for
the options, image.plan for the ranges of user ids.
"""
import hashlib
import os
import re
import shlex
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
TREE = os.path.join(HERE, "product")

# What the Makefile takes from its environment.  This build is one of its own,
# also when `make test` started us with options.
NOT_INHERITED = ("MAKEFLAGS", "MFLAGS", "MAKEOVERRIDES", "MAKELEVEL", "O", "BOARD", "OTHER_BOARDS", "KERNEL",
                 "DEFCONFIG", "EXTERNAL", "KEY", "SERIAL", "ARCH", "CROSS_COMPILE", "PORT", "V", "KCONFIG_CONFIG")


class BuildFailed(Exception):
    pass


class Product:
    def __init__(self, folder, target, defconfig=None, external=None, board=None, key=None):
        """board: one that the tree has, made for the target's.  key: signs the release that
        the firmware brings along."""
        self.folder = folder
        self.target = target
        self._defconfig = defconfig
        self._external = external
        self._board = board
        self._key = key
        self._built = False

    def build(self):
        if self._built:
            return
        os.makedirs(self.folder, exist_ok=True)
        self._forget_old_probes()
        self._make("image")
        self._built = True

    def make_bundle(self, serial):
        """The path of the archive with its release of that serial."""
        self._make("bundle", f"SERIAL={serial}")
        return os.path.join(self.folder, "release.tar")

    def _make(self, *goals):
        command = ["make", "-C", TOP, "-j2", f"O={self.folder}",
                   f"BOARD={self._board or self.target.board}", f"KERNEL={self.target.kernel}"]
        if self._defconfig:
            command.append(f"DEFCONFIG={self._defconfig}")
        if self._external:
            command.append(f"EXTERNAL={self._external}")
        if self._key:
            command.append(f"KEY={self._key}")
        command += goals
        log = self.folder + ".log"
        env = {k: v for k, v in os.environ.items() if k not in NOT_INHERITED}
        env["TEST_BOARD"] = self.target.board
        with open(log, "wb") as out:
            status = subprocess.call(command, stdin=subprocess.DEVNULL,
                                     stdout=out, stderr=subprocess.STDOUT, env=env)
        if status:
            with open(log, errors="replace") as text:
                tail = "".join(text.readlines()[-15:])
            raise BuildFailed(f"{shlex.join(command)}: status {status}\n{tail}")

    def _forget_old_probes(self):
        """The probe's source is shared by many services, and a root is made
        anew only when its own folder changes."""
        digest = hashlib.sha256()
        source = os.path.join(TREE, "services", "probe")
        for name in sorted(os.listdir(source)):
            with open(os.path.join(source, name), "rb") as file:
                digest.update(file.read())
        stamp = self.folder + ".probe"
        if os.path.exists(stamp):
            with open(stamp) as file:
                if file.read() == digest.hexdigest():
                    return
            shutil.rmtree(os.path.join(self.folder, "roots"), ignore_errors=True)
        with open(stamp, "w") as file:
            file.write(digest.hexdigest())

    def config(self):
        """The options of .config: text, number or True by their names."""
        options = {}
        with open(os.path.join(self.folder, ".config")) as file:
            for line in file:
                match = re.match(r'CONFIG_(\w+)=(?:"(.*)"|(.*))$', line)
                if match:
                    text, bare = match[2], match[3]
                    options[match[1]] = (text if bare is None else
                                         True if bare == "y" else int(bare, 0))
        return options

    def init(self):
        """The bytes of /init."""
        with open(os.path.join(self.folder, "init"), "rb") as file:
            return file.read()

    def uid_bases(self):
        bases = {}
        with open(os.path.join(self.folder, "image.plan")) as file:
            for line in file:
                words = line.rstrip("\n").split("\t")
                if words[0] == "service":
                    bases[words[1]] = int(words[3])
        return bases


def size_bytes(text):
    """A size as the options write it."""
    units = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
    return int(text[:-1]) * units[text[-1]] if text[-1] in units else int(text)
