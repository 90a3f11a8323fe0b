"""pith exec: a program inside a service, confined as the service itself is."""
import re
import shlex
import time

from board import Answer
from claims import claim, expect, expect_equal, poll
from services import ROOT, USER, status_field

# Root and user inside, no network, a reaper as PID 1, one with little memory.
KINDS = (ROOT, USER, "no-net", "parent", "hog")

CANNOT_EXECUTE, NOT_FOUND, FAILED = 126, 127, 1

PROBE = "/probe run "


def inside(board, service, request, options=""):
    """The probe's answer, run by pith exec instead of asked over the network."""
    board.wait_state(service, "up")
    status, text = board.run(f"pith exec {options} {service} {PROBE}{request}")
    expect(status == 0, f"pith exec {service} {request}: status {status}", text)
    return Answer(service, f"exec {request}", text)


@claim("board", "pith exec {} runs in all of its namespaces", each=KINDS)
def namespaces(board, service):
    seen = dict(line.split() for line in inside(board, service, "namespaces").ok().lines)
    expect_equal(seen, board.namespaces(board.pid(service)), "namespaces")


@claim("board", "pith exec {} runs in its cgroup", each=KINDS)
def cgroup(board, service):
    # As the root of its own cgroup namespace: any other would read differently.
    expect_equal(inside(board, service, "read /proc/self/cgroup").ok().text.strip(), "0::/",
                 "its own cgroup, seen from its namespace")
    # busybox, which is no service's: counted on the board's side.
    board.output(f"pith exec {service} {PROBE}spin 1500 >/dev/null 2>&1 &")
    time.sleep(0.6)
    expect(len(board.control(service, "cgroup.procs").split()) > 1 + (service == "parent"),
           board.control(service, "cgroup.procs"))
    time.sleep(1.2)


@claim("board", "pith exec {} has its ids, its limits, no capability, and no way to more", each=KINDS)
def confined(board, service):
    birth = inside(board, service, "birth").ok()
    own = board.ask(service, "birth").ok()
    for field in ("Uid", "Gid", "Groups", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb",
                  "NoNewPrivs", "Seccomp", "SigBlk", "SigIgn", "Umask"):
        expect_equal(status_field(birth.text, field), status_field(own.text, field), field)
    expect_equal(status_field(birth.text, "CapBnd"), ["0" * 16], "CapBnd")
    expect_equal(status_field(birth.text, "NoNewPrivs"), ["1"], "NoNewPrivs")
    for key in ("oom_score_adj", "nice", "policy"):
        expect_equal(birth.values(key), own.values(key), key)
    rows = [[row for row in answer.values("limit") if row.startswith("Max open files")]
            for answer in (birth, own)]
    expect_equal(rows[0], rows[1], "limit of open files")
    maps = [inside(board, service, f"read /proc/self/{ids}_map").ok().text.split()
            for ids in ("uid", "gid")]
    base = str(board.product.uid_bases()[service])
    expect_equal(maps, [["0", base, "65536"]] * 2, "maps")


@claim("board", "pith exec hands on the service's environment and folder, and fds 0 to 2 alone")
def handed_on(board):
    birth = inside(board, ROOT, "birth").ok()
    own = board.ask(ROOT, "birth").ok()
    expect_equal(sorted(birth.values("env")), sorted(own.values("env")), "environment")
    expect_equal(birth.values("cwd"), own.values("cwd"), "working directory")
    fds = sorted(row.split()[0] for row in birth.values("fd"))
    expect_equal(fds, ["0", "1", "2"], "open at exec")


@claim("board", "pith exec -e adds a variable, -w changes the folder")
def options(board):
    birth = inside(board, ROOT, "birth", "-e NEW=one -e COLOUR=red -w /tmp").ok()
    env = birth.values("env")
    expect("NEW=one" in env and "COLOUR=red" in env and "COLOUR=blue" not in env, env)
    expect_equal(birth.values("cwd"), ["/tmp"], "working directory")


