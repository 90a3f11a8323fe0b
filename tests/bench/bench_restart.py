"""Restarts of a service that was killed."""
import init_guests

NAME = "restart"
TITLE = "Restart: from kill -9 to the main() of the successor"
HOW = """\
The eight services of the boot are killed in turn; each has run for more than a second, after which runit, s6 and BusyBox
init ask for no pause on account of the service. BusyBox init and s6 wait for a second all the same. finit gives a service up
after its tenth restart, says its manual: of the 30 kills that are the default each service gets four at most."""
COLUMNS = ("what", "services", "n", "median µs", "min", "max", "not again in 10 s", "× floor", "÷ pith")
CLOCKS = ("counted", "host")


def row(init, values):
    there = [value for value in values if value]
    what = {"what": init.name, "services": init.services, "not again in 10 s": len(values) - len(there)}
    return init_guests.microseconds(what, there) if there else {**what, "n": 0, "median µs": None}


def floor_row(ctx):
    times = [us * 1000 for us in init_guests.floor(ctx, "restart")]
    return init_guests.microseconds({"what": "floor", "services": "isolated, networked"}, times)


def measure(ctx):
    rows = [row(init, seen["restart"]) for init, seen in init_guests.measured(ctx) if not init.own_modules]
    return init_guests.add_ratios(ctx, [floor_row(ctx), *rows])
