"""Worlds: deciding, switching durably, reading over HTTP, and whom the shipped policy promotes.

usage: worlds.py   measures this chapter alone and puts it into RESULTS.md, in the place of the old one
"""

import json
import re
import subprocess
import tempfile
import time
from pathlib import Path

from chapters import put, verdict
from service import ATHANOR, ENVIRONMENT, HERE, Server, bench, say

POLICY = HERE.parent / "Examples" / "Worlds" / "default.yml"
# The Python implementation that worlds were drawn from, measured where it was read, on two cores.
KNOWN = "134 ms, 1.75 s, 2.0 ms and 28 s"


def reading(home):
    """Reading the decision and the gates of a world of 1,000 instances, one client, keep-alive."""
    journal = home / "worlds.sqlite"
    figures = {"routes": bench("worlds", journal, 1000)}
    server = Server(home, journal)
    try:
        for part in ("decide", "activation"):
            result = subprocess.run(
                ["wrk", "-t1", "-c1", "-d3s", "--latency",
                 f"http://127.0.0.1:{server.port}/worlds/bench/{part}"],
                capture_output=True, text=True, check=True)
            if "Non-2xx" in result.stdout or "Socket errors" in result.stdout:
                raise RuntimeError(result.stdout)
            number, unit = re.search(r"50%\s+([\d.]+)(us|ms|s)", result.stdout).groups()
            figures[f"{part}_ms"] = float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]
        return figures
    finally:
        server.stop()


def power(home):
    say("athanor world power")
    started = time.perf_counter()
    result = subprocess.run(
        [str(ATHANOR), "world", "power", "--policy", str(POLICY), "--json"],
        capture_output=True, text=True, check=True, cwd=HERE.parent,
        env={**ENVIRONMENT, "ATHANOR_HOME": str(home)})
    return {**json.loads(result.stdout), "seconds": time.perf_counter() - started}


def worlds(folder):
    home = Path(folder)
    return {
        "decide": bench("decide"), "cutover": bench("cutover", folder), "http": reading(home),
        "power": power(home),
    }


def world_lines(figures):
    d, c, h, p = (figures[name] for name in ("decide", "cutover", "http", "power"))
    lines = [
        "## Worlds",
        "",
        "| deciding, one thread | median | against the plain version |",
        "|---|---|---|",
    ]
    for name, what in (
            ("1000_correlated", "1,000 instances with all correlations"),
            ("10000", "10,000 instances without correlations"),
            ("10000_correlated", "10,000 instances, 8 places, correlations on demand")):
        plain = d.get(f"decide_{name}_times_plain")
        lines.append(
            f"| {what} | {d[f'decide_{name}_ms']:.2f} ms |"
            f" {f'{plain:.1f} times as fast' if plain else ''} |")
    lines += [
        "",
        "| what | measured |",
        "|---|---|",
        f"| {c['instances']} instances promoted in one durable switch, from the demand to open gates |"
        f" {c['promote_milliseconds']:.1f} ms |",
        f"| the same taken back | {c['demote_milliseconds']:.1f} ms |",
        f"| {c['histories']:,} switches of chance with {c['deaths']:,} deaths after any write |"
        f" {c['completed']:,} completed, {c['aborted']:,} aborted, {c['rolled_back']:,} rolled back,"
        f" {c['broken']:,} broken |",
        "| `decide` and `activation` of 1,000 instances over HTTP, one client, median |"
        f" {h['decide_ms']:.3f} and {h['activation_ms']:.3f} ms |",
        "",
        f"Whom `{POLICY.name}` promotes, by `athanor world power`, {p['seconds']:.0f} s:",
        "",
        "| returns | Sharpe | years of history | best of | trials told | strategies | within a year |"
        " within two |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in p["rows"]:
        one, two = row["within_1_year"], row["within_2_years"]
        lines.append(
            f"| {row['returns']} | {row['sharpe']} | {row['history_years']} | {row['best_of']} |"
            f" {row['trials_told']} | {row['strategies']} | {one['share']:.1%} | {two['share']:.1%} |")
    return lines + [""]


def world_promises(figures, verdict):
    d, c, h, p = (figures[name] for name in ("decide", "cutover", "http", "power"))
    noise, skill = p["claims"]["noise"], p["claims"]["power"]
    return [
        "| `decide` for 1,000 instances with all correlations in at most 2 ms |"
        f" {d['decide_1000_correlated_ms']:.2f} ms |"
        f" {verdict(d['decide_1000_correlated_ms'] <= 2)} |",
        "| `decide` for 10,000 instances in at most 20 ms |"
        f" {d['decide_10000_ms']:.2f} ms | {verdict(d['decide_10000_ms'] <= 20)} |",
        "| a decision read over HTTP in at most 0.3 ms |"
        f" {h['decide_ms']:.3f} ms | {verdict(h['decide_ms'] <= 0.3)} |",
        "| 500 activations applied durably in at most 50 ms |"
        f" {c['promote_milliseconds']:.1f} ms | {verdict(c['promote_milliseconds'] <= 50)} |",
        "| 100,000 rehearsed switches end in a legal state |"
        f" {c['histories']:,}, {c['broken']} broken |"
        f" {verdict(c['histories'] >= 100_000 and c['broken'] == 0)} |",
        "| at most 5 % of noise promoted in a year |"
        f" {noise:.1%} | {verdict(noise <= 0.05)} |",
        "| at least 80 % of Sharpe 1.5 promoted within two years |"
        f" {skill:.1%} | {verdict(skill >= 0.8)} |",
    ]


def chapter(figures):
    return [
        *world_lines(figures), "| promise | measured | kept |", "|---|---|---|",
        *world_promises(figures, verdict), "",
        f"A Python implementation of such worlds took {KNOWN} for the first four, as it was read.",
    ]


def main():
    with tempfile.TemporaryDirectory() as folder:
        put("worlds", chapter(worlds(folder)))


if __name__ == "__main__":
    main()
