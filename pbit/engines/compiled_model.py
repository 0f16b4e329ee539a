"""A model and a schedule as the float kernels of :mod:`pbit.kernels.sweeps` want them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.graphs.colors import Coloring
from pbit.models.incidence import Incidence
from pbit.models.labels import FloatArray
from pbit.models.polynomial import PolynomialModel
from pbit.schedules.schedule import Schedule

Form = Literal["sparse", "matrix", "slices"]
Ints = npt.NDArray[np.int32]

_LARGEST_SINGLE_ERROR = 1e-3
_SETTLED_TOGETHER = 128  # 2 x the updates that the kernels sum in the fields' precision
# Where 2 beta times the usual field is over this, few spins flip and it pays to keep the fields.
_COLD = 3.4
_LEAST_SINGLE, _LARGEST_SINGLE = 1e-30, 1e30


class Rows(NamedTuple):
    """Biases and a matrix in CSR, not checked again."""

    h: FloatArray
    indptr: npt.NDArray[np.int64]
    indices: Ints
    weights: npt.NDArray[Any]

    @classmethod
    def of(cls, model: Any) -> Rows:
        """Biases and couplings, symmetric or directed."""
        J = model.J
        indices = J.indices.astype(np.int32, copy=False)
        return cls(model.h, J.indptr.astype(np.int64), indices, J.data)

    @property
    def toy(self) -> Rows:
        """One free spin, in arrays of the same types."""
        return Rows(np.zeros(1), np.zeros(2, np.int64), self.indices[:0], self.weights[:0])

    @property
    def by_site(self) -> tuple[Any, Any]:
        """Where the weights of each site begin, and the weights."""
        return self.indptr, self.weights

    @property
    def exact(self) -> tuple[Any, ...]:
        """Couplings in full precision for :mod:`pbit.kernels.sweeps.books`."""
        return self[1:]

    def compiled(self, real: type[Any], form: Form, coloring: Coloring | None) -> tuple[Any, Any]:
        """Biases and couplings in the kernel's precision, form and order."""
        if coloring is None:
            return (_matrix if form == "matrix" else _sparse)(self, real)
        position = _position(self.h.size, coloring)
        if form == "slices":
            return _slices(self, position, coloring, real)
        return _sparse(_reordered(self, coloring.order, position), real)


class TermRows(NamedTuple):
    """Biases and terms of two spins and more: by site, and each once."""

    h: FloatArray
    incidence: Incidence
    exact: tuple[Any, ...]

    @classmethod
    def of(cls, model: PolynomialModel) -> TermRows:
        """Biases and terms of a higher-order model."""
        linear = int(np.searchsorted(np.diff(model.pointers), 2))
        start = model.pointers[linear]
        terms = (
            np.ascontiguousarray(model.weights[linear:]),
            model.pointers[linear:] - start,
            np.ascontiguousarray(model.members[start:]),
        )
        return cls(model.h, model.incidence(), terms)

    @property
    def toy(self) -> TermRows:
        """One free spin, in arrays of the same types."""
        return TermRows.of(PolynomialModel.from_terms({}, num_spins=1))

    @property
    def by_site(self) -> tuple[Any, Any]:
        """Where the weights of each site begin, and the weights."""
        return self.incidence.site_ptr, self.incidence.weights

    def compiled(self, real: type[Any], form: Form, coloring: Coloring | None) -> tuple[Any, Any]:
        """Biases and terms in the kernel's precision."""
        terms, weights, pointers, members = self.incidence
        return self.h.astype(real), (weights.astype(real), terms, pointers, members)


@dataclass(frozen=True, eq=False)
class CompiledModel:
    """Arrays of a model as the kernels want them, in float32 where that is good enough.

    ``arrays`` = (h, couplings, exact) of :mod:`pbit.kernels.sweeps.gibbs`; ``order`` the site of
    each row of the kernel's spins, None where they are in the model's order; ``size`` the sum of
    all |energies|.
    """

    rows: Rows | TermRows
    arrays: tuple[Any, ...]
    scales: npt.NDArray[Any]
    form: Form
    offset: float = 0.0
    size: float = 0.0
    order: Ints | None = None

    def cold_from(self, betas: FloatArray) -> int:
        """First of the betas (num_betas, reads) from which all are cold, by the model's fields."""
        _, weights = self.rows.by_site
        # Huge weights are cold anyway, and at beta = inf even a network without fields is.
        with np.errstate(invalid="ignore", over="ignore"):
            squares = np.vdot(weights, weights) + np.vdot(self.rows.h, self.rows.h)
            usual = np.sqrt(float(squares) / max(self.num_spins, 1))
            warm = np.flatnonzero(2 * betas.min(axis=1) * usual < _COLD)
        return int(warm[-1]) + 1 if warm.size else 0

    @property
    def num_spins(self) -> int:
        """Number of spins n."""
        return int(self.rows.h.size)

    @property
    def exact(self) -> tuple[Any, Any, Any]:
        """``(h, couplings, position)`` in full precision and the model's order."""
        exact: tuple[Any, Any, Any] = self.arrays[2]
        return exact

    @property
    def num_rows(self) -> int:
        """Rows of the kernel's spins: n, or more where it wants them padded."""
        return int(self.arrays[0].size)

    @property
    def toy(self) -> CompiledModel:
        """A free spin at beta = 0 in arrays of the same types: compiles the kernels at no cost."""
        coloring = None
        if self.order is not None:
            coloring = Coloring(*(np.zeros(1, np.int32),) * 2, np.array([0, 1]))
        real = self.scales.dtype.type
        return _compiled(self.rows.toy, np.zeros((1, 1)), real, self.form, coloring)

    @classmethod
    def of(
        cls, model: Any, schedule: Schedule, *, form: Form, coloring: Coloring | None
    ) -> CompiledModel:
        """Arrays for running ``model`` through ``schedule``, in the order of a colouring if any."""
        from pbit.kernels.graphs import rows as graph

        rows = TermRows.of(model) if isinstance(model, PolynomialModel) else Rows.of(model)
        extremes = Extremes(*graph.weight_extremes(rows.h, *rows.by_site))
        real = precision(extremes, schedule)
        return _compiled(rows, schedule.columns, real, form, coloring, model.offset, extremes.total)


