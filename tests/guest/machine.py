"""One QEMU: starts it, connects its console, and ends it by its pid.

Knows what a board looks like from the outside; nothing of what runs in it.
"""
import ctypes
import json
import os
import signal
import socket
import subprocess
import tempfile
import time

from console import Console

PR_SET_PDEATHSIG = 1

# The guest's clock counts its instructions, a nanosecond each: the same work takes the
# same time, however busy the build machine is.
COUNTED = ("-icount", "shift=0,sleep=off", "-rtc", "base=2026-01-01,clock=vm")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def _die_with_parent():
    """Whatever becomes of the harness, no QEMU outlives it."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Machine:
    def __init__(self, qemu, image, log, memory=512, nic=True, disk=None, forwards=(), append="",
                 second=None, slot=False, wires=(), cables=True, clock=(), keyboard=False):
        """qemu: the board's script.  image: a folder with vmlinuz and initramfs.cpio.gz.  forwards: ports
        of the board that the build machine reaches, TCP's as numbers and others as
        "53/udp"; see port().  disk: a file, and QEMU's options for it behind commas.
        second: another one, which the board only reads.  slot: there is one for plug().
        wires: what further cards are connected to.  cables: whether they are in, and the
        first card's, when it boots; see cable().
        clock: QEMU's options for it.  keyboard: one for a board that has none; see press()."""
        self._ports = {port: free_port() for port in forwards}
        self._folder = tempfile.TemporaryDirectory(prefix="pith-qmp-")
        self._qmp = os.path.join(self._folder.name, "qmp")
        self._log = open(log, "wb")
        self.started = time.monotonic()
        self._process = subprocess.Popen(
            self._command(qemu, image, memory, nic, disk, second) + self._cards(wires) +
            (["-device", "pcie-root-port,id=plug"] if slot else []) +
            (["-device", "virtio-keyboard-pci"] if keyboard else []) +
            ([] if cables else ["-S"]) + list(clock),
            env={**os.environ, "NETDEV": "n0" if nic else "", "APPEND": f"quiet panic=-1 {append}"},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log,
            start_new_session=True, preexec_fn=_die_with_parent)
        self.console = Console(self._process.stdout, self._log)
        if not cables:
            for card in range(nic + len(wires)):
                self.cable(card, False)
            self._qmp_command("cont")

    def _command(self, qemu, image, memory, nic, disk, second):
        command = [
            qemu, "-accel", "tcg", "-m", str(memory),
            "-nographic", "-nodefaults", "-no-user-config", "-no-reboot",
            "-serial", "stdio", "-qmp", f"unix:{self._qmp},server=on,wait=off",
            "-kernel", os.path.join(image, "vmlinuz"),
            "-initrd", os.path.join(image, "initramfs.cpio.gz"),
        ]
        if nic:
            forwards = "".join(self._forward(*row) for row in self._ports.items())
            command += ["-netdev", f"user,id=n0{forwards}"]
        if disk:
            command += ["-drive", f"if=none,id=d0,format=raw,file={disk}",
                        "-device", "virtio-blk-pci,drive=d0"]
        if second:
            command += ["-drive", f"if=none,id=d1,format=raw,readonly=on,file={second}",
                        "-device", "virtio-blk-pci,drive=d1"]
        return command

    @staticmethod
    def _forward(guest, host):
        port, _, protocol = str(guest).partition("/")
        return f",hostfwd={protocol or 'tcp'}:127.0.0.1:{host}-:{port}"

    @staticmethod
    def _cards(wires):
        command = []
        for number, wire in enumerate(wires, 1):
            # In a slot of its own, out of which it can be pulled.
            command += ["-netdev", wire.options(f"n{number}"),
                        "-device", f"pcie-root-port,id=slot{number},chassis={number}",
                        "-device", f"virtio-net-pci,bus=slot{number},netdev=n{number},id=card{number},romfile="]
        return command

    def port(self, board_port):
        """Where the build machine finds a port of the board, on 127.0.0.1."""
        return self._ports[board_port]

    def type(self, text):
        try:
            self._process.stdin.write(text.encode())
            self._process.stdin.flush()
        except (BrokenPipeError, ValueError):
            pass        # it has ended; whoever waits for an answer is told

    def press(self, *keys):
        """Keys that are held together, by QEMU's names."""
        self._qmp_command("send-key", keys=[{"type": "qcode", "data": key} for key in keys])

    def plug(self, disk):
        """A further disk, while the machine runs."""
        self._qmp_command("blockdev-add", **{"driver": "raw", "node-name": "plugged", "file": {
            "driver": "file", "filename": disk}})
        self._qmp_command("device_add", driver="virtio-blk-pci", drive="plugged", bus="plug")

    def cable(self, card, is_in):
        """Puts the cable of a card in, or pulls it."""
        self._qmp_command("set_link", name=f"n{card}", up=is_in)

    def pull(self, card):
        """Takes a wire's card out."""
        self._qmp_command("device_del", id=f"card{card}")

    def push(self, card):
        """Puts it back in."""
        self._qmp_command("device_add", driver="virtio-net-pci", bus=f"slot{card}", netdev=f"n{card}",
                          id=f"card{card}", romfile="")

    def pace(self, bytes_per_second):
        """So fast is the disk from now on; 0: as fast as it can be."""
        self._qmp_command("block_set_io_throttle", device="d0", bps=bytes_per_second, bps_rd=0,
                          bps_wr=0, iops=0, iops_rd=0, iops_wr=0)

    def _qmp_command(self, command, **arguments):
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(10)
            self._connect(s)
            stream = s.makefile("rw")
            stream.readline()
            self._say(stream, {"execute": "qmp_capabilities"})
            self._say(stream, {"execute": command, "arguments": arguments})

    def _connect(self, s):
        """To QEMU, which may be just starting."""
        for _ in range(100):
            try:
                s.connect(self._qmp)
                return
            except (FileNotFoundError, ConnectionRefusedError):
                time.sleep(0.1)
        s.connect(self._qmp)

    @staticmethod
    def _say(stream, command):
        stream.write(json.dumps(command) + "\n")
        stream.flush()
        while "return" not in json.loads(stream.readline() or '{"return": 0}'):
            pass

    def ended(self):
        return self._process.poll() is not None

    def wait_exit(self, timeout):
        """The status with which QEMU ended by itself; None if it did not."""
        try:
            status = self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            return None
        self.console.wait_end(5)
        return status

    def kill(self):
        if not self.ended():
            self._process.kill()
            self._process.wait()
        self.console.wait_end(5)
        try:
            self._process.stdin.close()
        except BrokenPipeError:
            pass        # what was typed last went nowhere
        self._process.stdout.close()
        self._log.close()
        self._folder.cleanup()
