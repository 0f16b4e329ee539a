"""Random instances that the benchmarks are run on."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pbit import IsingModel
from pbit.models.polynomial import PolynomialModel

Edges = tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]


def cubic_edges(side: int) -> Edges:
    """Ends of the bonds of a periodic cubic lattice, int32 (3 side^3,)."""
    sites = np.arange(side**3, dtype=np.int32).reshape(side, side, side)
    ends = np.concatenate([np.roll(sites, -1, axis).ravel() for axis in range(3)])
    return np.tile(sites.ravel(), 3), ends


def random_edges(n: int, rng: np.random.Generator) -> Edges:
    """Ends of three random rings through all spins: degree 6, but where two rings share a bond."""
    rings = [rng.permutation(n).astype(np.int32) for _ in range(3)]
    return np.concatenate(rings), np.concatenate([np.roll(ring, -1) for ring in rings])


def gaussian(size: int, rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """Standard normal couplings, float32."""
    return rng.standard_normal(size, dtype=np.float32)


def signs(size: int, rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """Couplings +1 and -1, float32."""
    return 2 * rng.integers(0, 2, size, dtype=np.int8).astype(np.float32) - 1


def lattice(side: int, couplings: Any, rng: np.random.Generator) -> IsingModel:
    """Periodic cubic lattice with such couplings."""
    rows, cols = cubic_edges(side)
    return IsingModel.from_edges(rows, cols, couplings(rows.size, rng).astype(np.float64))


def complete(n: int, couplings: Any, rng: np.random.Generator) -> IsingModel:
    """Every pair coupled: of variance 1/n if Gaussian (Sherrington, Kirkpatrick), or +1 and -1."""
    rows, cols = np.triu_indices(n, k=1)
    weights = couplings(rows.size, rng).astype(np.float64)
    if couplings is gaussian:
        weights /= np.sqrt(n)
    return IsingModel.from_edges(rows, cols, weights)


def xorsat(n: int, rng: np.random.Generator) -> PolynomialModel:
    """3-regular 3-XORSAT: n terms of three spins, each spin in three; planted, E = -n at best."""
    members = np.repeat(np.arange(n), 3)
    rng.shuffle(members)
    terms = members.reshape(n, 3)
    while True:
        repeated = (np.diff(np.sort(terms, axis=1), axis=1) == 0).any(axis=1)
        if not repeated.any():
            break
        for place in 3 * np.flatnonzero(repeated) + rng.integers(0, 3, repeated.sum()):
            other = rng.integers(members.size)
            members[place], members[other] = members[other], members[place]
    planted = rng.choice([-1, 1], n)
    weights = planted[terms].prod(axis=1)
    return PolynomialModel.from_terms(
        [(tuple(map(int, term)), float(w)) for term, w in zip(terms, weights, strict=True)],
        num_spins=n,
    )
