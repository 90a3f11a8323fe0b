"""Releases for boards under test: good ones, and such as nobody may take.

A maker of its own, on top of the tools that `make bundle` has: what the two write is held
against each other.
"""
import copy
import hashlib
import io
import os
import shutil
import tarfile

from storage import must

BLOCK = 4096
MANIFEST, SIGNATURE = "manifest", "manifest.sig"

# What identifies a file system would be another one in every run.
SALT, UUID = "5a" * 32, "7c3aef4c-2b5b-44e3-8dc5-0b5e9a1f0d3e"


def make_key(path, kind="ec"):
    """A private key, and beside it the public one: their paths."""
    public = path.replace(".key", ".pem")
    if not os.path.exists(public):
        how = {"ec": ("EC", "ec_paramgen_curve:P-256"),
               "rsa": ("RSA", "rsa_keygen_bits:2048")}[kind]
        must("openssl", "genpkey", "-algorithm", how[0], "-pkeyopt", how[1], "-out", path)
        must("openssl", "pkey", "-in", path, "-pubout", "-out", public)
    return path, public


def sign(path, key):
    """The detached signature of a file, as openssl makes it."""
    must("openssl", "dgst", "-sha256", "-sign", key, "-out", path + ".signed", path)
    with open(path + ".signed", "rb") as file:
        signature = file.read()
    os.unlink(path + ".signed")
    return signature


class Image:
    """A file system with its hash tree behind it."""

    def __init__(self, name, kind, path):
        self.name = name
        self.kind = kind
        self.path = path
        self.data = os.path.getsize(path)
        text = must("veritysetup", "format", "--no-superblock", "--format=1", "--hash=sha256",
                    f"--data-block-size={BLOCK}", f"--hash-block-size={BLOCK}",
                    f"--data-blocks={self.data // BLOCK}", f"--hash-offset={self.data}", f"--salt={SALT}",
                    path, path)
        self.root = next(line.split()[-1] for line in text.splitlines() if line.startswith("Root hash"))
        self.size = os.path.getsize(path)
        with open(path, "rb") as file:
            self.sha256 = hashlib.sha256(file.read()).hexdigest()

    def rows(self):
        return [("image", self.name), ("type", self.kind), ("size", self.size), ("sha256", self.sha256),
                ("data", self.data), ("root", self.root), ("salt", SALT)]


def padding(word, size):
    """Bytes that are nowhere else on a disk, and that nothing can pack."""
    return hashlib.shake_128(word.encode()).digest(size)


def make_image(folder, name, root, folders, files, kind="erofs", owner=0):
    """Of a root that the build has made, with these folders and files in it, or without a
    file (None).  owner: of all files."""
    tree, path = os.path.join(folder, name + ".tree"), os.path.join(folder, name)
    shutil.rmtree(tree, ignore_errors=True)
    os.makedirs(folder, exist_ok=True)
    shutil.copytree(root, tree, symlinks=True)
    for at in folders:
        os.makedirs(os.path.join(tree, at), exist_ok=True)
    for at, content in files.items():
        at = os.path.join(tree, at)
        os.makedirs(os.path.dirname(at), exist_ok=True)
        if content is None:
            os.unlink(at)
            continue
        with open(at, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
    if os.path.exists(path):
        os.unlink(path)
    if kind == "erofs":
        must("mkfs.erofs", "-T0", f"-U{UUID}", f"--force-uid={owner}", f"--force-gid={owner}", path, tree)
    else:
        must("mksquashfs", tree, path, "-noappend", "-mkfs-time", "0", "-all-time", "0", "-no-progress",
             "-force-uid", str(owner), "-force-gid", str(owner), "-quiet")
    shutil.rmtree(tree)
    return Image(name, kind, path)


class Release:
    """What an update brings; a copy() can be spoilt and leaves the first as it is."""

    def __init__(self, serial, images, key, product, board):
        self.serial = serial
        self.images = images
        self.key = key
        self.product = product
        self.board = board
        self.spoil_text = self.spoil_signature = lambda it: it

    def copy(self, **changes):
        other = copy.copy(self)
        other.__dict__.update(changes)
        return other

    def rows(self):
        rows = [("pith-manifest", 1), ("product", self.product), ("board", self.board), ("serial", self.serial)]
        for image in sorted(self.images, key=lambda image: image.name):
            rows += image.rows()
        return [*rows, ("end", len(self.images))]

    def manifest(self):
        """What is signed."""
        return self.spoil_text("".join(f"{key} {value}\n" for key, value in self.rows())).encode()

    def write(self, folder):
        """The release as a folder; its images are links to the first file."""
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        path = os.path.join(folder, MANIFEST)
        with open(path, "wb") as file:
            file.write(self.manifest())
        with open(os.path.join(folder, SIGNATURE), "wb") as file:
            file.write(self.spoil_signature(sign(path, self.key)))
        for image in self.images:
            os.link(image.path, os.path.join(folder, image.name))
        return folder


def pack(folder, names, path):
    """A bundle of these files of a folder, in this order."""
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as bundle:
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                content = file.read()
            row = tarfile.TarInfo(name)
            row.size = len(content)
            bundle.addfile(row, io.BytesIO(content))
    return path
