"""Random walks in numba, JAX and numpy; prints one line of JSON. usage: montecarlo_peers.py PATHS STEPS

Millions of steps a second on the core that the process is bound to, medians of nine after one to compile.
Terminal prices for normal and Student steps, and the first passage of both sides through four barriers
that are looked at after each step. numba leaves a path when both sides are out; numpy and JAX walk all.
"""

import json
import math
import os
import statistics
import sys
import time
from importlib.metadata import version

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import jax
import jax.numpy as jnp
import numba
import numpy as np

DEVIATION = 0.8 * math.sqrt(10 / 31_536_000)
SCALE = DEVIATION * math.sqrt(4 / 6)
HALF = 0.5 * DEVIATION * DEVIATION
# A profit of 0.6 % and a loss of 0.5 % for a long and for a short position, in logarithms.
LONG, SHORT = (math.log(1.006), math.log(0.995)), (math.log(1.005), math.log(0.994))


@numba.njit(fastmath=True)
def numba_gaussian(paths, steps, out):
    for path in range(paths):
        x = 0.0
        for _ in range(steps):
            x += DEVIATION * np.random.standard_normal() - HALF
        out[path] = x


@numba.njit(fastmath=True)
def numba_student(paths, steps, out):
    for path in range(paths):
        x = 0.0
        for _ in range(steps):
            x += SCALE * np.random.standard_t(6.0) - HALF
        out[path] = x


@numba.njit(fastmath=True)
def numba_passage(paths, steps, isStudent, out):
    for path in range(paths):
        x = 0.0
        long = 0
        short = 0
        for _ in range(steps):
            if isStudent:
                x += SCALE * np.random.standard_t(6.0) - HALF
            else:
                x += DEVIATION * np.random.standard_normal() - HALF
            if long == 0:
                long = 1 if x >= LONG[0] else (2 if x <= LONG[1] else 0)
            if short == 0:
                short = 1 if x >= SHORT[0] else (2 if x <= SHORT[1] else 0)
            if long != 0 and short != 0:
                break
        out[path] = 3 * long + short


def numpy_draws(paths, steps, isStudent):
    generator = np.random.Generator(np.random.SFC64(1))
    if isStudent:
        return generator.standard_t(6.0, (steps, paths)) * SCALE - HALF
    draws = generator.standard_normal((steps, paths), dtype=np.float32)
    draws *= np.float32(DEVIATION)
    draws -= np.float32(HALF)
    return draws


def numpy_walk(paths, steps, isStudent):
    return numpy_draws(paths, steps, isStudent).sum(axis=0)


def numpy_passage(paths, steps, isStudent):
    walk = np.cumsum(numpy_draws(paths, steps, isStudent), axis=0)
    out = []
    for upper, lower in (LONG, SHORT):
        above, below = walk >= upper, walk <= lower
        first = np.where(above.any(0), above.argmax(0), steps)
        second = np.where(below.any(0), below.argmax(0), steps)
        out.append((first < second).sum())
    return out


def jax_increment(key, paths, isStudent):
    if isStudent:
        # The same law by Bailey's polar form, which is faster than jax.random.t.
        first, second = jax.random.split(key)
        u = jax.random.uniform(first, (paths,), minval=1e-7)
        turn = jax.random.uniform(second, (paths,))
        return SCALE * jnp.sqrt(6 * (u ** (-1 / 3) - 1)) * jnp.cos(2 * jnp.pi * turn) - HALF
    return DEVIATION * jax.random.normal(key, (paths,)) - HALF


def jax_walk(paths, steps, isStudent):
    def step(x, key):
        return x + jax_increment(key, paths, isStudent), None

    def run(key):
        return jax.lax.scan(step, jnp.zeros(paths), jax.random.split(key, steps))[0]

    return jax.jit(run)


def jax_passage(paths, steps, isStudent):
    def side(state, x, upper, lower):
        touched = jnp.where(x >= upper, 1, jnp.where(x <= lower, 2, 0))
        return jnp.where(state == 0, touched, state)

    def step(state, key):
        x, long, short = state
        x = x + jax_increment(key, paths, isStudent)
        return (x, side(long, x, *LONG), side(short, x, *SHORT)), None

    def run(key):
        none = jnp.zeros(paths, jnp.int32)
        state = (jnp.zeros(paths), none, none)
        return jax.lax.scan(step, state, jax.random.split(key, steps))[0][1:]

    return jax.jit(run)


def speed(paths, steps, work):
    work()
    times = []
    for _ in range(9):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return paths * steps / statistics.median(times) / 1e6


def main(paths, steps):
    jax.config.update("jax_default_prng_impl", "rbg")
    out, key = np.zeros(paths), jax.random.key(1)
    figures = {f"{name}_version": version(name) for name in ("numba", "jax", "numpy")}
    works = {
        "numba_gaussian": lambda: numba_gaussian(paths, steps, out),
        "numba_student": lambda: numba_student(paths, steps, out),
        "numba_gaussian_passage": lambda: numba_passage(paths, steps, False, out),
        "numba_student_passage": lambda: numba_passage(paths, steps, True, out),
    }
    for law, isStudent in (("gaussian", False), ("student", True)):
        walk, passage = jax_walk(paths, steps, isStudent), jax_passage(paths, steps, isStudent)
        works |= {
            f"numpy_{law}": lambda s=isStudent: numpy_walk(paths, steps, s),
            f"numpy_{law}_passage": lambda s=isStudent: numpy_passage(paths, steps, s),
            f"jax_{law}": lambda w=walk: jax.block_until_ready(w(key)),
            f"jax_{law}_passage": lambda w=passage: jax.block_until_ready(w(key)),
        }
    for name, work in works.items():
        figures[name] = speed(paths, steps, work)
    print(json.dumps(figures))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
