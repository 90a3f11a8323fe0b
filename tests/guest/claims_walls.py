"""Walls behind walls: what the board's own root finds where a service lives, and what is
left of a run when it is over.
"""
from board import CGROUP
from claims import claim, expect, expect_equal
from services import O_RDONLY, O_WRONLY
from shapes import SHAPES, Shapes

def in_cgroup(board, shape, lines):
    """What the board's own root prints that does them in the service's cgroup."""
    return board.output(f"sh -c 'echo 0 >/sys/fs/cgroup/svc/{shape.name}/cgroup.procs; {lines}' 2>&1")


# The board has more of them than these; each is another row, or none, of the program.
BOARD_NODES = ("null", "zero", "full", "random", "urandom", "ptmx", "vda", "ttyS0", "ttyS1", "console",
               "kmsg", "mem", "tty1", "loop-control", "rtc0", "hwrng", "cpu_dma_latency")
HARMLESS = ("null", "zero", "full", "random", "urandom", "ptmx")


@claim("shapes", "in every shape: even the board's root can open in its cgroup only the six, terminals "
       "and DEVICES")
def device_program(board):
    wrong = []
    tries = "; ".join(f"(: <{{}}/{name}) 2>&1 | grep -q Operation && echo {name} r; "
                      f"(: >>{{}}/{name}) 2>&1 | grep -q Operation && echo {name} w"
                      for name in BOARD_NODES).replace("{}", "/dev")
    there = set(board.output("ls /dev").split())
    expect({"vda", "ttyS1", "mem", "kmsg", "console"} <= there, sorted(there))
    for shape in Shapes.ALL:
        seen = {tuple(line.split()) for line in in_cgroup(board, shape, tries).splitlines()}
        allowed = {name: "rw" for name in HARMLESS}
        allowed.update({path[len("/dev/"):]: rights for path, rights in shape.devices.items()})
        right = {(name, letter) for name in BOARD_NODES if name in there
                 for letter in "rw" if letter not in allowed.get(name, "")}
        if seen != right:
            wrong.append(f"{shape.name}: refused though allowed: {sorted(seen - right)}; allowed though "
                         f"not listed: {sorted(right - seen)}")
    expect(not wrong, *wrong)


@claim("shapes", "in every shape: even the board's root can make in its cgroup only nodes that it may open")
def device_program_mknod(board):
    for shape in Shapes.ALL:
        text = in_cgroup(board, shape, "cd /run; mknod bad c 1 1 && echo made mem; "
                         "mknod bad c 5 1 && echo made console; mknod bad b 7 0 && echo made loop0; "
                         "mknod bad b 1 3 && echo made ram3; "
                         "mknod good c 1 3 && echo good; rm -f bad good")
        expect("made" not in text and "good" in text.split(), f"{shape.name}: {text}")


@claim("shapes", "in every shape: its program is in its cgroup, where its limits are")
def in_its_cgroup(board):
    for shape in Shapes.ALL:
        pids = board.control(shape.name, "cgroup.procs").split()
        expect(str(board.row(shape.name)["pid"]) in pids, f"{shape.name}: {pids}")


# Second walls

WALLED = ("probe", "user", "net-admin", "bare", "layered", "stored", "mighty-reaper")


@claim("shapes", "behind the mounts of {}, Landlock lets nothing be made or run where its row says nothing "
       "of it", each=[
           (name,) for name in WALLED if not {"WRITABLE", "CAPS"} & set(SHAPES[name]) or name == "net-admin"])
def second_wall(board, service):
    pid = board.pid(service)
    board.ask(service, "create /new").refused("EROFS")
    board.output(f"/services/probe/peer unlock {pid} / /dev /sys /sys/fs/cgroup")
    for request in ("create /new", "create /dev/new", "write /sys/fs/cgroup/memory.max max",
                    f"open /probe {O_WRONLY}"):
        board.ask(service, request).refused("EACCES", *(["errno 26"] if request.startswith("open") else ()))
    board.ask(service, "create /tmp/new").ok()
    board.pith(f"restart {service}")
    board.wait_state(service, "up")
    board.ask(service, "create /new").refused("EROFS")


@claim("shapes", "behind the mounts of {}, the device program lets no node be opened but those of its row",
       each=[(name,) for name in WALLED])
def node_at_hand(board, service):
    pid = board.pid(service)
    board.output(f"/services/probe/peer unlock {pid} /tmp")
    for name, numbers, errors in (("mem", "1 1", ["EPERM"]), ("kmsg", "1 11", ["EPERM"]),
                                  ("console", "5 1", ["EPERM"]), ("null", "1 3", ["ok"])):
        board.output(f"/services/probe/peer plant {pid} /tmp/{name} {numbers}")
        board.ask(service, f"open /tmp/{name} {O_RDONLY}").refused(*errors)
    board.pith(f"restart {service}")
    board.wait_state(service, "up")


