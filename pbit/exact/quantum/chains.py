"""Open chains of quantum spins as free fermions, each bond and field its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, floats, integer
from pbit.exact.quantum.fermions import FreeFermions, log_2_cosh, thermodynamics, warm_or_cold
from pbit.models.labels import FloatArray


@dataclass(frozen=True, eq=False, kw_only=True)
class Chain(FreeFermions):
    """Averages of an open chain.

    Parameters
    ----------
    sigma_x : float64, shape (n,)
    bonds : float64, shape (n - 1,)
        <sigma^z_i sigma^z_{i+1}>.
    pairs : float64, shape (n, n)
        d(-F) / dM of the matrix M of :func:`open_chain`: sigma_x on the diagonal, bonds below it,
        and what all other correlations are determinants of.
    """

    sigma_x: FloatArray
    bonds: FloatArray
    pairs: FloatArray

    def correlation(self, i: int, j: int) -> float:
        """<sigma^z_i sigma^z_j>: a determinant of |i - j| rows.

        Raises
        ------
        ValueError
            A site out of range.
        """
        most = self.num_spins - 1
        low, high = sorted((integer("i", i, 0, most), integer("j", j, 0, most)))
        return float(np.linalg.det(self.pairs[low + 1 : high + 1, low:high]))

    def correlations(self) -> FloatArray:
        """All of them, float64 (n, n); the time grows as n**5: a tenth of a second at n = 100."""
        found = np.eye(self.num_spins)
        for i in range(self.num_spins):
            for j in range(i):
                found[i, j] = found[j, i] = self.correlation(i, j)
        return found


def open_chain(couplings: npt.ArrayLike, gamma: npt.ArrayLike, beta: float) -> Chain:
    r"""Averages of :math:`H = -\sum_i J_i \sigma^z_i \sigma^z_{i+1} - \sum_i \Gamma_i \sigma^x_i`.

    The Jordan-Wigner transformation makes it free fermions: with the matrix M of
    :math:`\Gamma_i` on its diagonal and :math:`J_i` below it,
    :math:`M = \Phi s \Psi^T`, the levels are :math:`-\sum_k \pm s_k`, all signs allowed, so that

    .. math:: \ln Z = \sum_k \ln 2 \cosh \beta s_k, \qquad
        G = \Phi \tanh(\beta s) \Psi^T, \qquad
        \langle \sigma^z_i \sigma^z_j \rangle = \det G_{i+1..j,\, i..j-1}.

    1000 spins take about a second.

    Parameters
    ----------
    couplings : float64, shape (n - 1,)
        J_i of any sign.
    gamma : float, or float64 of shape (n,)
        Of any sign.
    beta : float
        0 <= beta <= infinity, the ground state. Where that is degenerate, its average.

    Returns
    -------
    Chain

    Raises
    ------
    ValueError
        Wrong shapes, values that are not finite, beta negative or NaN.

    References
    ----------
    Lieb, Schultz, Mattis, Ann. Phys. 16, 407 (1961); Pfeuty, Ann. Phys. 57, 79 (1970).

    Examples
    --------
    >>> round(open_chain([1.0] * 7, 1.0, float("inf")).energy, 6)
    -9.837951
    """
    beta = warm_or_cold(beta)
    left, s, right = np.linalg.svd(_matrix(couplings, gamma))
    tanh = _tanh(s, beta)
    pairs = (left * tanh) @ right
    log_z = float(log_2_cosh(beta * s).sum()) if beta < np.inf else np.inf
    return Chain(
        num_spins=s.size,
        beta=beta,
        gap=2 * float(s.min()),
        sigma_x=np.diagonal(pairs).copy(),
        bonds=np.diagonal(pairs, -1).copy(),
        pairs=pairs,
        **thermodynamics(-float(s @ tanh), log_z, beta),
    )


def _matrix(couplings: npt.ArrayLike, gamma: npt.ArrayLike) -> FloatArray:
    bonds = floats("couplings", couplings)
    if bonds.ndim != 1:
        raise ArgumentError("couplings", "must have one dimension", bonds.shape)
    n = bonds.size + 1
    fields = floats("gamma", gamma)
    if fields.shape not in ((), (n,)):
        raise ArgumentError("gamma", f"must be a number or have shape ({n},)", fields.shape)
    for name, values in (("couplings", bonds), ("gamma", fields)):
        if not np.all(np.isfinite(values)):
            raise ArgumentError(name, "must be finite", values)
    return np.diag(np.broadcast_to(fields, (n,))) + np.diag(bonds, -1)


def _tanh(s: FloatArray, beta: float) -> FloatArray:
    """tanh(beta s); at beta = infinity a level of zero is as often full as empty."""
    if beta < np.inf:
        return np.asarray(np.tanh(beta * s))
    return np.asarray(np.where(s > s.size * np.finfo(float).eps * s.max(), 1.0, 0.0))
