"""A model and a schedule as the float kernels of :mod:`pbit.kernels.sweeps` want them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
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
_LOG2E, _BEYOND = np.log2(np.e), 1e307
_LARGEST = {real: np.finfo(real).max for real in (np.float32, np.float64)}
_LEAST_SINGLE, _LARGEST_SINGLE = 1e-30, 1e30


class Layout(NamedTuple):
    """The site of each row of the kernel's spins, the row of each site, and the colours if any."""

    order: Ints
    position: Ints
    coloring: Coloring | None = None

    @classmethod
    def of(
        cls, n: int, coloring: Coloring | None, held: npt.NDArray[np.bool_] | None
    ) -> Layout | None:
        """Colour after colour, or free spins before those that are held; None: as they are."""
        if coloring is None and held is None:
            return None
        free_first = None if held is None else np.argsort(held, kind="stable").astype(np.int32)
        order: Any = free_first if coloring is None else coloring.order
        position = np.empty(n, np.int32)
        position[order] = np.arange(n, dtype=np.int32)
        return cls(order, position, coloring)


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
    def kind(self) -> Any:
        """Type of the weights in full precision."""
        return self.weights.dtype

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

    def compiled(self, real: type[Any], form: Form, layout: Layout | None) -> tuple[Any, Any]:
        """Biases and couplings in the kernel's precision, form and order."""
        if form == "matrix":
            return _matrix(self, real)
        if layout is None:
            return _sparse(self, real)
        if form == "slices":
            return _slices(self, layout, real)
        return _sparse(_reordered(self, layout), real)


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
    def kind(self) -> Any:
        """Type of the weights in full precision."""
        return self.exact[0].dtype

    @property
    def toy(self) -> TermRows:
        """One free spin, in arrays of the same types."""
        return TermRows.of(PolynomialModel.from_terms({}, num_spins=1))

    @property
    def by_site(self) -> tuple[Any, Any]:
        """Where the weights of each site begin, and the weights."""
        return self.incidence.site_ptr, self.incidence.weights

    def compiled(self, real: type[Any], form: Form, layout: Layout | None) -> tuple[Any, Any]:
        """Biases and terms in the kernel's precision and order."""
        terms, weights, pointers, members = self.incidence
        if layout is None:
            return self.h.astype(real), (weights.astype(real), terms, pointers, members)
        entries, starts = taken(terms, layout.order)
        places, ends = taken(pointers, entries)
        moved = (weights[entries].astype(real), starts, ends, layout.position[members[places]])
        return self.h[layout.order].astype(real), moved


@dataclass(frozen=True, eq=False)
class CompiledModel(ByValue):
    """Arrays of a model as the kernels want them, in float32 where that is good enough.

    ``arrays`` = (h, couplings, exact) of :mod:`pbit.kernels.sweeps.gibbs`, h shorter where some
    spins are held; ``order`` the site of each row of the kernel's spins, None where they are in the
    model's order; ``num_rows`` of these, more than n where the kernel wants them padded; ``size``
    the sum of all |energies|.
    """

    rows: Rows | TermRows
    arrays: tuple[Any, ...]
    real: type[Any]
    form: Form
    num_rows: int
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

    def scales(self, betas: FloatArray) -> npt.NDArray[Any]:
        """Betas as the kernels want them."""
        return kernel_scales(betas, self.real)

    def reweighted(self, rows: Rows) -> CompiledModel:
        """The same with other biases and weights of the same couplings, in the sparse form."""
        n = int(self.arrays[0].size)
        layout = None if self.order is None else Layout(self.order, self.exact[2])
        entries = slice(None) if layout is None else taken(rows.indptr, layout.order)[0]
        h = rows.h if layout is None else rows.h[layout.order]
        indptr, indices, _ = self.arrays[1]
        arrays = (
            h[:n].astype(self.real),
            (indptr, indices, rows.weights[entries].astype(self.real)),
            (rows.h, rows.exact, self.exact[2]),
        )
        return replace(self, rows=rows, arrays=arrays)

    @property
    def toy(self) -> CompiledModel:
        """A free spin in arrays of the same types: compiles the kernels at no cost."""
        coloring = None
        if self.form == "slices":
            coloring = Coloring(*(np.zeros(1, np.int32),) * 2, np.array([0, 1]))
        return CompiledModel.of(self.rows.toy, self.real, form=self.form, coloring=coloring)

    @classmethod
    def of(
        cls,
        rows: Rows | TermRows,
        real: type[Any],
        *,
        form: Form,
        coloring: Coloring | None = None,
        held: npt.NDArray[np.bool_] | None = None,
        offset: float = 0.0,
        size: float = 0.0,
    ) -> CompiledModel:
        """Arrays in this precision and form; sites in the order of a colouring, held ones last."""
        n = rows.h.size
        layout = Layout.of(n, coloring, held)
        h, couplings = rows.compiled(real, form, layout)
        num_rows = int(h.size)
        if held is not None:
            h = h[: n - int(np.count_nonzero(held))]
        position = np.arange(n, dtype=np.int32) if layout is None else layout.position
        arrays = (h, couplings, (rows.h, rows.exact, position))
        order = None if layout is None else layout.order
        return cls(rows, arrays, real, form, num_rows, offset, size, order)