def ask_again(board, shape, before, after):
    """The answers to two lists of questions, the second in the service's next run."""
    def ask_all(requests):
        return {request: board.ask(shape.name, request) for request in requests}
    ask_all(before)
    board.pith(f"restart {shape.name}")
    board.wait_state(shape.name, "up")
    return ask_all(after)


def reachable(*without):
    """Shapes that the board asks at their address."""
    return [shape for shape in Shapes.ALL if shape.net != "host" and not shape.strict and
            shape.name not in without]


@claim("shapes", "in every shape: SysV memory and message queues are gone with the run that made them")
def ipc_is_fresh(board):
    wrong = []
    for shape in reachable():
        made = ["call mq_open =left 0102 0600 0", "call shmget 0x1234 4096 01600"]
        seen = ask_again(board, shape, made, ["call mq_open =left 0 0 0", "call shmget 0x1234 0 0",
                                              "list /dev/mqueue"])
        states = [answer.status for answer in seen.values()]
        if states != ["ENOENT", "ENOENT", "ok"] or seen["list /dev/mqueue"].text:
            wrong.append(f"{shape.name}: {states} {seen['list /dev/mqueue'].text}")
    expect(not wrong, *wrong)


@claim("shapes", "in every shape: what was written is gone with the run that wrote it")
def files_are_fresh(board):
    for shape in reachable():
        folders = ["/tmp", "/dev/shm"] + ["/"] * (shape.writable and shape.uid == 0)
        made = [f"keep {folder}/left text" for folder in folders]
        for folder, answer in zip(folders, [board.ask(shape.name, request) for request in made]):
            expect(answer.status == "ok", f"{shape.name}: {folder}: {answer.status}")
        seen = ask_again(board, shape, [], [f"stat {folder}/left" for folder in folders])
        expect({answer.status for answer in seen.values()} == {"ENOENT"},
               f"{shape.name}: {[answer.status for answer in seen.values()]}")


def keeps_view(shape):
    """init/view.h"""
    return (not shape.writable and not shape.net.startswith("share") and
            (shape.userns or not shape.caps))


def dev_made(board, shapes):
    """The second in which the /dev of each was."""
    ask = "; ".join(f"stat -c %Z /proc/$(head -n1 {CGROUP}/svc/{shape.name}/cgroup.procs)/root/dev/fd"
                    for shape in shapes)
    return dict(zip((shape.name for shape in shapes), board.output(ask).split()))


@claim("shapes", "a restart finds the /dev that the first start made, but with WRITABLE, with capabilities "
       "that count outside, and in another's network")
def kept_view(board):
    kept = [shape for shape in reachable() if keeps_view(shape)]
    fresh = [shape for shape in reachable() if not keeps_view(shape)]
    chosen = kept[:3] + [shape for shape in kept if shape.devices][:2] + fresh[:4]
    expect(any(shape.devices for shape in chosen) and fresh, "the shapes have changed")
    before = dev_made(board, chosen)
    board.run("sleep 1.1")
    for number, shape in enumerate(chosen):
        board.output(f"pith {'restart' if number % 2 else 'kill -s KILL'} {shape.name}")
    for shape in chosen:
        board.wait_state(shape.name, "up")
    after = dev_made(board, chosen)
    wrong = [name for name in before
             if (before[name] == after[name]) != keeps_view(next(s for s in chosen if s.name == name))]
    expect(not wrong, f"{wrong}: {before} {after}")


@claim("shapes", "after an end for good, or a stop out of its back-off, nobody holds a service's mounts")
def view_goes(board):
    shape = next(shape for shape in reachable() if keeps_view(shape))
    count = "ls -l /proc/1/fd | grep -c 'mnt:'"
    before = int(board.output(count))
    for waits in (False, True):
        if waits:
            # Each pause is twice as long as the one before: the last one is 2.56 s.
            for _ in range(9):
                board.wait_state(shape.name, "up")
                board.output(f"pith kill -s KILL {shape.name}")
            board.wait_state(shape.name, "backoff")
            expect(int(board.output(count)) == before, before)
        board.pith(f"stop {shape.name}")
        board.wait_state(shape.name, "off")
        expect(int(board.output(count)) == before - 1, before)
        board.pith(f"start {shape.name}")
        board.wait_state(shape.name, "up")
        expect(int(board.output(count)) == before, before)


@claim("shapes", "a layer of WRITABLE takes no more than its size, and what it hides is there again in "
       "the next run")
