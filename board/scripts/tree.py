"""What goes onto the board, before it is an archive or a file system: paths with modes,
owners and contents, put together from folders of this machine and image.plan.

Nothing of it depends on who builds it or where: owners, times and inodes of the disk do
not count.
"""
import os
import stat

import owners

ID_MAX = 0xffffffff


class Failure(Exception):
    """What is wrong and what to do about it, in words."""


class Tree:
    """The entries by path: (mode, uid, gid, content, device).  Paths are bytes: a name may
    hold any of them."""

    def __init__(self):
        self.entries = {}

    def put(self, path, mode, owner=(0, 0), content=None, device=(0, 0)):
        """content is (bytes) data, or the path (str) of the file that has it."""
        self.entries[path.strip(b"/")] = (mode, *owner, content, device)

    def folder(self, path, owner=(0, 0)):
        """A folder, and those above it that are missing."""
        path = path.strip(b"/")
        while path and path not in self.entries:
            self.put(path, stat.S_IFDIR | 0o755, owner)
            path = os.path.dirname(path)

    def file(self, path, source, mode):
        self.folder(os.path.dirname(path))
        self.put(path, stat.S_IFREG | mode, content=source)

    def tree(self, at, source, base=0, rows=None, inside=b""):
        """All below the folder source.  base is id 0's; rows (owners.read()) are what is not
        id 0's, and its modes.  No set-id bits."""
        rows = rows or {}
        if not inside:
            self._own(at, stat.S_IFDIR | 0o755, base, rows, b"/", None)
        with os.scandir(os.fsencode(source)) as found:
            items = sorted(found, key=lambda item: item.name)
        for item in items:
            path, name = at + b"/" + item.name, inside + b"/" + item.name
            mode = item.stat(follow_symlinks=False).st_mode
            if stat.S_ISDIR(mode):
                self.tree(path, item.path, base, rows, name)
                self._own(path, stat.S_IFDIR | (mode & 0o1777), base, rows, name, None)
            elif stat.S_ISREG(mode):
                self._own(path, stat.S_IFREG | (mode & 0o777), base, rows, name, os.fsdecode(item.path))
            elif stat.S_ISLNK(mode):
                self._own(path, stat.S_IFLNK | 0o777, base, rows, name, os.readlink(item.path))
            else:
                raise Failure(f"{os.fsdecode(item.path)}: is no file, folder or link; leave it out")

    def _own(self, path, mode, base, rows, name, content):
        uid, gid, said = owners.of(rows, name, stat.S_IMODE(mode))
        if not stat.S_ISLNK(mode):
            mode = stat.S_IFMT(mode) | said
        self.put(path, mode, (base + uid, base + gid), content)

    def empty_file(self, root, name, owner):
        """In place of what the root has there, which may be a file and nothing else."""
        self._write(root, name, owner, b"")

    def line(self, root, name, owner, line):
        """Behind what is there."""
        content = self.content(root + b"/" + name.strip(b"/"))
        if content and not content.endswith(b"\n"):
            content += b"\n"
        self._write(root, name, owner, content + line + b"\n")

    def content(self, path):
        """Of a file; nothing if there is none."""
        content = self.entries.get(path.strip(b"/"), (0, 0, 0, b"", 0))[3]
        if isinstance(content, str):
            with open(content, "rb") as file:
                content = file.read()
        return content or b""

    def _write(self, root, name, owner, content):
        path = (root + b"/" + name.strip(b"/")).strip(b"/")
        above = os.path.dirname(path)
        self.folder(above, owner)
        while above:
            if not stat.S_ISDIR(self.entries[above][0]):
                raise Failure(f"{os.fsdecode(above)}: has to be a folder, and no link: {os.fsdecode(name)} is written there")
            above = os.path.dirname(above)
        if path in self.entries and not stat.S_ISREG(self.entries[path][0]):
            raise Failure(f"{os.fsdecode(path)}: has to be a file, and no link: it is written when the image is built")
        self.put(path, stat.S_IFREG | 0o644, owner, content)

    def mount_point(self, root, name, owner, whose):
        path = (root + b"/" + name.strip(b"/")).strip(b"/")
        self.folder(path, owner)
        while path:
            if not stat.S_ISDIR(self.entries[path][0]):
                raise Failure(f"{whose}: {os.fsdecode(name)} has to be a folder in its root, "
                              "and no link: something is mounted there")
            path = os.path.dirname(path)


def read_plan(path):
    """The lines of image.plan, as lists of bytes (init/table/emit.h)."""
    with open(path, "rb") as file:
        return [line.rstrip(b"\n").split(b"\t") for line in file]


def put_root(tree, at, lines, roots, name, base):
    """Fills `at` with the root of the folder name (bytes), as the plan's lines say.  base:
    id 0's; None: all of it is nobody's, and so 0:0."""
    source = os.path.join(roots, os.fsdecode(name))
    tree.tree(at, source, base or 0, {} if base is None else owners.read(source + ".owners"))
    owner = (base or 0, base or 0)
    for words in lines:
        if words[1:2] != [name]:
            continue
        if words[0] == b"file":
            tree.empty_file(at, words[2], owner)
        elif words[0] == b"line":
            tree.line(at, words[2], owner, words[3])
    for words in lines:
        if words[:2] == [b"dir", name]:
            tree.mount_point(at, words[2], owner, os.fsdecode(name))
