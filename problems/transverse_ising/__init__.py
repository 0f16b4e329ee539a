"""Quantum Ising models in a transverse field: networks of p-bits that have their statistics.

>>> from pbit.problems.transverse_ising import TransverseIsing, ring
>>> chain = TransverseIsing.of(ring(8), gamma=1.0)
>>> averages = chain.measure(beta=2.0, seed=1)
>>> bool(abs(averages.energy_per_spin.value + 1.2555) < 5 * averages.energy_per_spin.error)
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pbit.registry import names_at_home

if TYPE_CHECKING:
    from pbit.problems.transverse_ising.averages import Measured, QuantumAverages
    from pbit.problems.transverse_ising.exchange import ExchangeModel
    from pbit.problems.transverse_ising.exchange_averages import ExchangeAverages
    from pbit.problems.transverse_ising.lattices import (
        chain,
        cubic,
        lattice,
        ring,
        square,
        triangular,
    )
    from pbit.problems.transverse_ising.replicated import ReplicatedModel
    from pbit.problems.transverse_ising.transverse_ising import TransverseIsing
    from pbit.problems.transverse_ising.trotter import extrapolate

__all__ = [
    "ExchangeAverages",
    "ExchangeModel",
    "Measured",
    "QuantumAverages",
    "ReplicatedModel",
    "TransverseIsing",
    "chain",
    "cubic",
    "extrapolate",
    "lattice",
    "ring",
    "square",
    "triangular",
]

_HOME = {
    "ExchangeAverages": "exchange_averages",
    "ExchangeModel": "exchange",
    "Measured": "averages",
    "QuantumAverages": "averages",
    "ReplicatedModel": "replicated",
    "TransverseIsing": "transverse_ising",
    "chain": "lattices",
    "cubic": "lattices",
    "extrapolate": "trotter",
    "lattice": "lattices",
    "ring": "lattices",
    "square": "lattices",
    "triangular": "lattices",
}


__getattr__ = names_at_home("pbit.problems.transverse_ising", _HOME)


def __dir__() -> list[str]:
    return list(__all__)
