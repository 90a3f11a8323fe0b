"""Services whose roots are images of signed releases: from the firmware's own release on,
over updates that prove themselves and such as do not, to the next boot."""
import re

import images
from claims import claim, expect, expect_equal
from images import FILES

# From images, each its own
SERVED = ("alpha", "beta", "gamma")

FACTORY = "factory"
PAD_BYTES = 65536

CONFIRM_S = 4
OPTIONS = f"CONFIG_UPDATE_CONFIRM_S={CONFIRM_S}\n"


def start(product, log, tree, disk):
    maker = images.Maker(product, tree, SERVED)
    return images.ImagesBoard(product, log, maker, disk=images.make_disk(disk))


def settled(board):
    """How it stands with the images, once nothing is under way."""
    return board.wait_images(lambda seen: seen["state"] in ("ready", "absent"))


def all_up(board):
    for service in FILES:
        board.wait_state(service, "up")
    return board.pids()


def expect_same(board, before, *changed):
    """Only those were started anew."""
    after = all_up(board)
    for service in FILES:
        expect((after[service] != before[service]) == (service in changed), f"{service}: process "
               f"{before[service]} before, {after[service]} after")


# --- From the firmware ---------------------------------------------------------------

@claim("images", "services start from the images that the firmware brings along")
def from_firmware(board):
    all_up(board)
    seen = settled(board)
    expect_equal((seen["release"], seen["slot"]), (1, "factory"), "release in use")
    expect_equal(board.words(*SERVED), dict.fromkeys(SERVED, FACTORY))


@claim("images", "an image is mounted read-only, nosuid and nodev, on dm-verity")
def mount_options(board):
    all_up(board)
    mounted = board.images_mounted()
    for service in SERVED:
        _, (options, kind) = max(row for row in mounted.items() if row[0][1] == service)
        expect({"ro", "nosuid", "nodev"} <= set(options) and kind == "erofs", service, options, kind)
        device = board.device_of(service)
        expect(device.startswith("dm-"), f"{service} is on {device}")


@claim("images", "a service cannot write to its image")
def read_only(board):
    all_up(board)
    board.ask("gamma", "keep /release other").refused("EROFS")
    board.ask("gamma", "remount /").refused("EPERM")


@claim("images", "an image's owners are those inside, by an idmapped mount")
def owners(board):
    all_up(board)
    for service in ("alpha", "gamma"):
        text = board.ask(service, "stat /release").ok().text
        expect(text.split()[2] == "0:0", service, text)
        status = board.read(f"/proc/{board.pid(service)}/status")
        expect(int(re.search(r"^Uid:\s+(\d+)", status, re.M)[1]) >= 65536, status)


@claim("images", "WRITABLE lays over an image what ends with the service's run")
def writable(board):
    all_up(board)
    board.ask("beta", "keep /release mine").ok()
    expect_equal(board.word("beta"), "mine")
    others = [path for path in board.output("cat /run/pith/images/*/beta/release").split()]
    expect("mine" not in others, others)
    board.kill_and_wait("beta")
    board.wait_state("beta", "up")
    expect(board.word("beta") != "mine", "it is still there")


# --- Updates that prove themselves -----------------------------------------------------

def ours(board):
    """Once: all images are of this harness's making, whose bytes it can make again."""
    def do():
        all_up(board)
        settled(board)
        board.updated(board.maker.release())
        settled(board)
        return all_up(board)
    return board.recorded("ours", do)


def next_release(board, **words):
    """As what is in use, but for words."""
    ours(board)
    settled(board)
    all_up(board)
    return board.maker.release(**{**board.words(*SERVED), **words})


@claim("images", "an update restarts the services whose image changed and no other, and counts once it "
       "has proved itself")
def only_changed(board):
    word = f"only-{board.maker.serial}"
    new = next_release(board, alpha=word)
    before, words = all_up(board), board.words(*SERVED)
    board.updated(new)
    expect_same(board, before, "alpha")
    expect_equal(board.words(*SERVED), {**words, "alpha": word})
    seen = settled(board)
    expect_equal((seen["release"], seen["last_update"]), (new.serial, "confirmed"))


# --- And such as do not -------------------------------------------------------------------

def unfit(board, service):
    """The next release, from which that service is never ready."""
    image = board.maker.image(service, f"unfit-{board.maker.serial}", without=("fit",))
    return next_release(board, **{service: image})


def expect_back(board, service, was, words):
    seen = settled(board)
    expect_equal((seen["release"], seen["slot"], seen["last_update"]), (was["release"], was["slot"], "failed"))
    expect(seen["last_update_why"].startswith(service + " "), seen)
    all_up(board)
    expect_equal(board.words(*SERVED), words)


@claim("images", "an update from which a service does not become ready is taken back at its time's end")
def never_ready(board):
    new = unfit(board, "alpha")
    was, words = settled(board), board.words(*SERVED)
    status, text = board.update(new)
    expect(status == 1 and "alpha" in text, status, text)
    expect_back(board, "alpha", was, words)


