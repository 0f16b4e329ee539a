"""Quantum Ising models, exact: the referees of their replicas.

``H = -sum_{i<j} J_ij Z_i Z_j - sum_i h_i Z_i - sum_i gamma_i X_i`` with Pauli matrices X, Z: any
graph by diagonalisation (:func:`thermal`, :func:`ground`, :func:`time_correlations`,
:func:`fidelity_susceptibility`), cut into slices by transfer matrices (:func:`replicated`,
:func:`slice_correlations`, :func:`replica_law`), long chains as free fermions (:func:`open_chain`,
:func:`ring`). Beside them, levels of exchange models (:func:`xxz_levels`).
"""

from pbit.exact.quantum.chains import Chain, open_chain
from pbit.exact.quantum.exchange import MAX_EXCHANGE, energy_of_levels, xxz_levels
from pbit.exact.quantum.finite_temperature import (
    MAX_THERMAL,
    fidelity_susceptibility,
    thermal,
    time_correlations,
)
from pbit.exact.quantum.ground_state import MAX_GROUND, ground
from pbit.exact.quantum.observables import Ground, Observables, Replicated, Thermal
from pbit.exact.quantum.replicas import (
    MAX_REPLICATED,
    MAX_SLICE,
    replica_law,
    replicated,
    slice_correlations,
)
from pbit.exact.quantum.rings import Ring, ring

__all__ = [
    "MAX_EXCHANGE",
    "MAX_GROUND",
    "MAX_REPLICATED",
    "MAX_SLICE",
    "MAX_THERMAL",
    "Chain",
    "Ground",
    "Observables",
    "Replicated",
    "Ring",
    "Thermal",
    "energy_of_levels",
    "fidelity_susceptibility",
    "ground",
    "open_chain",
    "replica_law",
    "replicated",
    "ring",
    "slice_correlations",
    "thermal",
    "time_correlations",
    "xxz_levels",
]
