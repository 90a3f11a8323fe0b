"""Releases that a board must not take: each is refused with its reason, and the services
run on from the one that they have."""
import io
import json
import os
import tarfile

import claims_images
from claims import claim, expect, expect_equal, poll
from images import RELEASES
from release import MANIFEST, SIGNATURE, SALT
from storage import overwrite

NAMES = [MANIFEST, SIGNATURE, "alpha", "beta", "gamma"]


# --- What is signed, and should not have been; or not -------------------------------

def replaced(old, new):
    return lambda text: text.replace(old, new, 1)


def flipped(at):
    """One bit of a byte; negative: from the end."""
    def spoil(content):
        changed = bytearray(content)
        changed[at] ^= 4
        return bytes(changed)
    return spoil


def signed(**changes):
    """A release that the key's owner signed as it is."""
    return lambda board: board.maker.pack(board.maker.release(alpha="bad").copy(**changes))


def text(change):
    return signed(spoil_text=change)


def afterwards(name, change):
    """A good release, of which a file is changed once it is signed."""
    def make(board):
        new = board.maker.release(alpha="bad")
        folder = new.write(os.path.join(board.maker.folder, "spoilt"))
        path = os.path.join(folder, name)
        with open(path, "rb") as file:
            content = change(file.read())
        os.unlink(path)     # the image is a link to one that others use
        with open(path, "wb") as file:
            file.write(content)
        return board.maker.pack(folder, NAMES)
    return make


def strange_key(board):
    return board.maker.pack(board.maker.release(key="strange", alpha="bad"))


def old(back):
    """One whose serial is so far behind the one in use."""
    return lambda board: board.maker.pack(board.maker.again(claims_images.settled(board)["release"] - back,
                                                            alpha="bad"))


def wrong_root(board):
    """Its SHA-256 is right, and what dm-verity is told is not."""
    good = board.maker.release(alpha="bad")
    image = next(image for image in good.images if image.name == "alpha")
    return board.maker.pack(good.copy(spoil_text=replaced(f"root {image.root}", f"root {SALT}")))


def no_file_system(board):
    """An image whose first block says nothing, with a manifest that fits it."""
    good = board.maker.image("alpha", f"empty-{board.maker.serial}")
    overwrite(good.path, 1024, bytes(128))
    good.__init__(good.name, good.kind, _cut(good.path, good.data))
    return board.maker.pack(board.maker.release(alpha=good))


def _cut(path, size):
    os.truncate(path, size)
    return path


def too_large(board):
    return board.maker.pack(board.maker.release(alpha=board.maker.image("alpha", "large", pad=30 << 20)))


SIGNED = [
    ("its manifest is changed by one bit", afterwards(MANIFEST, flipped(20)), "not signed by a key"),
    ("its serial is changed", afterwards(MANIFEST, lambda it: it.replace(b"\nserial ", b"\nserial 9")),
     "not signed by a key"),
    ("its manifest ends early", afterwards(MANIFEST, lambda it: it[:-8]), "not signed by a key"),
    ("its manifest is empty", afterwards(MANIFEST, lambda it: b""), "not signed by a key"),
    ("its signature is changed by one bit", afterwards(SIGNATURE, flipped(-1)), "not signed by a key"),
    ("its signature has another form", afterwards(SIGNATURE, flipped(0)), "neither one of ECDSA nor of RSA"),
    ("its signature ends early", afterwards(SIGNATURE, lambda it: it[:-1]), "neither one of ECDSA nor of RSA"),
    ("its signature is empty", afterwards(SIGNATURE, lambda it: b""), "neither one of ECDSA nor of RSA"),
    ("its signature is too long", afterwards(SIGNATURE, lambda it: it + bytes(600)), "too long"),
    ("it is signed with a key that the board does not trust", strange_key, "not signed by a key"),
    ("it is for another product", signed(product="toaster"), "for another product"),
    ("it is for another board", signed(board="toaster"), "for another board"),
    ("it is the one in use", old(0), "it is too old: release "),
    ("it is older than the one in use", old(1), "it is too old: release "),
    ("it lacks an image that the board needs", lambda board: board.maker.pack(
        (lambda it: it.copy(images=it.images[1:]))(board.maker.release())), "image alpha is not in it"),
    ("an image is of another type than the board's", text(replaced("type erofs", "type squashfs")),
     "another type of file system"),
    ("an image has the name ../x", text(replaced("image alpha", "image ../x")), "cannot be understood, line 5"),
    ("an image is there twice", text(replaced("image beta", "image alpha")), "cannot be understood"),
    ("a line is missing", text(replaced(f"salt {SALT}\n", "")), "cannot be understood, line 11"),
    ("a line is there that nobody knows", text(replaced("serial", "colour blue\nserial")),
     "cannot be understood, line 4"),
    ("it says another number of images", text(replaced("end 3", "end 4")), "cannot be understood"),
    ("its serial is 0", text(lambda it: it.replace("serial ", "serial 0")), "cannot be understood, line 4"),
    ("its serial is beyond 64 bits", text(replaced("serial ", "serial 99999999999999999999")),
     "cannot be understood, line 4"),
    ("something follows its end", text(lambda it: it + "\n"), "cannot be understood"),
    ("an image's root hash is another one", wrong_root, "image alpha cannot be mounted: I/O error"),
    ("it does not fit on the partition", too_large, "no room"),
    ("an image is no file system", no_file_system, "cannot be mounted"),
    ("an image is changed by one bit", afterwards("alpha", flipped(4096)), "another SHA-256"),
    ("an image is longer than its manifest says", afterwards("alpha", lambda it: it + bytes(4096)),
     "image alpha has another size than its manifest says"),
    ("an image is shorter than its manifest says", afterwards("alpha", lambda it: it[:-4096]),
     "image alpha has another size than its manifest says"),
]


