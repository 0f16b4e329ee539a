"""QUBO to Ising and back: x in {0, 1}, s = 2x - 1."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pbit.checks import ArgumentError, real
from pbit.models.conventions.arrays import EdgeArrays
from pbit.models.labels import FloatArray, Labels, check_pairs, index_of
from pbit.models.numbers import as_floats, check_energies

if TYPE_CHECKING:
    from pbit.models.ising import IsingModel


def edges_of_qubo(
    Q: Mapping[tuple[Hashable, Hashable], float] | npt.ArrayLike | sparse.sparray,
    offset: float = 0.0,
) -> EdgeArrays:
    """Arrays of ``E = x^T Q x + offset``; Q a dict of pairs, or a square matrix of any symmetry.

    Raises
    ------
    ValueError
        A matrix that is not square, NaN or infinity.
    """
    labels: Labels
    offset = real("offset", offset)
    if isinstance(Q, Mapping):
        check_pairs("Q", Q)
        labels = list(dict.fromkeys(v for pair in Q for v in pair))
        position = index_of(labels)
        rows = np.fromiter((position[u] for u, _ in Q), dtype=np.int64, count=len(Q))
        cols = np.fromiter((position[v] for _, v in Q), dtype=np.int64, count=len(Q))
        values = as_floats("Q", list(Q.values()))
    else:
        matrix: Any = Q if sparse.issparse(Q) else as_floats("Q", Q)
        if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
            raise ArgumentError("Q", "must be a square matrix", got=f"shape {matrix.shape}")
        matrix = sparse.coo_array(matrix)
        labels = range(matrix.shape[0])
        rows, cols = matrix.coords
        values = matrix.data.astype(np.float64)
    return edges_of_entries(rows, cols, values, offset=offset, labels=labels)


def edges_of_entries(
    rows: npt.NDArray[Any],
    cols: npt.NDArray[Any],
    values: FloatArray,
    *,
    offset: float = 0.0,
    labels: Labels,
) -> EdgeArrays:
    """Arrays of ``E = sum_k values[k] x[rows[k]] x[cols[k]] + offset``; rows == cols is linear."""
    on_diagonal = rows == cols
    linear = np.bincount(
        rows[on_diagonal], weights=values[on_diagonal], minlength=len(labels)
    ).astype(np.float64)
    off = ~on_diagonal
    return edges_of_bits(linear, rows[off], cols[off], values[off], offset=offset, labels=labels)


def edges_of_bits(
    linear: FloatArray,
    rows: npt.NDArray[Any],
    cols: npt.NDArray[Any],
    values: FloatArray,
    *,
    offset: float,
    labels: Labels,
) -> EdgeArrays:
    """Arrays of ``E = sum linear x + sum values x_row x_col + offset`` with rows != cols.

    With x = (1 + s) / 2: ``J = -values/4``, ``h_i = -linear_i/2 - sum_j values_ij/4`` and
    ``offset + sum linear/2 + sum values/4``.

    Raises
    ------
    ValueError
        Sums that float64 does not hold.
    """
    n = len(labels)
    with np.errstate(over="ignore", invalid="ignore"):
        touching = np.bincount(rows, weights=values, minlength=n) + np.bincount(
            cols, weights=values, minlength=n
        )
        constant = offset + linear.sum() / 2 + values.sum() / 4
        h = -linear / 2 - touching / 4
    check_energies(h, constant)
    return EdgeArrays(rows, cols, -values / 4, h, float(constant), labels)


def to_qubo(model: IsingModel) -> tuple[sparse.csr_array, float]:
    """Upper-triangular Q and offset with ``x^T Q x + offset == E(2x - 1)``.

    Raises
    ------
    ValueError
        Sums that float64 does not hold.
    """
    rows, cols, weights = model.edges()
    with np.errstate(over="ignore", invalid="ignore"):
        linear = -2 * model.h + 2 * model.J.sum(axis=1)
        offset = float(model.offset + model.h.sum() - weights.sum())
        weights = -4 * weights
    diagonal = np.arange(model.num_spins)
    values = np.concatenate([weights, linear])
    check_energies(values, offset)
    where = (np.concatenate([rows, diagonal]), np.concatenate([cols, diagonal]))
    Q = sparse.coo_array((values, where), shape=model.J.shape).tocsr()
    return Q, offset
