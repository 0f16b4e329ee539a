"""Levels of XXZ and Heisenberg models, which keep the number of spins that are up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, floats
from pbit.exact.quantum.system import finite_beta
from pbit.models.labels import FloatArray

MAX_EXCHANGE = 14


def xxz_levels(j_xy: npt.ArrayLike, j_z: npt.ArrayLike) -> FloatArray:
    r"""All levels of an exchange model, ascending.

    .. math:: H = -\sum_{i<j} J^{xy}_{ij} (\sigma^x_i \sigma^x_j + \sigma^y_i \sigma^y_j)
        - \sum_{i<j} J^z_{ij} \sigma^z_i \sigma^z_j

    with Pauli matrices; the Heisenberg ferromagnet is J for both, the antiferromagnet -J. It is
    solved for each number of spins up; 14 spins take ten seconds.

    Parameters
    ----------
    j_xy, j_z : float64, shape (n, n)
        Symmetric with a diagonal of zeros; n <= 14.

    Returns
    -------
    float64, shape (2**n,)

    Raises
    ------
    ValueError
        n out of range, other shapes, values not finite, not symmetric, or on the diagonal.

    Examples
    --------
    >>> xxz_levels([[0, 1], [1, 0]], [[0, 1], [1, 0]]).round(6).tolist()  # triplet and singlet
    [-1.0, -1.0, -1.0, 3.0]
    """
    hops, bonds = _couplings("j_xy", j_xy), _couplings("j_z", j_z)
    n = hops.shape[0]
    if bonds.shape != hops.shape:
        raise ArgumentError("j_z", f"must have the shape of j_xy, {hops.shape}", bonds.shape)
    levels = []
    for up, states in enumerate(_by_number_up(n)):
        copies = 1 if 2 * up == n else 2  # all spins turned around: the same levels
        levels += copies * [np.linalg.eigvalsh(_block(states, hops, bonds))]
    return np.sort(np.concatenate(levels))


def energy_of_levels(levels: npt.ArrayLike, beta: float) -> float:
    """Mean energy at inverse temperature beta of a system with these levels.

    Parameters
    ----------
    levels : float64, shape (k,)
        Each as often as it occurs.
    beta : float
        0 <= beta < infinity.

    Raises
    ------
    ValueError
        beta out of range.

    Examples
    --------
    >>> round(energy_of_levels([-1.0, 1.0], 0.5), 6)  # -tanh(1/2)
    -0.462117
    """
    energies = floats("levels", levels)
    beta = finite_beta(beta, remedy="the lowest level is that of infinity")
    weights = np.exp(-beta * (energies - energies.min()))
    return float(weights @ energies / weights.sum())


def _couplings(name: str, values: Any) -> FloatArray:
    matrix = floats(name, values)
    n = matrix.shape[0] if matrix.ndim else 0
    if matrix.shape != (n, n) or not 1 <= n <= MAX_EXCHANGE:
        rule = f"must have shape (n, n) for 1 to {MAX_EXCHANGE} spins"
        raise ArgumentError(name, rule, matrix.shape, remedy="sample larger ones")
    if not np.all(np.isfinite(matrix)):
        raise ArgumentError(name, "must be finite", values)
    if np.any(matrix != matrix.T) or np.any(np.diagonal(matrix)):
        raise ArgumentError(name, "must be symmetric with zeros on its diagonal", values)
    return matrix


def _by_number_up(n: int) -> Iterator[npt.NDArray[np.int64]]:
    """States with 0, 1, ... n // 2 spins up."""
    numbers = np.arange(2**n)
    counts = np.bitwise_count(numbers)
    yield from (numbers[counts == up] for up in range(n // 2 + 1))


def _block(states: npt.NDArray[np.int64], hops: FloatArray, bonds: FloatArray) -> FloatArray:
    """H between these states: two spins of a pair that differ change places."""
    n = hops.shape[0]
    spins = np.asarray(2.0 * ((states[:, None] >> np.arange(n)) & 1) - 1)
    block = np.diag(-0.5 * np.einsum("xi,ij,xj->x", spins, bonds, spins))
    for i, j in zip(*np.nonzero(np.triu(hops)), strict=True):
        rows = np.flatnonzero(spins[:, i] != spins[:, j])
        moved = np.searchsorted(states, states[rows] ^ ((1 << i) | (1 << j)))
        block[rows, moved] -= 2 * hops[i, j]
    return block