def layer(board):
    for shape in [shape for shape in reachable() if shape.writable and shape.uid == 0]:
        full = board.ask(shape.name, "fill /full")
        full.refused("ENOSPC")
        expect(full.number("wrote") <= 1 << 20, full.text)
        board.ask(shape.name, "remove /probe").ok()
        board.ask(shape.name, "stat /probe").refused("ENOENT")
        seen = ask_again(board, shape, [], ["stat /probe"])
        seen["stat /probe"].ok()
    board.output("ls /services/layered/probe /services/mighty/probe")


def restart(board, *shapes):
    for shape in shapes:
        board.pith(f"restart {shape.name}")
    for shape in shapes:
        board.wait_state(shape.name, "up")


def inside(board, shape, path):
    """A path of it, for the board."""
    return f"/proc/{board.pid(shape.name)}/root{path}"


@claim("shapes", "a terminal whose master is held outside is not there in the next run")
def terminals_are_fresh(board):
    kept = [shape for shape in reachable() if keeps_view(shape)]
    fresh = [shape for shape in reachable() if not keeps_view(shape)]
    for shape in kept[:2] + fresh[:1]:
        pts = inside(board, shape, "/dev/pts")
        holder = board.output(f"sleep 600 <>{pts}/ptmx >/dev/null 2>&1 & echo $!").strip()
        board.run("sleep 0.3")
        before = board.output(f"ls {pts}").split()
        restart(board, shape)
        after = board.output(f"ls {inside(board, shape, '/dev/pts')}").split()
        board.run(f"kill {holder}")
        expect_equal((before, after), (["0", "ptmx"], ["ptmx"]), shape.name)


@claim("shapes", "in every shape: where the board's mounts are shared, none of a service's takes part")
def mounts_are_private(board):
    chosen = [shape for shape in Shapes.ALL if shape.volumes] + reachable()[:2]
    board.output("mount --make-rshared /")
    shared = board.output("grep -c shared: /proc/self/mountinfo").strip()
    restart(board, *chosen)
    seen = {shape.name: board.run(f"grep -E ' (shared|master|propagate_from):' "
                                  f"/proc/{board.pid(shape.name)}/mountinfo")[1] for shape in chosen}
    board.output("mount --make-rprivate /")
    expect(int(shared) > 3, f"{shared} mounts of the board are shared")
    expect(not any(seen.values()), *(f"{name}: {text}" for name, text in seen.items() if text))


@claim("shapes", "a device of DEVICES that comes back with another number is the one that a restart finds")
def other_device(board):
    shape = next(shape for shape in Shapes.ALL if "/dev/ttyS1" in shape.devices and keeps_view(shape))

    def number():
        restart(board, shape)
        return board.output(f"stat -c %t:%T {inside(board, shape, '/dev/ttyS1')}").strip()
    before = number()
    board.output("mv /dev/ttyS1 /dev/away && mknod /dev/ttyS1 c 4 66")
    other = number()
    board.output("mv -f /dev/away /dev/ttyS1")
    expect_equal((before, other, number()), ("4:41", "4:42", "4:41"), "numbers")


@claim("shapes", "a service whose cgroup had to be made anew sees the new one")
def cgroup_is_seen(board):
    shape = next(shape for shape in reachable() if keeps_view(shape))
    # Of another PID namespace, so that the end of the run does not end it.
    board.output(f"sh -c 'echo 0 >{CGROUP}/svc/{shape.name}/cgroup.procs; exec sleep 600' >/dev/null 2>&1 & "
                 "sleep 0.3")
    old = board.output(f"stat -c %i {CGROUP}/svc/{shape.name}")
    restart(board, shape)
    expect(board.output(f"stat -c %i {CGROUP}/svc/{shape.name}") != old, "it is the old cgroup")
    expect_equal(board.output(f"stat -c %i {inside(board, shape, '/sys/fs/cgroup')}"),
                 board.output(f"stat -c %i {CGROUP}/svc/{shape.name}"), "inode of its cgroup")


CORE = 4    # sys/resource.h


@claim("shapes", "a PID 1 that takes over with other limits gives services those of every service, even "
       "where it gets no more files")
def limits_of_another(board):
    def limits():
        restart(board, Shapes.ALL[0])
        return board.ask(Shapes.ALL[0].name, "birth").ok().values("limit")
    before = limits()
    files = board.read("/proc/sys/fs/nr_open").strip()
    mark = board.console.mark()
    board.output(f"/services/probe/peer limit 1 {CORE} 4096; echo 65536 >/proc/sys/fs/nr_open")
    board.pith("reexec")
    after = limits()
    board.output(f"echo {files} >/proc/sys/fs/nr_open")
    board.pith("reexec")
    expect_equal(after, before, "limits")
    board.line("pith", "^raising its resource limits: ", mark)
