"""OCI images for tests: by hand, so that anything can be in them, and by umoci from Debian's
packages.
"""
import gzip
import hashlib
import io
import json
import os
import stat
import subprocess
import tarfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar"

# The folder and OCI's name of the architecture.  made:deb has two layers, of which the second takes back some of the first; in theirs/
# is what umoci makes of it.  made:owned has layer.tar above them.
SCRIPT = """set -e
umask 022
cd "$1"
umoci init --layout made
umoci new --image made:deb
umoci unpack --rootless --image made:deb one
debian-root one/rootfs busybox-static -- /bin/busybox /usr/share/doc/busybox-static
mkdir -p one/rootfs/etc one/rootfs/srv
printf 'root:x:0:0::/root:\\nwww:x:33:33::/srv:\\n' > one/rootfs/etc/passwd
ln -s busybox one/rootfs/bin/httpd
umoci repack --image made:deb one
umoci unpack --rootless --image made:deb two
rm -r two/rootfs/usr/share/doc/busybox-static
echo hello > two/rootfs/srv/index.html
umoci repack --image made:deb two
umoci config --image made:deb --architecture "$2" --config.entrypoint httpd --config.cmd -f --config.cmd -p --config.cmd 8000 \
    --config.user www --config.workingdir /srv --config.stopsignal SIGINT --config.exposedports 8000/tcp \
    --config.env PATH=/bin --config.label org.opencontainers.image.licenses=GPL-2.0-only
umoci unpack --rootless --image made:deb theirs
umoci raw add-layer --image made:deb --tag owned layer.tar
"""


class Maker:
    """Layouts by hand, so that anything can be in them."""

    def __init__(self, folder):
        self.folder = folder
        os.makedirs(os.path.join(folder, "blobs/sha256"))
        with open(os.path.join(folder, "oci-layout"), "w") as file:
            file.write('{"imageLayoutVersion": "1.0.0"}')

    def blob(self, content, media):
        content = content if isinstance(content, bytes) else json.dumps(content).encode()
        digest = hashlib.sha256(content).hexdigest()
        with open(os.path.join(self.folder, "blobs/sha256", digest), "wb") as file:
            file.write(content)
        return {"mediaType": media, "digest": "sha256:" + digest, "size": len(content)}

    def image(self, layers, config=None, arch="amd64", **more):
        described = [self.blob(gzip.compress(layer, mtime=0), LAYER + "+gzip") for layer in layers]
        own = {"architecture": arch, "os": "linux", "config": {"Cmd": ["/bin/program"]} if config is None else config,
               "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(layer).hexdigest()
                                                         for layer in layers]}}
        own.update(more)
        return self.blob({"schemaVersion": 2, "mediaType": MANIFEST, "layers": described,
                          "config": self.blob(own, "application/vnd.oci.image.config.v1+json")}, MANIFEST)

    def index(self, *images, tag="1"):
        entries = [dict(image, annotations={"org.opencontainers.image.ref.name": tag}) for image in images]
        with open(os.path.join(self.folder, "index.json"), "w") as file:
            json.dump({"schemaVersion": 2, "manifests": entries}, file)


def layer(*members):
    """A tar archive of (name, content or None for a folder, or {field: value})"""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, content, *fields in members:
            entry = tarfile.TarInfo(name)
            entry.mode, entry.type = (0o755, tarfile.DIRTYPE) if content is None else (0o644, tarfile.REGTYPE)
            for field, value in (fields[0] if fields else {}).items():
                setattr(entry, field, value)
            content = (content or "").encode()
            entry.size = len(content) if entry.isreg() else 0
            tar.addfile(entry, io.BytesIO(content))
    return made.getvalue()


def link(name, target):
    return name, "", {"type": tarfile.SYMTYPE, "linkname": target}


def hard(name, target):
    return name, "", {"type": tarfile.LNKTYPE, "linkname": target}


def run(*words, **environment):
    """As a build runs it."""
    path = os.path.join(TOP, "board/scripts/bin") + ":" + os.environ["PATH"]
    return subprocess.run(words, env=dict(os.environ, PATH=path, **environment), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False)


def make_by_umoci(folder, *more, arch="amd64"):
    """The folder made/ there, with what the last layer has besides, for an architecture as Debian
    calls it: what was said."""
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "layer.tar"), "wb") as file:
        file.write(layer(("home", None, {"uid": 33, "gid": 34, "mode": 0o700}),
                         ("home/key", "secret\n", {"uid": 33, "gid": 34, "mode": 0o400}), *more))
    return run("sh", "-c", SCRIPT, "sh", folder, {"armhf": "arm"}.get(arch, arch), DEBIAN_ARCH=arch).stdout


# Of a package that is nobody's here: what its own tests read.
ELSEWHERE = "golang-github-containers-common-dev"
FIXTURES = "usr/share/gocode/src/github.com/containers/common/libimage/testdata"


def elsewhere():
    """The folder with images that nobody here made."""
    done = run("debian-root", "--tree", "--only", ELSEWHERE, ELSEWHERE, DEBIAN_ARCH="amd64")
    return os.path.join(done.stdout.strip().splitlines()[-1], FIXTURES)


def listing(root):
    """{path: kind, mode, and content}"""
    found = {}
    for at, folders, files in os.walk(root):
        for name in folders + files:
            path = os.path.join(at, name)
            mode = os.lstat(path).st_mode
            found[path[len(root):]] = ("link", os.readlink(path)) if stat.S_ISLNK(mode) else (
                oct(mode), "" if stat.S_ISDIR(mode) else open(path, "rb").read())
    return found


class Case:
    """One image after the other, in a folder that is new for each."""

    def __init__(self, work):
        self.work = work
        self.count = 0

    def fresh(self):
        self.count += 1
        self.at = os.path.join(self.work, str(self.count))
        os.makedirs(self.at)
        return Maker(os.path.join(self.at, "image"))

    def fill(self, reference="image:1", arch="x86_64", folder=None):
        """(what was said, the root)"""
        root = os.path.join(self.at, f"roots{arch}", "web")
        done = run(os.path.join(TOP, "board/scripts/oci"), "web", folder or self.at, reference, root, ARCH=arch)
        return done.stdout if done.returncode or done.stdout else "", root

    def layers(self, *layers, **more):
        maker = self.fresh()
        maker.index(maker.image(layers, **more))
        return self.fill()


def rows(root, name):
    """Of what stands beside a root."""
    with open(f"{root}.{name}") as file:
        return file.read().splitlines()
