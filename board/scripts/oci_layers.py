"""The layers of an OCI image, one above the other: what is where in the end.

By image-spec/layer.md.  All that a layer says is done in a model, and only what is left
of it at the end is written: no name in a layer is ever followed on the build machine, and
owners and modes are kept without root.  Links on the way to a name lead where they would
lead inside.

A service has no use for device nodes, set-id bits and file capabilities, nor would the board
heed them: they are left out, and what was left out is told.
"""
import os
import shutil
import tarfile

from owners import ID_RANGE

WHITEOUT = ".wh."
OPAQUE = ".wh..wh..opq"
OTHERS = ".wh..wh."     # AUFS's own, which mean nothing here
LINKS_MAX = 40          # as in the kernel: more than this is a loop
DEPTH_MAX = 200         # a path that the kernel takes has 2048 parts at most; nobody has so many
SET_ID = 0o6000
CAPABILITY = "SCHILY.xattr.security.capability"


class Refused(Exception):
    """What is wrong with an image, in words that follow `web: SVC_WEB_OCI="x:1": `."""


class Node:
    """kind is f, d, l, or n for a device node, a FIFO or a socket."""

    def __init__(self, kind, layer, mode=0o755, owner=(0, 0)):
        self.kind = kind
        self.layer = layer          # that put it there
        self.mode = mode & 0o7777
        self.owner = owner
        self.children = {}          # d
        self.target = None          # l
        self.content = None         # f: the file on the build machine that has it
        self.privileged = False     # f: it has a file capability


def parts_of(name):
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if ".." in parts or "\0" in name:
        raise Refused(f"has {name!r} in a layer, which leads out of it; it was not made by an honest tool")
    if len(parts) > DEPTH_MAX:
        raise Refused(f"has a path of {len(parts)} parts in a layer; write at most {DEPTH_MAX}")
    return parts


