"""What a guest of the bench boots with: a folder with a kernel and an initramfs.

Written by board/scripts/image's own writer.  Executes nothing of what is in it.
"""
import gzip
import importlib.util
import os
import shutil
import stat
import sys
from importlib.machinery import SourceFileLoader

from product import TOP

SCRIPTS = os.path.join(TOP, "board", "scripts")


def _load_writer():
    sys.path.insert(0, SCRIPTS)
    loader = SourceFileLoader("image", os.path.join(SCRIPTS, "image"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("image", loader))
    loader.exec_module(module)
    return module


_writer = _load_writer()


class Overlay:
    def __init__(self, folder, product, with_product):
        self.folder = folder
        self._product = product
        self._image = _writer.Image()
        self._below = os.path.join(product.folder, "initramfs.cpio.gz") if with_product else None
        if not with_product:
            _writer.put_skeleton(self._image, os.path.join(TOP, "rootfs-skel", "image.list"))
            modules = os.path.join(product.folder, "modules")
            for name in os.listdir(modules):
                self.file(f"lib/modules/{name}", os.path.join(modules, name), 0o644)
        with open(os.path.join(product.folder, "modules.list"), "rb") as file:
            self.file("modules", file.read(), 0o644)

    def file(self, path, source, mode=0o755):
        """source: bytes, or the path of a file that has them."""
        self._image.file(os.fsencode(path), source if isinstance(source, bytes) else os.path.realpath(source), mode)

    def text(self, path, text, mode=0o644):
        self.file(path, text.encode(), mode)

    def tree(self, path, folder, owner=0):
        """All that is in the folder, which may be the image's own root, ""; owner is who id 0 is."""
        if path:
            self._image.folder(os.fsencode(os.path.dirname(path)))
        self._image.tree(os.fsencode(path), folder, owner)
        self._image.entries.pop(b"", None)

    def directory(self, path, mode=0o755, owner=(0, 0)):
        self._image.folder(os.fsencode(os.path.dirname(path)))
        self._image.put(os.fsencode(path), stat.S_IFDIR | mode, owner)

    def link(self, path, target):
        self._image.folder(os.fsencode(os.path.dirname(path)))
        self._image.put(os.fsencode(path), stat.S_IFLNK | 0o777, content=os.fsencode(target))

    def write(self):
        """The folder, for guests.Guest."""
        os.makedirs(self.folder, exist_ok=True)
        shutil.copyfile(os.path.join(self._product.folder, "vmlinuz"), os.path.join(self.folder, "vmlinuz"))
        with open(os.path.join(self.folder, "initramfs.cpio.gz"), "wb") as raw:
            if self._below:
                with open(self._below, "rb") as below:
                    shutil.copyfileobj(below, raw)
            with gzip.GzipFile("", "wb", 1, raw, mtime=0) as file:
                self._image.write(file)
        return self.folder
