"""A guest that is booted once and then goes on from the same moment any number of times.

It prints {"ready": …} and is frozen into a file by QEMU's own migration.  Each copy of it is
given a number, which makes a difference: when its next step begins, and where the kernel's
random numbers put things.
"""
import itertools
import json
import os
import socket
import time

from guests import CLOCKS, RESULT, Failure
from machine import Machine

# Not a divisor of a timer's period
STEP_US = 1137
MEMORY_MB = 512


class _Freezable(Machine):
    def freeze(self, path):
        """Stops it for good; path is there when it is whole."""
        self._qmp_command("stop")
        self._qmp_command("migrate", uri=f"exec:cat >'{path}.new' && mv '{path}.new' '{path}'")

    def is_frozen(self):
        status = self._status("query-migrate")
        if status == "failed":
            raise Failure("QEMU could not write what is in the guest's memory")
        return status == "completed"

    def is_loaded(self):
        """Whether what it was frozen into is read; it stands still until go_on()."""
        return self._status("query-status") == "paused"

    def _status(self, question):
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(10)
            self._connect(s)
            stream = s.makefile("rw")
            stream.readline()
            stream.write(f'{{"execute": "qmp_capabilities"}}\n{{"execute": "{question}"}}\n')
            stream.flush()
            answers = (json.loads(line) for line in stream)
            # Its events come between the answers, of which the first is that to the greeting.
            _, answer = itertools.islice((answer for answer in answers if "event" not in answer), 2)
            return answer["return"].get("status")

    def go_on(self):
        self._qmp_command("cont")


class Frozen:
    """Frees its file at the end of a with."""

    def __init__(self, ctx, image, name, append=""):
        options, words = CLOCKS[ctx.clock]
        self._command = (ctx.target.qemu, image.write(), ctx.path("consoles", f"{name}-{ctx.clock}.log"))
        self._options = {"memory": MEMORY_MB, "nic": False, "append": f"{words} {append}"}
        self._clock = options
        self._state = ctx.path("frozen", name)

    def __enter__(self):
        # A run that was killed may have left one, of another guest.
        self._forget()
        machine = _Freezable(*self._command, clock=self._clock, **self._options)
        try:
            self._wait(machine, lambda: any('{"ready"' in line.raw for line in machine.console.lines))
            machine.freeze(self._state)
            self._wait(machine, lambda: machine.is_frozen() and os.path.exists(self._state))
        except BaseException:
            machine.kill()
            self._forget()
            raise
        machine.kill()
        return self

    def __exit__(self, *_):
        self._forget()

    def _forget(self):
        for path in (self._state, self._state + ".new"):
            if os.path.exists(path):
                os.unlink(path)

    def run(self, number, timeout=300):
        """What a copy prints until it ends: a dict of all its lines {"…": …}."""
        machine = _Freezable(*self._command, clock=(*self._clock, "-incoming", f"exec:cat '{self._state}'"),
                             **self._options)
        try:
            self._wait(machine, machine.is_loaded)
            machine.go_on()
            machine.type(f"{number * STEP_US}\n")
            self._wait(machine, machine.ended, timeout)
            lines = [line.raw for line in machine.console.lines]
        finally:
            machine.kill()
        try:
            said = {key: value for line in lines if RESULT.search(line)
                    for key, value in json.loads(RESULT.search(line)[0]).items()}
        except ValueError as error:
            raise Failure("\n".join([f"{self._command[-1]}: copy {number}: {error}", *lines[-12:]])) from error
        if not said or "error" in said:
            raise Failure("\n".join([f"{self._command[-1]}: copy {number} failed", *lines[-12:]]))
        return said

    def _wait(self, machine, is_so, timeout=600):
        end = time.monotonic() + timeout
        while not is_so():
            if time.monotonic() > end or (machine.ended() and is_so != machine.ended):
                raise Failure(f"{self._command[-1]}: the guest hangs or has ended")
            time.sleep(0.05)
