"""Greedy descent to local minima under single flips."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, integer
from pbit.engines.compiled_model import rows_of
from pbit.machine import available_threads
from pbit.models.ising import checked_states
from pbit.models.labels import FloatArray
from pbit.models.polynomial import AnyModel
from pbit.models.taking import energetic
from pbit.run.control import Control, Progress, control_from
from pbit.run.pieces import run_pieces
from pbit.run.reads import Reads

_PIECE_SPINS = 2**18  # that a thread takes at a time
_SMALL_SPINS = 2**14  # less than it costs to start a thread


def descend(
    model: AnyModel,
    spins: npt.ArrayLike,
    *,
    num_threads: int | None = None,
    control: Control | None = None,
) -> Reads:
    r"""Local minima below the given states: no single flip lowers their energy.

    Sites are visited in their order, again and again; a flip is made where
    :math:`s_i I_i < 0`, until none is left. A field counts as negative only beyond what rounding
    may add to it, at most :math:`2 \epsilon (k + 1) \sum |w|` of the k couplings or terms w at a
    spin; with whole numbers that is none. Deterministic: nothing is drawn.

    Parameters
    ----------
    model : IsingModel or PolynomialModel
    spins : array of -1 and +1, shape (num_reads, n) or (n,)
        Where descents start; not changed.
    num_threads : int, optional
        All processors this process may use by default. No effect on the result.
    control : Control, optional
        Time limit, interrupt, progress; a target is not looked at. Rows that were not reached
        come back as they were.

    Returns
    -------
    Reads
        ``info["flips"]``: int64, of each row, -1 where it was not reached.

    Raises
    ------
    TypeError, ValueError
        A model without an energy, spins of the wrong shape or values.

    Examples
    --------
    >>> from pbit import IsingModel
    >>> ring = IsingModel.from_edges([0, 1, 2], [1, 2, 0], [1.0, 1.0, 1.0])
    >>> lowest = descend(ring, [[1, -1, 1], [-1, -1, -1]])
    >>> lowest.spins.tolist(), lowest.energies.tolist(), lowest.info["flips"].tolist()
    ([[1, 1, 1], [-1, -1, -1]], [-3.0, -3.0], [1, 0])
    """
    model = energetic(model, to="lower")
    threads = available_threads() if num_threads is None else integer("num_threads", num_threads, 1)
    start = time.perf_counter_ns()
    states = np.array(np.atleast_2d(checked_states(spins, model.num_spins)), dtype=np.int8)
    if states.ndim != 2:
        raise ArgumentError("spins", "must have one row a read", got=f"shape {states.shape}")
    descent = _Descent(model, states)
    descent.run(states[:0], descent.flips[:0])  # compiles
    ready = time.perf_counter_ns()
    reason = descent.go(max(1, min(threads, len(descent.pieces))), control_from(control))
    sampled = time.perf_counter_ns()
    info = {
        "stop_reason": reason or "completed",
        "flips": descent.flips,
        "num_threads": threads,
        "timing": {
            "preprocessing_ns": ready - start,
            "sampling_ns": sampled - ready,
            "postprocessing_ns": 1,
        },
    }
    return Reads(states, model.energy(states), info)


class _Descent:
    """Rows (R, n) that threads take piece by piece."""

    def __init__(self, model: AnyModel, states: Any) -> None:
        rows = rows_of(model)
        self.h, self.couplings = rows.compiled(np.float64, "sparse", None)
        self.slack = _slack(rows.h, *rows.by_site)
        self.states, self.stop = states, np.zeros(1, np.uint8)
        self.flips = np.full(len(states), -1)
        size = max(1, _PIECE_SPINS // max(model.num_spins, 1))
        self.pieces = [slice(first, first + size) for first in range(0, len(states), size)]
        self._done = 0

    def run(self, states: Any, flips: Any) -> None:
        """Descend in some of the rows."""
        from pbit.kernels.sweeps import descent

        descent.descend(states, self.h, self.couplings, self.slack, flips, self.stop)

    def go(self, threads: int, control: Control) -> str | None:
        """Descend in all rows; why it ended before, if it did."""
        reason = run_pieces(
            iter(self.pieces),
            self._one,
            self._count,
            stop=self.stop,
            control=control,
            report=self._report,
            threads=threads,
            small=self.states.size <= _SMALL_SPINS,
        )
        return reason if np.any(self.flips < 0) else None

    def _one(self, piece: slice) -> None:
        self.run(self.states[piece], self.flips[piece])

    def _count(self, _: None) -> None:
        self._done += 1

    def _report(self, elapsed_s: float) -> Progress:
        return Progress(self._done / len(self.pieces), np.inf, elapsed_s)


def _slack(h: FloatArray, starts: Any, weights: Any) -> FloatArray:
    """Bound on the rounding of each field, which is a sum in the order of the weights."""
    sites = np.repeat(np.arange(h.size), np.diff(starts))
    total = np.abs(h) + np.bincount(sites, weights=np.abs(weights), minlength=h.size)
    return np.asarray(2 * np.finfo(np.float64).eps * (np.diff(starts) + 1) * total)
