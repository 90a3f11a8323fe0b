"""What it costs that a service prints."""
import watched

NAME = "log"
TITLE = "Log: CPU time for each MB that a service prints, ms"
HOW = """\
One service prints lines of 64 bytes, each by a write of its own, as fast as its pipe takes them; CPU times are the scheduler's, and
what each took for a service that prints nothing is taken off. pith cuts what it reads into lines with the time, in a
ring in memory, of as many lines as come (LOG_RATE=0), or of 1,000 a second, which is what it keeps unless told otherwise: lines beyond
that are counted and dropped. The others do nothing with it: one reads as soon as there is something, and is woken for every line; one
lets it gather for 10 ms. The service's own time is that of its writes, and of waking who reads."""
COLUMNS = ("what", "PID 1", "the service")
KILOBYTES = 4096
OPTIONS = {"CPU_MAX": "", "LOG_CONSOLE": False, "LOG_KB": 64}
ALL, LIMITED = {"LOG_RATE": 0}, {}
READERS = (
    ("pith", "pith", ALL),
    ("pith, beyond its LOG_RATE: counted and dropped", "pith", LIMITED),
    ("read as it comes, and thrown away", "floor", ALL),
    ("read when it is much, and thrown away", "lazy floor", ALL))


def taken(ctx, who, options, kilobytes):
    name = f"log-{kilobytes}-{'all' if options is ALL else 'limited'}"
    product = ctx.product(name, {"s00": {**OPTIONS, **options, "ARGV": f"/payload print {kilobytes}"}})
    return watched.one(watched.watch(ctx, product, who, f"{name}-{who.replace(' ', '-')}", "log"), "init_ns")


def measure(ctx):
    rows = []
    for what, who, options in READERS:
        much, nothing = (taken(ctx, who, options, kilobytes) for kilobytes in (KILOBYTES, 0))
        init, service = ((much[key] - nothing[key]) / 1e6 / (KILOBYTES / 1024) for key in ("init_ns", "service_ns"))
        rows.append({"what": what, "PID 1": round(init, 2), "the service": round(service, 2)})
    return rows