class Layers:
    def __init__(self, store):
        self.store = store      # a folder for the content of files
        self.root = Node("d", -1)
        self.files = 0

    def apply(self, tar, layer):
        """tar is a tarfile of the layer's number, from 0 on."""
        for member in tar:
            parts = parts_of(member.name)
            if not parts:
                self._describe(self.root, member, layer)
            elif parts[-1].startswith(WHITEOUT):
                self._white_out(parts, layer)
            else:
                self._put(self._folder(parts[:-1], layer), parts[-1], self._node(tar, member, layer))

    def _folder(self, parts, layer):
        """What is missing on the way is made."""
        return self._walk(parts, layer, True)

    def _walk(self, parts, layer, make):
        at = [self.root]    # from the root to where it stands
        todo = parts[::-1]
        links = 0
        while todo:
            name = todo.pop()
            if name in ("", "."):
                continue
            if name == "..":
                at = at[:-1] or at
                continue
            node = at[-1].children.get(name)
            if node is None and make:
                node = at[-1].children[name] = Node("d", layer)
            if node is not None and node.kind == "l" and links < LINKS_MAX:
                links += 1
                at = at[:1] if node.target.startswith("/") else at
                todo += node.target.split("/")[::-1]
                continue
            if node is None or node.kind != "d":
                if make:
                    raise Refused(f"has /{'/'.join(parts)} as a folder in one layer, and something else in "
                                  "another; it was not made by an honest tool")
                return None
            at.append(node)
        return at[-1]

    def _white_out(self, parts, layer):
        """Hides what is below, and not what is in the same layer."""
        folder, name = self._walk(parts[:-1], layer, False), parts[-1]
        if name == OPAQUE:
            for child in list(folder.children if folder else ()):
                self._hide(folder, child, layer)
        elif not name.startswith(OTHERS):
            name = name.removeprefix(WHITEOUT)
            if name in ("", ".", ".."):
                raise Refused(f"has the whiteout /{'/'.join(parts)}, which names nothing; make the image anew")
            if folder:
                self._hide(folder, name, layer)

    def _hide(self, folder, name, layer):
        node = folder.children.get(name)
        for child in list(node.children if node else ()):
            self._hide(node, child, layer)
        if node and node.layer < layer and not node.children:
            del folder.children[name]

    def _put(self, folder, name, node):
        old = folder.children.get(name)
        if old and old.kind == node.kind == "d":
            node.children = old.children
        folder.children[name] = node

    def _describe(self, node, member, layer):
        uid, gid = member.uid, member.gid
        if not (0 <= uid < ID_RANGE and 0 <= gid < ID_RANGE):
            raise Refused(f"/{member.name} belongs to {uid}:{gid}, and a service has ids from 0 to {ID_RANGE - 1}; "
                          "change its owner in the image")
        node.layer, node.mode, node.owner = layer, member.mode & 0o7777, (uid, gid)
        node.privileged = CAPABILITY in member.pax_headers
        return node

    def _node(self, tar, member, layer):
        if member.islnk():
            return self._linked(member)
        if member.isdir():
            return self._describe(Node("d", layer), member, layer)
        if member.issym():
            node = self._describe(Node("l", layer), member, layer)
            node.target = member.linkname
            return node
        if not member.isreg():
            return self._describe(Node("n", layer), member, layer)
        node = self._describe(Node("f", layer), member, layer)
        node.content = os.path.join(self.store, str(self.files))
        self.files += 1
        with tar.extractfile(member) as source, open(node.content, "wb") as file:
            shutil.copyfileobj(source, file)
        return node

    def _linked(self, member):
        parts = parts_of(member.linkname)
        folder = self._walk(parts[:-1], 0, False)
        node = folder.children.get(parts[-1]) if folder and parts else None
        if node is None or node.kind == "d":
            raise Refused(f"/{member.name} is a hard link to /{member.linkname}, which is "
                          f"{'a folder' if node else 'not there'}; make the image anew")
        return node

    def all(self):
        """(path, node) of all that there is, in the order of the paths."""
        yield "/", self.root
        yield from self._below("", self.root)

    def _below(self, path, folder):
        for name, node in sorted(folder.children.items()):
            yield f"{path}/{name}", node
            yield from self._below(f"{path}/{name}", node)

    def write(self, root):
        """Into the empty folder root.  Returns rows for owners.write().  The root itself has mode
        0755 on every board, whatever a layer says."""
        rows, written = [], {}
        for path, node in self.all():
            made = root + path
            mode = 0o755 if node is self.root else node.mode & ~SET_ID
            on_disk = mode
            if node.kind == "n":
                continue
            if node.kind == "l":
                os.symlink(node.target, made)
                mode = on_disk = 0o777
            elif node.kind == "d":
                on_disk |= 0o700
                os.makedirs(made, exist_ok=True)
            elif id(node) in written:
                os.link(written[id(node)], made)
                on_disk |= 0o600
            else:
                on_disk |= 0o600
                os.rename(node.content, made)
                written[id(node)] = made
            if node.kind != "l":
                os.chmod(made, on_disk)
            if node.owner != (0, 0) or mode != on_disk:
                rows.append((path, *node.owner, mode))
        return rows

    def left_out(self):
        """What a service will not have of it, a sentence each."""
        kinds = (("device nodes, FIFOs and sockets are left out (DEVICES names those of the board)",
                  lambda node: node.kind == "n"),
                 ("set-user-id and set-group-id bits are taken away",
                  lambda node: node.kind == "f" and node.mode & SET_ID),
                 ("file capabilities are left out (CAPS names what a service keeps)",
                  lambda node: node.privileged))
        for what, holds in kinds:
            paths = [path for path, node in self.all() if holds(node)]
            if paths:
                yield f"{what}: {' '.join(paths[:4])}" + (f" and {len(paths) - 4} more" if paths[4:] else "")


class Member(tarfile.TarInfo):
    @classmethod
    def frombuf(cls, buf, encoding, errors):
        """tarfile takes a damaged header that is not the first one for the archive's end."""
        try:
            return super().frombuf(buf, encoding, errors)
        except (tarfile.InvalidHeaderError, tarfile.TruncatedHeaderError) as error:
            raise tarfile.ReadError(str(error)) from error


def open_tar(stream):
    return tarfile.open(fileobj=stream, mode="r|", encoding="utf-8", errors="surrogateescape", tarinfo=Member)
