"""A board under test: a machine that runs a product, as claims see it.

Turns questions about services into commands of the debug shell, and answers
of the probe into Python.  Judges nothing.
"""
import json
import re
import shlex
import time

from claims import Failure, expect
from console import GuestGone
from machine import Machine
from shell import Shell

PROBE_PORT = 7000
CGROUP = "/sys/fs/cgroup"

# How BusyBox says that nobody listens there.
NO_LISTENER = "nc: can't connect"


class Answer:
    """What the probe answered: its first line, and what follows."""

    def __init__(self, service, request, text):
        self.status, _, self.text = text.partition("\n")
        self.question = f"{service}: {request}"

    @property
    def lines(self):
        return self.text.splitlines()

    def ok(self):
        expect(self.status == "ok", f"{self.question}: {self.status or '(no answer)'}")
        return self

    def refused(self, *errors):
        expect(self.status in errors, f"{self.question}: {self.status or '(no answer)'}",
               f"expected: {' or '.join(errors)}")

    def values(self, key):
        """The rests of all `key …` lines."""
        return [line[len(key) + 1:] for line in self.lines if line.startswith(key + " ")]

    def number(self, key):
        values = self.values(key)
        expect(values, f"{self.question}: no {key} in {self.text!r}")
        return int(values[0])