@claim("board", "pith exec cannot {}", each=[
    ("see the board's processes", USER, "read /proc/2/comm", "ENOENT"),
    ("become root inside", USER, "setuid 0", "EPERM"),
    ("mount", ROOT, "mount tmpfs /tmp", "EPERM"),
    ("make a user namespace", ROOT, "unshare 0x10000000", "EPERM ENOSPC"),
    ("raise its limit of open files", ROOT, "nofile 4096", "EPERM"),
    ("write to its root", ROOT, "create /new", "EROFS"),
    ("write to PID 1's oom_score_adj", ROOT, "write /proc/1/oom_score_adj -1000", "EACCES"),
])
def cannot(board, _, service, request, errors):
    answer = inside(board, service, request)
    if request == "read /proc/2/comm" and answer.status == "ok":
        expect("kthreadd" not in answer.text, answer.text)      # it is its own
        return
    answer.refused(*errors.split())


@claim("board", "pith exec passes the exit status on: {}", each=[
    ("0", "exit 0", 0), ("7", "exit 7", 7), ("255", "exit 255", 255),
    ("128 and the signal", "crash", 139)])
def exit_status(board, _, request, status):
    board.wait_state("victim", "up")
    seen, text = board.run(f"pith exec victim {PROBE}{request}")
    expect_equal(seen, status, f"status; it said: {text!r}")


@claim("board", "pith exec exits with 127 for a program that is not there, with 126 for one that is "
                "none")
def no_program(board):
    for command, status in (("/nowhere", NOT_FOUND), ("nowhere", NOT_FOUND),
                            ("/proc", CANNOT_EXECUTE), ("/proc/version", CANNOT_EXECUTE)):
        expect(board.pith(f"exec victim {command}", status).startswith("pith: exec"), command)


@claim("board", "pith exec into a service that does not run is refused, and says in what state it is")
def not_running(board):
    text = board.pith("exec setup /probe", FAILED)
    expect("setup" in text and "finished" in text, text)


@claim("board", "pith exec carries a megabyte of any bytes in and out as they are")
def megabyte(board):
    board.output("head -c 1048576 /dev/urandom >/run/megabyte")
    try:
        first = board.output("md5sum </run/megabyte")
        for service in ("victim", USER):
            board.wait_state(service, "up")
            text = board.output(f"pith exec {service} {PROBE}input </run/megabyte | md5sum",
                                timeout=40)
            expect_equal(text, first, f"md5sum through {service}")
    finally:
        board.run("rm /run/megabyte")


@claim("board", "pith exec keeps standard output and standard error apart")
def streams(board):
    board.output(f"pith exec {ROOT} {PROBE}say 2 to the error >/run/out 2>/run/err </dev/null")
    expect_equal(board.read("/run/out"), "ok\n", "standard output")
    expect_equal(board.read("/run/err"), "to the error\n", "standard error")


@claim("board", "what pith exec prints is not taken for the service's own output")
def not_logged(board):
    board.output(f"pith exec victim {PROBE}say 1 of another process")
    board.ask("victim", "say 1 of the service itself").ok()
    text = poll(lambda: board.pith("logs victim"),
                lambda text: "of the service itself" in text, 50)
    expect("of the service itself" in text, "its own line is not in the log")
    expect("of another process" not in text, "it is in the log")


@claim("board", "pith exec on a terminal gives the program one of its own, with its size, and a "
                "change of that")
def terminal(board):
    board.output("mkdir -p /dev/pts; mount | grep -q devpts || mount -t devpts devpts /dev/pts")
    for service in (ROOT, USER):
        text = board.output(f"/services/probe/peer pty 33 99 40 120 pith exec {service} "
                            f"{PROBE}terminal").replace("\r", "")
        answer = Answer(service, "exec terminal", text).ok()
        expect_equal(answer.values("size"), ["33 99", "40 120"], "sizes")
        expect_equal(answer.values("foreground"), ["1"], "in the foreground")
        expect(answer.values("name")[0].startswith("/dev/"), answer.values("name"))