# --- What it comes in -----------------------------------------------------------------

def archive(change):
    """The rows of a good one, changed: a list of (TarInfo, content)."""
    def make(board):
        path = board.maker.pack(board.maker.release(alpha="bad"))
        with tarfile.open(path) as good:
            rows = [(row, good.extractfile(row).read()) for row in good.getmembers()]
        with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as bad:
            for row, content in change(rows):
                bad.addfile(row, io.BytesIO(content))
        return path
    return make


def renamed(place, name):
    def change(rows):
        rows[place][0].name = name
        return rows
    return archive(change)


def linked(rows):
    """An image that is a link to what else root can read."""
    rows[2][0].type, rows[2][0].linkname, rows[2][0].size = tarfile.SYMTYPE, "/init", 0
    return rows


def cut(name, share):
    """Ends with so much of that file, or before it: 0."""
    def make(board):
        path = board.maker.pack(board.maker.release(alpha="bad"))
        with tarfile.open(path) as good:
            row = good.getmember(name)
        return _cut(path, row.offset_data + int(row.size * share) // 512 * 512 if share else row.offset)
    return make


def raw(content):
    def make(board):
        os.makedirs(board.maker.folder, exist_ok=True)
        path = os.path.join(board.maker.folder, "raw")
        with open(path, "wb") as file:
            file.write(content)
        return path
    return make


def header(name, size):
    row = tarfile.TarInfo(name)
    row.size = size
    return row.tobuf(tarfile.USTAR_FORMAT)


ANOTHER = "is not there: another file has its place"

ARCHIVES = [
    ("it ends in the middle of an image", cut("beta", 0.5), "beta ends too early"),
    ("it ends before the signature", cut(SIGNATURE, 0), "manifest.sig is not there: the archive ends before it"),
    ("it is empty", raw(b""), "manifest is not there: the archive ends before it"),
    ("it is no archive", raw(b"release" * 1000), "manifest has a broken tar header"),
    ("its manifest has a gigabyte", raw(header(MANIFEST, 1 << 30)), "its manifest or signature is too long"),
    ("a file of it is called ../x", renamed(2, "../x"), f"alpha {ANOTHER}"),
    ("a file of it is called /init", renamed(2, "/init"), f"alpha {ANOTHER}"),
    ("an image of it is a link", archive(linked), "alpha is a link"),
    ("it has a file besides", archive(lambda rows: [*rows, rows[0]]), "has something behind its last file"),
    ("it has another order", archive(lambda rows: [*rows[:2], *reversed(rows[2:])]), f"alpha {ANOTHER}"),
    ("it has no signature", archive(lambda rows: [rows[0], *rows[2:]]), f"manifest.sig {ANOTHER}"),
]


def remembered(board):
    """What a refused release leaves as it was: services' processes, and the release in use."""
    def look():
        text = board.output("pith status --json; echo; echo -; pith update --status --json")
        rows, images = map(json.loads, text.split("\n-\n"))
        return [(row["name"], row["state"], row["pid"]) for row in rows], images
    rows, images = poll(look, lambda seen: seen[1]["state"] == "ready" and
                        all(state == "up" for _, state, _ in seen[0]), 100)
    return rows, images["release"], images["slot"]


@claim("images", "a release is refused, with the reason, and services run on: {}", each=SIGNED + ARCHIVES)
def refused(board, _, make, reason):
    claims_images.ours(board)       # a serial before the first would be none
    before = remembered(board)
    status, said = board.update(make(board))
    expect(status == 1 and reason in said, f"status {status}, not 1 and {reason!r}", said)
    expect_equal(remembered(board), before, "services' processes, and the release in use")


@claim("images", "a folder whose manifest has a gigabyte is refused")
def huge(board):
    before = remembered(board)
    board.output("rm -rf /run/huge; mkdir /run/huge; truncate -s 1G /run/huge/manifest; "
                 ": >/run/huge/manifest.sig")
    status, said = board.run("pith update /run/huge")
    board.output("rm -r /run/huge")
    expect(status == 1 and "too long" in said, status, said)
    expect_equal(remembered(board), before, "services' processes, and the release in use")


@claim("images", "a folder whose {} is a link is refused", each=["manifest", "manifest.sig", "alpha"])
def link_in_folder(board, name):
    before = remembered(board)
    path = board.maker.pack(board.maker.release(alpha="bad"))
    board.output(f"rm -rf /run/linked; mkdir /run/linked; {board.give(path)} | tar -x -C /run/linked; "
                 f"cd /run/linked; mv {name} real; ln -s real {name}; cd /")
    status, said = board.run("pith update /run/linked")
    board.output("rm -r /run/linked")
    expect(status == 1 and f"{name} is a link" in said, status, said)
    expect_equal(remembered(board), before, "services' processes, and the release in use")


@claim("images", "what was refused is in no slot")
def nothing_left(board):
    status, said = board.update(signed(product="toaster")(board))
    expect(status == 1, status, said)
    used = claims_images.settled(board)["slot"]
    left = board.output(f"cd {RELEASES} 2>/dev/null && ls -d [ab]/manifest; cd /; true").split()
    expect_equal([path for path in left if not path.startswith(used)], [], "manifests in the other slot")
