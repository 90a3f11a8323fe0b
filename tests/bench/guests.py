"""A guest that measures by itself: boots it, and reads what it prints.

A guest prints its results as lines of JSON and ends by itself.  Knows nothing of what they
mean.
"""
import json
import re
import time

from machine import COUNTED, Machine

# By the names of clocks: QEMU's options, and the kernel's words
CLOCKS = {
    "counted": (("-smp", "1", *COUNTED), "nokaslr"),
    "host": (("-smp", "2"), "nokaslr"),
}
RESULT = re.compile(r"\{\".*\}\s*$")


class Failure(Exception):
    """What could not be measured, and what was seen, in words."""


class Guest:
    def __init__(self, target, clock):
        self._target = target
        self._options, self._words = CLOCKS[clock]

    def run(self, folder, log, timeout, memory, append):
        machine = Machine(self._target.qemu, folder, log, memory=memory, nic=False,
                          append=f"{self._words} {append}", clock=self._options)
        try:
            status = self._wait(machine, timeout)
            lines = [line.raw for line in machine.console.lines]
        finally:
            machine.kill()
        rows = [self._parse(line, log) for line in lines if RESULT.search(line)]
        errors = [row["error"] for row in rows if "error" in row]
        if status != 0 or errors or not rows:
            raise Failure("\n".join([f"{log}: QEMU ended with status {status}" if status is not None else
                                     f"{log}: the guest does not end within {timeout} s",
                                     *errors, *lines[-12:]]))
        return rows

    @staticmethod
    def _wait(machine, timeout):
        """In small steps, so that Ctrl-C is heard."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            status = machine.wait_exit(1)
            if status is not None:
                return status
        return None

    @staticmethod
    def _parse(line, log):
        try:
            return json.loads(RESULT.search(line)[0])
        except ValueError as error:
            raise Failure(f"{log}: {error}: {line}") from error
