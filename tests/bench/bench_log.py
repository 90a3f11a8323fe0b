"""What it costs that a service prints."""
import watched

NAME = "log"
TITLE = "Log: CPU time for each MB that a service prints, ms"
HOW = """\
One service prints lines of 64 bytes, each by a write of its own, as fast as its pipe takes them; CPU times are the scheduler's, and
what each took for a service that prints nothing is taken off. pith cuts what it reads into lines with the time, in a
ring in memory. The others do nothing with it: one reads as soon as there is something, and is woken for every line; one lets
it gather for 10 ms. The service's own time is that of its writes, and of waking who reads."""
COLUMNS = ("what", "PID 1", "the service")
READERS = {"pith": "pith", "floor": "read as it comes, and thrown away", "lazy floor": "read when it is much, and thrown away"}
KILOBYTES = 4096
OPTIONS = {"CPU_MAX": "", "LOG_CONSOLE": False, "LOG_KB": 64}


def taken(ctx, who, kilobytes):
    product = ctx.product(f"log-{kilobytes}", {"s00": {**OPTIONS, "ARGV": f"/payload print {kilobytes}"}})
    return watched.one(watched.watch(ctx, product, who, f"log-{kilobytes}-{who.replace(' ', '-')}", "log"), "init_ns")


def measure(ctx):
    rows = []
    for who, what in READERS.items():
        much, nothing = taken(ctx, who, KILOBYTES), taken(ctx, who, 0)
        init, service = ((much[key] - nothing[key]) / 1e6 / (KILOBYTES / 1024) for key in ("init_ns", "service_ns"))
        rows.append({"what": what, "PID 1": round(init, 2), "the service": round(service, 2)})
    return rows
