"""Products whose services have volumes, and the disks that they find.

The disks are made on the build machine, by the tools that a product would use.
"""
import os
import shutil
import subprocess

from board import Board
from shapes import make_service, probe_root

MEMORY = 160
LABEL = "data"
FIRST_BASE = 10 * 65536

_PROBE = {"ARGV": "/probe serve", "NET": "none", "MEMORY_MAX": "6M", "LOG_KB": 4}

# keeper is the one that nobody here wrote: mosquitto, which keeps retained messages.
# plain has no volume; reader's is :ro; trap finds something else in the place of its.
SERVICES = {
    "keeper": {"ARGV": "/usr/sbin/mosquitto -c /etc/mosquitto.conf", "USER": "100", "NET": "none",
               "MEMORY_MAX": "16M", "VOLUMES": "broker:/var/lib/mosquitto"},
    "plain": _PROBE,
    "reader": {**_PROBE, "USER": "1000:1001", "VOLUMES": "notes:/var/notes:ro"},
    "trap": {**_PROBE, "VOLUMES": "notes:/var/notes", "RESTART_DELAY_MS": 60000,
             "RESTART_DELAY_MAX_MS": 60000},
    "writer": {**_PROBE, "USER": "1000:1001", "VOLUMES": "notes:/var/notes tools:/opt:exec"},
}

# For the disk whose kernel costs more: as few as possible.
FEW = ("plain", "writer")

MOSQUITTO = """\
mkdir -p "$1/etc"
cat > "$1/etc/mosquitto.conf" <<'END'
listener 1883 127.0.0.1
allow_anonymous true
persistence true
persistence_location /var/lib/mosquitto/
log_dest stderr
END
exec debian-root "$1" mosquitto mosquitto-clients -- /usr/sbin/mosquitto \\
	/usr/bin/mosquitto_pub /usr/bin/mosquitto_sub
"""

DEFCONFIG = f"""\
CONFIG_RAM_MB={MEMORY}
CONFIG_OVERCOMMIT=y
CONFIG_DEBUG_SHELL=y
CONFIG_SHUTDOWN_TIMEOUT_S=6
CONFIG_BRIDGE_ADDRESS="10.77.0.1/24"
CONFIG_DATA="{LABEL}"
"""

# Debian's cloud kernels have no f2fs; the others have the same name without that word.
F2FS_BOARD = """\
include $(S)/board/$(TEST_BOARD)/board.mk
KERNEL_PACKAGE := $(subst -cloud,,$(KERNEL_PACKAGE))
KERNEL_PACKAGE-$(KERNEL) := $(subst -cloud,,$(KERNEL_PACKAGE-$(KERNEL)))
"""
F2FS_MODULES = "virtio_pci\nvirtio_blk\nbridge\nveth\nnf_tables\nf2fs\n"


def base(service):
    """UID_BASE of a service."""
    return FIRST_BASE + 65536 * sorted(SERVICES).index(service)


def _write(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
        os.fchmod(file.fileno(), mode)


def make_tree(folder, f2fs=False):
    """A product tree with the services, and a defconfig for it."""
    for name, options in SERVICES.items():
        if f2fs and name not in FEW:
            continue
        if "VOLUMES" in options:
            options = {**options, "UID_BASE": base(name)}
        make_service(folder, name, options, MOSQUITTO if name == "keeper" else probe_root(name))
    text = DEFCONFIG
    if f2fs:
        text += 'CONFIG_DATA_TYPE="f2fs"\n'
        _write(os.path.join(folder, "board/qemu-f2fs/board.mk"), F2FS_BOARD)
        _write(os.path.join(folder, "board/qemu-f2fs/modules"), F2FS_MODULES)
        _write(os.path.join(folder, "board/qemu-f2fs/defconfig"), "")
    _write(os.path.join(folder, "modules"), "ext4\n")
    _write(os.path.join(folder, "defconfig"), text)
    return folder


# --- Disks --------------------------------------------------------------------

def tool(*command):
    """(status, output) of a tool that an ordinary user may not have in his PATH."""
    path = os.environ["PATH"] + ":/usr/sbin:/sbin"
    done = subprocess.run(command, env={**os.environ, "PATH": path, "LC_ALL": "C"}, check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout.decode(errors="replace")


def must(*command):
    """Its output; an error if it fails."""
    status, text = tool(*command)
    if status:
        raise RuntimeError(f"{' '.join(command)}: status {status}\n{text}")
    return text


def make_ext4(path, files=None, megabytes=16):
    """A disk with these files: their text, or where a link leads ("-> /etc")."""
    folder = path + ".files"
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for name, text in (files or {}).items():
        at = os.path.join(folder, name)
        os.makedirs(os.path.dirname(at), exist_ok=True)
        if text.startswith("-> "):
            os.symlink(text[3:], at)
        else:
            _write(at, text)
    with open(path, "wb") as file:
        file.truncate(megabytes << 20)
    # Small blocks: then the first copy of the superblock is at 8 MB.
    must("mke2fs", "-q", "-t", "ext4", "-b", "1024", "-L", LABEL, "-d", folder, path)
    shutil.rmtree(folder)
    return path


def make_full(path):
    """One on which root alone could still write, and whose mark says that it is clean,
    though it has lost its root folder."""
    make_ext4(path)
    filler = path + ".filler"
    kept = _number(path, "Block count") // 2 - 1
    with open(filler, "wb") as file:
        file.write(b"x" * ((_number(path, "Free blocks") - kept + 200) * 1024))
    must("debugfs", "-w", "-R", f"write {filler} filler", path)
    os.unlink(filler)
    must("tune2fs", "-r", str(kept), path)
    must("debugfs", "-w", "-R", "clri <2>", path)
    return path


def _number(path, field):
    _, text = tool("dumpe2fs", "-h", path)
    line = next(line for line in text.splitlines() if line.startswith(field + ":"))
    return int(line.split(":")[1])


def make_slow(path, files):
    """One that is due for a check of every block."""
    make_ext4(path, files)
    must("tune2fs", "-c", "1", "-C", "100", path)
    return path


def make_f2fs(path):
    with open(path, "wb") as file:
        file.truncate(64 << 20)
    must("mkfs.f2fs", "-q", "-l", LABEL, path)
    return path


def overwrite(path, at, data):
    with open(path, "r+b") as file:
        file.seek(at)
        file.write(data)


# --- Boards ---------------------------------------------------------------------

class StorageBoard(Board):
    """A board that may be booted once more with the same disk."""

    def __init__(self, product, log, memory=MEMORY, **hardware):
        self._boot = (product, log, hardware)
        self.next = None
        super().__init__(product, log, memory=memory, nic=False, **hardware)

    @property
    def disk(self):
        """The file with its disk."""
        return self._boot[2]["disk"].split(",")[0]

    def boot_again(self, spoil):
        """The board after an orderly end and whatever spoil(disk) did."""
        def do():
            self.shut_down("poweroff")
            spoil(self.disk)
            product, log, _ = self._boot
            self.next = self._next(product, log + ".again", disk=self.disk)
            return self.next
        return self.recorded("again", do)

    def _next(self, product, log, **hardware):
        return StorageBoard(product, log, **hardware)

    def close(self):
        if self.next:
            self.next.close()
        super().close()

    def storage(self, pattern, mark=0, timeout=30):
        """The line that PID 1 says of its storage."""
        return self.line("storage", pattern, mark, timeout)
