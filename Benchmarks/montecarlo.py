"""Monte Carlo: steps a second beside numba and numpy, and the whole task of thirty symbols.

usage: montecarlo.py   measures this chapter alone and puts it into RESULTS.md, in the place of the old one
"""

import math
import sys
import time

import numba
import numpy as np

from service import HERE, bench, say

BEGIN, END = "<!-- monte carlo -->", "<!-- end of monte carlo -->"
PATHS, STEPS = 16_384, 60
DEVIATION = 0.8 * math.sqrt(10 / 31_536_000)
UPPER, LOWER = math.log(1.006), math.log(0.995)


@numba.njit(fastmath=True)
def gaussian(paths, steps, s, out):
    for path in range(paths):
        x = 0.0
        for _ in range(steps):
            x += -0.5 * s * s + s * np.random.standard_normal()
        out[path] = x


@numba.njit(fastmath=True)
def student(paths, steps, s, out):
    scale = s * math.sqrt(4 / 6)
    for path in range(paths):
        x = 0.0
        for _ in range(steps):
            x += -0.5 * s * s + scale * np.random.standard_t(6.0)
        out[path] = x


@numba.njit(fastmath=True)
def barriers(paths, steps, s, upper, lower, out):
    """The same with a bridge for two barriers, one side."""
    for path in range(paths):
        x = 0.0
        result = 0.0
        for step in range(steps):
            y = x - 0.5 * s * s + s * np.random.standard_normal()
            reach = -0.5 * s * s * math.log(1.0 - np.random.random())
            if (upper - x) * (upper - y) < reach:
                result = upper
                break
            if (x - lower) * (y - lower) < reach:
                result = lower
                break
            x = y
            result = y
        out[path] = result


def numpy_gaussian(out):
    generator = np.random.Generator(np.random.SFC64(1))
    draws = generator.standard_normal((STEPS, PATHS), dtype=np.float32)
    draws *= np.float32(DEVIATION)
    draws -= np.float32(0.5 * DEVIATION ** 2)
    out[:] = draws.sum(axis=0)


def numpy_student(out):
    generator = np.random.Generator(np.random.SFC64(1))
    draws = generator.standard_t(6.0, (STEPS, PATHS)) * (DEVIATION * math.sqrt(4 / 6))
    out[:] = draws.sum(axis=0)


def speed(work):
    """Millions of steps a second, the best of five after one to warm up."""
    work()
    times = []
    for _ in range(5):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return PATHS * STEPS / min(times) / 1e6


def paths():
    ours = bench("montecarlo")
    say("numba and numpy")
    out = np.zeros(PATHS)
    theirs = {
        "numba_gaussian": speed(lambda: gaussian(PATHS, STEPS, DEVIATION, out)),
        "numba_barriers": speed(lambda: barriers(PATHS, STEPS, DEVIATION, UPPER, LOWER, out)),
        "numba_student": speed(lambda: student(PATHS, STEPS, DEVIATION, out)),
        "numpy_gaussian": speed(lambda: numpy_gaussian(out)),
        "numpy_student": speed(lambda: numpy_student(out)),
    }
    return {"ours": ours, "theirs": theirs}


def path_chapter(figures, verdict):
    ours, theirs = figures["ours"], figures["theirs"]
    rows = (
        ("normal steps", "gaussian", "numba_gaussian", "numpy_gaussian"),
        ("normal steps, four barriers with bridges", "gaussian_barriers", "numba_barriers", None),
        ("the same, barriers five deviations away", "gaussian_near_barriers", None, None),
        ("Student steps, 6 degrees", "student", "numba_student", "numpy_student"),
        ("Student steps, four barriers with bridges", "student_barriers", None, None),
        ("the same, barriers five deviations away", "student_near_barriers", None, None),
    )
    lines = [
        BEGIN, "", "## Monte Carlo", "",
        f"Millions of steps a second on one core, {PATHS:,} paths of {STEPS} steps; ours write the",
        "results of a long and of a short position at ten horizons, the others the last price.", "",
        "| what | athanor | numba | numpy |", "|---|---|---|---|",
    ]
    for what, name, numba_name, numpy_name in rows:
        others = [f"{theirs[n]:.0f}" if n else "" for n in (numba_name, numpy_name)]
        lines.append(f"| {what} | {ours[name + '_msteps']:.0f} | {others[0]} | {others[1]} |")
    lines += [
        f"| one path after the other in Swift, normal and Student |"
        f" {ours['gaussian_plain_msteps']:.0f} and {ours['student_plain_msteps']:.0f} | | |",
        "", "| what | measured |", "|---|---|",
        f"| closed forms of both sides at ten horizons | {ours['closed_form_us']:.0f} µs |",
        f"| 30 symbols, both sides, 10 horizons, judged, one thread |"
        f" {ours['task_one_thread_ms']:.1f} ms |",
        f"| the same, stopped as soon as each decision is stable |"
        f" {ours['stopped_early_ms']:.1f} ms |",
        f"| ten positions, three days of quarter hours, 3,072 joint paths, one thread |"
        f" {ours['portfolio_ms']:.1f} ms |",
        "", "| promise | measured | kept |", "|---|---|---|",
        f"| 500 million GBM steps a second and core | {ours['gaussian_msteps']:.0f} million |"
        f" {verdict(ours['gaussian_msteps'] >= 500)} |",
        f"| 30 symbols, both sides, 10 horizons, 16,384 paths of 60 Student steps in at most 60 ms"
        f" on two cores | {ours['task_two_threads_ms']:.1f} ms |"
        f" {verdict(ours['task_two_threads_ms'] <= 60)} |",
        "| the same bytes on one thread and on two |"
        f" {'yes' if ours['same_bytes'] else 'no'} | {verdict(ours['same_bytes'])} |",
        "", END, "",
    ]
    return lines


def main():
    from compare import processor, verdict
    results = HERE / "RESULTS.md"
    lines = path_chapter(paths(), verdict)
    assert processor() in results.read_text(), "the other chapters are of another machine"
    old = results.read_text()
    if BEGIN in old:
        before, rest = old.split(BEGIN)
        text = before + "\n".join(lines) + rest.split(END)[1].lstrip("\n")
    else:
        text = old.rstrip("\n") + "\n\n" + "\n".join(lines)
    results.write_text(text)
    print("\n".join(lines))


if __name__ == "__main__":
    sys.exit(main())
