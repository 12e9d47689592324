"""Rules: every sound default beside the old rule that an option restores, and exits beside each other.

usage: rules.py [FOLDER [PROGRAM]]   measures this chapter alone and puts it into RESULTS.md, in the place
of the old one; FOLDER has SYMBOL_1m.csv.gz, SYMBOL_funding.csv.gz and SYMBOL_mark8h.csv.gz, PROGRAM is
the `athanor` that replays
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from chapters import RECORDED, put
from service import ATHANOR, ENVIRONMENT, HERE, say

# A base that trades, all the month, and quickly: what models say counts at face value, the account is never
# closed for its losses, and the closed form is the law of motion.
BASE = [
    "--set", "signals.rules=face_value", "--set", "exit.account.drawdown_max=0.99",
    "--set", "outlook.law.kind=gaussian"]
VERDICTS = {
    "better": "better", "at_least_as_good": "at least as good", "worse": "**worse**",
    "cannot_be_told": "cannot be told"}


def athanor(program, *words):
    say("athanor " + " ".join(str(word) for word in words[:2]))
    with tempfile.TemporaryDirectory() as home:
        result = subprocess.run(
            [str(program), *map(str, words), "--json"], capture_output=True, text=True,
            cwd=HERE.parent, env={**ENVIRONMENT, "ATHANOR_HOME": home})
    if result.returncode != 0:
        raise RuntimeError(result.stderr[-2000:])
    return json.loads(result.stdout)


def rules(folder=RECORDED / "crypto_perp_1m_binance", program=ATHANOR):
    return {
        "compared": athanor(program, "replay", "compare", "--data", folder, *BASE, "--rules"),
        "exits": athanor(
            program, "replay", "--data", folder, *BASE, "--exits", "--no-journal"),
    }


def share(interval, scale=100, digits=3):
    return (f"{interval['difference'] * scale:+.{digits}f}"
            f" ({interval['lower'] * scale:+.{digits}f} to {interval['upper'] * scale:+.{digits}f})")


def compared(report):
    base = report["base"]
    hours = report["slice_ms"] == 3_600_000
    unit = "hours" if hours else "days"
    capital = float(report["terms"]["capital"])
    lines = [
        "The shipped settings trade too little to tell rules apart. The base trades what its models say at face",
        "value (`signals.rules=face_value`), through losses of any size (`exit.account.drawdown_max=0.99`), by",
        f"closed forms (`outlook.law.kind=gaussian`): {base['closed']:,} trades, {base['net']:,.2f} of"
        f" {capital:,.0f}, of it {base['fees']:,.2f} fees.",
        f"Each row restores one old rule and replays the same {len(report['terms']['symbols'])} contracts and"
        f" {report['slices']:,} {unit} with the same chance.",
        "Differences are the base less the old rule, in % of the capital, with 95 % intervals from blocks of",
        f"paired {unit}; worst is the mean of the worst {report['tail_share'] * 100:g} % of {unit}, above zero"
        " where the base loses less.",
        f"The verdict is on our rule, with Holm's correction over {len(report['variants'])} rows and a margin of"
        f" {report['margin'] * 100:g} % of the capital.", "",
        "| old rule restored | its trades | earned a day [%] | worst [%] | turnover a day"
        " | entries a day | simulations a day | our rule is |",
        "|---|---|---|---|---|---|---|---|"]
    for row in report["variants"]:
        pair = row["paired"]
        lines.append(
            f"| `{row['name']}` | {row['track']['closed']:,} | {share(pair['net_per_day'])}"
            f" | {share(pair['worst_slices'])} | {pair['turnover_per_day']['difference']:+.2f}"
            f" | {pair['entries_per_day']['difference']:+.1f}"
            f" | {pair['simulations_per_day']['difference']:+.1f}"
            f" | {VERDICTS[row['verdict']['finding']]} |")
    reasons = {}
    for row in report["variants"]:
        reasons.setdefault(row["verdict"]["reason"], []).append(row["name"])
    lines += [""] + [f"- {text} ({len(names)} of {len(report['variants'])})"
                     for text, names in reasons.items()]
    return lines + ["", f"`result {report['result']}`"]


def exits(report):
    study = report["exit_policies"]
    lines = [
        "", "### Exits", "",
        f"The {study['entries']:,} entries of the base, each followed under every exit policy by the exits"
        " themselves, with",
        "orders, fees and funding of its own. Under the configured exits"
        f" {study['reproduced']:,} of {study['trades']:,} trades come out as they did,",
        "to the last digit. Returns are in bp of what was traded; p counts all policies (Holm).", "",
        f"| policy | mean [bp] | less {study['reference']} [bp] | p | worst twentieth [bp] | held [min] |",
        "|---|---|---|---|---|---|"]
    for row in study["policies"]:
        mean, difference = row["mean_return"], row["difference"]
        against = "" if difference is None else (
            f"{difference['estimate'] * 1e4:+.2f} ({difference['lower'] * 1e4:+.2f} to"
            f" {difference['upper'] * 1e4:+.2f})")
        chance = "" if row["probability"] is None else f"{row['probability']:.3f}"
        lines.append(
            f"| {row['policy'].replace('_', ' ')} | {mean['estimate'] * 1e4:.2f} | {against} | {chance}"
            f" | {row['tail_return'] * 1e4:.1f} | {row['mean_held_ms'] / 60_000:.1f} |")
    lines += [
        "", "| ended by | began in | trades | made [bp] | regret [bp] | best one policy | gain [bp] | p |",
        "|---|---|---|---|---|---|---|---|"]
    cells = [cell for cell in study["regret"] if cell["best"] is not None]
    for cell in cells:
        best = cell["best"]
        told = (
            f"{best['policy'].replace('_', ' ')} | {best['gain']['estimate'] * 1e4:+.1f} |"
            f" {best['probability']:.3f}")
        lines.append(
            f"| {cell['reason'].replace('_', ' ')} | {cell['regime'].replace('_', ' ')} | {cell['trades']:,}"
            f" | {cell['made'] * 1e4:.1f} | {cell['regret'] * 1e4:.1f} | {told} |")
    return lines + [
        "", "Regret is what the best policy of each trade would have brought, known only afterwards; what one"
        " policy", "would have brought stands beside it. The other"
        f" {sum(c['trades'] for c in study['regret']) - sum(c['trades'] for c in cells)} trades ended in ways that"
        " fewer than eight did."]


def chapter(figures):
    return ["## Rules", "", *compared(figures["compared"]), *exits(figures["exits"])]


if __name__ == "__main__":
    put("rules", chapter(rules(*map(Path, sys.argv[1:3]))))
