"""Greedy descent to local minima under single flips."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError
from pbit.engines.compiled_model import rows_of
from pbit.engines.dense import suits_matrix
from pbit.engines.engine import Ask
from pbit.machine import threads_of
from pbit.models.ising import IsingModel, checked_states
from pbit.models.labels import FloatArray, SpinArray
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
    held: npt.ArrayLike | None = None,
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
    held : bool, shape (n,) or (num_reads, n), optional
        Spins that stay as they are, in all rows or row by row.
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
        A model without an energy, spins of the wrong shape or values, no mask of held spins.

    Examples
    --------
    >>> from pbit import IsingModel
    >>> ring = IsingModel.from_edges([0, 1, 2], [1, 2, 0], [1.0, 1.0, 1.0])
    >>> lowest = descend(ring, [[1, -1, 1], [-1, -1, -1]])
    >>> lowest.spins.tolist(), lowest.energies.tolist(), lowest.info["flips"].tolist()
    ([[1, 1, 1], [-1, -1, -1]], [-3.0, -3.0], [1, 0])
    """
    model = energetic(model, to="lower")
    threads = threads_of(num_threads)
    start = time.perf_counter_ns()
    states = np.array(np.atleast_2d(checked_states(spins, model.num_spins)), dtype=np.int8)
    if states.ndim != 2:
        raise ArgumentError("spins", "must have one row a read", got=f"shape {states.shape}")
    mask = held_rows(held, states.shape)
    descent = Descent(model)
    descent.warm_up()
    ready = time.perf_counter_ns()
    reason, flips = descent.run(states, mask, num_threads=threads, control=control_from(control))
    sampled = time.perf_counter_ns()
    info = {
        "stop_reason": reason or "completed",
        "flips": flips,
        "num_threads": threads,
        "timing": {
            "preprocessing_ns": ready - start,
            "sampling_ns": sampled - ready,
            "postprocessing_ns": 1,
        },
    }
    return Reads(states, model.energy(states), info)


class Descent:
    """A model compiled for descents.

    Parameters
    ----------
    model : IsingModel or PolynomialModel
    """

    def __init__(self, model: AnyModel) -> None:
        rows = rows_of(model)
        self.h, self.couplings = rows.compiled(np.float64, "sparse", None)
        self.rounding = _rounding(rows.h, *rows.by_site)
        # Fields are kept where the couplings fill a matrix: the bits are the same.
        full = isinstance(model, IsingModel) and suits_matrix(model, Ask())
        self.matrix = model.J.toarray() if full else None  # type: ignore[union-attr]

    def warm_up(self) -> None:
        """Compile, or load what was compiled before."""
        n = self.h.size
        held = np.zeros((0, n), np.uint8)
        self.rows(np.zeros((0, n), np.int8), held, np.zeros(0, np.int64), np.zeros(1, np.uint8))

    def rows(self, states: SpinArray, held: Any, flips: Any, stop: Any) -> None:
        """Descend in some rows; arrays as of :func:`pbit.kernels.sweeps.descent.descend`."""
        from pbit.kernels.sweeps import descent

        model, end = (self.h, self.couplings), (held, flips, stop)
        if self.matrix is None:
            descent.descend(states, *model, self.rounding[0], *end)
            return
        fields = states.astype(np.float64) @ self.matrix + self.h
        descent.descend_kept(states, fields, *model, self.matrix, self.rounding, *end)

    def run(
        self, states: SpinArray, held: Any, *, num_threads: int, control: Control
    ) -> tuple[str | None, npt.NDArray[np.int64]]:
        """Descend in all rows, in place: why it ended before, if it did, and the flips made."""
        flips, stop, done = np.full(len(states), -1), np.zeros(1, np.uint8), [0]
        size = max(1, _PIECE_SPINS // max(self.h.size, 1))
        pieces = [slice(first, first + size) for first in range(0, len(states), size)]

        def one(piece: slice) -> None:
            self.rows(states[piece], held[piece], flips[piece], stop)

        def count(_: None) -> None:
            done[0] += 1

        reason = run_pieces(
            iter(pieces),
            one,
            count,
            stop=stop,
            control=control,
            report=lambda elapsed_s: Progress(done[0] / len(pieces), np.inf, elapsed_s),
            threads=max(1, min(num_threads, len(pieces))),
            small=states.size <= _SMALL_SPINS,
        )
        return (reason if np.any(flips < 0) else None), flips


def held_rows(held: npt.ArrayLike | None, shape: tuple[int, ...]) -> npt.NDArray[np.uint8]:
    """Mask of the spins of (num_reads, n) that stay as they are: one row a read, or none at all.

    Raises
    ------
    ValueError
        No mask of this shape, or of one row of it.
    """
    if held is None:
        return np.zeros((0, shape[1]), np.uint8)
    mask: npt.NDArray[Any] = np.asarray(held)
    if mask.shape not in (shape, shape[1:]) or mask.dtype != np.bool_:
        raise ArgumentError(
            "held",
            f"must be a mask of shape {shape[1:]} or {shape}, True where a spin is held",
            got=f"{mask.dtype} of shape {mask.shape}",
        )
    return np.ascontiguousarray(np.broadcast_to(mask, shape)).view(np.uint8)


def _rounding(h: FloatArray, starts: Any, weights: Any) -> tuple[FloatArray, FloatArray]:
    """Bounds on the rounding of each field: a sum in the order of the weights, and a flip in it."""
    sites = np.repeat(np.arange(h.size), np.diff(starts))
    total = np.abs(h) + np.bincount(sites, weights=np.abs(weights), minlength=h.size)
    drift = np.finfo(np.float64).eps * total
    return 2 * (np.diff(starts) + 1) * drift, drift
