"""Quantum Ising models, exact: the referees of their replicas.

``H = -sum_{i<j} J_ij Z_i Z_j - sum_i h_i Z_i - sum_i gamma_i X_i`` with Pauli matrices X, Z: any
graph by diagonalisation (:func:`thermal`, :func:`ground`, :func:`time_correlations`), and cut into
slices by transfer matrices (:func:`replicated`, :func:`slice_correlations`, :func:`replica_law`).
"""

from pbit.exact.quantum.finite_temperature import MAX_THERMAL, thermal, time_correlations
from pbit.exact.quantum.ground_state import MAX_GROUND, ground
from pbit.exact.quantum.observables import Ground, Observables, Replicated, Thermal
from pbit.exact.quantum.replicas import (
    MAX_REPLICATED,
    MAX_SLICE,
    replica_law,
    replicated,
    slice_correlations,
)

__all__ = [
    "MAX_GROUND",
    "MAX_REPLICATED",
    "MAX_SLICE",
    "MAX_THERMAL",
    "Ground",
    "Observables",
    "Replicated",
    "Thermal",
    "ground",
    "replica_law",
    "replicated",
    "slice_correlations",
    "thermal",
    "time_correlations",
]
