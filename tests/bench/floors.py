"""The kernel's floor: builds floor.c for a product, whose table it is linked with, and runs it."""
import glob
import os

from context import HERE, NETLINK
from guests import Failure

OF_PITH = [f"init/{name}.c" for name in ("sys", "text", "procfile", "limit", "devices", "stage", "rlimits", "unpack",
                                         "network_settings")]


def build(ctx, product):
    """The path of the program."""
    own = sorted(os.path.basename(path) for path in glob.glob(os.path.join(HERE, "floor*.c")))
    folder = product.folder
    return ctx.program(f"floor-{os.path.basename(folder)}",
                       [*own, *OF_PITH, *NETLINK, "netsetup/route.c", "netsetup/neigh.c", "cgroup/cgroup.c"],
                       objects=[f"{folder}/obj/table.o"],
                       flags=[f"-I{folder}", f"-I{folder}/include", "-include",
                              f"{folder}/include/generated/autoconf.h"])


def run(ctx, product, name, *words):
    """What `floor WORDS…` printed, one run of it in a guest of its own."""
    image = ctx.image(name, product, with_product=True)
    image.file("init", ctx.agent())
    image.file("floor", build(ctx, product))
    image.text("plan", "\t".join(["exec", "/floor", *words]) + "\n")
    return ctx.guest(image, name)


def times(ctx, product, mode):
    """The microseconds of each run; the first, which reads what later ones find in memory, is left out."""
    name = f"floor-{os.path.basename(product.folder)}-{mode}"
    rows = run(ctx, product, name, mode, str(ctx.runs + 1))
    found = [row["ns"] // 1000 for row in rows if row.get("mode") == mode]
    if len(found) != ctx.runs + 1:
        raise Failure(f"{name}: {len(found)} of {ctx.runs + 1} runs")
    return found[1:]
