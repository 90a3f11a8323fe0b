"""Images of squashfs, checked as a whole, and on pairs of partitions; a board that comes
without a release, and whose operator may go back."""
import claims_images
import images
from claims import claim, expect, expect_equal, poll
from images import BASES, PARTS, RELEASES

SERVED = ("alpha", "delta")

OPTIONS = """\
CONFIG_FACTORY=n
CONFIG_IMAGE_FS="squashfs"
CONFIG_IMAGE_CHECK="sha256"
CONFIG_UPDATE_ROLLBACK=y
CONFIG_UPDATE_SERIAL_MIN=2
"""

PAD_BYTES = 65536


def start(product, log, tree, disk):
    maker = images.Maker(product, tree, SERVED, "squashfs", BASES)
    maker.serial = 2
    return images.ImagesBoard(product, log, maker, disk=images.make_disk(disk, ["delta"]))


def all_up(board):
    for service in PARTS:
        board.wait_state(service, "up")
    return board.pids()


def first(board):
    """Its first release, which has serial 3."""
    def do():
        board.wait_images(lambda seen: seen["state"] == "absent")
        return board.updated(board.maker.release(alpha="first", delta="first"))
    return board.recorded("first", do)


def update(board, **words):
    """What is in use after the next release."""
    first(board)
    all_up(board)
    new = board.maker.release(**{**board.words(*SERVED), **words})
    board.updated(new)
    seen = claims_images.settled(board)
    expect_equal(seen["release"], new.serial, "release in use")
    all_up(board)
    return seen


def first_again(board):
    """Whatever became of the one before."""
    word = f"again-{board.maker.serial + 1}"
    board.updated(board.maker.release(alpha=word, delta=word))
    return all_up(board)


@claim("images-parts", "without a release services with images wait, which is said, and the others run")
def absent(board):
    seen = board.wait_images(lambda seen: seen["state"] == "absent")
    expect_equal(seen["release"], None, "release in use")
    board.wait_state("plain", "up")
    for service in SERVED:
        board.wait_state(service, "waiting")
        expect("image" in board.run(f"pith why {service}")[1], board.run(f"pith why {service}")[1])


@claim("images-parts", "a release older than UPDATE_SERIAL_MIN is refused, though there is none yet")
def too_old(board):
    status, text = board.update(board.maker.again(1))
    expect(status == 1 and "old" in text, status, text)


@claim("images-parts", "who waited for a first release starts from it")
def first_release(board):
    first(board)
    all_up(board)
    expect(all(word for word in board.words(*SERVED).values()), board.words(*SERVED))


@claim("images-parts", "a release takes turns with the two partitions, and a service moves to the other one "
       "though its image is the same")
def turns(board):
    before = update(board, delta=f"turn-{board.maker.serial}")
    pids, words, lies = all_up(board), board.words(*SERVED), source(board)
    after = update(board)
    expect(before["slot"] != after["slot"] and lies != source(board), before, after, lies)
    moved = all_up(board)
    expect(moved["delta"] != pids["delta"] and moved["alpha"] == pids["alpha"], pids, moved)
    expect_equal(board.words(*SERVED), words)


def source(board):
    """The partition below delta's dm-verity."""
    return board.output(f"ls /sys/class/block/{board.device_of('delta')}/slaves").split()


@claim("images-parts", "a release signed with RSA counts as well, and a folder is taken as an archive is")
def folder_of_rsa(board):
    first(board)
    new = board.maker.release(key="second", alpha=f"rsa-{board.maker.serial}")
    board.output(f"rm -rf /run/new; mkdir /run/new; {board.give(board.maker.pack(new))} | tar -x -C /run/new")
    board.pith("update /run/new", timeout=60)
    board.output("rm -r /run/new")
    expect_equal(claims_images.settled(board)["release"], new.serial)


@claim("images-parts", "an archive is taken as a file as well")
def file(board):
    first(board)
    new = board.maker.release(alpha=f"file-{board.maker.serial}")
    board.output(f"{board.give(board.maker.pack(new))} >/run/new.tar")
    board.pith("update /run/new.tar", timeout=60)
    board.output("rm /run/new.tar")
    expect_equal(claims_images.settled(board)["release"], new.serial)


@claim("images-parts", "an image is mounted read-only, nosuid and nodev, from a file as from a partition")
def mount_options(board):
    first(board)
    all_up(board)
    mounted = board.images_mounted()
    for service in SERVED:
        rows = [row for (_, name), row in mounted.items() if name == service]
        expect(rows, f"{service} is not mounted")
        for options, kind in rows:
            expect({"ro", "nosuid", "nodev"} <= set(options) and kind == "squashfs", service, options, kind)


@claim("images-parts", "an image's file is read past the page cache, and is not kept twice")
def direct(board):
    first(board)
    all_up(board)
    device = board.device_of("alpha")
    expect(device.startswith("loop"), f"alpha is on {device}")
    expect_equal(board.output(f"cat /sys/block/{device}/loop/dio").strip(), "1", device)


@claim("images-parts", "a release that make bundle has packed is taken")
def of_make_bundle(board):
    first(board)
    board.maker.serial += 1
    status, text = board.update(board.maker.make_bundle(board.maker.serial))
    expect(status == 0, f"pith update: status {status}", text)
    expect_equal(claims_images.settled(board)["release"], board.maker.serial)
    all_up(board)
    expect_equal(board.words(*SERVED), dict.fromkeys(SERVED, "factory"))


