"""Wishart planted ensemble: dense glasses whose hardness is set by one number."""

from __future__ import annotations

import numpy as np

from pbit.checks import ArgumentError
from pbit.problems.glasses.planted import Planted
from pbit.problems.pairwise import Spins


def wishart(num_spins: int, *, alpha: float, seed: int | None = None) -> Planted:
    r"""Glass of the ensemble with m = max(1, round(alpha n)) columns.

    Columns w are normal vectors made orthogonal to the planted state t: z is normal,
    ``w = z - t (t . z) / n``, which has the covariance ``1 - t t^T / n`` (the paper scales it by
    ``n / (n - 1)``, and so does this). With ``W = (w_1 .. w_m)``, ``J = -W W^T / n`` without its
    diagonal and ``E = -sum_{i<j} J_ij s_i s_j``,

    ``E(s) = |W^T s|^2 / (2 n) - trace(W W^T) / (2 n)``,

    a square and a constant. It is least, ``-trace(W W^T) / (2 n)``, where ``W^T s = 0``, and so it
    is for t. Small alpha is easy as many states nearly do the same, large alpha is easy as t
    stands out; between them it is hard.

    Parameters
    ----------
    num_spins : int
        n, 2 to 20000.
    alpha : float
        Columns a spin, > 0.
    seed : int, optional
        Of ``numpy.random.default_rng``.

    Raises
    ------
    ValueError
        A size or an alpha out of range.

    References
    ----------
    Hamze, Raymond, Pattison, Biswas, Katzgraber, Phys. Rev. E 101, 052102 (2020).

    Examples
    --------
    >>> glass = wishart(6, alpha=1.0, seed=3)
    >>> glass.problem.model.num_couplings
    15
    """
    if not 2 <= num_spins <= 20_000:
        raise ArgumentError("num_spins", "must be 2 to 20000, as all are coupled", num_spins)
    if not 0.0 < alpha <= 1000.0:
        raise ArgumentError("alpha", "must be > 0 and <= 1000", alpha)
    rng = np.random.default_rng(seed)
    planted = (2 * rng.integers(0, 2, num_spins) - 1).astype(np.int8)
    columns = rng.standard_normal((num_spins, max(1, round(alpha * num_spins))))
    columns -= np.outer(planted, planted @ columns) / num_spins
    columns *= np.sqrt(num_spins / (num_spins - 1))
    rows, cols = np.triu_indices(num_spins, k=1)
    couplings = -(columns @ columns.T) / num_spins
    problem = Spins(rows, cols, couplings[rows, cols], range(num_spins), sign=-1)
    return Planted(problem, planted, -float((columns**2).sum()) / (2 * num_spins))
