"""Engine: the whole trader on a month of twelve contracts, and decision cycles of thirty contracts.

usage: engine.py [FOLDER]   measures this chapter alone and puts it into RESULTS.md, in the place of the
old one; FOLDER has SYMBOL_1m.csv.gz, SYMBOL_funding.csv.gz and SYMBOL_mark8h.csv.gz
"""

import json
import resource
import subprocess
import sys
import tempfile
import time

from chapters import RECORDED, put, verdict
from service import ATHANOR, ENVIRONMENT, HERE, bench, say


def command(folder):
    """The command as people run it: files read, replayed, and judged with all baselines."""
    say("athanor replay")
    with tempfile.TemporaryDirectory() as home:
        started = time.perf_counter()
        result = subprocess.run(
            [str(ATHANOR), "replay", "--data", str(folder), "--no-journal", "--json"],
            capture_output=True, text=True, check=True, cwd=HERE.parent,
            env={**ENVIRONMENT, "ATHANOR_HOME": home})
        seconds = time.perf_counter() - started
    json.loads(result.stdout)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {"seconds": seconds, "peak_mib": peak}


def engine(folder=RECORDED / "crypto_perp_1m_binance"):
    ours = bench("engine", folder)
    again = bench("engine", folder)
    return {"ours": ours, "again": again, "command": command(folder)}


def chapter(figures):
    ours, again, whole = figures["ours"], figures["again"], figures["command"]
    symbols = ours["cycle_symbols"]
    cycle = ours["simulated_cycle_median_ms"]
    return [
        "## Engine", "",
        f"Models, outlooks, gates, exits, leverage, sizing, account and matchers on recorded one-minute"
        f" bars of {ours['symbols']}",
        "contracts, a decision for each contract and minute, one core. Under the shipped settings a market",
        "whose drift cannot pay its costs is looked at no further; under demanding ones trading costs",
        "nothing, and every flat market is simulated at every decision with 16,384 Student paths.", "",
        "| what | measured |", "|---|---|",
        f"| the month, {ours['bars']:,} bars, shipped settings |"
        f" {ours['seconds']:.1f} and {again['seconds']:.1f} s,"
        f" {ours['bars'] / ours['seconds']:,.0f} bars a second |",
        f"| of it: simulations, entries | {ours['simulations']:,}, {ours['entries']:,} |",
        f"| warm-up and six hours, {ours['simulated_bars']:,} bars, demanding settings |"
        f" {ours['simulated_seconds']:.1f} s, {ours['simulated_simulations']:,} simulations |",
        "| `athanor replay` of the month, files read and all baselines of trust reckoned |"
        f" {whole['seconds']:.1f} s, {whole['peak_mib']:.0f} MiB |",
        f"| a cycle of {symbols} contracts, bars to orders, shipped settings: median, longest |"
        f" {ours['cycle_median_ms']:.2f}, {ours['cycle_worst_ms']:.2f} ms |",
        f"| the same, demanding settings | {cycle:.1f}, {ours['simulated_cycle_worst_ms']:.1f} ms,"
        f" {ours['simulated_cycle_simulations'] / 60:.1f} simulations a cycle |",
        f"| the same, paths walked on two cores | {ours['shared_cycle_median_ms']:.1f},"
        f" {ours['shared_cycle_worst_ms']:.1f} ms |",
        "", "| promise | measured | kept |", "|---|---|---|",
        f"| {ours['symbols']} symbols and 30 days of minutes with the full engine in at most 60 s |"
        f" {whole['seconds']:.1f} s | {verdict(whole['seconds'] <= 60)} |",
        f"| a full decision cycle of {symbols} symbols in at most 100 ms | {cycle:.1f} ms |"
        f" {verdict(cycle <= 100)} |",
    ]


if __name__ == "__main__":
    put("engine", chapter(engine(*sys.argv[1:2])))
