"""What an init system does when there is nothing to do."""
import init_guests

NAME = "idle"
TITLE = "Idle: wake-ups and CPU time in 60 seconds"
HOW = """\
Eight services run and none of them does anything. PID 1's context switches and CPU time, and those of all its helpers (runsv,
s6-supervise, crun …) together."""
COLUMNS = ("what", "wake-ups", "CPU µs", "helpers' wake-ups", "helpers' CPU µs")


def measure(ctx):
    return [{"what": init.name, "wake-ups": seen["idle"]["pid1_wakeups"],
             "CPU µs": round(seen["idle"]["pid1_ns"] / 1000),
             "helpers' wake-ups": seen["idle"]["others_wakeups"],
             "helpers' CPU µs": round(seen["idle"]["others_ns"] / 1000)}
            for init, seen in init_guests.measured(ctx) if not init.own_modules]
