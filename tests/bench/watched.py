"""Guests in which watcher.c is the first program: pith and the floor, watched in the same way."""
import floors
from guests import Failure


def watch(ctx, product, who, name, *words):
    """What it says, of "pith", "floor" or "lazy floor"; words are the watcher's mode and arguments.  None if the
    kernel has no probes for it."""
    image = ctx.image(name, product, with_product=True)
    image.file("watcher", ctx.program("watcher", ["watcher.c", "watcher_trace.c"]))
    if who != "pith":
        image.file("floor", floors.build(ctx, product))
    program = ["/init"]
    if who != "pith":
        program = ["/floor", *(["log"] if words[0] == "log" else ["serve", words[1]]), *who.split()[:-1]]
    rows = ctx.guest(image, name, timeout=900, memory=memory_mb(words),
                     append=" ".join(["rdinit=/watcher", "--", *words, *program]))
    return None if any("untraced" in row for row in rows) else rows


def memory_mb(words):
    services = int(words[1]) if words[0] in ("calls", "scale") else 0
    return 512 + services * 2


def one(rows, key):
    found = [row for row in rows if key in row]
    if len(found) != 1:
        raise Failure(f"{len(found)} lines with {key}")
    return found[0]
