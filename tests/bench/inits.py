"""The init systems that are compared, each as a guest with eight services that run on.

pith's are isolated and have a network each.  Those of the others are the bare program, as
cheap to start as that init system allows, and what a board mounts at boot is mounted before
the clock starts: what is compared is the least that each of them costs.
"""
import functools
import json
import os

import peers
from frozen import Frozen

NAMES = ("one", "two", "three", "four", "five", "six", "seven", "eight")

class Init:
    """One of them: fill(ctx, image) puts it into an image that has the services' program as
    /plain; command is what is executed as PID 1."""

    def __init__(self, name, services, fill, command, with_product=False, own_modules=False, before=()):
        self.name = name
        self.services = services
        self._fill = fill
        self._command = command
        self._with_product = with_product
        self.own_modules = own_modules
        self._before = before

    def boot(self, ctx, tasks, label, timeout=900):
        """What a guest says that boots it and does the tasks: one dict of all its lines."""
        return merge(ctx.guest(self._image(ctx, tasks), f"{label}-{self._folder()}", timeout,
                               append="rdinit=/agent"))

    def boots(self, ctx, count):
        """When each of the services was in its main(), in ns since the start: a list for each boot."""
        name = f"boot-{self._folder()}"
        ctx.say(f"boots {name} {count} times ({ctx.clock} clock)")
        with Frozen(ctx, self._image(ctx, f"boot:{len(NAMES)}", "seed,"), name, "rdinit=/agent") as guest:
            return [guest.run(number)["boot"] for number in range(count)]

    def _folder(self):
        return self.name.replace(" ", "-").replace(",", "")

    def _image(self, ctx, tasks, first=""):
        image = ctx.image(f"init-{self._folder()}", eight(ctx), self._with_product)
        image.file("agent", ctx.agent())
        if self.own_modules:
            image.text("modules", "")
        kind, first = ("bare-init", f"{first}pith,") if self._with_product else ("init", first)
        if self._fill:
            image.file("plain", ctx.program("plain", ["boot_plain.c"]))
            self._fill(ctx, image)
        image.text("plan", "\n".join([*self._before, "\t".join([kind, first + tasks, *self._command])]) + "\n")
        return image


def merge(lines):
    return {key: value for line in lines for key, value in line.items()}


def eight(ctx):
    return ctx.product("eight", {name: {} for name in NAMES})


def put_busybox(ctx, image, *applets):
    """Beside /bin, which is a link in some of the roots."""
    image.file("busybox/busybox", ctx.root("busybox", ["busybox-static"], ["/bin/busybox"]) + "/bin/busybox")
    for applet in applets:
        image.link(f"busybox/{applet}", "busybox")


def put_root(ctx, image, name, packages, files):
    """At the top of the image: folders, and links such as /lib64."""
    root = ctx.root(name, packages, files)
    for entry in sorted(os.listdir(root)):
        path = os.path.join(root, entry)
        if os.path.islink(path):
            image.link(entry, os.readlink(path))
        else:
            image.tree(entry, path)


def fill_busybox(ctx, image):
    put_busybox(ctx, image)
    # It takes two lines that are alike for one.
    image.text("etc/inittab", "".join(f"::respawn:/plain {name}\n" for name in NAMES))


def put_scripts(image, folder):
    """What runs a service, as a script: as their manuals have it."""
    for name in NAMES:
        image.text(f"{folder}/{name}/run", "#!/busybox/sh\nexec /plain\n", 0o755)


def put_programs(image, folder):
    """The same, without a shell: the program itself."""
    for name in NAMES:
        image.link(f"{folder}/{name}/run", "/plain")


def fill_runit(ctx, image, put_services=put_programs):
    put_root(ctx, image, "runit", ["runit"], ["/sbin/runit", "/bin/runsvdir", "/bin/runsv"])
    put_busybox(ctx, image, "sh")
    image.text("etc/runit/1", "#!/busybox/sh\n", 0o755)
    image.text("etc/runit/2", "#!/busybox/sh\nexec runsvdir -P /etc/service\n", 0o755)
    image.text("etc/runit/3", "#!/busybox/sh\n", 0o755)
    put_services(image, "etc/service")


def fill_s6(ctx, image, put_services=put_programs):
    put_root(ctx, image, "s6", ["s6"], ["/usr/bin/s6-svscan", "/usr/bin/s6-supervise"])
    put_busybox(ctx, image, "sh")
    put_services(image, "service")


