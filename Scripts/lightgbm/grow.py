"""Grows boosted trees with LightGBM for `athanor models fit`, which starts it.

usage: python -I -B grow.py FOLDER

FOLDER holds order.json, the values and targets of a table, and the places of the rows of each task,
as plain numbers. For each task a text model-N.txt is left there, as LightGBM writes a model. Nothing
that is read is ever run: one file is JSON, the others are numbers. One thread, a seed and
LightGBM's deterministic mode: the same folder gives the same texts.

Exit codes: 0 all are grown, 3 lightgbm is not installed, 5 the memory was not enough, 6 LightGBM
refused; the reason stands on standard error. After the time of the order the process is ended by
SIGALRM.
"""

import ctypes
import json
import os
import resource
import signal
import sys


def bound_time(seconds):
    """Ends this process after so long, and when the program ends that started it."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    die_with_parent = 1  # PR_SET_PDEATHSIG of prctl(2)
    ctypes.CDLL(None).prctl(die_with_parent, signal.SIGKILL)


def bound_memory(megabytes):
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def grow(order):
    import lightgbm
    import numpy

    # A library that finds no memory while it is loaded looks like one that is not there.
    bound_memory(order["megabytes"])
    names = order["feature_names"]
    values = numpy.fromfile("values.f64", "<f8").reshape(-1, len(names))
    targets = numpy.fromfile("targets.f64", "<f8")
    for number, task in enumerate(order["tasks"]):
        places = numpy.fromfile(f"places-{number}.i32", "<i4")
        settings = dict(task)
        rounds = settings.pop("num_iterations")
        settings |= {
            "objective": order["objective"],
            "seed": order["seed"],
            "deterministic": True,
            "force_row_wise": True,
            "num_threads": 1,
            "bagging_fraction": 0.9,
            "bagging_freq": 1,
            "lambda_l2": 1.0,
            "feature_pre_filter": False,
            "verbosity": -1,
        }
        table = lightgbm.Dataset(
            values[places], label=targets[places], feature_name=names, params=settings
        )
        booster = lightgbm.train(settings, table, num_boost_round=rounds)
        draft = f".model-{number}.txt"
        with open(draft, "w", encoding="utf-8", newline="\n") as file:
            file.write(booster.model_to_string())
        os.rename(draft, f"model-{number}.txt")


def main():
    os.chdir(sys.argv[1])
    with open("order.json", encoding="utf-8") as file:
        order = json.load(file)
    bound_time(order["seconds"])
    try:
        grow(order)
    except ImportError as error:
        print(error, file=sys.stderr)
        return 3
    except MemoryError:
        return 5
    except Exception as error:  # LightGBM tells of its memory by words
        print(error, file=sys.stderr)
        return 5 if "bad_alloc" in str(error) else 6
    return 0


if __name__ == "__main__":
    sys.exit(main())
