"""Commands in the board's debug shell, one at a time, with their output.

The console belongs to everybody: lines of services may come in between those
of a command.  So a command's output goes to a file first, and is then printed
in base64, each line with a number of ours in front and a checksum at the end;
when that does not fit, it is printed again.
"""
import base64
import hashlib
import re
import shlex

from console import GuestGone

PROMPT = "pith# "
OUTPUT = "/run/guest-test.out"

# A process costs the board ten milliseconds: nothing is printed without one.
ANSWER = (f'answer() {{ if [ -s {OUTPUT} ]; then base64 {OUTPUT} | sed "s/^/@$1:/"; '
          f'echo "@$1=" $status $(md5sum <{OUTPUT}); '
          f'else echo "@$1=" $status {hashlib.md5(b"").hexdigest()}; fi; }}\n')


class Shell:
    def __init__(self, machine, boot_timeout=60):
        self._machine = machine
        self._console = machine.console
        self._number = 0
        self.timeout = 20
        if not self._console.wait_raw(re.escape(PROMPT), boot_timeout):
            raise GuestGone(f"no prompt on the console within {boot_timeout} s")
        self.take()

    def take(self):
        """A loop of ours replaces the line editor: no echo, no prompt."""
        for _ in range(3):
            self._machine.type('stty -echo; while read -r line; do eval "$line"; done\n')
            if self._answers(5):
                self._machine.type(ANSWER)
                return
        raise GuestGone("the debug shell takes no commands")

    def _answers(self, timeout):
        self._number += 1
        mark = self._console.mark()
        # The pattern does not match the command itself, should it be echoed.
        self._machine.type(f'echo "@hello"{self._number}@\n')
        return self._console.wait_raw(f"@hello{self._number}@", timeout, mark)

    def _recover(self):
        """The command hangs: ends it, or finds that the guest does."""
        self._machine.type("\x03\n")
        if self._answers(3):
            return
        mark = self._console.mark()
        self._machine.type("\n")
        self._console.wait_raw(re.escape(PROMPT), 3, max(0, mark - 1))
        self.take()

    def _print(self, timeout):
        n = self._number
        pattern = rf"@{n}= (\d+) ([0-9a-f]{{32}})"
        for _ in range(3):
            mark = self._console.mark()
            self._machine.type(f"answer {n}\n")
            end = self._console.wait_raw(pattern, timeout, max(0, mark - 1))
            if not end:
                return None
            text = self._decode(n, mark)
            if text is not None and hashlib.md5(text).hexdigest() == end[2]:
                return int(end[1]), text.decode("utf-8", "replace")
        raise GuestGone("the console garbles every answer")

    def _decode(self, n, mark):
        rows = []
        for line in self._console.since(max(0, mark - 1)):
            rows += re.findall(rf"@{n}:([A-Za-z0-9+/=]*)", line.raw)
        try:
            return base64.b64decode("".join(rows), validate=True)
        except ValueError:
            return None

    def run(self, command, timeout=None):
        """(exit status, standard output and error) of a command line."""
        if self._machine.ended():
            raise GuestGone("the guest has ended")
        self._number += 1
        self._machine.type(f"eval {shlex.quote(command)} </dev/null >{OUTPUT} 2>&1; status=$?\n")
        answer = self._print(timeout or self.timeout)
        if answer is None:
            self._recover()
            return 124, "(no answer in time)"
        return answer

    def send(self, command):
        """A command that is not expected to come back."""
        self._machine.type(command + "\n")