@claim("images-parts", "what no service uses any more is unmounted, and its devices are gone")
def tidied(board):
    update(board, alpha=f"tidy-{board.maker.serial}")
    mounted = poll(board.images_mounted, lambda seen: len(seen) == len(SERVED), 50)
    expect_equal(sorted(name for _, name in mounted), sorted(SERVED), "mounted")
    devices = poll(lambda: board.output("ls -d /sys/block/dm-* /sys/block/loop*/loop").split(),
                   lambda seen: len(seen) == 2, 50)
    expect_equal(len(devices), 2, f"dm-verity of one and loop device of the other: {devices}")


@claim("images-parts", "an operator goes back to the release before, and what is older than the newest "
       "is still refused afterwards")
def rolled_back(board):
    old = update(board, alpha=f"old-{board.maker.serial}")
    words = board.words(*SERVED)
    update(board, alpha=f"new-{board.maker.serial}")
    newest = board.maker.serial
    board.pith("update --rollback")
    seen = claims_images.settled(board)
    expect_equal((seen["release"], seen["slot"]), (old["release"], old["slot"]), "release in use")
    all_up(board)
    expect_equal(board.words(*SERVED), words)
    status, text = board.update(board.maker.again(newest, alpha="again"))
    expect(status == 1 and "old" in text, status, text)


# --- What is exchanged -------------------------------------------------------------------

def in_use(board):
    return f"{RELEASES}/{claims_images.settled(board)['slot']}"


@claim("images-parts", "nobody may {} an image in use", each=[
    ("write to", "echo x >>{}"), ("replace", "echo x >/run/evil; mv -f /run/evil {}"),
    ("remove", "rm -f {}"), ("rename", "mv {0} {0}.old")])
def immutable(board, _, command):
    first(board)
    all_up(board)
    path = f"{in_use(board)}/alpha"
    before = board.output(f"md5sum {path}")
    status, text = board.run(command.format(path))
    expect(status != 0 and "not permitted" in text, f"status {status}", text)
    expect_equal(board.output(f"md5sum {path}"), before)


@claim("images-parts", "an image that is still open to be written is not taken")
def open_for_writing(board):
    first(board)
    all_up(board)
    before, pids = claims_images.settled(board), all_up(board)
    new = board.maker.release(alpha=f"busy-{board.maker.serial}")
    slot = "b" if before["slot"] == "a" else "a"
    slot = f"{RELEASES}/{slot}"
    board.output(f"{board.give(board.maker.pack(new))} >/run/new.tar; rm -f /run/held")
    # Opens the new file while its writer waits for the rest of it, and holds it.
    board.output(f"(while [ -e {slot}/manifest ] || ! [ -e {slot}/alpha ]; do sleep 0.1; done; sleep 0.5; "
                 f"exec 9>>{slot}/alpha; : >/run/held; exec sleep 60) >/dev/null 2>&1 & echo $! >/run/holder")
    status, text = board.run("(head -c 40000 /run/new.tar; while ! [ -e /run/held ]; do sleep 0.1; done; "
                             "tail -c +40001 /run/new.tar) | pith update -", timeout=60)
    board.run("kill $(cat /run/holder); rm /run/new.tar")
    expect(status == 1 and "open to be written" in text, status, text)
    expect_equal(all_up(board), pids)


@claim("images-parts", "a partition that is written to while it is in use: an I/O error to who reads, and said")
def partition_rewritten(board):
    first(board)
    word = f"pad-{board.maker.serial}"
    seen = update(board, delta=board.maker.image("delta", word, pad=PAD_BYTES))
    board.damage("delta", word, PAD_BYTES)
    board.expect_corrupted("delta", PAD_BYTES, seen["release"])


# --- The next boot -------------------------------------------------------------------------

def again(board):
    """Meanwhile somebody changed a byte of alpha's file in the slot in use."""
    def do():
        board.older = update(board, alpha="older")
        board.newer = update(board, alpha=board.maker.image("alpha", "newer", pad=PAD_BYTES))
        return board.boot_again(lambda disk: board.damage("alpha", "newer", PAD_BYTES))
    return board.recorded("next", do)


@claim("images-parts", "a slot whose image was changed meanwhile is refused at boot, and the other one is "
       "used", last=True)
def other_slot(board):
    board, older = again(board), board.older
    all_up(board)
    seen = claims_images.settled(board)
    expect_equal((seen["release"], seen["slot"]), (older["release"], older["slot"]), "release in use")
    expect_equal(board.word("alpha"), "older")
    expect(board.console.all_lines("images", "SHA-256"), *board.console.all_lines("images", ""))


@claim("images-parts", "which release was the newest outlasts a boot: what is older is refused, though the other "
       "slot is in use", last=True)
def floor(board):
    later, older, newest = again(board), board.older["release"], board.newer["release"]
    expect_equal(claims_images.settled(later)["release"], older, "release in use")
    status, text = later.update(board.maker.again(newest, alpha="again"))
    expect(status == 1 and f"{newest + 1} is the least" in text, status, text)
