"""Digits on sites with fields and pairs: :class:`pbit.models.digits.dit_model.DitModel`."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.engines.digits.chromatic import ChromaticSites
from pbit.engines.digits.family import DigitFamily, IntArray, ValueArray
from pbit.engines.digits.starts import start_words
from pbit.engines.digits.temperatures import UNSCALED
from pbit.kernels.digits.boltzmann import PADS, padded
from pbit.kernels.digits.coldest import descend
from pbit.kernels.digits.lanes import MOST_VALUES
from pbit.kernels.digits.sites import PottsSites, SiteWork, TableSites
from pbit.models.digits.dit_model import DitModel
from pbit.models.digits.scales import largest_of_pairs, spreads
from pbit.models.labels import FloatArray
from pbit.schedules.freezing import beta_of

_LARGEST = {"int16": 2**13, "int32": 2**28}  # fields, so that no difference overflows
_MINIMA, _SITES = 8, 10**5  # of huge models fewer: each is a mean over its sites
_COLDER = 1e6  # times the hot end, at most
_DESCENT_SWEEPS = 50


class SiteProgram:
    """A :class:`DitModel` in the kernel's form; whole numbers stay whole."""

    def __init__(self, model: DitModel) -> None:
        self.model = model
        self.record: Any = _record(model, _dtype(model))

    law = "Boltzmann over all values"
    usual_betas: FloatArray | None = None

    @property
    def updates(self) -> int:
        """One move a site."""
        return self.model.num_digits

    @cached_property
    def size(self) -> float:
        """Sum of absolute energies."""
        return float(np.abs(self.model.h).sum() + largest_of_pairs(self.model).sum() / 2)

    @property
    def lane_shape(self) -> tuple[int, ...]:
        """A number for each value, where kernels take reads side by side; else nothing."""
        alike = isinstance(self.record, PottsSites) and self.record.stride is not None
        if not alike or self.record.h.dtype != np.int16:
            return ()
        count = int(self.record.num_values[0])
        return (0,) * count if count <= MOST_VALUES else ()

    @cached_property
    def chromatic(self) -> ChromaticSites:
        """The same sites, sorted by colour."""
        return ChromaticSites(self.record)

    def works(self, replicas: int) -> SiteWork:
        """Kept arrays of so many replicas."""
        return SiteWork.of(self.record, replicas)

    def random(self, reads: IntArray, *, seed: int) -> ValueArray:
        """Each value of a site as likely, but for rounding: int16 (reads, n)."""
        words = start_words(reads, self.model.num_digits, seed=seed).astype(np.uint64)
        values = words * self.model.num_values.astype(np.uint64) >> np.uint64(32)
        return values.astype(np.int16)

    @cached_property
    def beta_range(self) -> tuple[float, float]:
        r"""Hot: the digit of widest energies, sigma, others drawn evenly, is nearly free:
        ``ln 3 / (2 sigma)``, of K = 2 what :func:`pbit.default_beta_range` says. Cold:
        :math:`\sum_{i,a} e^{-\beta e_i(a)} = 1`, with :math:`e_i(a) > 0` what value a of site i
        costs in a local minimum; a geometric mean over eight of them, or, of more than 10^5 sites,
        over fewer."""
        widest = float(spreads(self.model).max(initial=0.0))
        if not widest > 0:
            return UNSCALED
        hot = float(np.log(3.0)) / (2 * widest)
        minima = max(1, min(_MINIMA, _MINIMA * _SITES // max(1, self.model.num_digits)))
        starts = self.random(np.arange(minima), seed=0)
        costs = descend(self.record, starts, self.works(1), _DESCENT_SWEEPS)
        rises = (row[row > 1e-9 * row.max(initial=0.0)] for row in costs)
        betas = [beta_of(row, 1.0, between=(hot, _COLDER * hot), steps=50) for row in rises]
        return hot, max(2 * hot, float(np.exp(np.mean(np.log(betas)))))


def _dtype(model: DitModel) -> np.dtype[Any]:
    """The smallest numbers that hold all fields exactly, if whole ones do."""
    pairs = model.weights if model.weights is not None else model.tables
    numbers = np.concatenate([model.h, np.asarray(pairs)])
    if np.array_equal(numbers, np.rint(numbers)):
        rows, _ = model.ends()
        largest = np.bincount(rows, largest_of_pairs(model), minlength=model.num_digits)
        most = largest.max(initial=0.0) + np.abs(model.h).max(initial=0.0)
        for name, limit in _LARGEST.items():
            if most <= limit:
                return np.dtype(name)
    return np.dtype(np.float64)


def _record(model: DitModel, dtype: np.dtype[Any]) -> PottsSites | TableSites:
    counts = model.num_values.astype(np.int64)
    lengths = padded(counts)
    rows = np.concatenate([[0], np.cumsum(lengths)])
    h: npt.NDArray[Any] = np.full(rows[-1], PADS[dtype.name], dtype)
    place = np.arange(model.h.size) + np.repeat(rows[:-1] - model.starts[:-1], counts)
    h[place] = model.h
    graph = model.pointers, model.neighbours
    if model.weights is None:
        tables = np.asarray(model.tables).astype(dtype)
        return TableSites(counts, rows, h, *graph, tables, np.asarray(model.table_of))
    alike = counts.size > 0 and bool((counts == counts[0]).all())
    stride = int(lengths[0]) if alike else None
    return PottsSites(counts, rows, h, *graph, model.weights.astype(dtype), stride)


FAMILY = DigitFamily(
    name="DitModel", takes=lambda model: isinstance(model, DitModel), compile=SiteProgram
)