def fill_finit(ctx, image):
    put_root(ctx, image, "finit", ["finit"], ["/sbin/finit", "/lib/finit/initctl"])
    put_busybox(ctx, image, "sh")
    image.text("etc/passwd", "root:x:0:0:root:/:/busybox/sh\n")
    image.text("etc/group", "root:x:0:\n")
    image.text("etc/finit.conf", "runlevel 2\n" + "".join(
        f"service [2] :{number} /plain {name} -- {name}\n" for number, name in enumerate(NAMES, 1)))


TRIPLETS = {"x86_64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu"}
SYSTEMD_LIBRARIES = ("libapparmor.so.1", "libaudit.so.1", "libkmod.so.2", "libmount.so.1", "libpam.so.0",
                     "libseccomp.so.2", "libselinux.so.1")
SYSTEMD_UNIT = """\
[Unit]
DefaultDependencies=no
StartLimitIntervalSec=0
[Service]
ExecStart=/plain {}
Restart=always
RestartSec=0
"""


def fill_systemd(ctx, image):
    # libsystemd-core relies on what systemd has loaded already.
    libraries = f"usr/lib/{TRIPLETS[ctx.arch]}"
    tree = ctx.tree("systemd")
    own = sorted(os.listdir(f"{tree}/{libraries}/systemd"))
    put_root(ctx, image, "systemd", ["systemd"], [
        *(f"/{libraries}/systemd/{name}" for name in own if name.startswith("libsystemd-shared")),
        *(path for name in SYSTEMD_LIBRARIES for path in (f"/{libraries}/{name}", f"/lib/{TRIPLETS[ctx.arch]}/{name}")
          if os.path.lexists(tree + path))])
    for name in own:
        if name.startswith("libsystemd-core"):
            image.file(f"{libraries}/systemd/{name}", f"{tree}/{libraries}/systemd/{name}")
    image.file("lib/systemd/systemd", f"{tree}/lib/systemd/systemd")
    image.text("etc/machine-id", "0123456789abcdef0123456789abcdef\n")
    image.text("etc/os-release", "ID=bench\n")
    folder = "etc/systemd/system"
    for name in NAMES:
        image.text(f"{folder}/{name}.service", SYSTEMD_UNIT.format(name))
    image.text(f"{folder}/default.target", "[Unit]\nDefaultDependencies=no\nWants=" +
               " ".join(f"{name}.service" for name in NAMES) + "\n")


def fill_crun(ctx, image):
    """Containers of crun with pith's isolation (peers.py), each with a veth pair of its own."""
    peers.fill(ctx, image, eight(ctx))
    rows = []
    for number, name in enumerate(NAMES, 2):
        config = peers.config(ctx.arch, True, once=False)
        config["hostname"] = name
        config["linux"]["cgroupsPath"] = f"/{name}"
        config["hooks"]["createRuntime"][0]["path"] = f"/net-{name}"
        image.text(f"bundles/{name}/config.json", json.dumps(config))
        image.text(f"net-{name}", peers.HOOK.replace(" v0 ", f" v{number} ").replace("/net.batch", f"/net.{name}"), 0o755)
        image.text(f"net.{name}", peers.BATCH.replace("1.2/", f"1.{number}/").replace("1:2/", f"1:{number}/"))
        rows.append(f"::respawn:{peers.PROGRAMS['crun']} --root /run/crun --cgroup-manager cgroupfs run "
                    f"--bundle /bundles/{name} {name} >>/bench/mains 2>>/bench/errors\n")
    image.text("etc/inittab", "".join(rows))


INITS = [
    Init("pith", "isolated, networked", None, ["/init"], with_product=True),
    Init("pith, with its modules", "isolated, networked", None, ["/init"], with_product=True, own_modules=True),
    Init("BusyBox init", "plain", fill_busybox, ["/busybox/busybox", "init"]),
    Init("runit", "plain", fill_runit, ["/sbin/runit"]),
    Init("runit, run is a script", "plain", functools.partial(fill_runit, put_services=put_scripts), ["/sbin/runit"]),
    Init("s6", "plain", fill_s6, ["/usr/bin/s6-svscan", "/service"]),
    Init("s6, run is a script", "plain", functools.partial(fill_s6, put_services=put_scripts),
         ["/usr/bin/s6-svscan", "/service"]),
    Init("finit", "plain", fill_finit, ["/sbin/finit"]),
    Init("systemd", "plain", fill_systemd, ["/lib/systemd/systemd"]),
    Init("BusyBox init, crun", "isolated, networked", fill_crun, ["/bin/busybox", "init"], before=["bridge"]),
]
