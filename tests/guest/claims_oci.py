"""Services whose roots are OCI images: one that umoci made of Debian's packages, as a folder in
the initramfs and as a signed image, and one that Docker made and a package of Debian brings
along, with a program of ours over it.
"""
import os
import shutil

import images
import shapes
from claims import claim, expect, expect_equal
from oci_image import elsewhere, make_by_umoci

DEBIAN = {"x86_64": "amd64", "arm64": "arm64", "arm": "armhf"}
BASES = {"page": 300 * 65536, "signed": 301 * 65536}
EMPTY = "oci-name-only.tar.gz"

OPTIONS = f"""\
CONFIG_RAM_MB=128
CONFIG_DEBUG_SHELL=y
CONFIG_UPDATE_PRODUCT="tested"
CONFIG_SVC_PAGE=y
CONFIG_SVC_PAGE_OCI="../../made:owned"
CONFIG_SVC_PAGE_UID_BASE={BASES["page"]}
CONFIG_SVC_SIGNED=y
CONFIG_SVC_SIGNED_OCI="../../made:owned"
CONFIG_SVC_SIGNED_ROOT="image:signed"
CONFIG_SVC_SIGNED_UID_BASE={BASES["signed"]}
CONFIG_SVC_SIGNED_ENV="HOME=/home"
CONFIG_SVC_SIGNED_ALLOW="page:8000/tcp"
"""


def make_tree(folder, arch):
    """A product tree; its images are made once."""
    made = os.path.join(folder, "made")
    if not os.path.exists(made):
        told = make_by_umoci(folder + ".umoci", arch=DEBIAN[arch])
        expect(os.path.exists(folder + ".umoci/made"), told)
        os.makedirs(folder, exist_ok=True)
        shutil.move(folder + ".umoci/made", made)
        shutil.rmtree(folder + ".umoci")
    for name in ("page", "signed"):
        os.makedirs(os.path.join(folder, "services", name), exist_ok=True)
    options = OPTIONS
    # Its layer is of no architecture, but its config is.
    if arch == "x86_64":
        shutil.copy(os.path.join(elsewhere(), EMPTY), os.path.join(folder, "empty.tar.gz"))
        shapes.make_service(folder, "found", {"ARGV": "/probe serve", "NET": "none"}, shapes.probe_root("found"))
        options += 'CONFIG_SVC_FOUND=y\nCONFIG_SVC_FOUND_OCI="../../empty.tar.gz:pretty-empty:latest"\n'
    keys = images.make_keys(os.path.join(folder, "keys"))
    shapes.write(os.path.join(folder, "defconfig"), options + f'CONFIG_IMAGE_KEYS="{keys["first"][1]}"\n')
    return folder


BOTH = ("page", "signed")
HOMES = {"page": "/srv", "signed": "/home"}


@claim("oci", "{}, of an OCI image, runs as its Entrypoint, Cmd, User, WorkingDir and Env say", each=BOTH)
def runs_as_it_says(board, service):
    board.wait_state(service, "up")
    at = f"/proc/{board.pid(service)}"
    expect_equal(board.output(f"tr '\\0' ' ' <{at}/cmdline").strip(), "/bin/httpd -f -p 8000")
    ids = [line.split()[1] for line in board.read(at + "/status").splitlines() if line[:4] in ("Uid:", "Gid:")]
    expect_equal(ids, [str(BASES[service] + 33)] * 2)
    expect_equal(board.output(f"readlink {at}/cwd").strip()[-4:], "/srv")
    words = board.output(f"tr '\\0' '\\n' <{at}/environ").split()
    expect({"PATH=/bin", "HOME=" + HOMES[service]} <= set(words), words)


@claim("oci", "{}: a file of a layer belongs to whom the layer says, and he can read it", each=BOTH)
def owners(board, service):
    board.wait_state(service, "up")
    text = board.output(f"pith exec {service} /bin/busybox stat -c '%u:%g %a %n' /home /home/key /bin/busybox")
    expect_equal(text.splitlines(), ["33:34 700 /home", "33:34 400 /home/key", "0:0 755 /bin/busybox"])
    expect_equal(board.output(f"pith exec {service} /bin/busybox cat /home/key").strip(), "secret")


@claim("oci", "what an OCI image exposes, another service with ALLOW reaches")
def exposed(board):
    for service in BOTH:
        board.wait_state(service, "up")
    text = board.output("pith exec signed /bin/busybox wget -q -O - http://page:8000/index.html")
    expect_equal(text.strip(), "hello")


@claim("oci", "the signed one has its root from an image, which was made of the layers")
def from_image(board):
    board.wait_state("signed", "up")
    mounts = [line.split()[1:3] for line in board.read("/proc/mounts").splitlines()]
    expect(["/run/pith/images/1/signed", "erofs"] in mounts, *mounts)
    expect(board.run("test -e /services/signed")[0] != 0, "its root is in the initramfs as well")


@claim("oci", "an OCI image that Docker made and a Debian package brings along is a root, with a program over it")
def found(board):
    if board.arch != "x86_64":
        expect("found" not in board.services(), "it is for another architecture")
        return
    board.wait_state("found", "up")
    board.ask("found", "read /empty").ok()