@claim("board", "pith exec without a terminal gives none")
def no_terminal(board):
    board.output("mkdir -p /dev/pts; mount | grep -q devpts || mount -t devpts devpts /dev/pts")
    for options in ("", "-T"):
        around = "/services/probe/peer pty 33 99 33 99 " if options else ""
        status, text = board.run(f"{around}pith exec {options} {ROOT} {PROBE}terminal")
        expect(status == 0 and text.startswith("errno 25"), f"status {status}", text)


@claim("board", "pith exec --toolbox brings BusyBox into a root that has no shell, and no more")
def toolbox(board):
    board.wait_state("victim", "up")
    expect_equal(board.run("pith exec victim sh -c true")[0], NOT_FOUND, "status without it")
    script = "echo in $(hostname); cat /proc/self/uid_map; id -u; ls /; touch /new"
    status, text = board.run(f"pith exec --toolbox victim sh -c {shlex.quote(script)}")
    base = board.product.uid_bases()["victim"]
    expect("in victim\n" in text and re.search(rf"^ *0 +{base} +65536$", text, re.M), text)
    expect("probe" in text.split() and "services" not in text.split(), text)
    expect(status != 0 and "Read-only" in text, f"status {status}", text)
    mounts = board.ask("victim", "read /proc/self/mountinfo").ok().text
    expect("busybox" not in mounts, "the service sees it", mounts)
    status, text = board.run(f"pith exec --toolbox {USER} sh -c 'id -u; grep Cap /proc/self/status'")
    expect(status == 0 and text.startswith("1000\n") and text.count("0" * 16) == 5, status, text)


@claim("board", "nothing that pith exec started outlives the service's run")
def ends_with_it(board):
    board.wait_state("victim", "up")
    board.output(f"(pith exec victim {PROBE}spin 60000 >/run/out 2>&1; echo ended $? >>/run/out) "
                 ">/dev/null 2>&1 &")
    old = poll(lambda: set(board.control("victim", "cgroup.procs").split()),
               lambda old: len(old) > 1, 30)
    expect(len(old) > 1, old)
    board.kill_and_wait("victim")
    expect(not old & set(board.control("victim", "cgroup.procs").split()), old)
    text = poll(lambda: board.read("/run/out"), lambda text: "ended" in text, 30)
    expect("ended 137" in text, text)


@claim("board", "what pith exec runs counts against the service's limits, and meets them")
def limits(board):
    limit = board.option("bomb", "PIDS_MAX")
    board.wait_state("bomb", "up")
    answer = inside(board, "bomb", "forkbomb 300")
    answer.refused("EAGAIN")
    expect(0 < answer.number("forked") < limit, answer.text)
    time.sleep(0.5)
    board.ask("bomb", "hostname").ok()


@claim("board", "a client of pith exec that is killed takes its program along")
def client_killed(board):
    board.wait_state("victim", "up")
    before = board.control("victim", "pids.current")
    board.output(f"pith exec victim {PROBE}spin 60000 >/dev/null 2>&1 & echo $! >/run/client; "
                 "sleep 0.1")
    expect(pids_become(board, lambda now: now > int(before)), "the program does not run")
    board.output("kill -9 $(cat /run/client)")
    expect(pids_become(board, lambda now: now == int(before)), "it runs on")


def pids_become(board, wanted):
    return wanted(poll(lambda: int(board.control("victim", "pids.current")), wanted, 50))


@claim("dog-frozen", "pith exec into a service with a shell runs its shell")
def own_shell(board):
    board.pith("wait -t 30 notifier")
    text = board.output("pith exec notifier sh -c 'echo in $(cat /proc/sys/kernel/hostname)'")
    expect_equal(text, "in notifier\n")