def rows_of(model: Any) -> Rows | TermRows:
    """Biases and couplings or terms of a model, as arrays."""
    return TermRows.of(model) if isinstance(model, PolynomialModel) else Rows.of(model)


class Extremes(NamedTuple):
    """Of all biases and couplings; see :func:`pbit.kernels.graphs.rows.weight_extremes`."""

    smallest: float
    largest: float
    widest: float
    total: float
    whole: bool

    @classmethod
    def of(cls, rows: Rows | TermRows) -> Extremes:
        """Of a model's rows."""
        from pbit.kernels.graphs import rows as graph

        return cls(*graph.weight_extremes(rows.h, *rows.by_site))


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
    """``2 beta log2(e)``, infinity as a number beyond all; shape (num_betas, 1 or num_reads)."""
    scales = 2 * np.minimum(betas, _BEYOND) * _LOG2E
    return np.asarray(np.minimum(scales, _LARGEST[real]).astype(real))


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


def _reordered(rows: Rows, layout: Layout) -> Rows:
    """Rows and columns in another order; entries of a row stay in theirs."""
    entries, indptr = taken(rows.indptr, layout.order)
    columns = layout.position[rows.indices[entries]]
    return Rows(rows.h[layout.order], indptr, columns, rows.weights[entries])


def taken(starts: Any, order: Any) -> tuple[Any, Any]:
    """Entries of some rows of a list of lists, one row after the other, and their starts."""
    lengths = np.diff(starts)[order]
    indptr = np.zeros(lengths.size + 1, np.int64)
    np.cumsum(lengths, out=indptr[1:])
    shift = starts[order] - indptr[:-1]
    return np.arange(int(indptr[-1])) + np.repeat(shift, lengths), indptr


def _slices(rows: Rows, layout: Layout, real: type[Any]) -> tuple[Any, Any]:
    from pbit.kernels.graphs import rows as graph
    from pbit.kernels.sweeps.lanes import LANES

    n, coloring = rows.h.size, layout.coloring
    assert coloring is not None
    h = np.zeros(n + LANES, real)
    h[:n] = rows.h[coloring.order]
    classes = coloring.starts
    starts = np.zeros_like(classes)
    np.cumsum(-(-np.diff(classes) // LANES), out=starts[1:])
    bounds = np.empty(int(starts[-1]) + 1, np.int64)
    graph.slice_bounds(rows.indptr, coloring.order, classes, starts, bounds)
    neighbours = np.empty(int(bounds[-1]), np.int32)
    weights = np.empty(int(bounds[-1]), real)
    shape = (classes, starts, bounds)
    graph.fill_slices(rows[1:], coloring.order, layout.position, shape, (neighbours, weights))
    return h, (*shape, neighbours, weights)
