"""Products whose services have images for roots, the disks that they find, and boards that
are given releases while they run.
"""
import os
import re

import release
import shapes
import storage
from board import Board
from claims import expect, poll
from release import MANIFEST, SIGNATURE, Release, make_image
from storage import LABEL, must

MEMORY = 192
PRODUCT = "tested"

# What a board's second disk holds at most: the release that it is given next.
MAILBOX, MAILBOX_BYTES = "/dev/vdb", 64 << 20
RELEASES = "/run/pith/data/.pith"

_PROBE = {"ARGV": "/probe serve", "NET": "none", "MEMORY_MAX": "6M", "LOG_KB": 4, "STOP_TIMEOUT_MS": 1000}
# Ready when it finds that file in its image.
_READY = {**_PROBE, "ARGV": "/probe need /fit", "READY": "notify", "RESTART_DELAY_MS": 50,
          "RESTART_DELAY_MAX_MS": 200}

# alpha is never given up, beta at its second start; gamma has an image that no release changes.
FILES = {
    "alpha": {**_READY, "ROOT": "image:alpha", "USER": "1000:1001"},
    "beta": {**_READY, "ROOT": "image:beta", "WRITABLE": "256K", "START_LIMIT": 2, "START_LIMIT_WINDOW_S": 5},
    "gamma": {**_PROBE, "ROOT": "image:gamma", "TMPFS": "/tmp:64K"},
    "plain": _PROBE,
}
# delta's is on partitions of its own.
# The kernel maps no owners in squashfs.
BASES = {"alpha": 200 * 65536, "delta": 201 * 65536}
PARTS = {
    "alpha": {**_READY, "ROOT": "image:alpha", "UID_BASE": BASES["alpha"]},
    "delta": {**_READY, "ROOT": "part:delta", "UID_BASE": BASES["delta"]},
    "plain": _PROBE,
}

BOARD = f"""\
CONFIG_RAM_MB={MEMORY}
CONFIG_OVERCOMMIT=y
CONFIG_DEBUG_SHELL=y
CONFIG_SHUTDOWN_TIMEOUT_S=6
CONFIG_BRIDGE_ADDRESS="10.77.0.1/24"
CONFIG_DATA="{LABEL}"
CONFIG_UPDATE_PRODUCT="{PRODUCT}"
"""
MODULES = "ext4\noverlay\n"


def make_keys(folder):
    """{name: (private, public)}: two that the boards trust, and one that they do not."""
    os.makedirs(folder, exist_ok=True)
    return {name: release.make_key(os.path.join(folder, name + ".key"), kind)
            for name, kind in (("first", "ec"), ("second", "rsa"), ("strange", "ec"))}


def make_tree(folder, services, options):
    """A product tree with these services, and a defconfig with further options for it."""
    keys = make_keys(os.path.join(folder, "keys"))
    for name, choice in services.items():
        mkrootfs = shapes.probe_root(name) + ': >"$1/fit"\necho factory >"$1/release"\n'
        shapes.make_service(folder, name, choice, mkrootfs)
    trusted = f'CONFIG_IMAGE_KEYS="{keys["first"][1]} {keys["second"][1]}"\n'
    shapes.write(os.path.join(folder, "modules"), MODULES)
    shapes.write(os.path.join(folder, "defconfig"), BOARD + trusted + options)
    return folder


def make_disk(path, parts=(), megabytes=24):
    """One with the partition for data, and two of 2 MB for each of parts.  A file system
    without partitions if there are none."""
    storage.make_ext4(path + ".data", megabytes=megabytes)
    if not parts:
        os.replace(path + ".data", path)
        return path
    names = [LABEL, *(f"{part}_{slot}" for part in parts for slot in "ab")]
    sizes = [megabytes, *[2] * (len(names) - 1)]
    with open(path, "wb") as file:
        file.truncate((sum(sizes) + 3) << 20)
    script = "label: gpt\n" + "".join(f"size={size}MiB, name={name}\n" for size, name in zip(sizes, names))
    with open(path + ".script", "w") as file:
        file.write(script)
    must("sh", "-c", f"sfdisk -q {path} < {path}.script")
    with open(path + ".data", "rb") as file:
        storage.overwrite(path, 1 << 20, file.read())
    for made in (".data", ".script"):
        os.unlink(path + made)
    return path


