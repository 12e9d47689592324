"""Bars: a cross of means replayed on recorded minutes, beside vectorbt, backtesting.py and nautilus_trader.

usage: bars.py [FOLDER]   measures this chapter alone and puts it into RESULTS.md, in the place of the old
one; FOLDER has SYMBOL_1m.csv.gz and SYMBOL_funding.csv.gz
"""

import sys
from pathlib import Path

from chapters import RECORDED, peer, put, verdict
from service import bench

# The event-driven ones are slow, so that one symbol says enough.
PEERS = (("vectorbt", ".venv", None), ("backtesting", ".venv", 3), ("nautilus", ".venv-nautilus", 1))
NAMES = {"backtesting": "backtesting.py", "nautilus": "nautilus_trader"}


def bars(folder=RECORDED / "crypto_perp_1m_binance"):
    names = sorted(path.name.split("_")[0] for path in Path(folder).glob("*_1m.csv.gz"))
    # Bitcoin first: those who take one symbol take it.
    names.sort(key=lambda name: name != "BTCUSDT")
    figures = {"ours": bench("bars", folder)}
    for name, environment, most in PEERS:
        figures[name] = peer(environment, "bar_peers.py", name, folder, *names[:most], core=1)
    figures["again"] = bench("bars", folder, counted=True)
    return figures


def chapter(figures):
    ours, again = figures["ours"], figures["again"]
    lines = [
        "## Bars", "",
        f"A cross of the means of 20 and 100 closes on recorded one-minute bars of {ours['symbols']}"
        " perpetual",
        f"contracts, {ours['bars']:,} bars, one core: a market order at each cross, filled at the next"
        " open with",
        "fees and slippage. Ours keep exact books and pay funding, check margin and liquidation at every",
        "bar, and let every order live through its states.", "",
        "| program | bars | positions | bars a second | against us | leaves out |",
        "|---|---|---|---|---|---|",
    ]
    base = ours["timeline_bars_per_second"]
    for name, what in (
            ("timeline", "athanor, `Replay` of one contract"),
            ("session", "athanor, its session in a loop"),
            ("portfolio", f"athanor, `Replay` of {ours['symbols']} contracts on one account")):
        # A flip closes one position and opens the next: two fills of one order.
        positions = (ours[f"{name}_fills"] + ours["symbols"]) // 2
        speed = ours[f"{name}_bars_per_second"]
        against = "1" if name == "timeline" else f"{speed / base:.1f} times as fast"
        lines.append(
            f"| {what} | {ours['bars']:,} | {positions:,} | {speed:,.0f} | {against} | |")
    for name, _, _ in PEERS:
        row = figures[name]
        ratio = base / row["bars_per_second"]
        against = f"{ratio:.1f} times as long" if ratio >= 1 else f"{1 / ratio:.1f} times as fast"
        lines.append(
            f"| {NAMES.get(name, name)} {row['version']} | {row['bars']:,} | {row['positions']:,} |"
            f" {row['bars_per_second']:,.0f} | {against} | {row['without']} |")
    lines += [
        "", f"Our first and last speeds of one contract in this run: {base:,.0f} and"
        f" {figures['again']['timeline_bars_per_second']:,.0f}.",
        "vectorbt takes whole columns at a time; the others are told one bar after the other, as a trader"
        " is.", "",
        "| promise | measured | kept |", "|---|---|---|",
        "| 1,000,000 bars a second and core with orders, fees and funding |"
        f" {base:,.0f} | {verdict(base >= 1_000_000)} |",
        "| no allocation for an event |"
        f" {again['allocations']:,} over {again['allocation_events']:,} events |"
        f" {verdict(again['allocations'] <= again['allocation_events'] / 1000)} |",
        "", "Counted are all calls of malloc behind the first 4,096 events; what is left are records that"
        " grow by doubling.",
    ]
    return lines


if __name__ == "__main__":
    put("bars", chapter(bars(*sys.argv[1:2])))
