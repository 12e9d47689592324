"""Chapters of RESULTS.md that can be measured alone, and the programs of others beside ours.

A chapter stands between two comments with its name. Other programs run as processes of their own, each
with the packages of one virtual environment, since some want versions that others refuse.
"""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

from service import HERE, say

RESULTS = HERE / "RESULTS.md"
RECORDED = HERE.parent.parent / "shared" / "data" / "bench"


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def verdict(holds):
    return "yes" if holds else "**no**"


def peer(environment, *words, core=None, **variables):
    """The line of JSON that a script of ours prints, run with the packages of an environment."""
    say(" ".join(str(word) for word in words[:2]))
    command = [str(HERE / environment / "bin" / "python"), *map(str, words)]
    if core is not None:
        command = ["taskset", "-c", str(core), *command]
    command[command.index(str(words[0]))] = str(HERE / words[0])
    result = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, **variables})
    if result.returncode != 0:
        raise RuntimeError(f"{words[0]} {words[1:2]}: {result.stderr[-2000:]}")
    return json.loads(result.stdout.strip().splitlines()[-1])


def marked(name, lines):
    """The lines of a chapter between its marks."""
    return [f"<!-- {name} -->", "", *lines, "", f"<!-- end of {name} -->", ""]


def put(name, lines):
    """Writes a chapter into RESULTS.md, in the place of the old one or at the end, and shows it."""
    old = RESULTS.read_text()
    if processor() not in old:
        sys.exit(f"{RESULTS}: the other chapters are of another machine")
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    text = "\n".join(marked(name, lines))
    if begin in old:
        before, rest = old.split(begin)
        text = before + text + rest.split(end)[1].lstrip("\n")
    else:
        text = old.rstrip("\n") + "\n\n" + text
    RESULTS.write_text(text)
    print("\n".join(lines))
