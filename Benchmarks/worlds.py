"""Worlds: deciding, switching durably, reading a decision over HTTP, and honesty of the default policy.

usage: worlds.py   measures this chapter alone and puts it into RESULTS.md, in the place of the old one
"""

import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from service import ATHANOR, ENVIRONMENT, HERE, bench, free_port, say, wait_for

BEGIN, END = "<!-- worlds -->", "<!-- end of worlds -->"
EXAMPLES = HERE.parent / "Examples" / "Worlds"
# The Python implementation that the design was drawn from, as measured when it was read; it is not
# free to be run here.
KNOWN = {"1000": 134.6, "10000": 1750.0, "http": 2.0, "apply": 27_970.0}


def program(home, *words):
    say("athanor " + " ".join(words[:3]))
    started = time.perf_counter()
    result = subprocess.run(
        [str(ATHANOR), *words], capture_output=True, text=True, cwd=HERE.parent,
        env={**ENVIRONMENT, "ATHANOR_HOME": str(home)})
    if result.returncode != 0:
        raise RuntimeError(f"athanor {words}: {result.stderr}")
    return result.stdout, time.perf_counter() - started


def milliseconds(text):
    number, unit = re.fullmatch(r"([0-9.]+)(us|ms|s)", text).groups()
    return float(number) * {"us": 1e-3, "ms": 1.0, "s": 1e3}[unit]


def reading(folder):
    """The median of a decision's reading on one connection, as wrk measures it."""
    home = Path(folder) / "worlds"
    program(home, "data", "import", "us-equities")
    replay, seconds = program(
        home, "world", "run", "demo", "--policy", str(EXAMPLES / "demo.yml"),
        "--replay", "2016-01-04", "--to", "2017-12-29", "--json")
    port = free_port()
    server = subprocess.Popen(
        [str(ATHANOR), "serve", "--port", str(port)], stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, cwd=HERE.parent, env={**ENVIRONMENT, "ATHANOR_HOME": str(home)})
    try:
        wait_for(port)
        size = len(wait_for(port, "/worlds/demo/decide"))
        medians = []
        for _ in range(3):
            result = subprocess.run(
                ["wrk", "-t1", "-c1", "-d3s", "--latency",
                 f"http://127.0.0.1:{port}/worlds/demo/decide"],
                capture_output=True, text=True, check=True)
            medians.append(milliseconds(re.search(r"50%\s+(\S+)", result.stdout).group(1)))
            assert "Non-2xx" not in result.stdout, result.stdout
    finally:
        server.terminate()
        server.wait(30)
    return {"median_ms": statistics.median(medians), "bytes": size, "replay_seconds": seconds}


def worlds(folder):
    power, seconds = program(
        folder, "world", "power", "--policy", str(EXAMPLES / "default.yml"), "--json")
    return {
        "decide": bench("decide"), "cutover": bench("cutover", folder),
        "http": reading(folder), "power": json.loads(power), "power_seconds": seconds,
    }
