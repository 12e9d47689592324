"""Runs the suites and the other programs in turn and writes RESULTS.md. usage: compare.py PANEL"""

import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
BENCH = HERE / ".build" / "release" / "Bench"
FORMULAS = HERE / "alpha101.txt"
# The formulas that pandas and polars write without a Python callback for each window.
COMMON = ("002", "003", "004", "006", "012", "020", "033", "040", "044", "101")


def run(command, **environment):
    print("  " + " ".join(str(word) for word in command[:3]), file=sys.stderr, flush=True)
    result = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, check=True,
        env={**os.environ, **environment})
    return json.loads(result.stdout.strip().splitlines()[-1])


def peer(name, panel, threads=1):
    return run(
        [sys.executable, HERE / "peers.py", name, panel, threads], POLARS_MAX_THREADS=str(threads))


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def verdict(holds):
    return "yes" if holds else "**no**"


def main(panel):
    common = tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False)
    with common:
        for line in FORMULAS.read_text().splitlines():
            if line.startswith(tuple(f"alpha{number}:" for number in COMMON)):
                common.write(line + "\n")
    ours = {n: run([BENCH, "alpha101", panel, FORMULAS, n, 3]) for n in (1, 2)}
    kun = {n: peer("kunquant", panel, n) for n in (1, 2)}
    again = run([BENCH, "alpha101", panel, FORMULAS, 1, 3])
    ten = run([BENCH, "alpha101", panel, common.name, 1, 3])
    pandas, polars = peer("pandas", panel), peer("polars", panel)
    os.unlink(common.name)
    check = run([BENCH, "check", FORMULAS])
    bundled = run([BENCH, "simulate", HERE.parent / "Examples" / "Data"])
    assert ours[1]["digest"] == ours[2]["digest"] == again["digest"], "threads changed the bits"

    one = ours[1]["seconds_median"]
    ratio = kun[1]["seconds_median"] / one
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`. Medians of one run on one machine; other programs ran between",
        "ours. Read the ratios, not the seconds.",
        "",
        f"Machine: {processor()}, {os.cpu_count()} cores, {platform.system()}"
        f" {platform.release()}, Python {platform.python_version()}.",
        "",
        "## The Alpha101 set: 82 formulas over "
        f"{ours[1]['instruments']} instruments and {ours[1]['rows']} days",
        "",
        "| program | numbers | threads | compilation s | run s | against us | peak MiB |",
        "|---|---|---|---|---|---|---|",
    ]
    for n in (1, 2):
        lines.append(
            f"| athanor | double | {n} | 0 | {ours[n]['seconds_median']:.2f} | 1 |"
            f" {ours[n]['peak_mib']:.0f} |")
    for n in (1, 2):
        lines.append(
            f"| KunQuant 0.1.12 | single | {n} | {kun[n]['compilation_seconds']:.1f} |"
            f" {kun[n]['seconds_median']:.2f} |"
            f" {kun[n]['seconds_median'] / ours[n]['seconds_median']:.1f} times |"
            f" {kun[n]['peak_mib']:.0f} |")
    lines += [
        "",
        f"Our first and last single-thread medians in this run: {one:.2f} s and"
        f" {again['seconds_median']:.2f} s. All our runs gave the same bits.",
        "Both keep every value in single precision; we compute in double. Ranks run from 0 to 1 here",
        "and from 1/n to 1 there; the work is the same.",
        "",
        "## Ten of these formulas in three programs, one thread",
        "",
        "| program | s | against us | peak MiB |",
        "|---|---|---|---|",
        f"| athanor | {ten['seconds_median']:.2f} | 1 | {ten['peak_mib']:.0f} |",
    ]
    for name, figures in (("pandas", pandas), ("polars", polars)):
        lines.append(
            f"| {name} | {figures['seconds_median']:.2f} |"
            f" {figures['seconds_median'] / ten['seconds_median']:.1f} times |"
            f" {figures['peak_mib']:.0f} |")
    lines += [
        "",
        f"The formulas are alpha {', '.join(str(int(n)) for n in COMMON)}.",
        "",
        f"## The bundled panel: {bundled['instruments']} instruments, {bundled['rows']} days",
        "",
        f"A thousand random formulas of {bundled['operators_mean']:.1f} operators on average are",
        f"simulated at {bundled['per_second_1_threads']:.0f} a second on one thread and"
        f" {bundled['per_second_2_threads']:.0f} on two.",
        "",
        "## Against what was promised",
        "",
        "| promise | measured | kept |",
        "|---|---|---|",
        f"| the Alpha101 set in at most a fifth of KunQuant's time, one thread | 1/{ratio:.1f} |"
        f" {verdict(ratio >= 5)} |",
        f"| at most 1.5 GB for that run | {ours[1]['peak_mib'] / 1024:.2f} GiB |"
        f" {verdict(ours[1]['peak_mib'] < 1430)} |",
        "| parse, check and plan one formula in at most 50 µs |"
        f" {check['typical_microseconds']:.1f} µs typical,"
        f" {check['alpha101_microseconds_mean']:.1f} µs over the set |"
        f" {verdict(check['alpha101_microseconds_mean'] <= 50)} |",
        "| text to full result of a typical formula in at most 10 ms |"
        f" {bundled['one_milliseconds_median']:.1f} ms |"
        f" {verdict(bundled['one_milliseconds_median'] <= 10)} |",
        "| 300 random formulas simulated a second on two cores |"
        f" {bundled['per_second_2_threads']:.0f} |"
        f" {verdict(bundled['per_second_2_threads'] >= 300)} |",
        "",
    ]
    (HERE / "RESULTS.md").write_text("\n".join(lines))
    print("\n".join(lines))


if __name__ == "__main__":
    main(sys.argv[1])
