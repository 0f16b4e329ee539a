"""Annealed p-bits and a greedy descent as a solver."""

from __future__ import annotations

import numpy as np

from pbit.models.polynomial import AnyModel
from pbit.run.control import Control
from pbit.run.reads import Reads
from pbit.solvers.effort import Effort
from pbit.solvers.pbits import solve_with_p_bits
from pbit.solvers.solver import Solver


def solve_with_annealing(model: AnyModel, effort: Effort, control: Control) -> Reads:
    """One round of solver "pbit" and a greedy descent from the lowest state of every read.

    Examples
    --------
    >>> from pbit import IsingModel
    >>> chain = IsingModel.from_edges([0, 1], [1, 2], [1.0, -1.0])
    >>> solve_with_annealing(chain, Effort(num_reads=2, num_sweeps=1), Control()).energies.tolist()
    [-2.0, -2.0]
    """
    reads = solve_with_p_bits(model, effort, control)
    return descended(model, reads, control, num_threads=effort.num_threads)


def descended(
    model: AnyModel, reads: Reads, control: Control, *, num_threads: int | None = None
) -> Reads:
    """The reads at local minima below their states; a target may be reached on the way.

    The time limit is over when it comes to that: a descent is not cut short by it.
    """
    from pbit.samplers.descent import descend

    minima = descend(model, reads.spins, num_threads=num_threads)
    info = dict(reads.info)
    info["descent_flips"] = int(np.maximum(minima.info["flips"], 0).sum())
    timing = dict(info["timing"])
    timing["sampling_ns"] += minima.info["timing"]["sampling_ns"]
    info["timing"] = timing
    if minima.info["stop_reason"] == "interrupted":
        info["stop_reason"] = "interrupted"
    if control.target is not None:
        slack = 1e-12 * (np.abs(minima.energies).max(initial=0.0) + abs(model.offset))
        if minima.energies.min(initial=np.inf) <= control.target + slack:
            info["stop_reason"] = "target"
    return Reads(minima.spins, minima.energies, info)


def best_of_each(reads: Reads, count: int) -> Reads:
    """The lowest of every ``count`` reads that follow each other; the last may be of fewer.

    Examples
    --------
    >>> reads = Reads(np.array([[1], [-1], [1]], np.int8), np.array([2.0, 1.0, 3.0]))
    >>> best_of_each(reads, 2).energies.tolist()
    [1.0, 3.0]
    """
    firsts = range(0, reads.energies.size, count)
    lowest = [first + int(np.argmin(reads.energies[first : first + count])) for first in firsts]
    return Reads(reads.spins[lowest], reads.energies[lowest], reads.info)


SOLVER = Solver(
    "anneal",
    "annealed p-bits, then a greedy descent",
    solve_with_annealing,
    rank=20,
    fixed_length=True,
)
