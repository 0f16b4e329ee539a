"""Energies that are known exactly: of small models by diagonalisation."""

from __future__ import annotations

from typing import NamedTuple

from pbit.problems.transverse_ising.transverse_ising import TransverseIsing

_MOST_LEVELS = 12  # spins that take about a second


class Known(NamedTuple):
    """An exact energy per spin and how it was found."""

    energy_per_spin: float
    how: str


def known_energy(quantum: TransverseIsing, beta: float) -> Known | None:
    """Thermal energy per spin in continuous time, exact; None where it would take long.

    Models of up to 12 spins are diagonalised.

    Examples
    --------
    >>> from pbit.problems.transverse_ising import ring
    >>> found = known_energy(TransverseIsing.of(ring(8), 1.0), 2.0)
    >>> round(found.energy_per_spin, 8), found.how
    (-1.25553131, 'diagonalisation')
    """
    if not 1 <= quantum.num_spins <= _MOST_LEVELS:
        return None
    from pbit.exact.quantum import thermal

    found = thermal(quantum.model, quantum.gamma, beta)
    return Known(found.energy_per_spin, "diagonalisation")