class Maker:
    """Makes the releases of a product, each with the serial after the last."""

    def __init__(self, product, tree, names, kind="erofs", bases=None):
        """bases: owners of what is in images, where the kernel does not map them."""
        self.keys = make_keys(os.path.join(tree, "keys"))
        self.names = names
        self.kind = kind
        self.serial = 1             # the factory's
        self._product = product
        self._bases = bases or {}
        self._made = {}

    @property
    def folder(self):
        return self._product.folder + ".releases"

    def image(self, name, word, pad=0, without=()):
        """Of a service's root as the build made it, with a word in its file `release`, so
        many bytes in `pad`, and without some files."""
        key = (name, word, pad, without)
        if key not in self._made:
            folder = os.path.join(self.folder, f"image-{len(self._made)}")
            root = os.path.join(self._product.folder, "roots", name)
            folders, mounted = self._places(name)
            files = {**mounted, "release": word + "\n", **dict.fromkeys(without)}
            if pad:
                files["pad"] = release.padding(f"{name} {word}", pad)
            self._made[key] = make_image(folder, name, root, folders, files, self.kind,
                                         self._bases.get(name, 0))
        return self._made[key]

    def _places(self, name):
        """What the host tool wants in the image to be mounted over: folders, and files."""
        with open(os.path.join(self._product.folder, "image.plan")) as file:
            rows = [line.rstrip("\n").split("\t") for line in file]
        paths = {kind: [row[2].lstrip("/") for row in rows if row[:2] == [kind, name]]
                 for kind in ("dir", "file")}
        return paths["dir"], dict.fromkeys(paths["file"], "")

    def release(self, key="first", **words):
        """The next one: words says what images are to have in them, as text or as made."""
        self.serial += 1
        return self.again(self.serial, key, **words)

    def again(self, serial, key="first", **words):
        """One with that serial."""
        images = [word if isinstance(word, release.Image) else self.image(name, word)
                  for name, word in {**dict.fromkeys(self.names, "factory"), **words}.items()]
        return Release(serial, images, self.keys[key][0], PRODUCT, self._product.target.board)

    def make_bundle(self, serial):
        """The archive with that serial that the product's own `make bundle` packs."""
        return self._product.make_bundle(serial)

    def pack(self, what, order=None, name="bundle"):
        """What (a release, or a folder with one) as an archive: its path."""
        folder = what
        if isinstance(what, Release):
            folder = what.write(os.path.join(self.folder, name))
            order = order or [MANIFEST, SIGNATURE, *sorted(image.name for image in what.images)]
        return release.pack(folder, order, folder + ".tar")


class ImagesBoard(storage.StorageBoard):
    """A board with a second disk, into which it is given what it is to read."""

    def __init__(self, product, log, maker, **hardware):
        self.maker = maker
        mailbox = log + ".mailbox"
        with open(mailbox, "wb") as file:
            file.truncate(MAILBOX_BYTES)
        self._mailbox = mailbox
        super().__init__(product, log, memory=MEMORY, second=mailbox, **hardware)

    def _next(self, product, log, **hardware):
        return type(self)(product, log, self.maker, **hardware)

    def give(self, path):
        """The command that prints the file on the board."""
        with open(path, "rb") as file:
            content = file.read()
        storage.overwrite(self._mailbox, 0, content)
        blocks = -(-len(content) // 4096)
        return f"dd if={MAILBOX} bs=4096 count={blocks} iflag=direct 2>/dev/null | head -c {len(content)}"

    def update(self, what, options="", timeout=60):
        """(status, output) of `pith update -` with a release, or the path of an archive."""
        path = what if isinstance(what, str) else self.maker.pack(what)
        return self.run(f"{self.give(path)} | pith update {options} -", timeout=timeout)

    def updated(self, what, options=""):
        status, text = self.update(what, options)
        expect(status == 0, f"pith update: status {status}", text)
        return text

    def images(self):
        """What `pith update --status --json` says."""
        return self.pith_json("update --status")

    def wait_images(self, holds, tries=150):
        seen = poll(self.images, holds, tries)
        expect(holds(seen), seen)
        return seen

    def word(self, service):
        """Which image the service runs from."""
        return self.ask(service, "read /release").ok().text.strip()

    def words(self, *services):
        return {service: self.word(service) for service in services}

    def images_mounted(self):
        """{(serial, name): (options, type)} of images that are mounted."""
        rows = {}
        for line in self.read("/proc/mounts").splitlines():
            _, point, kind, options = line.split()[:4]
            at = re.fullmatch(r"/run/pith/images/(\d+)/([\w-]+)", point)
            if at:
                rows[int(at[1]), at[2]] = options.split(","), kind
        return rows

    def device_of(self, image):
        """The kernel's name of what the image in use is mounted from."""
        serial = next(row["release"] for row in self.images()["images"] if row["name"] == image)
        at = f"/run/pith/images/{serial}/{image}"
        rows = [line.split() for line in self.read("/proc/self/mountinfo").splitlines()]
        number = next(row[2] for row in rows if row[4] == at)
        return self.output(f"basename $(readlink /sys/dev/block/{number})").strip()

    def damage(self, name, word, size):
        """Changes the last of so many bytes of that image's pad, wherever they lie on the
        disk, from outside."""
        wanted, found = release.padding(f"{name} {word}", size)[-4096:], 0
        with open(self.disk, "rb") as file:
            content = file.read()
        at = content.find(wanted)
        while at >= 0:
            storage.overwrite(self.disk, at, b"evil")
            found += 1
            at = content.find(wanted, at + 1)
        expect(found, "it is nowhere on the disk")

    def expect_corrupted(self, service, size, serial):
        """That who reads the damage is told, and PID 1 tells."""
        mark = self.console.mark()
        answer = self.ask(service, "read /pad")
        expect(len(answer.text) < size, "all of it was read")
        line = self.line(service, "is corrupted at block", mark)
        expect(re.search(rf"image {service} of release {serial} is corrupted at block \d+", line.text), line)
        rows = self.images()["images"]
        expect(any(row["name"] == service and row["corrupted"] for row in rows), rows)

    def close(self):
        super().close()
        if os.path.exists(self._mailbox):
            os.unlink(self._mailbox)
