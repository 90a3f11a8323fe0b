"""Root on the board tries to have another image mounted than the one that was checked: all
the time while an update is written, verified and mounted.  What comes of the update is up to
who is quicker; a service never sees what nobody signed."""
import claims_images
import claims_images_parts
from claims import claim, expect, expect_equal
from images import RELEASES

ROUNDS = 2

# As long as the words of good images, so that all have the same size.
EVIL = "evil"

# With SLOT, where the update is written; /run/evil is the other image.  Before the update's
# own file is there it would be nothing but in the way.
IN_FILES = [
    ("replaces the file", "[ -e {SLOT}/alpha ] && cp /run/evil {SLOT}/.new && mv -f {SLOT}/.new {SLOT}/alpha && hit"),
    ("puts a link in its place", "[ -e {SLOT}/alpha ] && ln -sf /run/evil {SLOT}/.new && "
     "mv -f {SLOT}/.new {SLOT}/alpha && hit"),
    ("writes to the file", "[ -e {SLOT}/alpha ] && cat /run/evil 1<>{SLOT}/alpha && hit"),
    ("puts a link in the place of the slot", "n=$((n + 1)); mv -T {SLOT} {SLOT}.$n && ln -s /run/slot {SLOT} && hit; "
     "rm -f {SLOT}; mv -T {SLOT}.$n {SLOT}"),
]


def give_evil(board, name):
    """An image of that name, which no release of the board has."""
    path = board.maker.image(name, EVIL).path
    board.output(f"mkdir -p /run/slot; {board.give(path)} >/run/evil; cp /run/evil /run/slot/{name}")


def update_during(board, command, name):
    """(status, what it said) of an update with another such image, while somebody did that
    again and again: `hit` each time that it was done."""
    word = f"{board.maker.serial + 1:0{len(EVIL)}}"
    board.output(": >/run/going; : >/run/hits; (hit() { echo >>/run/hits; }; n=0; "
                 f"while [ -e /run/going ]; do {command}; done) >/dev/null 2>&1 & echo $! >/run/loop")
    try:
        return board.update(board.maker.release(**{name: word}))
    finally:
        board.output("rm -f /run/going; while kill -0 $(cat /run/loop) 2>/dev/null; do sleep 0.1; done")


def expect_hits(board, text):
    expect(int(board.output("wc -l </run/hits")) > 0, "nobody got at it", text)


def other_slot(board):
    return "b" if claims_images.settled(board)["slot"] == "a" else "a"


def expect_good_again(board):
    """With the next release, which nobody disturbs."""
    serial = board.maker.serial + 1
    claims_images_parts.first_again(board)
    for service in claims_images_parts.SERVED:
        expect_equal(board.word(service), f"again-{serial}")


@claim("images-parts", "no service sees an image that nobody signed: somebody {} all the time", each=IN_FILES)
def files(board, _, command):
    claims_images_parts.first(board)
    give_evil(board, "alpha")
    for _ in range(ROUNDS):
        old = board.images()["release"]
        status, text = update_during(board, command.format(SLOT=f"{RELEASES}/{other_slot(board)}"), "alpha")
        claims_images_parts.all_up(board)
        expect_hits(board, text)
        expect(board.word("alpha") != EVIL, "alpha runs from it", text)
        expect((board.images()["release"] == old) == (status != 0), f"status {status}", text, board.images())
    expect_good_again(board)


@claim("images-parts", "no service sees what somebody writes to the partition all the time")
def partition(board):
    claims_images_parts.first(board)
    give_evil(board, "delta")
    for _ in range(ROUNDS):
        device = partition_named(board, f"delta_{other_slot(board)}")
        _, text = update_during(board, f"dd if=/run/evil of={device} bs=4096 conv=notrunc,fsync && hit", "delta")
        expect_hits(board, text)
        # If it was mounted, it may be of no use by now.
        said = board.ask("delta", "read /release").text
        expect(EVIL not in said, "delta runs from it", text)
    expect_good_again(board)


def partition_named(board, label):
    path = board.output(f"grep -lx PARTNAME={label} /sys/class/block/*/uevent").split("/")
    return "/dev/" + path[-2]