class Extremes(NamedTuple):
    """Of all biases and couplings; see :func:`pbit.kernels.graphs.rows.weight_extremes`."""

    smallest: float
    largest: float
    widest: float
    total: float
    whole: bool


def precision(extremes: Extremes, schedule: Schedule) -> type[np.floating[Any]]:
    """float32, unless rounding the fields to it would move some probability by over 1e-3."""
    if extremes.largest == 0:
        return np.float32
    if not _LEAST_SINGLE < extremes.smallest <= extremes.largest < _LARGEST_SINGLE:
        return np.float64
    if extremes.whole:
        exact = extremes.widest * _SETTLED_TOGETHER < 2**24
        return np.float32 if exact else np.float64
    betas = schedule.betas[np.isfinite(schedule.betas)]
    if betas.size < schedule.betas.size or not betas.size:
        return np.float64
    error = 2 * betas.max() * extremes.widest * np.finfo(np.float32).eps
    return np.float32 if error < _LARGEST_SINGLE_ERROR else np.float64


def kernel_scales(betas: FloatArray, real: type[Any]) -> npt.NDArray[Any]:
    """``2 beta log2(e)``, infinity as the largest float; shape (num_betas, 1 or num_reads)."""
    with np.errstate(over="ignore"):
        scales = np.minimum(2 * betas * np.log2(np.e), np.finfo(real).max)
    return np.asarray(scales.astype(real))


def _compiled(
    rows: Rows | TermRows,
    betas: FloatArray,
    real: type[Any],
    form: Form,
    coloring: Coloring | None,
    offset: float = 0.0,
    size: float = 0.0,
) -> CompiledModel:
    h, couplings = rows.compiled(real, form, coloring)
    exact = (rows.h, rows.exact, _position(rows.h.size, coloring))
    order = None if coloring is None else coloring.order
    arrays = (h, couplings, exact)
    return CompiledModel(rows, arrays, kernel_scales(betas, real), form, offset, size, order)


def _position(n: int, coloring: Coloring | None) -> Ints:
    """The kernel's row of each site."""
    position = np.arange(n, dtype=np.int32)
    if coloring is not None:
        position[coloring.order] = np.arange(n, dtype=np.int32)
    return position


def _sparse(rows: Rows, real: type[Any]) -> tuple[Any, Any]:
    weights = rows.weights.astype(real, copy=False)
    return rows.h.astype(real), (rows.indptr, rows.indices, weights)


def _matrix(rows: Rows, real: type[Any]) -> tuple[Any, Any]:
    from pbit.kernels.graphs import rows as graph
    from pbit.kernels.sweeps.lanes import LANES

    n = rows.h.size
    padded = -(-n // LANES) * LANES
    matrix = np.zeros((padded, padded), real)
    graph.fill_matrix(rows.indptr, rows.indices, rows.weights, matrix)
    h = np.zeros(padded, real)
    h[:n] = rows.h
    return h, matrix


def _reordered(rows: Rows, order: Ints, position: Ints) -> Rows:
    """Rows and columns in another order; entries of a row stay in theirs."""
    lengths = np.diff(rows.indptr)[order]
    indptr = np.zeros_like(rows.indptr)
    np.cumsum(lengths, out=indptr[1:])
    shift = rows.indptr[order] - indptr[:-1]
    entries = np.arange(rows.indices.size) + np.repeat(shift, lengths)
    return Rows(rows.h[order], indptr, position[rows.indices[entries]], rows.weights[entries])


def _slices(rows: Rows, position: Ints, coloring: Coloring, real: type[Any]) -> tuple[Any, Any]:
    from pbit.kernels.graphs import rows as graph
    from pbit.kernels.sweeps.lanes import LANES

    n = rows.h.size
    h = np.zeros(n + LANES, real)
    h[:n] = rows.h[coloring.order]
    classes = coloring.starts
    starts = np.zeros_like(classes)
    np.cumsum(-(-np.diff(classes) // LANES), out=starts[1:])
    bounds = np.empty(int(starts[-1]) + 1, np.int64)
    graph.slice_bounds(rows.indptr, coloring.order, classes, starts, bounds)
    neighbours = np.empty(int(bounds[-1]), np.int32)
    weights = np.empty(int(bounds[-1]), real)
    layout = (classes, starts, bounds)
    graph.fill_slices(rows[1:], coloring.order, position, layout, (neighbours, weights))
    return h, (*layout, neighbours, weights)
