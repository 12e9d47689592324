"""Books: a recorded feed read, converted and replayed, beside hftbacktest.

usage: books.py [FEED.jsonl.gz]   measures this chapter alone and puts it into RESULTS.md, in the place of
the old one; FEED is a recording of BTCUSDT of Binance's USD-M futures
"""

import sys
import tempfile

from chapters import RECORDED, peer, put, verdict
from service import bench


def books(feed=RECORDED / "l2_binance_20240808" / "usdm_btcusdt_20240808.jsonl.gz"):
    with tempfile.TemporaryDirectory() as folder:
        words = ("book", feed, "futures", "BTCUSDT", "0.1", "0.001", folder)
        figures = {"ours": bench(*words)}
        figures["theirs"] = peer(".venv-hftbacktest", "book_peers.py", feed, 0.1, 0.001, core=1)
        figures["again"] = bench(*words, counted=True)
    return figures


def chapter(figures):
    ours, theirs, again = figures["ours"], figures["theirs"], figures["again"]
    fastest = max(theirs[name] for name in ("hash_seconds", "vector_seconds"))
    looking = max(theirs[name] for name in ("hash_milliseconds", "vector_milliseconds"))
    reading, replay = ours["json_messages_per_second"], ours["replay_changes_per_second"]
    book = ours["book_changes_per_second"]
    lines = [
        "## Books", "",
        f"The recording of one contract, {ours['messages']:,} messages with {ours['changes']:,} changes"
        " of levels and",
        "trades, one core. Ours check every message against the venue's numbers and look at the best price",
        "after each; the other one trusts its array, and looks once a second or once a millisecond.", "",
        "| what | a second | against us |", "|---|---|---|",
        f"| athanor, raw messages to followed books | {reading:,.0f} messages | |",
        f"| athanor, raw messages to our file, packed to packed |"
        f" {ours['converted_messages_per_second']:,.0f} messages | 1 |",
        f"| hftbacktest {theirs['version']}, raw messages to its array |"
        f" {theirs['converted_messages_per_second']:,.0f} messages |"
        f" {ours['converted_messages_per_second'] / theirs['converted_messages_per_second']:.1f}"
        " times as long |",
        f"| athanor, our file through a followed book | {book:,.0f} changes | |",
        f"| athanor, `Replay` of our file to a trader with account and matcher |"
        f" {replay:,.0f} changes | 1 |",
    ]
    for name, what in (
            ("vector_seconds", "vector of prices, looked at each second"),
            ("hash_seconds", "hash map, looked at each second"),
            ("vector_milliseconds", "vector of prices, looked at each millisecond"),
            ("hash_milliseconds", "hash map, looked at each millisecond")):
        lines.append(
            f"| hftbacktest, {what} | {theirs[name]:,.0f} events |"
            f" {replay / theirs[name]:.1f} times as long |")
    lines += [
        "", f"Our file is opened and checked in {ours['open_milliseconds']:.1f} ms. The last replay in"
        f" this run: {again['replay_changes_per_second']:,.0f} changes a second.", "",
        "| promise | measured | kept |", "|---|---|---|",
        "| raw JSON at 300,000 messages a second |"
        f" {reading:,.0f} | {verdict(reading >= 300_000)} |",
        "| a converted feed faster than hftbacktest's fastest book |"
        f" {replay / 1e6:.1f} against {fastest / 1e6:.1f} million, {looking / 1e6:.1f} where it looks |"
        f" {verdict(replay > fastest)} |",
    ]
    for name, what in (
            ("read", "read as JSON"), ("replay", "replayed to a trader that looks at it"),
            ("trader", "replayed to the trader of the tactics with all models")):
        allocations, events = again[f"{name}_allocations"], again[f"{name}_events"]
        lines.append(
            f"| no allocation for an event {what} | {allocations:,} over {events:,} events |"
            f" {verdict(allocations <= events / 1000)} |")
    lines += ["", "Counted are all calls of malloc behind the first 4,096 events."]
    return lines


if __name__ == "__main__":
    put("books", chapter(books(*sys.argv[1:2])))
