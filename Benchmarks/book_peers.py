"""hftbacktest on a recorded feed of Binance's futures; prints one line of JSON.

usage: book_peers.py FEED.jsonl.gz TICK LOT

Its converter from raw messages, then both of its books from the converted array in memory, without an
order. Each event changes its exchange's book and its local one. In the long steps nobody looks between
two seconds; in the short ones the best price is read every millisecond. Medians of nine.
"""

import contextlib
import gzip
import io
import json
import statistics
import sys
import time
from importlib.metadata import version

from hftbacktest import (
    BacktestAsset, HashMapMarketDepthBacktest, ROIVectorMarketDepthBacktest)
from hftbacktest.data.utils import binancefutures
from numba import njit


@njit
def walk(backtest, step):
    total = 0.0
    while backtest.elapse(step) == 0:
        total += backtest.depth(0).best_bid
    return total


def main(path, tick, lot):
    times = []
    for _ in range(3):
        with contextlib.redirect_stdout(io.StringIO()):
            start = time.perf_counter()
            data = binancefutures.convert(path, buffer_size=4_000_000)
            times.append(time.perf_counter() - start)
    with gzip.open(path) as lines:
        messages = sum(1 for _ in lines)
    figures = {
        "version": version("hftbacktest"), "events": len(data),
        "converted_messages_per_second": messages / statistics.median(times)}
    prices = data["px"][data["px"] > 0]
    middle = float(sorted(prices)[len(prices) // 2])
    for name, kind in (
            ("hash", HashMapMarketDepthBacktest), ("vector", ROIVectorMarketDepthBacktest)):
        for length, step in (("seconds", 1_000_000_000), ("milliseconds", 1_000_000)):
            times = []
            for _ in range(10):
                asset = (
                    BacktestAsset().data(data).linear_asset(1.0).constant_order_latency(0, 0)
                    .risk_adverse_queue_model().no_partial_fill_exchange()
                    .trading_value_fee_model(0.0002, 0.0005).tick_size(tick).lot_size(lot)
                    .last_trades_capacity(0))
                if name == "vector":
                    asset = asset.roi_lb(0.5 * middle).roi_ub(1.5 * middle)
                backtest = kind([asset])
                start = time.perf_counter()
                walk(backtest, step)
                times.append(time.perf_counter() - start)
                backtest.close()
            figures[f"{name}_{length}"] = len(data) / statistics.median(times[1:])
    print(json.dumps(figures))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]))
