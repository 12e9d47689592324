"""Other programs on the same panel. usage: peers.py kunquant|pandas|polars PANEL [THREADS]
or bm25 FOLDER

Prints one JSON object. KunQuant computes its own Alpha101 set of 82 formulas in single precision;
pandas and polars the ten of them that both can write without a Python callback for each window.
bm25 searches the corpus.json of the retrieval suite.
"""

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np

FIELDS = ("open", "high", "low", "close", "volume")


def load(folder, dtype=np.float64):
    return {name: np.load(Path(folder) / f"{name}.npy").astype(dtype) for name in FIELDS}


def peak_mib():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def best(work, rounds):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    times.sort()
    return {"seconds_median": times[len(times) // 2], "seconds_min": times[0]}


def kunquant(folder, threads):
    from KunQuant.Driver import KunCompilerConfig
    from KunQuant.jit import cfake
    from KunQuant.Op import Builder, Input, Output
    from KunQuant.predefined.Alpha101 import AllData, all_alpha
    from KunQuant.runner import KunRunner
    from KunQuant.Stage import Function

    data = load(folder, np.float32)
    rows, columns = data["close"].shape
    padding = -columns % 16
    data = {
        name: np.ascontiguousarray(np.pad(values, ((0, 0), (0, padding)), mode="edge"))
        for name, values in data.items()
    }
    data["amount"] = data["volume"] * data["close"]
    builder = Builder()
    with builder:
        inputs = AllData(**{name: Input(name) for name in (*FIELDS, "amount")})
        for formula in all_alpha:
            Output(formula(inputs), formula.__name__)
    function = Function(builder.ops)
    config = KunCompilerConfig(
        input_layout="TS", output_layout="TS", dtype="float", blocking_len=8, split_source=12,
        options={"opt_reduce": True, "fast_log": True, "no_fast_stat": "no_warn"})
    start = time.perf_counter()
    library = cfake.compileit([("alphas", function, config)], "alphas", cfake.CppCompilerConfig())
    compilation = time.perf_counter() - start
    module = library.getModule("alphas")
    outputs = {f.__name__: np.empty((rows, columns + padding), np.float32) for f in all_alpha}
    executor = (
        KunRunner.createSingleThreadExecutor()
        if threads == 1
        else KunRunner.createMultiThreadExecutor(threads))
    figures = best(
        lambda: KunRunner.runGraph(executor, module, data, 0, rows, outputs), 3)
    return {"formulas": len(all_alpha), "compilation_seconds": compilation, **figures}


def pandas_set(folder, _):
    import pandas

    frame = {name: pandas.DataFrame(values) for name, values in load(folder).items()}
    o, h, l, c, v = (frame[name] for name in FIELDS)
    rank = lambda x: x.rank(axis=1, pct=True)
    formulas = [
        lambda: -rank(np.log(v).diff(2)).rolling(6).corr(rank((c - o) / o)),
        lambda: -rank(o).rolling(10).corr(rank(v)),
        lambda: -rank(l).rolling(9).rank(),
        lambda: -o.rolling(10).corr(v),
        lambda: np.sign(v.diff()) * -c.diff(),
        lambda: -rank(o - h.shift()) * rank(o - c.shift()) * rank(o - l.shift()),
        lambda: rank(o / c - 1),
        lambda: -rank(h.rolling(10).std()) * h.rolling(10).corr(v),
        lambda: -h.rolling(5).corr(rank(v)),
        lambda: (c - o) / (h - l + 0.001),
    ]
    return {"formulas": len(formulas), **best(lambda: [f() for f in formulas], 1)}


def polars_set(folder, threads):
    import polars as pl

    data = load(folder)
    rows, columns = data["close"].shape
    long = pl.DataFrame(
        {"row": np.repeat(np.arange(rows), columns), "id": np.tile(np.arange(columns), rows)}
        | {name: values.ravel() for name, values in data.items()}
    ).with_columns(pl.col(FIELDS).fill_nan(None))
    o, h, l, c, v = (pl.col(name) for name in FIELDS)

    def rank(x):
        return (x.rank("average") / x.count()).over("row")

    def along(x):
        return x.over("id", order_by="row")

    def corr(x, y, d):
        return pl.rolling_corr(x, y, window_size=d, min_samples=d).over("id", order_by="row")

    def staged(**first):
        return long.with_columns(**first)

    def run():
        a = staged(x=along(v.log().diff(2)), y=(c - o) / o).with_columns(
            rx=rank(pl.col("x")), ry=rank(pl.col("y")))
        a.select(-corr(pl.col("rx"), pl.col("ry"), 6))
        b = staged(ro=rank(o), rv=rank(v), rl=rank(l))
        b.select(-corr(pl.col("ro"), pl.col("rv"), 10))
        b.select(-along(pl.col("rl").rolling_rank(9)))
        long.select(-corr(o, v, 10))
        long.select(along(v.diff().sign() * -c.diff()))
        e = staged(a=along(o - h.shift()), b=along(o - c.shift()), d=along(o - l.shift()))
        e.select(-rank(pl.col("a")) * rank(pl.col("b")) * rank(pl.col("d")))
        long.select(rank(o / c - 1))
        s = staged(s=along(h.rolling_std(10)), k=corr(h, v, 10))
        s.select(-rank(pl.col("s")) * pl.col("k"))
        b.select(-corr(h, pl.col("rv"), 5))
        long.select((c - o) / (h - l + 0.001))

    return {"formulas": 10, "version": pl.__version__, **best(run, 1)}


def bm25(folder, _):
    from importlib.metadata import version

    from rank_bm25 import BM25Okapi

    corpus = json.loads((Path(folder) / "corpus.json").read_text())
    start = time.perf_counter()
    index = BM25Okapi(corpus["documents"])
    indexing = time.perf_counter() - start
    medians = []
    for query in corpus["queries"]:

        def search():
            scores = index.get_scores(query)
            best = np.argpartition(-scores, corpus["hits"])[: corpus["hits"]]
            return best[np.argsort(-scores[best])]

        medians.append(best(search, 3)["seconds_median"])
    return {"version": version("rank-bm25"), "index_seconds": indexing,
            "milliseconds_median": float(np.median(medians)) * 1e3}


if __name__ == "__main__":
    name, folder = sys.argv[1], sys.argv[2]
    threads = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    suite = {"kunquant": kunquant, "pandas": pandas_set, "polars": polars_set,
             "bm25": bm25}[name]
    print(json.dumps({"peer": name, "threads": threads, **suite(folder, threads),
                      "peak_mib": peak_mib()}))
