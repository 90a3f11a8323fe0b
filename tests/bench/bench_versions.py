"""What was measured, by name and version."""
import glob
import json
import os
import re
import shutil

import inits
import report
from product import TOP

NAME = "versions"
TITLE = "Versions"
HOW = ""
COLUMNS = ("what", "version")


def _first_line(ctx, *command):
    return ctx.call(list(command)).splitlines()[0] if shutil.which(command[0]) else None


def _pith():
    with open(os.path.join(TOP, "init", "version.h")) as file:
        return re.search(r'"([^"]+)"', file.read())[1]


def _of_kernel(ctx):
    """Of any product that was built here."""
    for path in glob.glob(os.path.join(ctx.out, "*", "kernel.origins")):
        with open(path) as file:
            _, package, version, *_ = file.readline().split("\t")
            return f"{package} {version}"
    return None


def _packages(ctx):
    """Of all tables in OUT: (package, version), their libraries in one."""
    found = {}
    for path in glob.glob(os.path.join(ctx.out, "*.json")):
        with open(path) as file:
            result = json.load(file)
        if (result["board"], result["kernel"]) == (ctx.board, ctx.kernel):
            found.update(result["packages"])
    libraries = [f"{package} {version}" for package, version in sorted(found.items()) if package.startswith("lib")]
    return [*sorted(item for item in found.items() if not item[0].startswith("lib")),
            ("their libraries", ", ".join(libraries))]


def _musl(ctx):
    line = ctx.debian("--origins", "--only", "musl-dev", "musl-dev", "--",
                      f"/usr/lib/{inits.TRIPLETS[ctx.arch].replace('gnu', 'musl')}/libc.a")
    return line.split("\t")[2]


def measure(ctx):
    qemu = {"x86_64": "qemu-system-x86_64", "arm64": "qemu-system-aarch64"}[ctx.arch]
    rows = [("pith", f"{_pith()}, commit {report.commit()}"), ("board", ctx.board), ("kernel", _of_kernel(ctx)),
            ("QEMU", _first_line(ctx, qemu, "--version")),
            ("compiler", _first_line(ctx, ctx.compiler(), "--version")),
            ("musl", _musl(ctx)), *_packages(ctx)]
    return [{"what": what, "version": version} for what, version in rows if version]
