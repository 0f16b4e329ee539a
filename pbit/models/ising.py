"""The Ising model: biases, symmetric couplings, offset and labels, in one sign convention."""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, integer, real
from pbit.models.labels import FloatArray, Labels, check_labels
from pbit.models.numbers import are_summable, as_floats, check_energies

_FEW = 2**12  # edges and spins

if TYPE_CHECKING:
    import dimod
    import networkx as nx


@dataclass(frozen=True, eq=False)
class IsingModel(ByValue):
    r"""Energy function of n spins.

    .. math:: E(s) = -\tfrac12 s^T J s - h \cdot s + \mathrm{offset}, \qquad s_i \in \{-1, +1\}

    J > 0 is ferromagnetic; the field on a spin is ``I = J s + h`` and a p-bit at inverse
    temperature beta is +1 with probability ``sigma(2 beta I)``. This is the sign of the p-bit
    literature; dimod's is the opposite and is translated in :mod:`pbit.models.conventions.dimod`
    alone.

    Parameters
    ----------
    h : float64, shape (n,)
        Biases.
    J : scipy sparse array, numpy array or nested lists, shape (n, n)
        Symmetric couplings with an empty diagonal; stored as CSR, sorted, without zeros, in
        float64, or in float32 where it comes so (half the memory of a large model).
    offset : float
        Constant added to every energy.
    labels : sequence of n distinct hashables, optional
        Names of the spins; ``range(n)`` by default.

    Raises
    ------
    ValueError
        J not square or not symmetric, a diagonal entry, NaN or infinity, sizes that disagree,
        labels that repeat.

    References
    ----------
    Camsari, Faria, Sutton, Datta, Phys. Rev. X 7, 031014 (2017), eqs. 1-4.

    Examples
    --------
    >>> model = IsingModel(h=[0.0, 0.0], J=[[0, 1], [1, 0]])
    >>> model.energy([[1, 1], [1, -1]]).tolist()
    [-1.0, 1.0]
    """

    h: FloatArray
    J: sparse.csr_array = None  # type: ignore[assignment]  # refused in words
    offset: float = 0.0
    labels: Labels = field(default=())

    def __post_init__(self) -> None:
        if self.J is None:
            raise TypeError(
                "J must be given after the biases h: IsingModel(np.zeros(n), J) has none of them"
            )
        h = as_floats("h", self.h, ndmin=1)
        J = as_csr(self.J)
        self._set(h, J, self.offset, self.labels)
        _check_diagonal(J)
        _check_symmetry(J)

    def _set(self, h: FloatArray, J: sparse.csr_array, offset: float, labels: Labels) -> None:
        labels = labels if len(check_labels(labels)) else range(h.size)
        _check_shapes(h, J, labels)
        offset = real("offset", offset)
        if not are_summable(J.data, h, offset):
            _check_values(h, J)
            if not np.isfinite(offset):
                raise ArgumentError("offset", "must be finite", offset)
            check_energies(J.data, h, offset)
        object.__setattr__(self, "h", h)
        object.__setattr__(self, "J", J)
        object.__setattr__(self, "offset", float(offset))
        object.__setattr__(self, "labels", labels)

    @classmethod
    def from_edges(
        cls,
        rows: npt.ArrayLike,
        cols: npt.ArrayLike | None = None,
        weights: npt.ArrayLike | None = None,
        *,
        h: npt.ArrayLike | None = None,
        num_spins: int | None = None,
        offset: float = 0.0,
        labels: Labels = (),
    ) -> IsingModel:
        """Model with ``J[rows[k], cols[k]] += weights[k]``, each edge given once.

        Also from pairs, ``from_edges([(0, 1), (1, 2)], [1.0, -1.0])``, and from triples,
        ``from_edges([(0, 1, 1.0), (1, 2, -1.0)])``. Edges that occur several times, in either
        direction, add up.

        Parameters
        ----------
        rows, cols : int arrays, shape (m,)
            Spin indices from 0.
        weights : float array, shape (m,)
            Couplings (J > 0 ferromagnetic); float32 stays float32.
        h : float array, shape (n,), optional
            Biases, zero by default.
        num_spins : int, optional
            n; by default the size of ``h``, else the largest index + 1.

        Raises
        ------
        ValueError
            An index out of range, a self-loop, NaN or infinity.

        Warns
        -----
        UserWarning
            No edge has spin 0 and nothing says how many spins there are: indices from 1?
        """
        if weights is None or cols is None:
            rows, cols, weights = _unzipped(rows, cols, weights)
        i, j = _as_indices(rows), _as_indices(cols)
        is_single = getattr(weights, "dtype", None) == np.float32
        w = np.asarray(weights) if is_single else as_floats("weights", weights)
        if not i.shape == j.shape == w.shape:
            raise ValueError(
                f"rows, cols and weights must have one length, got {i.size}, {j.size} and {w.size}"
            )
        ends = np.concatenate([i, j, i])  # both ways: rows, and columns behind the first of them
        n = _count_spins(ends, h, num_spins)
        biases = np.zeros(n) if h is None else as_floats("h", h, ndmin=1)
        index = np.int32 if n < 2**31 else np.int64
        J = _both_ways(ends.astype(index, copy=False), w, n)
        return cls._of_symmetric(biases, J, offset, labels)

    @classmethod
    def _of_symmetric(
        cls, h: FloatArray, J: sparse.csr_array, offset: float, labels: Labels
    ) -> IsingModel:
        """Model of arrays of its own, J symmetric without a diagonal by construction."""
        if not J.data.all():
            J.eliminate_zeros()
        model = object.__new__(cls)
        model._set(h, J, offset, labels)
        return model

    def with_entries(self, h: FloatArray, data: npt.NDArray[Any]) -> IsingModel:
        """The same couplings with other strengths, not checked: entries of J in CSR, zeros kept."""
        model = object.__new__(IsingModel)
        J = sparse.csr_array((data, self.J.indices, self.J.indptr), shape=self.J.shape)
        for name, value in (("h", h), ("J", J), ("offset", self.offset), ("labels", self.labels)):
            object.__setattr__(model, name, value)
        return model

    @classmethod
    def from_bqm(cls, bqm: dimod.BinaryQuadraticModel) -> IsingModel:
        """Model of a dimod BQM, spin or binary; energies agree state by state."""
        from pbit.models.conventions.dimod import edges_of_bqm

        return cls.from_edges(**edges_of_bqm(bqm)._asdict())

    def to_bqm(self) -> dimod.BinaryQuadraticModel:
        """Spin-valued dimod BQM with the same labels and the same energies."""
        from pbit.models.conventions.dimod import to_bqm

        return to_bqm(self)

    @classmethod
    def from_ising(
        cls,
        h: Mapping[Hashable, float] | Sequence[float],
        J: Mapping[tuple[Hashable, Hashable], float],
        offset: float = 0.0,
    ) -> IsingModel:
        """Model of ``(h, J)`` in dimod's sign, ``E = sum h s + sum J s s + offset``."""
        from pbit.models.conventions.dimod import edges_of_ising

        return cls.from_edges(**edges_of_ising(h, J, offset)._asdict())

    def to_ising(self) -> tuple[dict[Any, float], dict[tuple[Any, Any], float], float]:
        """``(h, J, offset)`` dictionaries in dimod's sign."""
        from pbit.models.conventions.dimod import to_ising

        return to_ising(self)

    @classmethod
    def from_qubo(
        cls,
        Q: Mapping[tuple[Hashable, Hashable], float] | npt.ArrayLike | sparse.sparray,
        offset: float = 0.0,
    ) -> IsingModel:
        """Model of ``E = x^T Q x + offset``, x in {0, 1}; ``s = 2x - 1``."""
        from pbit.models.conventions.qubo import edges_of_qubo

        return cls.from_edges(**edges_of_qubo(Q, offset)._asdict())

    def to_qubo(self) -> tuple[sparse.csr_array, float]:
        """``(Q, offset)`` with upper-triangular Q: the same energies over x = (s + 1) / 2."""
        from pbit.models.conventions.qubo import to_qubo

        return to_qubo(self)

    @classmethod
    def from_networkx(
        cls, graph: nx.Graph, *, weight: str = "weight", bias: str = "bias"
    ) -> IsingModel:
        """Model with J from edge attribute ``weight`` (1 where absent) and h from ``bias`` (0)."""
        from pbit.models.conventions.networkx import edges_of_graph

        return cls.from_edges(**edges_of_graph(graph, weight=weight, bias=bias)._asdict())

    def to_networkx(self, *, weight: str = "weight", bias: str = "bias") -> nx.Graph:
        """Graph of the couplings, labels as nodes."""
        from pbit.models.conventions.networkx import to_networkx

        return to_networkx(self, weight=weight, bias=bias)

    @property
    def num_spins(self) -> int:
        """Number of spins n."""
        return int(self.h.size)

    @property
    def num_couplings(self) -> int:
        """Number of pairs with a nonzero coupling."""
        return int(self.J.nnz) // 2

    def edges(self) -> tuple[npt.NDArray[Any], npt.NDArray[Any], FloatArray]:
        """``(rows, cols, weights)`` of every coupled pair once, rows < cols."""
        upper = sparse.triu(self.J, k=1, format="coo")
        return upper.coords[0], upper.coords[1], upper.data

    def field(self, spins: npt.ArrayLike) -> FloatArray:
        """Field ``I = J s + h``, shape (..., n), for spins of shape (..., n)."""
        s = checked_states(spins, self.num_spins).astype(np.float64)
        flat: FloatArray = (self.J @ _rows(s).T).T + self.h
        return flat.reshape(s.shape)

    def energy(self, spins: npt.ArrayLike) -> FloatArray:
        """Energy of each state.

        Parameters
        ----------
        spins : array of -1 and +1, shape (..., n)

        Returns
        -------
        float64, shape (...)
        """
        s = checked_states(spins, self.num_spins).astype(np.float64)
        flat = _rows(s)
        energies = np.empty(len(flat))
        block = max(1, 2**24 // max(1, self.num_spins))
        for start in range(0, len(flat), block):
            part = flat[start : start + block]
            coupled = np.einsum("ij,ij->i", part, (self.J @ part.T).T)
            energies[start : start + block] = -0.5 * coupled - part @ self.h + self.offset
        return energies.reshape(s.shape[:-1])


def checked_states(spins: npt.ArrayLike, num_spins: int) -> npt.NDArray[Any]:
    """States as an array of -1 and +1, shape (..., num_spins).

    Raises
    ------
    ValueError
        Another last axis, or values that are no spins.
    """
    s = np.asarray(spins)
    if s.shape[-1:] != (num_spins,):
        raise ArgumentError(
            "spins", f"must have last axis {num_spins}, one entry a spin", got=f"shape {s.shape}"
        )
    if not np.all((s == 1) | (s == -1)):
        raise ArgumentError("spins", "must be -1 or +1", remedy="for bits x in {0, 1} pass 2*x - 1")
    return s


def _rows(s: FloatArray) -> FloatArray:
    """States as a matrix, one a row; also where they have no spins."""
    return s.reshape(int(np.prod(s.shape[:-1])), s.shape[-1])


def _as_indices(values: npt.ArrayLike) -> npt.NDArray[Any]:
    array = np.asarray(values)
    if array.size and array.dtype.kind not in "iu":
        raise ArgumentError(
            "spin indices",
            "must be integers",
            got=f"dtype {array.dtype}",
            remedy=""
            if array.dtype.kind == "f"
            else "of names make a model by IsingModel.from_ising(h, J), in dimod's sign",
        )
    fits = array.dtype.kind == "i" and array.dtype.itemsize >= 4
    return array if fits else array.astype(np.int64)


def _unzipped(
    edges: npt.ArrayLike, cols: npt.ArrayLike | None, weights: npt.ArrayLike | None
) -> tuple[Any, Any, npt.ArrayLike]:
    """Rows, columns and weights of edges that were given as pairs, or with their weights."""
    given = cols if weights is None else weights
    if given is None and _are_triples(edges):
        rows, cols, strengths = zip(*edges, strict=True)  # type: ignore[misc]
        return rows, cols, strengths
    ends = np.asarray(edges)
    if given is None or (ends.size and (ends.ndim != 2 or ends.shape[1] != 2)):
        raise ArgumentError(
            "weights",
            "must be given with rows and cols, or with pairs: from_edges([(0, 1)], [1.0])",
            got=f"none, and rows of shape {ends.shape}",
        )
    ends = ends.reshape(-1, 2)
    return ends[:, 0], ends[:, 1], given


def _are_triples(edges: Any) -> bool:
    """Whether each edge comes with its weight; one by one, so that indices stay integers."""
    return hasattr(edges, "__len__") and len(edges) > 0 and all(np.size(e) == 3 for e in edges)


def _count_spins(ends: npt.NDArray[Any], h: npt.ArrayLike | None, num_spins: int | None) -> int:
    first, last = (ends.min(), ends.max()) if ends.size else (0, -1)
    n = last + 1 if h is None else np.size(h)
    if num_spins is not None:
        n = integer("num_spins", num_spins, 0)
    if first < 0 or last >= n:
        bad = first if first < 0 else last
        raise ValueError(f"spin index {bad} is out of range: indices go from 0 to {n - 1}")
    if num_spins is None and h is None and first == 1:
        warnings.warn(
            "no edge has spin 0, which is in the model all the same: count from 0, or give "
            "num_spins if a spin without edges is meant",
            UserWarning,
            stacklevel=3,
        )
    return int(n)


def _both_ways(ends: npt.NDArray[Any], w: npt.NDArray[Any], n: int) -> sparse.csr_array:
    """Symmetric couplings of edges; those that occur several times add up."""
    rows, cols = ends[: 2 * w.size], ends[w.size :]
    if max(w.size, n) <= _FEW:  # sorting is faster than what scipy does around its sums
        keys = rows * np.int64(n) + cols
        order = keys.argsort()
        keys = keys[order]
        if (keys[1:] != keys[:-1]).all():
            J = copy(_empty(n))
            J.data, J.indices = w.take(order, mode="wrap"), cols[order]
            J.indptr = keys.searchsorted(np.arange(n + 1) * n).astype(cols.dtype)
            return J
    else:
        J = sparse.coo_array((np.concatenate([w, w]), (rows, cols)), shape=(n, n)).tocsr()
        if J.nnz == rows.size:
            return J
    i, j = ends[: w.size], cols[: w.size]
    _check_loops(i, j)
    upper = sparse.coo_array((w, (i, j)), shape=(n, n)).tocsr()
    both = upper + upper.T  # sums that are the same in both directions
    both.sum_duplicates()
    return both


@lru_cache(maxsize=4)
def _empty(n: int) -> sparse.csr_array:
    """To be copied and filled: scipy's constructor takes longer than all the rest."""
    return sparse.csr_array((n, n))


def _check_loops(i: npt.NDArray[Any], j: npt.NDArray[Any]) -> None:
    """A self-coupling occurs twice both ways, so that it is met only where something does."""
    loops = np.flatnonzero(i == j)
    if loops.size:
        raise ValueError(
            f"spin {i[loops[0]]} is coupled to itself; s*s = 1, so add such a term to offset"
        )


def as_csr(J: Any) -> sparse.csr_array:
    """A copy of a matrix in CSR: sorted, without zeros, float64 or float32 where it is so."""
    kind = np.float32 if getattr(J, "dtype", None) == np.float32 else np.float64
    if not sparse.issparse(J):
        J = np.asarray(J, dtype=kind) if kind is np.float32 else as_floats("J", J)
        if J.size == 0:
            J = J.reshape(0, 0)
        if J.ndim != 2:
            raise ArgumentError("J", "must be a square matrix", got=f"an array of shape {J.shape}")
    csr = sparse.csr_array(J, dtype=kind, copy=True)
    csr.sum_duplicates()
    csr.eliminate_zeros()
    return csr


def check_couplings(h: FloatArray, J: sparse.csr_array, labels: Labels) -> None:
    """Refuse sizes that disagree, values that are no numbers, self-couplings, equal labels.

    Raises
    ------
    ValueError
    """
    _check_shapes(h, J, labels)
    _check_values(h, J)
    _check_diagonal(J)


def _check_shapes(h: FloatArray, J: sparse.csr_array, labels: Labels) -> None:
    n = h.size
    if h.ndim != 1:
        raise ArgumentError("h", "must be one-dimensional", got=f"shape {h.shape}")
    if J.shape != (n, n):
        raise ArgumentError("J", f"must have shape ({n}, {n}) to go with {n} biases", J.shape)
    if len(labels) != n:
        raise ArgumentError("labels", f"must name each of the {n} spins once", len(labels))
    if not isinstance(labels, range) and len(set(labels)) != n:
        raise ArgumentError("labels", "must be distinct", got="a label twice")


def _check_values(h: FloatArray, J: sparse.csr_array) -> None:
    for name, values in (("h", h), ("J", J.data)):
        if not np.isfinite(values).all():
            bad = int(np.flatnonzero(~np.isfinite(values))[0])
            raise ArgumentError(name, "must be finite", got=f"{values[bad]} (entry {bad})")


def _check_diagonal(J: sparse.csr_array) -> None:
    diagonal = np.flatnonzero(J.diagonal())
    if diagonal.size:
        i = diagonal[0]
        raise ArgumentError(
            "J",
            "must have an empty diagonal",
            got=f"J[{i}, {i}] = {J[i, i]}",
            remedy="s*s = 1, so add such a term to offset",
        )


def _check_symmetry(J: sparse.csr_array) -> None:
    transposed = J.T.tocsr()
    transposed.sort_indices()
    same_pattern = np.array_equal(J.indices, transposed.indices)
    if same_pattern and np.array_equal(J.data, transposed.data):
        return
    worst = sparse.coo_array(J - transposed)
    k = int(np.argmax(np.abs(worst.data)))
    i, j = worst.coords[0][k], worst.coords[1][k]
    raise ArgumentError(
        "J",
        "must be symmetric",
        got=f"J[{i}, {j}] = {J[i, j]} and J[{j}, {i}] = {J[j, i]}",
        remedy="pass (J + J.T) / 2 for the same energies",
    )