class Board:
    # Seconds.  The longest boot takes a third of this: what takes longer hangs.
    LIFETIME = 1800

    def __init__(self, product, log, shell=True, **hardware):
        self.product = product
        self.config = product.config()
        self._gone = None
        self._end = time.monotonic() + self.LIFETIME
        self._recorded = {}
        self._silent = set()
        self.arch = product.target.arch
        self.machine = Machine(product.target.qemu, product.folder, log, **hardware)
        self.console = self.machine.console
        try:
            self.shell = Shell(self.machine) if shell else None
        except GuestGone:
            self.machine.kill()
            raise

    # What the table says

    def services(self):
        return sorted(self.product.uid_bases())

    def option(self, service, option):
        return self.config.get(f"SVC_{service.upper().replace('-', '_')}_{option}", "")

    # On the board

    def run(self, command, timeout=None):
        """(status, output) of a command in the debug shell."""
        self._check_alive()
        try:
            return self.shell.run(command, timeout)
        except GuestGone as gone:
            self._gone = str(gone)
            raise

    def _check_alive(self):
        if time.monotonic() > self._end:
            self._gone = f"it is not done after {self.LIFETIME} s"
        if self._gone:
            raise GuestGone(self._gone)

    def output(self, command, timeout=None):
        status, text = self.run(command, timeout)
        expect(status == 0, f"{command}: status {status}", text)
        return text

    def read(self, path):
        return self.output("cat " + shlex.quote(path))

    def control(self, service, file):
        """A control file of a service's cgroup."""
        return self.read(f"{CGROUP}/svc/{service}/{file}").strip()

    def pids(self):
        """Every running service's main process: the first of its cgroup."""
        text = self.output(f"cd {CGROUP}/svc; awk '{{ print FILENAME, $1 }}' */cgroup.procs; cd /")
        first = {}
        for line in text.splitlines():
            service, pid = line.split("/")[0], int(line.split()[1])
            first[service] = min(pid, first.get(service, pid))
        return first

    def pid(self, service):
        pids = self.pids()
        expect(service in pids, f"{service} does not run", pids)
        return pids[service]

    def namespaces(self, pid):
        text = self.output(f"cd /proc/{pid}/ns && for n in mnt pid net ipc uts user cgroup; "
                           "do echo $n $(readlink $n); done; cd /")
        return dict(line.split() for line in text.splitlines())

    # Questions to PID 1's client

    def pith(self, words, status=0, timeout=None):
        """What `pith WORDS` prints, on both streams; it must end with the status."""
        seen, text = self.run("pith " + words, timeout)
        expect(seen == status, f"pith {words}: status {seen}, not {status}", text)
        return text

    def pith_json(self, words, status=0):
        """The value that it prints with --json."""
        return self._parse(f"pith {words} --json", self.pith(words + " --json", status))

    def pith_lines(self, words):
        """The values that it prints with --json, one a line."""
        text = self.pith(words + " --json")
        return [self._parse(f"pith {words} --json", line) for line in text.splitlines()]

    @staticmethod
    def _parse(command, text):
        try:
            return json.loads(text)
        except ValueError as error:
            raise Failure(f"{command}: {error}\n{text[:2000]}") from error

    def rows(self):
        """Of `pith status`: a dict of each service, by its name."""
        return {row["name"]: row for row in self.pith_json("status")}

    def row(self, service, *statuses):
        """Of `pith status NAME`: all about one service."""
        command = f"pith status {service} --json"
        seen, text = self.run(command)
        expect(seen in (statuses or (0, 3)), f"{command}: status {seen}", text)
        return self._parse(command, text)

    def events(self, service):
        """The last changes of its state that are kept, the oldest first."""
        return [row for row in self.pith_lines("events") if row["name"] == service]

    def state(self, service):
        return self.row(service)["state"]

    def wait_state(self, service, *states, timeout=15):
        """Waits for one of the states; a Failure if none comes."""
        end = time.monotonic() + timeout
        while True:
            row = self.row(service)
            if row["state"] in states:
                return row
            expect(time.monotonic() < end, f"{service} is {row['state']}, not {states}, "
                   f"after {timeout} s", self.run(f"pith why {service}")[1])
            time.sleep(0.1)

    def exits(self, service):
        """The exits that `pith why` knows of, the last one first."""
        return self.pith_json(f"why {service}")["exits"]

    def anonymous_kb(self, pid=1):
        return int(re.search(r"^Anonymous:\s+(\d+)", self.read(f"/proc/{pid}/smaps_rollup"),
                             re.M)[1])

    def control_socket(self):
        """The path of PID 1's socket, as the kernel knows it."""
        rows = [line.split() for line in self.read("/proc/net/unix").splitlines()[1:]]
        paths = {row[7] for row in rows if len(row) > 7 and row[4] == "0005"}
        expect(len(paths) == 1, f"sockets of SOCK_SEQPACKET with a path: {paths}")
        return paths.pop()

    def peer(self, words, timeout=None):
        """{first word: rest} of what the peer of PID 1 prints."""
        text = self.output("/services/probe/peer " + words, timeout)
        return dict(line.partition(" ")[::2] for line in text.splitlines())

    # Questions to the probe

    def ask(self, service, request, timeout=None):
        """Asks a service's probe from the board, over its address.  One that
        is just starting is given time to listen, once for each time it is
        found wanting."""
        end = time.monotonic() + (1 if service in self._silent else 10)
        while True:
            answer = self._ask_now(service, request, timeout)
            if NO_LISTENER not in answer.status:
                self._silent.discard(service)
                return answer
            if time.monotonic() > end:
                self._silent.add(service)
                return answer
            time.sleep(0.1)

    def _ask_now(self, service, request, timeout):
        if self.option(service, "NET") == "none":
            ask = f"nsenter -t {self.pid(service)} -n nc -w 10 127.0.0.1 {PROBE_PORT}"
        else:
            ask = f"nc -w 10 {self.address(service)} {PROBE_PORT}"
        _, text = self.run(f"echo {shlex.quote(request)} | {ask}", timeout)
        return Answer(service, request, text)

    def address(self, service):
        """Its address: the table's, or as the console told it."""
        given = self.option(service, "ADDRESS")
        if given:
            return given
        line = self.started_line(service)
        return re.search(r"(\d+\.\d+\.\d+\.\d+)", line.text)[1]

    # The console

    def started_line(self, service, mark=0, timeout=15):
        return self.line(service, r"^started, pid \d+", mark, timeout)

    def line(self, service, pattern, mark=0, timeout=10):
        """Waits for a line of a service after mark; a Failure when none comes."""
        self._check_alive()
        found = self.console.wait_line(service, pattern, timeout, mark)
        if not found:
            own = [str(line) for line in self.console.since(mark) if line.name == service]
            raise Failure("\n".join([f"no line '{service}: {pattern}' in {timeout} s; its lines:",
                                     *own[-8:]]))
        return found

    def kill_and_wait(self, service, timeout=15):
        """kill -9, and the lines of its end and of its next start."""
        mark = self.console.mark()
        self.output(f"kill -9 {self.pid(service)}")
        end = self.line(service, "^killed by SIGKILL", mark, timeout)
        return end, self.started_line(service, mark, timeout)

    # The end

    def recorded(self, key, do):
        """What do() returned the first time: for claims about one event."""
        if key not in self._recorded:
            self._recorded[key] = do()
        return self._recorded[key]

    def shut_down(self, command, timeout=45):
        """Types the command and lets the machine end: (QEMU's status, lines since,
        seconds)."""
        def do():
            mark = self.console.mark()
            start = time.monotonic()
            self.shell.send(command)
            status = self.machine.wait_exit(timeout)
            self._gone = "it was shut down"
            return status, self.console.since(mark), time.monotonic() - start
        return self.recorded("end", do)

    def close(self):
        self.machine.kill()
