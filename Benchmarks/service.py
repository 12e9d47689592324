"""The server beside FastAPI on uvicorn: requests, sockets, and memory under an hour's load.

Requests come from wrk (Debian's package of that name). Watching clients are plain sockets that count
the numbers of the events they receive, so that a missing or doubled event is found.
"""

import asyncio
import base64
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

HERE = Path(__file__).parent
BENCH = HERE / ".build" / "release" / "Bench"
ATHANOR = HERE / ".build" / "release" / "athanor"
CONNECTIONS = 32
CLIENTS = 1000
RATE = 10
SEQ = re.compile(rb'"seq":(\d+)')
ENVIRONMENT = {
    name: value for name, value in os.environ.items()
    if not name.endswith("_API_KEY") and not name.startswith(("BRAIN_", "ATHANOR_"))}


def say(text):
    print("  " + text, file=sys.stderr, flush=True)


def bench(*words, counted=False):
    """The line of JSON of a suite; with its calls of malloc where they are to be counted."""
    say("Bench " + " ".join(str(word) for word in words[:1]))
    counter = {"LD_PRELOAD": str(HERE / ".build" / "allocations.so")} if counted else {}
    result = subprocess.run(
        [str(BENCH), *map(str, words)], capture_output=True, text=True, check=True,
        env={**os.environ, **counter})
    return json.loads(result.stdout.strip().splitlines()[-1])


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, path="/healthz"):
    for _ in range(400):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=1) as answer:
                return answer.read()
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"nothing answers at port {port}")