@claim("images", "an update from which a service is given up is taken back at once")
def given_up(board):
    new = unfit(board, "beta")
    was, words = settled(board), board.words(*SERVED)
    mark = board.console.mark()
    status, text = board.update(new)
    expect(status == 1 and "beta" in text, status, text)
    began, ended = board.line("images", "is tried for", mark), board.line("images", "is given up", mark)
    expect(ended.ms - began.ms < 1000 * CONFIRM_S, began, ended)
    expect_back(board, "beta", was, words)


@claim("images", "an operator ends a trial, and the release before is in use again")
def operator_ends(board):
    new = next_release(board, gamma=f"ended-{board.maker.serial}")
    was, words = settled(board), board.words(*SERVED)
    board.updated(new, "--no-wait")
    board.wait_images(lambda seen: seen["state"] == "trying")
    board.pith("update --rollback")
    seen = settled(board)
    expect_equal((seen["release"], seen["last_update"]), (was["release"], "rolled-back"))
    all_up(board)
    expect_equal(board.words(*SERVED), words)


@claim("images", "without UPDATE_ROLLBACK nobody goes back to the release before")
def no_way_back(board):
    was = settled(board)
    status, text = board.run("pith update --rollback")
    expect(status == 1, status, text)
    expect_equal(settled(board)["release"], was["release"])


@claim("images", "one update at a time: another is refused while one is on trial")
def one_at_a_time(board):
    first, second = next_release(board, alpha=f"one-{board.maker.serial}"), board.maker.release()
    board.updated(first, "--no-wait")
    status, text = board.update(second)
    expect(status == 1, f"the second one: status {status}", text)
    seen = settled(board)
    expect_equal((seen["release"], seen["last_update"]), (first.serial, "confirmed"))


@claim("images", "a client that is interrupted leaves all as it was")
def interrupted(board):
    before = all_up(board)
    was = settled(board)
    command = board.give(board.maker.pack(board.maker.release(alpha=f"cut-{board.maker.serial}")))
    # Half of it, and then nothing for a while.
    text = board.output(f"rm -f /run/pipe; mkfifo /run/pipe; ({command} | head -c 60000; exec sleep 60) >/run/pipe & "
                        "feeder=$!; pith update - </run/pipe >/run/said 2>&1 & client=$!; sleep 1; "
                        "kill -INT $client; wait $client; echo $?; kill $feeder; cat /run/said")
    expect(text.startswith("1\n") and "interrupted" in text, text)
    expect_same(board, before)
    expect_equal(settled(board)["release"], was["release"])
    expect(settled(board)["other_release"] is None, settled(board))


# --- PID 1 is executed anew -----------------------------------------------------------------

@claim("images", "a PID 1 that is {} during a trial goes on with it", each=[
    ("executed anew", "pith reexec"), ("hit by SIGSEGV", "kill -SEGV 1")])
def outlived(board, how, command):
    word = f"outlived-{board.maker.serial}"
    new = next_release(board, gamma=word)
    board.updated(new, "--no-wait")
    trying = board.wait_images(lambda seen: seen["state"] == "trying")
    board.wait_state("gamma", "up")
    before, mark = board.pids(), board.console.mark()
    board.output(command)
    board.line("pith", "takes over|was hit by", mark)
    after = board.images()
    expect_equal(after["trial_release"], trying["trial_release"], how)
    expect_same(board, before)
    seen = settled(board)
    expect_equal((seen["release"], seen["last_update"]), (new.serial, "confirmed"))
    expect_equal(board.word("gamma"), word)


@claim("images", "a PID 1 that is executed anew while an update is verified goes on with it")
def outlived_early(board):
    new = next_release(board, gamma=f"early-{board.maker.serial}")
    before, mark = all_up(board), board.console.mark()
    board.output(f"{board.give(board.maker.pack(new))} | pith update --no-wait - && pith reexec", timeout=60)
    board.line("pith", "takes over", mark)
    seen = settled(board)
    expect_equal((seen["release"], seen["last_update"]), (new.serial, "confirmed"))
    expect_same(board, before, "gamma")


# --- Damage ------------------------------------------------------------------------------------

def again(board):
    """The next boot.  Meanwhile the end of gamma's image in use was changed."""
    def do():
        padded = board.maker.image("gamma", "last", pad=PAD_BYTES)
        board.updated(next_release(board, alpha="last", gamma=padded))
        board.last_serial = settled(board)["release"]
        return board.boot_again(lambda disk: board.damage("gamma", "last", PAD_BYTES))
    return board.recorded("next", do)


@claim("images", "what was confirmed is in use after the next boot", last=True)
def lasts(board):
    later = again(board)
    all_up(later)
    expect_equal(settled(later)["release"], board.last_serial)
    expect_equal(later.words("alpha", "gamma"), dict.fromkeys(("alpha", "gamma"), "last"))


@claim("images", "an image that was changed on the disk: an I/O error to who reads there, and said", last=True)
def corrupted(board):
    later = again(board)
    all_up(later)
    later.expect_corrupted("gamma", PAD_BYTES, board.last_serial)
