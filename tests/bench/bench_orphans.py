"""What it costs PID 1 to reap what nobody else does."""
import init_guests

NAME = "orphans"
TITLE = "Orphans: PID 1's CPU time for reaping 1,000 of them"
HOW = """\
CPU time of PID 1 by the kernel's scheduler (schedstat), in guests with the eight services of the boot: of 1,000 processes that
were left to it and end at the same time, and of 1,000 that end one by one, 5 ms and more after one another. Each
of those wakes PID 1, but for pith's: it hears of such ends together, at most 20 ms late."""
COLUMNS = ("what", "at once µs", "one by one µs", "µs for one of them, at once")


def measure(ctx):
    return [{"what": init.name, "at once µs": round(seen["orphans"]["at_once_ns"] / 1000),
             "one by one µs": round(seen["orphans"]["one_by_one_ns"] / 1000),
             "µs for one of them, at once": round(seen["orphans"]["at_once_ns"] / 1000 / seen["orphans"]["count"], 1)}
            for init, seen in init_guests.measured(ctx) if not init.own_modules]
