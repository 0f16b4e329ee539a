"""Random glasses: Sherrington-Kirkpatrick and Edwards-Anderson, ±1 or Gaussian couplings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError
from pbit.problems.pairwise import Spins

COUPLINGS = ("signs", "gaussian")
_MAX_SPINS = 2**24


def sherrington_kirkpatrick(
    num_spins: int, *, couplings: str = "gaussian", scaled: bool = True, seed: int | None = None
) -> Spins:
    r"""Every spin with every other: ``E = -sum_{i<j} J_ij s_i s_j``.

    Parameters
    ----------
    num_spins : int
        At least 2.
    couplings : {"gaussian", "signs"}
        Independent, of mean 0 and variance 1.
    scaled : bool
        Divide by ``sqrt(num_spins)``, so that energies grow as the number of spins.
    seed : int, optional
        Of ``numpy.random.default_rng``.

    Returns
    -------
    Spins
        The problem; labels count from 0.

    Raises
    ------
    ValueError
        Fewer than 2 spins, or other couplings.

    References
    ----------
    Sherrington, Kirkpatrick, Phys. Rev. Lett. 35, 1792 (1975), equations 1 and 2.

    Examples
    --------
    >>> sherrington_kirkpatrick(10, seed=1).model.num_couplings
    45
    """
    if not 2 <= num_spins <= 30_000:
        raise ArgumentError("num_spins", "must be 2 to 30000, as all are coupled", num_spins)
    rows, cols = np.triu_indices(num_spins, k=1)
    weights = _drawn(rows.size, couplings, seed)
    if scaled:
        weights = weights / np.sqrt(num_spins)
    return Spins(rows, cols, weights, range(num_spins), sign=-1)


def edwards_anderson(
    shape: Sequence[int],
    *,
    couplings: str = "signs",
    periodic: bool | Sequence[bool] = True,
    seed: int | None = None,
) -> Spins:
    r"""Nearest neighbours of a square, cubic ... lattice: ``E = -sum_<ij> J_ij s_i s_j``.

    Parameters
    ----------
    shape : sequence of int
        Sites in each direction; the last one runs fastest.
    couplings : {"signs", "gaussian"}
        +-1 with probability 1/2 each, or normal with variance 1.
    periodic : bool or one a direction
        Whether the ends are joined; two sites in a row have one coupling, not two.
    seed : int, optional
        Of ``numpy.random.default_rng``.

    Returns
    -------
    Spins
        The problem; labels count from 0.

    Raises
    ------
    ValueError
        A shape without sites or too many, or other couplings.

    References
    ----------
    Edwards, Anderson, J. Phys. F 5, 965 (1975), equation 2.1.

    Examples
    --------
    >>> edwards_anderson((4, 4, 4), seed=1).model.num_couplings
    192
    """
    sizes = tuple(shape)
    if not sizes or min(sizes) < 1 or not 2 <= np.prod(sizes, dtype=float) <= _MAX_SPINS:
        raise ArgumentError("shape", "must have 2 to 2^24 sites, each side >= 1", sizes)
    joined = (periodic,) * len(sizes) if isinstance(periodic, bool) else tuple(periodic)
    if len(joined) != len(sizes):
        raise ArgumentError("periodic", f"must be one value or {len(sizes)}, one a side", joined)
    sites = np.arange(int(np.prod(sizes))).reshape(sizes)
    pieces = [_bonds(sites, axis, around) for axis, around in enumerate(joined)]
    rows, cols = (np.concatenate(part) for part in zip(*pieces, strict=True))
    return Spins(rows, cols, _drawn(rows.size, couplings, seed), range(sites.size), sign=-1)


def _bonds(
    sites: npt.NDArray[np.int64], axis: int, around: bool
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Pairs of neighbours in one direction."""
    first = sites.take(range(sites.shape[axis] - 1), axis=axis).ravel()
    second = sites.take(range(1, sites.shape[axis]), axis=axis).ravel()
    if not around or sites.shape[axis] < 3:
        return first, second
    ends = sites.take(-1, axis=axis).ravel(), sites.take(0, axis=axis).ravel()
    return np.concatenate([first, ends[0]]), np.concatenate([second, ends[1]])


def _drawn(count: int, couplings: str, seed: int | None) -> npt.NDArray[np.float64]:
    if couplings not in COUPLINGS:
        raise ArgumentError("couplings", f"must be one of {', '.join(COUPLINGS)}", couplings)
    rng = np.random.default_rng(seed)
    if couplings == "gaussian":
        return rng.standard_normal(count)
    return np.where(rng.integers(0, 2, count) == 1, 1.0, -1.0)
