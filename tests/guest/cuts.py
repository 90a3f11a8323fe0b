"""The power is cut while a board takes an update; the next boot has to find the old release
or the new one, whole.

A cut comes before one of the disk's writes or flushes, or once the update counts: between
two of them the disk is the same, whenever the power goes.  What the disk had not flushed is
lost in part (volatile_disk.py).  The next boot is the next cut's.
"""
import json
import os
import random
import tempfile

import images
from claims import Failure, expect
from console import GuestGone
from volatile_disk import VolatileDisk

SERVED = ("left", "right")
SERVICES = {name: {**images.FILES["alpha"], "ROOT": f"image:{name}"} for name in SERVED}
# Half of it is enough to start both, on a machine that has other things to do as well.
OPTIONS = "CONFIG_UPDATE_CONFIRM_S=3\n"

# What both images have besides: some more writes.
PAD_BYTES = 100000

# More than an update takes on a busy build machine; then the cut is one without a moment.
UPDATE_TIMEOUT_S = 120

ENDED = "update-ended-"


def make_tree(folder):
    return images.make_tree(folder, SERVICES, OPTIONS)


def make_maker(product, tree):
    return images.Maker(product, tree, SERVED)


class Neither(Failure):
    """What must not be after a cut."""


class Cuts:
    """A board whose power is cut again and again.  What was seen is kept beside its disk, so
    that another run may go on with it."""

    def __init__(self, product, maker, folder, seed):
        self._product = product
        self._maker = maker
        self._folder = folder
        self._disk_path = os.path.join(folder, "disk-images-cut.img")
        self._record = os.path.join(folder, "cuts.json")
        self._board = self._disk = None
        # span: operations of a whole update; last: what the cut before left to be found
        self.seen = {"seed": seed, "cuts": [], "span": 0, "serial": 1, "last": None}

    def resume(self, any_seed):
        """Whether there is a run to go on with, of the same seed if not any will do."""
        if not os.path.exists(self._record):
            return False
        with open(self._record) as file:
            seen = json.load(file)
        if seen["seed"] != self.seen["seed"] and not any_seed:
            return False
        self.seen = seen
        return True

    def begin(self):
        images.make_disk(self._disk_path)

    def _save(self):
        with open(self._record + ".new", "w") as file:
            json.dump(self.seen, file)
        os.replace(self._record + ".new", self._record)

    @property
    def console(self):
        return self._board.console

    def _boot(self):
        """With the next release in its drawer."""
        self._maker.serial = max(self.seen["serial"], (self.seen["last"] or {"new": 1})["new"])
        serial = self._maker.serial + 1
        word = str(serial)
        new = self._maker.release(**{name: self._maker.image(name, word, pad=PAD_BYTES) for name in SERVED})
        self._disk = VolatileDisk(self._disk_path, tempfile.mkdtemp(prefix="pith-disk-"))
        log = os.path.join(self._folder, f"console-cut-{len(self.seen['cuts']) % 4}.log")
        self._board = images.ImagesBoard(self._product, log, self._maker, disk=self._disk.url)
        return new

    def _found(self):
        """The serial of the release that it runs from; Neither, if that is none or half of one."""
        try:
            seen = self._board.wait_images(lambda seen: seen["state"] in ("ready", "absent"))
            expect(seen["state"] == "ready", seen)
            for service in SERVED:
                self._board.wait_state(service, "up")
            words = set(self._board.words(*SERVED).values())
        except (Failure, GuestGone) as failure:
            raise Neither(str(failure)) from failure
        serial = seen["release"]
        if words != {str(serial) if serial > 1 else "factory"}:
            raise Neither(f"release {serial}, and services run from {sorted(words)}")
        return serial

    def _judge(self, serial):
        """old or new, of the cut before."""
        last = self.seen["last"]
        if not last:
            return
        if serial not in (last["old"], last["new"]) or (last["counted"] and serial != last["new"]):
            raise Neither(f"release {serial} after a cut between {last['old']} and {last['new']}"
                          f"{', which counted already' if last['counted'] else ''}")
        last["found"] = "new" if serial == last["new"] else "old"
        self.seen["cuts"].append(last)
        self.seen["last"] = None

    def _update(self, new, moment):
        """Cut after so many operations (None: not at all); whether the client had said that
        it counts by then.  One that fails, fails by the cut."""
        command = self._board.give(self._maker.pack(new))
        if moment is not None:
            self._disk.cut_after(moment)
        self._board.shell.send(f"{command} | pith update - >/dev/null 2>&1; echo {ENDED}$?")
        end = None
        for _ in range(UPDATE_TIMEOUT_S * 2):
            if self._disk.wait_cut(0.01):
                break
            end = self._board.console.wait_raw(ENDED + r"(\d+)", 0.5)
            if end:
                break
        if end and end[1] != "0":
            expect(self._disk.is_cut, f"an update that nothing cut ended with {end[1]}")
        return bool(end and not self._disk.is_cut)

    def measure(self):
        """How many operations an update takes: the span of which moments are."""
        new = self._boot()
        self._judge(self._found())
        before = self._disk.operations
        expect(self._update(new, None), "an update without a cut is not taken")
        self.seen["span"] = self._disk.operations - before
        self.seen["serial"] = new.serial
        self._end("none")
        self._save()

    def _end(self, number):
        self._board.close()
        return self._disk.cut(random.Random(f"{self.seen['seed']} {number} lost"))

    def cut(self):
        """One more, once what the one before left was judged."""
        number = len(self.seen["cuts"]) + bool(self.seen["last"])
        new = self._boot()
        old = self._found()
        self._judge(old)
        # A fifth of them are when it counts already.
        share = random.Random(f"{self.seen['seed']} {number}").random()
        moment = int(share * self.seen["span"] * 5 / 4)
        counted = self._update(new, moment)
        inside = self._disk.is_cut
        lost = self._end(number)
        self.seen["serial"] = old
        self.seen["last"] = {"old": old, "new": new.serial, "moment": moment, "counted": counted,
                             "inside": inside, "lost": lost}
        self._save()

    def last(self):
        """Judges the last cut; the board goes on to run."""
        self._boot()
        serial = self._found()
        self._judge(serial)
        self.seen["serial"] = serial
        self._end("last")
        self._save()

    def count(self, found):
        return sum(cut["found"] == found for cut in self.seen["cuts"])

    def is_inside(self, found):
        """Whether one cut that left that fell before the update was over."""
        return any(cut["inside"] and cut["found"] == found for cut in self.seen["cuts"])

    def tail(self):
        """The last that PID 1 said there."""
        return "\n".join(f"# {line}" for line in self.console.since(0) if line.name)

    def close(self):
        if self._board:
            self._board.close()
