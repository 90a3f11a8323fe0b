"""Owners and modes in a service's root that the build machine's files cannot have.

Who builds is not root, so every file of a root is the builder's own, and readable for
him.  What a root from elsewhere says otherwise stands beside it, in O/roots/NAME.owners:
a line for each path with another owner than 0:0, or another mode than its file has,

	UID	GID	MODE	PATH

with tabs between them: owners as the service sees them, the mode in octal without set-id
bits, the path absolute inside the root, "/" the root itself.  In a path a backslash and
what is no printable ASCII are \\xNN.  Lines are in the order of the paths.  The file itself
has the same mode, but for the owner's bits, of which it may have more; another one was put
there later, and then its mode counts.
"""
import os
import re

# Ids that a service's range has: SERVICE_ID_RANGE of init/service.h.
ID_RANGE = 65536


def quote(text):
    """Of a path or a word, str as os.fsdecode() makes it."""
    return re.sub(rb"[^ -\[\]-~]", lambda odd: b"\\x%02x" % odd[0][0], os.fsencode(text)).decode()


def unquote(text):
    """The bytes."""
    return re.sub(rb"\\x([0-9a-f]{2})", lambda code: bytes((int(code[1], 16),)), text.encode())


def write(path, rows):
    """rows: (path, uid, gid, mode)"""
    with open(path, "w") as file:
        for name, uid, gid, mode in sorted(rows):
            print(uid, gid, f"{mode:04o}", quote(name), sep="\t", file=file)


def read(path):
    """{path (bytes): (uid, gid, mode)}; of a file that is not there none."""
    if not os.path.exists(path):
        return {}
    with open(path) as file:
        rows = (line.rstrip("\n").split("\t") for line in file)
        return {unquote(name): (int(uid), int(gid), int(mode, 8)) for uid, gid, mode, name in rows}


def of(rows, path, mode):
    """(uid, gid, mode) of what is at path (bytes, from read()) and has that mode on the disk."""
    uid, gid, said = rows.get(path, (0, 0, mode))
    return uid, gid, said if (said ^ mode) & 0o1077 == 0 else mode
