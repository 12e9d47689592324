"""Runs the suites and the other programs in turn and writes RESULTS.md. usage: compare.py PANEL"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import bars
import books
import engine
import estimation
import montecarlo
import rules
import worlds
from chapters import marked, processor, verdict
from service import service, service_lines, service_promises

HERE = Path(__file__).parent
BENCH = HERE / ".build" / "release" / "Bench"
ATHANOR = HERE / ".build" / "release" / "athanor"
FORMULAS = HERE / "alpha101.txt"
# Members of events that tell the time of day, and the chain over it; equal runs differ in nothing
# else.
CLOCK = ("at_ms", "granted_at_ms", "expires_at_ms", "chain")
# The formulas that pandas and polars write without a Python callback for each window.
COMMON = ("002", "003", "004", "006", "012", "020", "033", "040", "044", "101")


def run(command, **environment):
    print("  " + " ".join(str(word) for word in command[:3]), file=sys.stderr, flush=True)
    result = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, check=True,
        env={**os.environ, **environment})
    return json.loads(result.stdout.strip().splitlines()[-1])


def peer(name, panel, threads=1):
    return run(
        [sys.executable, HERE / "peers.py", name, panel, threads], POLARS_MAX_THREADS=str(threads))


def desk(home, *arguments):
    """Runs the program with a home of its own: output, seconds and the most memory it held."""
    print("  athanor " + " ".join(arguments[:2]), file=sys.stderr, flush=True)
    # Without keys the offline proposer answers.
    environment = {
        name: value for name, value in os.environ.items()
        if not name.endswith("_API_KEY") and not name.startswith(("BRAIN_", "ATHANOR_"))}
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as progress:
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(ATHANOR), *arguments], stdout=output, stderr=progress, text=True,
            cwd=HERE.parent, env={**environment, "ATHANOR_HOME": home})
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        progress.seek(0)
        if process.returncode != 0:
            raise RuntimeError(f"athanor {arguments}: {progress.read()}")
        return output.read(), seconds, usage.ru_maxrss / 1024


def without_clock(value):
    if isinstance(value, dict):
        return {name: without_clock(x) for name, x in value.items() if name not in CLOCK}
    if isinstance(value, list):
        return [without_clock(x) for x in value]
    return value


def simulated_seconds(events):
    """Between the last start of a queue and its first result, which are recorded around it."""
    total, started = 0, None
    for event in events:
        if event["kind"] == "simulation.started":
            started = event["at_ms"]
        elif event["kind"] == "simulation.completed" and started is not None:
            total, started = total + event["at_ms"] - started, None
    return total / 1000


def research(folder):
    """Ten ideas offline, twice with one seed, and the plain price of the same formulas."""
    desk(folder, "simulate", "rank(-returns)", "--journal", f"{folder}/warm.sqlite", "--json")
    runs = []
    for name in ("first", "second"):
        journal = f"{folder}/{name}.sqlite"
        text, seconds, peak = desk(
            folder, "research", "run", "--take", "10", "--seed", "1", "--threads", "2", "--top",
            "5000", "--budget", "configs/llm_budget.json", "--llm-provider", "mock", "--journal",
            journal, "--json")
        exported, _, _ = desk(folder, "journal", "export", "--journal", journal)
        events = [json.loads(line) for line in exported.splitlines()]
        runs.append((json.loads(text), seconds, peak, events))
    report, seconds, peak, events = runs[0]
    sheet = Path(folder) / "formulas.txt"
    formulas = list(dict.fromkeys(entry["formula"] for entry in report["candidates"]))
    sheet.write_text("\n".join(formulas) + "\n")
    _, plain, _ = desk(
        folder, "simulate", "--file", str(sheet), "--threads", "2", "--journal",
        f"{folder}/plain.sqlite", "--json")
    return {
        "seconds": min(seconds, runs[1][1]), "peak_mib": max(peak, runs[1][2]),
        "ideas": sum(idea["outcome"] == "proposed" for idea in report["ideas"]),
        "simulated": report["counts"]["simulated"], "accepted": report["counts"]["accepted"],
        "tokens": report["summary"]["total_tokens"], "events": len(events),
        "simulating_seconds": simulated_seconds(events), "first_seconds": seconds,
        "plain_seconds": plain, "plain_formulas": len(formulas),
        "identical": without_clock(events) == without_clock(runs[1][3])
        and report["result"] == runs[1][0]["result"],
    }


def route_lines(routes):
    rows = [
        ("the reactor's status", "reactor_status"), ("the budget", "budget"), ("the search", "kpi"),
        ("200 candidates, the best first", "candidates"), ("a replay of 240 frames", "replay"),
    ]
    return [
        f"## The desk over HTTP: a run of {routes['events_of_run']:,} events among"
        f" {routes['events']:,}",
        "",
        "| what | measured |",
        "|---|---|",
        f"| the first question about the run, in {routes['reactor_status_first_questions']} parts |"
        f" {routes['reactor_status_first_seconds']:.1f} s |",
        *(f"| {title}, asked again | {routes[f'runs_{name}_milliseconds']:.2f} ms |"
          for title, name in rows),
        "| the reactor's status after seven more events |"
        f" {routes['reactor_status_after_7_events_milliseconds']:.2f} ms |",
        "",
    ]


def research_lines(ledger, journal, retrieval, bm25, campaign):
    alone = ledger["durable_commits_per_second_one_thread"] / 2
    durable = ledger["durable_calls_per_second"]
    query = journal["query_budget_of_run_milliseconds"]
    scan = journal["scan_budget_of_run_milliseconds"]
    search = retrieval["search_milliseconds_median"]
    return [
        "## The token ledger: reserving a call of a model and settling it",
        "",
        "| how | measured | against one transaction each |",
        "|---|---|---|",
        f"| in memory | {ledger['value_microseconds_median']:.2f} µs |"
        f" {1e6 / alone / ledger['value_microseconds_median']:,.0f} times |",
        f"| through the book, without a journal | {ledger['book_microseconds_median']:.2f} µs |"
        f" {1e6 / alone / ledger['book_microseconds_median']:,.0f} times |",
        f"| through the book, durable, 64 threads | {durable:,.0f} calls a second |"
        f" {durable / alone:.1f} times |",
        f"| through the book, durable, one thread: one transaction each for grant and usage |"
        f" {alone:,.0f} calls a second | 1 |",
        "",
        f"A book over {ledger['journal_events']:,} events opens in"
        f" {ledger['open_milliseconds']:.1f} ms.",
        "",
        f"## The journal: {journal['events']:,} events of {journal['bytes_per_event']} bytes",
        "",
        "| what | measured |",
        "|---|---|",
        "| append, 1000 events a transaction |"
        f" {journal['append_per_second_1000_together']:,.0f} a second |",
        "| append, one event a transaction, durable |"
        f" {journal['append_alone_per_second']:,.0f} a second |",
        "| append, one event a call, durable, 64 threads |"
        f" {journal['append_per_second_64_threads']:,.0f} a second |",
        f"| verify, one thread | {journal['verify_per_second_1_threads']:,.0f} a second |",
        f"| verify, two threads | {journal['verify_per_second_2_threads']:,.0f} a second |",
        f"| read in order | {journal['read_per_second']:,.0f} a second |",
        f"| the 1000 events of one run | {journal['query_run_of_1000_milliseconds']:.1f} ms |",
        f"| the budget of one run | {query:.3f} ms |",
        "| the budget of one run by reading all events |"
        f" {scan:,.0f} ms, {scan / query:,.0f} times as long |",
        "",
        f"## Retrieval and prompts: {retrieval['fields']:,} fields",
        "",
        "| what | measured |",
        "|---|---|",
        f"| index the catalogue, once | {retrieval['index_milliseconds']:,.0f} ms |",
        f"| search, the best 60 of {retrieval['fields']:,} by BM25 | {search:.2f} ms |",
        f"| the same search in rank_bm25 {bm25['version']} | {bm25['milliseconds_median']:.1f} ms,"
        f" {bm25['milliseconds_median'] / search:.1f} times as long |",
        "| a whole pack: subcategories, datasets, fields, operators, two lanes |"
        f" {retrieval['pack_milliseconds_median']:.1f} ms |",
        f"| a prompt of {retrieval['prompt_tokens']:,} tokens that fits |"
        f" {retrieval['prompt_milliseconds_median']:.2f} ms |",
        f"| a prompt that is cut to {retrieval['cut_prompt_tokens']:,} tokens |"
        f" {retrieval['cut_prompt_milliseconds_median']:.2f} ms |",
        "",
        "## A campaign offline: `athanor research run --take 10` on the bundled panel, two threads",
        "",
        "| what | measured |",
        "|---|---|",
        f"| ideas, simulated candidates, accepted alphas | {campaign['ideas']},"
        f" {campaign['simulated']}, {campaign['accepted']} |",
        f"| tokens of the offline proposer | {campaign['tokens']:,} |",
        f"| wall time, the better of two runs | {campaign['seconds']:.1f} s |",
        f"| peak memory | {campaign['peak_mib']:.0f} MiB |",
        "| of which simulation |"
        f" {campaign['simulating_seconds']:.1f} of {campaign['first_seconds']:.1f} s,"
        f" {campaign['simulating_seconds'] / campaign['first_seconds']:.0%} |",
        f"| its {campaign['plain_formulas']} formulas through `athanor simulate --file` |"
        f" {campaign['plain_seconds']:.1f} s; the campaign takes"
        f" {campaign['seconds'] / campaign['plain_seconds']:.1f} times as long |",
        f"| two runs of one seed | {campaign['events']:,} events each,"
        f" {'equal but for the time of day' if campaign['identical'] else '**different**'} |",
        "",
        "`simulate` judges the trust of the best few of a sheet, a campaign that of every candidate.",
        "",
    ]


def main(panel):
    common = tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False)
    with common:
        for line in FORMULAS.read_text().splitlines():
            if line.startswith(tuple(f"alpha{number}:" for number in COMMON)):
                common.write(line + "\n")
    ours = {n: run([BENCH, "alpha101", panel, FORMULAS, n, 3]) for n in (1, 2)}
    kun = {n: peer("kunquant", panel, n) for n in (1, 2)}
    again = run([BENCH, "alpha101", panel, FORMULAS, 1, 3])
    ten = run([BENCH, "alpha101", panel, common.name, 1, 3])
    pandas, polars = peer("pandas", panel), peer("polars", panel)
    os.unlink(common.name)
    check = run([BENCH, "check", FORMULAS])
    bundled = run([BENCH, "simulate", HERE.parent / "Examples" / "Data"])
    with tempfile.TemporaryDirectory() as folder:
        ledger = run([BENCH, "ledger", folder])
        journal = run([BENCH, "journal", folder])
        routes = run([BENCH, "routes", folder])
        retrieval = run([BENCH, "retrieval", folder])
        bm25 = peer("bm25", folder)
        campaign = research(folder)
        served = service(folder)
        governed = worlds.worlds(folder)
    trading = (
        ("monte carlo", montecarlo, montecarlo.montecarlo()),
        ("estimation", estimation, estimation.estimation()),
        ("bars", bars, bars.bars()), ("books", books, books.books()),
        ("engine", engine, engine.engine()), ("rules", rules, rules.rules()))
    assert ours[1]["digest"] == ours[2]["digest"] == again["digest"], "threads changed the bits"

    one = ours[1]["seconds_median"]
    ratio = kun[1]["seconds_median"] / one
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`. Medians of one run on one machine; other programs ran between",
        "ours. Read the ratios, not the seconds.",
        "",
        f"Machine: {processor()}, {os.cpu_count()} cores, {platform.system()}"
        f" {platform.release()}, Python {platform.python_version()}.",
        "",
        "## The Alpha101 set: 82 formulas over "
        f"{ours[1]['instruments']} instruments and {ours[1]['rows']} days",
        "",
        "| program | numbers | threads | compilation s | run s | against us | peak MiB |",
        "|---|---|---|---|---|---|---|",
    ]
    for n in (1, 2):
        lines.append(
            f"| athanor | double | {n} | 0 | {ours[n]['seconds_median']:.2f} | 1 |"
            f" {ours[n]['peak_mib']:.0f} |")
    for n in (1, 2):
        lines.append(
            f"| KunQuant 0.1.12 | single | {n} | {kun[n]['compilation_seconds']:.1f} |"
            f" {kun[n]['seconds_median']:.2f} |"
            f" {kun[n]['seconds_median'] / ours[n]['seconds_median']:.1f} times |"
            f" {kun[n]['peak_mib']:.0f} |")
    lines += [
        "",
        f"Our first and last single-thread medians in this run: {one:.2f} s and"
        f" {again['seconds_median']:.2f} s. All our runs gave the same bits.",
        "Both keep every value in single precision; we compute in double. Ranks run from 0 to 1 here",
        "and from 1/n to 1 there; the work is the same.",
        "",
        "## Ten of these formulas in three programs, one thread",
        "",
        "| program | s | against us | peak MiB |",
        "|---|---|---|---|",
        f"| athanor | {ten['seconds_median']:.2f} | 1 | {ten['peak_mib']:.0f} |",
    ]
    for name, figures in (("pandas", pandas), ("polars", polars)):
        lines.append(
            f"| {name} | {figures['seconds_median']:.2f} |"
            f" {figures['seconds_median'] / ten['seconds_median']:.1f} times |"
            f" {figures['peak_mib']:.0f} |")
    lines += [
        "",
        f"The formulas are alpha {', '.join(str(int(n)) for n in COMMON)}.",
        "",
        f"## The bundled panel: {bundled['instruments']} instruments, {bundled['rows']} days",
        "",
        f"A thousand random formulas of {bundled['operators_mean']:.1f} operators on average are",
        f"simulated at {bundled['per_second_1_threads']:.0f} a second on one thread and"
        f" {bundled['per_second_2_threads']:.0f} on two.",
        "",
        *research_lines(ledger, journal, retrieval, bm25, campaign),
        *service_lines(served),
        *route_lines(routes),
        "## Against what was promised",
        "",
        "| promise | measured | kept |",
        "|---|---|---|",
        f"| the Alpha101 set in at most a fifth of KunQuant's time, one thread | 1/{ratio:.1f} |"
        f" {verdict(ratio >= 5)} |",
        f"| at most 1.5 GB for that run | {ours[1]['peak_mib'] / 1024:.2f} GiB |"
        f" {verdict(ours[1]['peak_mib'] < 1430)} |",
        "| parse, check and plan one formula in at most 50 µs |"
        f" {check['typical_microseconds']:.1f} µs typical,"
        f" {check['alpha101_microseconds_mean']:.1f} µs over the set |"
        f" {verdict(check['alpha101_microseconds_mean'] <= 50)} |",
        "| text to full result of a typical formula in at most 10 ms |"
        f" {bundled['one_milliseconds_median']:.1f} ms |"
        f" {verdict(bundled['one_milliseconds_median'] <= 10)} |",
        "| 300 random formulas simulated a second on two cores |"
        f" {bundled['per_second_2_threads']:.0f} |"
        f" {verdict(bundled['per_second_2_threads'] >= 300)} |",
        "| reserve and settle a call in memory in at most 2 µs |"
        f" {ledger['value_microseconds_median']:.2f} µs |"
        f" {verdict(ledger['value_microseconds_median'] <= 2)} |",
        "| 2,000 calls a second through the book, durable, 64 threads |"
        f" {ledger['durable_calls_per_second']:,.0f} |"
        f" {verdict(ledger['durable_calls_per_second'] >= 2000)} |",
        f"| the budget of one run in {journal['events']:,} events in at most 5 ms |"
        f" {journal['query_budget_of_run_milliseconds']:.3f} ms |"
        f" {verdict(journal['query_budget_of_run_milliseconds'] <= 5)} |",
        f"| the reactor's status over {routes['events']:,} events in at most 2 ms |"
        f" {routes['runs_reactor_status_milliseconds']:.3f} ms |"
        f" {verdict(routes['runs_reactor_status_milliseconds'] <= 2)} |",
        "| a campaign of 10 ideas and 200 simulated candidates in at most 60 s, offline |"
        f" {campaign['simulated']} candidates of {campaign['ideas']} ideas in"
        f" {campaign['seconds']:.1f} s |"
        f" {verdict(campaign['ideas'] >= 10 and campaign['simulated'] >= 200 and campaign['seconds'] <= 60)} |",
        "| equal seeds record equal events, but for the time of day |"
        f" {campaign['events']:,} events | {verdict(campaign['identical'])} |",
        *service_promises(served, verdict),
        "",
        *marked("worlds", worlds.chapter(governed)),
    ]
    for name, module, figures in trading:
        lines += marked(name, module.chapter(figures))
    (HERE / "RESULTS.md").write_text("\n".join(lines))
    print("\n".join(lines))


if __name__ == "__main__":
    main(sys.argv[1])
