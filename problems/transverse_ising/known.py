"""Energies that are known exactly: of chains and rings of free fermions, and of a few spins."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pbit.models.ising import IsingModel
from pbit.problems.transverse_ising.transverse_ising import TransverseIsing

_MOST_LEVELS, _MOST_CHAIN = 12, 512  # spins that take about a second


class Known(NamedTuple):
    """An exact energy per spin and how it was found."""

    energy_per_spin: float
    how: str


def known_energy(quantum: TransverseIsing, beta: float) -> Known | None:
    """Thermal energy per spin in continuous time, exact; None where none is known soon.

    Models of up to 12 spins are diagonalised. Without longitudinal fields, open chains of up to
    512 spins and rings with one coupling and one transverse field, numbered along the chain, are
    free fermions.

    Examples
    --------
    >>> from pbit.problems.transverse_ising import ring, square
    >>> found = known_energy(TransverseIsing.of(ring(64), 1.0), 16.0)
    >>> round(found.energy_per_spin, 6), found.how
    (-1.272992, 'free fermions')
    >>> known_energy(TransverseIsing.of(square(4), 1.0), 1.0) is None
    True
    """
    from pbit.exact import quantum as exact

    model, gamma, n = quantum.model, quantum.gamma, quantum.num_spins
    if 1 <= n <= _MOST_LEVELS:
        found = exact.thermal(model, gamma, beta)
        return Known(found.energy_per_spin, "diagonalisation")
    if not isinstance(model, IsingModel) or model.h.any() or model.num_couplings > n:
        return None
    rows, columns, weights = model.edges()
    bonds = dict(zip(zip(rows.tolist(), columns.tolist(), strict=True), weights, strict=True))
    along = np.array([bonds.pop((i, i + 1), 0.0) for i in range(n - 1)])
    if not bonds and n <= _MOST_CHAIN:
        return _free(exact.open_chain(along, gamma, beta).energy, quantum)
    same = np.ndim(gamma) == 0 and bool(np.all(along == along[0]))
    if same and bonds == {(0, n - 1): along[0]}:
        return _free(exact.ring(n, float(gamma), beta, coupling=float(along[0])).energy, quantum)
    return None


def _free(energy: float, quantum: TransverseIsing) -> Known:
    return Known((energy + quantum.model.offset) / quantum.num_spins, "free fermions")
