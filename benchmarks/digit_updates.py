"""Nanoseconds of one update of a digit of K values, next to K p-bits, one for each value.

A random graph of degree 10, antiferromagnetic, at one beta where about a fifth of the digits move
in a sweep; heat bath, one thread. "many": 64 reads, side by side where there is such a kernel;
"one": a read alone. Of p-bits, K updates.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import pbit
from pbit.problems.max_k_cut import MaxKCut

VALUES = (3, 8, 32)
_READS = 64


def graph(n: int, seed: int) -> tuple[Any, Any]:
    """Edges of a random graph of n vertices and mean degree 10."""
    rng = np.random.default_rng(seed)
    pairs = np.sort(rng.integers(n, size=(5 * n, 2)), axis=1)
    pairs = np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0)
    return pairs[:, 0], pairs[:, 1]


def updates(n: int, sweeps: int, repeats: int, seed: int) -> list[dict[str, Any]]:
    """A row for each K, and kind of reads."""
    rows, cols = graph(n, seed)
    found = []
    for count in VALUES:
        digits = pbit.DitModel.potts(rows, cols, 1.0, num_values=count, num_digits=n)
        hot = MaxKCut(rows, cols, np.ones(rows.size), range(n), count).model
        for kind, reads in (("many", _READS), ("one", 1)):
            found.append({
                "section": "updates",
                "values": count,
                "reads": kind,
                "digit_ns": _nanoseconds(digits, 2.5, (reads, sweeps, n), repeats),
                "p_bits_ns": _nanoseconds(hot, 2.5, (reads, sweeps, n), repeats),
            })  # fmt: skip
    return found


def _nanoseconds(model: Any, beta: float, size: tuple[int, int, int], repeats: int) -> float:
    """Of a digit: the median over the repeats, after one that compiles."""
    reads, sweeps, n = size
    sweeps = sweeps * _READS // reads

    def call(seed: int) -> float:
        made = pbit.anneal(
            model, beta=beta, num_reads=reads, num_sweeps=sweeps, seed=seed, num_threads=1
        )
        return float(made.info["timing"]["sampling_ns"]) / (reads * sweeps * n)

    return _median(call, repeats)


def _median(call: Callable[[int], float], repeats: int) -> float:
    call(0)
    return float(np.median([call(seed) for seed in range(1, repeats + 1)]))


def line(row: dict[str, Any]) -> str:
    """A row of the table."""
    ratio = row["p_bits_ns"] / row["digit_ns"]
    return (
        f"updates  K = {row['values']:2}, {row['reads']:4} reads: {row['digit_ns']:7.2f} ns a "
        f"digit, {row['p_bits_ns']:8.2f} ns by p-bits, ratio {ratio:6.2f}"
    )
