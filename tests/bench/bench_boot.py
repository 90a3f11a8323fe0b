"""Boots of eight services: pith's isolated and networked ones, and the plain ones of others."""
import init_guests
from inits import INITS

NAME = "boot"
TITLE = "Boot: from the first instruction of the init system to the main() of the eighth service"
HOW = """\
A guest is booted until it is about to execute the init system and frozen there; each boot is a copy of it, which goes on at
another phase of the timers and with other random addresses. The clock starts when a small program that was PID 1 before executes the init system; it has
loaded the kernel's modules by then, and for all but pith it has mounted /dev, /proc, /sys, /run and the control groups.
The plain services are one static program each; "run is a script" puts a shell script before it, which is what the manuals of
runit and s6 show. The floor is what one service with everything on costs by bare system calls, eight times. Until its first services are on their way pith
has the kernel hurry (rcu_expedited), which the floor has not."""
COLUMNS = ("what", "services", "n", "median µs", "min", "max", "first main() µs", "× floor", "÷ pith")
CLOCKS = ("counted", "host")


def row(ctx, init):
    boots = init.boots(ctx, ctx.runs)
    first = sorted(min(boot) for boot in boots)[len(boots) // 2]
    return {**init_guests.microseconds({"what": init.name, "services": init.services}, [max(boot) for boot in boots]),
            "first main() µs": round(first / 1000) if ctx.clock == "counted" else None}


def floor_row(ctx):
    times = [us * 1000 * init_guests.SERVICES for us in init_guests.floor(ctx, "full")]
    return init_guests.microseconds({"what": "floor, eight times", "services": "isolated, networked"}, times)


def measure(ctx):
    return init_guests.add_ratios(ctx, [floor_row(ctx), *(row(ctx, init) for init in INITS)])
