"""Lattices by name: ferromagnets on chains, rings, squares, cubes and triangles."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from pbit.checks import ArgumentError, integer
from pbit.models.ising import IsingModel

_MOST_SITES = 2**22


def chain(length: int, coupling: float = 1.0) -> IsingModel:
    """Open chain; site k is coupled to k + 1."""
    return _model((length,), coupling, [(1,)], periodic=False)


def ring(length: int, coupling: float = 1.0) -> IsingModel:
    """Closed chain; two sites have one coupling, not two."""
    return _model((length,), coupling, [(1,)])


def square(side: int, coupling: float = 1.0) -> IsingModel:
    """Square lattice with periodic ends."""
    return _model((side, side), coupling, [(1, 0), (0, 1)])


def cubic(side: int, coupling: float = 1.0) -> IsingModel:
    """Simple cubic lattice with periodic ends."""
    return _model((side, side, side), coupling, [(1, 0, 0), (0, 1, 0), (0, 0, 1)])


def triangular(side: int, coupling: float = 1.0) -> IsingModel:
    """Triangular lattice with periodic ends: a square one with one of the diagonals."""
    return _model((side, side), coupling, [(1, 0), (0, 1), (1, 1)])


LATTICES: dict[str, Callable[..., IsingModel]] = {
    "chain": chain,
    "ring": ring,
    "square": square,
    "cubic": cubic,
    "triangular": triangular,
}


def lattice(name: str, coupling: float = 1.0) -> IsingModel:
    """The lattice of a name such as ``ring:64`` or ``square:16``.

    Parameters
    ----------
    name : str
        chain, ring, square, cubic or triangular, a colon, and the side.
    coupling : float
        J of neighbours; > 0 is ferromagnetic.

    Raises
    ------
    ValueError
        No such lattice, or a side that is no whole number >= 1.

    Examples
    --------
    >>> lattice("square:4").num_spins, lattice("square:4").num_couplings
    (16, 32)
    """
    kind, colon, side = name.partition(":")
    if kind not in LATTICES or not colon or not side.isascii() or not side.isdigit():
        raise ArgumentError(
            "lattice", f"must be {', '.join(LATTICES)}, a colon and the side, as ring:64", name
        )
    return LATTICES[kind](int(side[:12]), coupling)


def _model(
    shape: tuple[int, ...],
    coupling: float,
    steps: list[tuple[int, ...]],
    *,
    periodic: bool = True,
) -> IsingModel:
    side = integer("side", shape[0], 1)
    count = math.prod(shape)
    if count > _MOST_SITES:
        raise ArgumentError("side", f"must leave at most {_MOST_SITES} sites", side)
    sites = np.arange(count).reshape(shape)
    pairs = [_neighbours(sites, step, periodic=periodic) for step in steps]
    ends = np.sort(np.concatenate(pairs, axis=1), axis=0)
    apart = ends[:, ends[0] != ends[1]]
    rows, columns = np.divmod(np.unique(apart[0] * count + apart[1]), count)
    weights = np.full(rows.size, float(coupling))
    return IsingModel.from_edges(rows, columns, weights, num_spins=count)


def _neighbours(sites: np.ndarray, step: tuple[int, ...], *, periodic: bool) -> np.ndarray:
    if periodic:
        other = np.roll(sites, [-s for s in step], axis=tuple(range(len(step))))
        return np.array([sites.reshape(-1), other.reshape(-1)])
    return np.array([sites[:-1], sites[1:]])