def get(port, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        return answer.read()


class Server:
    """The program under a home and on a journal of its own."""

    def __init__(self, home, journal):
        self.port = free_port()
        self.process = subprocess.Popen(
            [str(ATHANOR), "serve", "--port", str(self.port), "--journal", str(journal)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=HERE.parent,
            env={**ENVIRONMENT, "ATHANOR_HOME": str(home)})
        wait_for(self.port)

    def memory_mib(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)


def wrk(port, path, seconds=3):
    result = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency",
         f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True)
    if "Non-2xx" in result.stdout or "Socket errors" in result.stdout:
        raise RuntimeError(result.stdout)
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", result.stdout).group(1))
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", result.stdout).groups()
    return rate, float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def requests(home, journal, run):
    """Both servers in turn, three rounds each."""
    server = Server(home, journal)
    try:
        route = f"/api/runs/{run}/reactor_status"
        status = Path(home) / "status.json"
        status.write_bytes(get(server.port, route))
        port = free_port()
        peer = subprocess.Popen(
            [sys.executable, str(HERE / "fastapi_peer.py"), str(port), str(status)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for(port)
            rounds = {name: [] for name in ("ours", "theirs", "ours_status", "theirs_status")}
            for turn in range(3):
                say(f"wrk, round {turn + 1} of 3")
                rounds["ours"].append(wrk(server.port, "/healthz"))
                rounds["theirs"].append(wrk(port, "/healthz"))
                rounds["ours_status"].append(wrk(server.port, route))
                rounds["theirs_status"].append(wrk(port, "/status"))
        finally:
            peer.terminate()
            peer.wait()
        figures = {}
        for name, pairs in rounds.items():
            figures[f"{name}_per_second"] = statistics.median(rate for rate, _ in pairs)
            figures[f"{name}_p99_ms"] = statistics.median(late for _, late in pairs)
        figures["status_bytes"] = status.stat().st_size
        return figures
    finally:
        server.stop()


def million(home, journal, run):
    """One run of a million events: the first question folds them, later ones only what is new."""
    server = Server(home, journal)
    try:
        route = f"/api/runs/{run}/reactor_status"
        start = time.perf_counter()
        while True:
            # A run that is not folded yet is folded in parts, one for each question.
            try:
                get(server.port, route)
                break
            except urllib.error.HTTPError as refusal:
                if refusal.code != 503:
                    raise
        first = time.perf_counter() - start
        times = []
        for _ in range(200):
            start = time.perf_counter()
            get(server.port, route)
            times.append(time.perf_counter() - start)
        return {
            "first_seconds": first, "milliseconds_median": statistics.median(times) * 1e3,
            "milliseconds_p99": sorted(times)[197] * 1e3, "memory_mib": server.memory_mib(),
        }
    finally:
        server.stop()


class Watcher(asyncio.Protocol):
    """A client of /ws/live that holds the numbers it received against their order."""

    def __init__(self, port, query, opened, until=None):
        self.port, self.query, self.opened, self.until = port, query, opened, until
        self.last, self.count, self.gaps = None, 0, 0
        self.tail, self.latest, self.done = b"", [], None

    def connection_made(self, transport):
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(
            (f"GET /ws/live?{self.query} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
             "Upgrade: websocket\r\nConnection: Upgrade\r\n"
             f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())

    def data_received(self, data):
        if not self.opened.done():
            if b"\r\n\r\n" not in self.tail + data:
                self.tail += data
                return
            head, data = (self.tail + data).split(b"\r\n\r\n", 1)
            self.tail = b""
            if b" 101 " not in head:
                self.opened.set_exception(RuntimeError(head.decode(errors="replace")))
                return
            self.opened.set_result(None)
        data = self.tail + data
        end = 0
        for found in SEQ.finditer(data):
            if found.end() == len(data):
                break
            end = found.end()
            seq = int(found.group(1))
            if self.last is not None and seq != self.last + 1:
                self.gaps += 1
            self.last = seq
            self.count += 1
            if self.until is not None and seq >= self.until and not self.done.done():
                self.done.set_result(None)
        self.tail = data[max(end, len(data) - 32):]

    def connection_lost(self, error):
        if not self.opened.done():
            self.opened.set_exception(error or ConnectionError("closed"))
        if self.done is not None and not self.done.done():
            self.done.set_exception(error or ConnectionError(f"closed at {self.last}"))


async def connect(port, count, query, until=None):
    loop = asyncio.get_running_loop()
    watchers = []
    for _ in range(count):
        opened = loop.create_future()
        _, watcher = await loop.create_connection(
            lambda: Watcher(port, query, opened, until), "127.0.0.1", port)
        watcher.done = loop.create_future() if until is not None else None
        await opened
        watchers.append(watcher)
    return watchers


def asleep(port):
    """A client that opens a socket and never reads."""
    client = socket.create_connection(("127.0.0.1", port))
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    key = base64.b64encode(os.urandom(16)).decode()
    client.sendall(
        (f"GET /ws/live?after=0 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
         f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
         "Sec-WebSocket-Version: 13\r\n\r\n").encode())
    return client


async def watch(server, journal, lines, seconds):
    """All clients watch a journal that grows; three more never read."""
    sleepers = [asleep(server.port) for _ in range(3)]
    watchers = await connect(server.port, CLIENTS, "replay=0")
    before = server.memory_mib()
    feed = await asyncio.create_subprocess_exec(
        str(BENCH), "service-feed", str(journal), str(lines), "live", str(RATE), str(seconds),
        stdout=asyncio.subprocess.PIPE)
    most = before
    while feed.returncode is None:
        most = max(most, server.memory_mib())
        try:
            await asyncio.wait_for(feed.wait(), 0.5)
        except asyncio.TimeoutError:
            pass
    ends = json.loads(await feed.stdout.read())
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and any(w.last != ends["last"] for w in watchers):
        await asyncio.sleep(0.1)
    expected = ends["last"] - ends["first"] + 1
    complete = sum(
        w.last == ends["last"] and w.gaps == 0 and w.count == expected for w in watchers)
    for sleeper in sleepers:
        sleeper.close()
    for watcher in watchers:
        watcher.transport.abort()
    return {
        "clients": CLIENTS, "seconds": seconds, "rate": RATE, "complete": complete,
        "frames": sum(w.count for w in watchers), "memory_before_mib": before,
        "memory_most_mib": most,
    }


async def hour(server, journal, clients, events):
    """What an hour of ten events a second brings to each client, as fast as they take it."""
    memory = []
    start = time.perf_counter()
    watchers = await connect(server.port, clients, "after=0", until=events)
    waiting = asyncio.gather(*(w.done for w in watchers))
    while not waiting.done():
        memory.append(server.memory_mib())
        await asyncio.wait([waiting], timeout=1)
    waiting.result()
    seconds = time.perf_counter() - start
    frames = sum(w.count for w in watchers)
    gaps = sum(w.gaps for w in watchers)
    for watcher in watchers:
        watcher.transport.abort()
    half = len(memory) // 2
    return {
        "clients": clients, "events": events, "frames": frames, "gaps": gaps, "seconds": seconds,
        "memory_first_half_mib": max(memory[:max(half, 1)]),
        "memory_second_half_mib": max(memory[half:]),
    }


def service(folder):
    if shutil.which("wrk") is None:
        raise RuntimeError("wrk is missing. Install Debian's package wrk and run this again.")
    home = Path(folder) / "service"
    home.mkdir()
    campaign = home / "campaign.sqlite"
    for words in (
            ["research", "run", "--take", "4", "--seed", "1", "--llm-provider", "mock",
             "--journal", str(campaign), "--json"],
            ["journal", "export", "--journal", str(campaign), "--output",
             str(home / "events.jsonl")]):
        say("athanor " + " ".join(words[:2]))
        subprocess.run(
            [str(ATHANOR), *words], check=True, cwd=HERE.parent, capture_output=True,
            env={**ENVIRONMENT, "ATHANOR_HOME": str(home)})
    lines = home / "events.jsonl"
    run = json.loads(lines.read_text().splitlines()[0])["run"]
    figures = {"requests": requests(home, campaign, run)}

    big = home / "million.sqlite"
    bench("service-fill", big, lines, "million", 1_000_000)
    figures["million"] = million(home, big, "million")
    big.unlink()

    live = home / "live.sqlite"
    small = home / "small.jsonl"
    # Events of the most frequent kinds without their formulas: about 300 bytes on the wire.
    small.write_text("\n".join(
        json.dumps({"kind": "bench.tick", "subject": "", "payload": {"number": number}})
        for number in range(100)) + "\n")
    bench("service-fill", live, small, "live", 36_000)
    server = Server(home, live)
    try:
        say("1,000 clients, live")
        figures["watch"] = asyncio.run(watch(server, live, lines, 20))
        say("an hour's load")
        figures["hour"] = asyncio.run(hour(server, live, CLIENTS, 36_000))
    finally:
        server.stop()
    return figures


def service_lines(figures):
    r, m = figures["requests"], figures["million"]
    w, h = figures["watch"], figures["hour"]
    return [
        "## The server: `athanor serve` and FastAPI on uvicorn (uvloop, httptools)",
        "",
        f"wrk with {CONNECTIONS} keep-alive connections on loopback, medians of three rounds in turn.",
        "",
        "| route | athanor, requests a second | p99 | FastAPI | p99 | athanor against it |",
        "|---|---|---|---|---|---|",
        f"| `/healthz` | {r['ours_per_second']:,.0f} | {r['ours_p99_ms']:.1f} ms |"
        f" {r['theirs_per_second']:,.0f} | {r['theirs_p99_ms']:.1f} ms |"
        f" {r['ours_per_second'] / r['theirs_per_second']:.1f} times |",
        f"| `reactor_status` of a run, {r['status_bytes'] / 1024:.0f} KiB; FastAPI sends the same"
        f" from memory | {r['ours_status_per_second']:,.0f} | {r['ours_status_p99_ms']:.1f} ms |"
        f" {r['theirs_status_per_second']:,.0f} | {r['theirs_status_p99_ms']:.1f} ms |"
        f" {r['ours_status_per_second'] / r['theirs_status_per_second']:.1f} times |",
        "",
        "| what | measured |",
        "|---|---|",
        "| `reactor_status` of one run of 1,000,000 events, median |"
        f" {m['milliseconds_median']:.2f} ms (p99 {m['milliseconds_p99']:.2f} ms,"
        f" {m['memory_mib']:.0f} MiB) |",
        f"| the first time, which folds them | {m['first_seconds']:.1f} s |",
        f"| {w['clients']:,} sockets, {w['rate']} events a second for {w['seconds']} s, beside three"
        f" that never read | {w['complete']:,} received every event once, in order |",
        f"| memory before and at most |"
        f" {w['memory_before_mib']:.0f} and {w['memory_most_mib']:.0f} MiB |",
        f"| an hour of {RATE} events a second to {h['clients']:,} sockets, as fast as they take it |"
        f" {h['frames']:,} frames in {h['seconds']:.0f} s,"
        f" {h['frames'] / h['seconds']:,.0f} a second, {h['gaps']} gaps |",
        "| most memory in the first and second half of that |"
        f" {h['memory_first_half_mib']:.0f} and {h['memory_second_half_mib']:.0f} MiB |",
        "",
    ]


def service_promises(figures, verdict):
    r, m = figures["requests"], figures["million"]
    w, h = figures["watch"], figures["hour"]
    ratio = r["ours_per_second"] / r["theirs_per_second"]
    flat = h["memory_second_half_mib"] <= h["memory_first_half_mib"] * 1.1 + 8
    return [
        "| a JSON route at 5 times FastAPI's requests a second, 32 connections |"
        f" {ratio:.1f} times | {verdict(ratio >= 5)} |",
        "| `reactor_status` in at most 2 ms at 1,000,000 events |"
        f" {m['milliseconds_median']:.2f} ms | {verdict(m['milliseconds_median'] <= 2)} |",
        f"| {w['clients']:,} sockets at {w['rate']} messages a second each without a drop, beside"
        f" clients that never read | {w['complete']:,} complete |"
        f" {verdict(w['complete'] == w['clients'])} |",
        "| an hour's load with flat memory |"
        f" {h['memory_first_half_mib']:.0f}, then {h['memory_second_half_mib']:.0f} MiB |"
        f" {verdict(flat and h['gaps'] == 0)} |",
    ]


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(service(folder), indent=2))
