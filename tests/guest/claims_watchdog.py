"""The hardware watchdog, and shutdowns that cannot be as they should: on a board whose
watchdog is a timer of the kernel's."""
import re
import time

from claims import claim, expect, expect_equal
from claims_shutdown import expect_last_words

# Of the kernel, when the board was not fed.
RESET = "softdog: Initiating system reboot"


def expect_reset(board, seen):
    status, lines, _ = seen
    expect_equal(status, 0, "QEMU's status")
    expect(any(RESET in line.raw for line in lines), "no reset by the watchdog:", *lines[-8:])
    told = [line for line in lines if line.name == "pith" and
            re.search("^(rebooting|powering off)", line.text)]
    expect(not told, "pith said that it ended:", *told)


@claim("dog-frozen", "/dev/watchdog is armed with the table's time-out, which is said")
def armed(board):
    line = board.console.wait_line("pith", "^watchdog: ", 10)
    limit = board.config["WATCHDOG_TIMEOUT_S"]
    expect(line and f" {limit} s" in line.text, line)
    expect("watchdog" in board.output("ls -l /proc/1/fd"), "PID 1 has not opened it")


@claim("dog-frozen", "while all is well the board is not reset")
def fed(board):
    time.sleep(3 * board.config["WATCHDOG_TIMEOUT_S"] + 1)
    board.ask("vital", "hostname").ok()


@claim("dog-frozen", "a PID 1 that is executed anew goes on feeding the watchdog")
def fed_anew(board):
    mark = board.console.mark()
    board.output("kill -SEGV 1")
    board.line("pith", "was hit by SIGSEGV", mark)
    time.sleep(2 * board.config["WATCHDOG_TIMEOUT_S"])
    board.ask("vital", "hostname").ok()


@claim("dog-frozen", "a VITAL service that is restarted in time does not reset the board")
def vital_restarts(board):
    board.wait_state("vital", "up")
    board.kill_and_wait("vital")
    time.sleep(board.config["WATCHDOG_TIMEOUT_S"] + 1)
    board.ask("vital", "hostname").ok()


@claim("dog-frozen", "a PID 1 that is frozen lets the watchdog reset the board", last=True)
def frozen(board):
    expect_reset(board, board.shut_down("echo 1 >/sys/fs/cgroup/init/cgroup.freeze"))


@claim("dog-vital", "a VITAL service beyond its START_LIMIT lets the watchdog reset the board",
       last=True)
def vital_lost(board):
    board.wait_state("vital", "up")
    seen = board.shut_down("for i in 1 2 3 4 5 6; do "
                           "kill -9 $(head -n1 /sys/fs/cgroup/svc/vital/cgroup.procs); sleep 0.4; "
                           "done 2>/dev/null")
    expect_reset(board, seen)
    lines = seen[1]
    told = [line for line in lines if line.name == "vital" and "START_LIMIT" in line.text]
    expect(len(told) == 1, *[line for line in lines if line.name][-10:])


@claim("dog-limit", "ON_LIMIT=reboot: a service beyond its START_LIMIT reboots the board in order",
       last=True)
def limit_reboots(board):
    board.wait_state("fateful", "up")
    status, lines, _ = board.shut_down(
        "for i in 1 2 3 4 5 6; do "
        "kill -9 $(head -n1 /sys/fs/cgroup/svc/fateful/cgroup.procs); sleep 0.4; done 2>/dev/null")
    expect_equal(status, 0, "QEMU's status")
    told = [line for line in lines if line.name == "fateful" and "START_LIMIT" in line.text]
    expect(len(told) == 1, *[line for line in lines if line.name][-10:])
    expect_last_words(lines, "rebooting", "Restarting system")


@claim("dog-hung", "a shutdown that hangs lets the watchdog reset the board", last=True)
def hung(board):
    board.ask("slow", "stay").ok()
    seen = board.shut_down("pith reboot; sleep 1; echo 1 >/sys/fs/cgroup/init/cgroup.freeze")
    lines = seen[1]
    expect([line for line in lines if line.name == "pith" and "stopping" in line.text],
           "it did not begin", *lines[-5:])
    expect_reset(board, seen)


# A process that nothing can end, and a mount that cannot be undone

STUCK = ("dd if=/dev/zero of=/run/disk bs=1M count=4 2>/dev/null && mke2fs -F /run/disk >/dev/null && "
         "mkdir -p /run/stuck && mount -t ext4 -o loop /run/disk /run/stuck && "
         "fsfreeze --freeze /run/stuck")


@claim("dog-stuck", "a shutdown with a process in uninterruptible sleep and a stuck mount ends in time",
       last=True)
def stuck(board):
    board.wait_state("slow", "up")
    board.output(STUCK)
    board.output("sh -c 'echo $$ >/sys/fs/cgroup/svc/slow/cgroup.procs; echo x >/run/stuck/file' "
                 ">/dev/null 2>&1 & sleep 0.5")
    states = board.output("for p in $(cat /sys/fs/cgroup/svc/slow/cgroup.procs); do "
                          "grep ^State /proc/$p/status; done")
    expect("D (disk sleep)" in states, states)
    status, lines, took = board.shut_down("pith poweroff", timeout=60)
    expect_equal(status, 0, "QEMU's status")
    expect_last_words(lines, "powering off", "Power down")
    limit = board.config["SHUTDOWN_TIMEOUT_S"]
    # The whole deadline: it was waited for, and then was not.
    expect(limit - 1 <= took, f"{took:.1f} s; SHUTDOWN_TIMEOUT_S is {limit}")
    expect(not [line for line in lines if RESET in line.raw], "the watchdog reset it")
    expect([line for line in lines if "did not stop in time" in line.raw], *lines[-10:])
