"""A disk with a cache of its own, as real ones have it: what was written and not flushed is
lost in part when the power goes, whatever its order was.

QEMU finds it by NBD (doc/proto.md of NetworkBlockDevice/nbd: fixed newstyle, simple replies).
Knows nothing of file systems.
"""
import os
import socket
import struct
import threading

OPTION_MAGIC, REQUEST, REPLY, OPTION_REPLY = 0x49484156454F5054, 0x25609513, 0x67446698, 0x3E889045565A9
EXPORT_NAME, ABORT, GO = 1, 2, 7
ACK, INFO, UNSUPPORTED = 1, 3, 0x80000001
READ, WRITE, DISCONNECT, FLUSH = range(4)
FUA = 1
HAS_FLAGS, SEND_FLUSH, SEND_FUA = 1, 4, 8
EINVAL = 22

# What a disk writes as a whole, or not at all.
ATOM = 4096


class VolatileDisk:
    """Serves a file, which has only what would be there after a power cut."""

    def __init__(self, path, folder):
        self._file = open(path, "r+b", buffering=0)
        self._now = bytearray(self._file.read())    # as the guest sees it
        self._cached = []                           # (offset, bytes), not yet flushed
        self._news = threading.Condition()
        self._cut_at = None
        self.operations = 0                         # writes and flushes so far
        self.is_cut = False
        self._path = os.path.join(folder, "nbd")
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(self._path)
        self._socket.listen(1)
        self.url = f"nbd+unix:///?socket={self._path}"
        threading.Thread(target=self._serve, daemon=True).start()

    def cut_after(self, operations):
        """The power goes before the one after so many from now on."""
        with self._news:
            self._cut_at = self.operations + operations
            self._see()

    def wait_cut(self, timeout):
        with self._news:
            return self._news.wait_for(lambda: self.is_cut, timeout)

    def cut(self, chance):
        """Now, if it did not happen yet; chance: a random.Random that says what of the
        cache was still written."""
        with self._news:
            self.is_cut = True
            for offset, content in self._cached:
                for at in range(0, len(content), ATOM):
                    if chance.random() < 0.5:
                        os.pwrite(self._file.fileno(), content[at:at + ATOM], offset + at)
            lost = len(self._cached)
            self._cached = []
        self._socket.close()
        self._file.close()
        os.unlink(self._path)
        return lost

    def _see(self):
        if self._cut_at is not None and self.operations >= self._cut_at:
            self.is_cut = True
            self._news.notify_all()

    def _serve(self):
        try:
            connection, _ = self._socket.accept()
            with connection:
                stream = connection.makefile("rwb")
                if self._greet(stream):
                    while self._answer(stream):
                        pass
        except (OSError, ValueError, struct.error):
            pass    # QEMU has ended, perhaps in the middle of a request

    def _greet(self, stream):
        self._send(stream, b"NBDMAGIC", struct.pack(">QH", OPTION_MAGIC, 3))
        stream.read(4)
        while True:
            _, option, length = struct.unpack(">QII", stream.read(16))
            stream.read(length)
            export = struct.pack(">QH", len(self._now), HAS_FLAGS | SEND_FLUSH | SEND_FUA)
            if option == EXPORT_NAME:
                self._send(stream, export)
                return True
            if option == GO:
                info = struct.pack(">H", 0) + export
                self._send(stream, struct.pack(">QIII", OPTION_REPLY, option, INFO, len(info)), info)
            self._send(stream, struct.pack(">QIII", OPTION_REPLY, option,
                                           ACK if option in (GO, ABORT) else UNSUPPORTED, 0))
            if option in (GO, ABORT):
                return option == GO

    def _answer(self, stream):
        """False at the end: of QEMU, or of the power, after which nothing is answered."""
        magic, flags, kind, handle, offset, length = struct.unpack(">IHHQQI", stream.read(28))
        content = stream.read(length) if kind == WRITE else b""
        if magic != REQUEST or kind == DISCONNECT:
            return False
        with self._news:
            if self.is_cut:
                return False
            error = self._do(kind, flags, offset, length, content)
            seen = bytes(self._now[offset:offset + length]) if kind == READ else b""
            cut = self.is_cut
        if not cut:
            self._send(stream, struct.pack(">IIQ", REPLY, error, handle), seen)
        return not cut

    def _do(self, kind, flags, offset, length, content):
        if kind == READ:
            return 0 if offset + length <= len(self._now) else EINVAL
        if kind not in (WRITE, FLUSH):
            return EINVAL
        self.operations += 1
        if kind == WRITE:
            self._now[offset:offset + length] = content
            self._cached.append((offset, content))
            if flags & FUA:
                self._flush(offset, offset + length)
        else:
            self._flush(0, len(self._now))
        self._see()
        return 0

    def _flush(self, start, end):
        """All that touches this range."""
        touching = [row for row in self._cached if row[0] < end and row[0] + len(row[1]) > start]
        self._cached = [row for row in self._cached if row not in touching]
        for at, content in touching:
            os.pwrite(self._file.fileno(), content, at)

    @staticmethod
    def _send(stream, *parts):
        stream.write(b"".join(parts))
        stream.flush()
