"""Monte Carlo: steps a second beside numba, JAX and numpy, and the whole task of thirty symbols.

usage: montecarlo.py   measures this chapter alone and puts it into RESULTS.md, in the place of the old one
"""

from chapters import peer, put, verdict
from service import bench

PATHS, STEPS = 16_384, 60


def montecarlo():
    first = bench("montecarlo")
    theirs = peer(".venv", "montecarlo_peers.py", PATHS, STEPS, core=1)
    again = bench("montecarlo")
    assert first["digest"] == again["digest"], "two runs of one seed differ"
    return {"ours": first, "again": again, "theirs": theirs}


def chapter(figures):
    ours, again, theirs = figures["ours"], figures["again"], figures["theirs"]
    rows = (
        ("normal steps, the price at the end", "gaussian", "gaussian"),
        ("Student steps, 6 degrees, the price at the end", "student", "student"),
        ("normal steps, four barriers looked at each step", "gaussian_steps", "gaussian_passage"),
        ("Student steps, four barriers looked at each step", "student_steps", "student_passage"),
        ("normal steps, four barriers with bridges", "gaussian_barriers", None),
        ("the same, barriers five deviations away", "gaussian_near_barriers", None),
        ("Student steps, four barriers with bridges", "student_barriers", None),
        ("the same, barriers five deviations away", "student_near_barriers", None),
    )
    programs = ("numba", "jax", "numpy")
    lines = [
        "## Monte Carlo", "",
        f"Millions of steps a second on one core, {PATHS:,} paths of {STEPS} steps, and how many times",
        "as fast as each program we are. Ours write down the results of a long and of a short position",
        "at ten horizons, with costs; the others keep the last price, or which barrier was touched.",
        "", "| what | athanor | "
        + " | ".join(f"{name} {theirs[f'{name}_version']}" for name in programs) + " |",
        "|---|---|---|---|---|",
    ]
    for what, name, other in rows:
        speed = ours[name + "_msteps"]
        cells = [
            f"{theirs[f'{program}_{other}']:.1f}, {speed / theirs[f'{program}_{other}']:.0f} times"
            if other else "" for program in programs]
        lines.append(f"| {what} | {speed:.0f} | {' | '.join(cells)} |")
    lines += [
        f"| one path after the other in Swift, normal and Student |"
        f" {ours['gaussian_plain_msteps']:.0f} and {ours['student_plain_msteps']:.0f} | | | |",
        "", "| what | measured |", "|---|---|",
        f"| closed forms of both sides at ten horizons | {ours['closed_form_us']:.0f} µs |",
        f"| 30 symbols, both sides, 10 horizons, judged, one thread, before and after the others |"
        f" {ours['task_one_thread_ms']:.1f} and {again['task_one_thread_ms']:.1f} ms |",
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
    ]
    return lines


if __name__ == "__main__":
    put("monte carlo", chapter(montecarlo()))
