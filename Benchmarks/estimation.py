"""Estimation: GARCH beside arch, hidden Markov chains beside hmmlearn, on the same recorded returns.

usage: estimation.py [FOLDER]   measures this chapter alone and puts it into RESULTS.md, in the place of
the old one; FOLDER has SYMBOL_1m.csv.gz
"""

import array
import csv
import gzip
import math
import sys
import tempfile
from pathlib import Path

from chapters import RECORDED, peer, put
from service import bench

SYMBOLS = ("BTCUSDT", "ETHUSDT", "SOLUSDT")


def returns(folder, symbol, target):
    """Writes the log returns of recorded minutes as doubles."""
    with gzip.open(Path(folder) / f"{symbol}_1m.csv.gz", "rt") as table:
        closes = [math.log(float(row["close"])) for row in csv.DictReader(table)]
    values = array.array("d", (b - a for a, b in zip(closes, closes[1:])))
    path = Path(target) / f"{symbol}.f64"
    path.write_bytes(values.tobytes())
    return path


def estimation(folder=RECORDED / "crypto_perp_1m_binance"):
    with tempfile.TemporaryDirectory() as target:
        paths = [returns(folder, symbol, target) for symbol in SYMBOLS]
        ours = bench("estimate", *paths)
        threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        garch = peer(".venv", "estimation_peers.py", "garch", *paths, core=1, **threads)
        chains = peer(".venv", "estimation_peers.py", "hmm", *paths, core=1, **threads)
    return {"ours": ours, "arch": garch, "hmmlearn": chains}


def chapter(figures):
    ours, arch, hmmlearn = figures["ours"], figures["arch"], figures["hmmlearn"]
    lines = [
        "## Estimation", "",
        f"Maximum likelihood on the {ours['returns']:,} one-minute returns of {', '.join(SYMBOLS)}, one"
        " core, from the same",
        "starts to the same bound. The last column is how far the sums of the reached log-likelihoods",
        "lie apart, of some hundred thousand; above zero ours is higher. Where probabilities vanish behind",
        "a large return hmmlearn goes over to logarithms.", "",
        "| model | athanor s | other | its s | against us | apart |",
        "|---|---|---|---|---|---|",
    ]
    rows = (
        ("GARCH(1,1) with standard errors", "garch", "arch", arch),
        ("hidden Markov chain of 2 states", "hmm2", "hmmlearn", hmmlearn),
        ("hidden Markov chain of 3 states", "hmm3", "hmmlearn", hmmlearn),
    )
    for what, name, program, theirs in rows:
        mine, other = ours[f"{name}_seconds"], theirs[name]
        apart = sum(ours[f"{name}_log_likelihoods"]) - sum(other["log_likelihoods"])
        lines.append(
            f"| {what} | {mine:.3f} | {program} {theirs['version']} | {other['seconds']:.3f} |"
            f" {other['seconds'] / mine:.1f} times | {apart:+.1e} |")
    return lines


if __name__ == "__main__":
    put("estimation", chapter(estimation(*sys.argv[1:2])))
