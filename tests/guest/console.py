"""What a guest prints on its console, as it comes.

Decides what a line is and lets others wait for one.  Knows nothing of QEMU
and of what lines mean.
"""
import re
import threading
import time

# pith's own form of a line: [seconds.millis] name: text
SERVICE_LINE = re.compile(r"\[ *(\d+)\.(\d{3})\] ([a-z0-9-]+): (.*)$")


# What the harness's own commands print, up to the end of the line.  PID 1 does
# not wait for the terminal: such a line may come in the middle of one of its.
ANSWER = re.compile(r"@(?:\d+[:=]|hello\d+@)")


class GuestGone(Exception):
    """The guest has ended, or answers no more."""


class Line:
    def __init__(self, raw, told):
        """told: what of it is no answer, with what came before an answer."""
        self.raw = raw
        match = SERVICE_LINE.search(told)
        self.name = match and match[3]
        self.text = match and match[4]
        self.ms = match and int(match[1]) * 1000 + int(match[2])

    def __str__(self):
        return self.raw


class Console:
    """Reads a stream to its end in a thread of its own, and keeps all of it."""

    def __init__(self, stream, log):
        self.lines = []
        self.partial = ""           # the last line, still without an end
        self.ended = False
        self._interrupted = ""
        self._stream = stream
        self._log = log
        self._news = threading.Condition()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        while True:
            chunk = self._stream.read1(65536)
            if not chunk:
                break
            self._log.write(chunk)
            self._log.flush()
            # One character per byte: what a service prints need not be text.
            text = chunk.decode("latin-1").replace("\r", "")
            with self._news:
                *whole, self.partial = (self.partial + text).split("\n")
                self.lines += [self._line(raw) for raw in whole]
                self._news.notify_all()
        with self._news:
            self.ended = True
            self._news.notify_all()

    def _line(self, raw):
        answer = ANSWER.search(raw)
        if answer:
            self._interrupted += raw[:answer.start()]
            return Line(raw, "")
        told, self._interrupted = self._interrupted + raw, ""
        return Line(raw, told)

    def mark(self):
        """A place in the output; what comes later is after it."""
        with self._news:
            return len(self.lines)

    def since(self, mark):
        with self._news:
            return self.lines[mark:]

    def _wait(self, look, timeout):
        """Calls look() at every news until it gives something; None in time's end."""
        end = time.monotonic() + timeout
        with self._news:
            while True:
                found = look()
                if found:
                    return found
                if self.ended:
                    raise GuestGone("the guest has ended")
                left = end - time.monotonic()
                if left <= 0:
                    return None
                self._news.wait(left)

    def wait_raw(self, pattern, timeout, mark=0):
        """The match in the raw output after mark, the unfinished line included."""
        pattern = re.compile(pattern)

        def look():
            for line in self.lines[mark:]:
                match = pattern.search(line.raw)
                if match:
                    return match
            return pattern.search(self.partial)
        return self._wait(look, timeout)

    def wait_line(self, name, pattern, timeout, mark=0):
        """The first line of `name` after mark whose text has the pattern."""
        pattern = re.compile(pattern)

        def look():
            return next(self.matching(name, pattern, mark), None)
        return self._wait(look, timeout)

    def matching(self, name, pattern, mark=0):
        pattern = re.compile(pattern)
        for line in self.lines[mark:]:
            if line.name == name and pattern.search(line.text):
                yield line

    def all_lines(self, name, pattern, mark=0):
        with self._news:
            return list(self.matching(name, pattern, mark))

    def wait_end(self, timeout):
        """True when the stream has ended within timeout."""
        self._thread.join(timeout)
        return not self._thread.is_alive()
