"""Quantum Ising models, exact: the referees of their replicas.

``H = -sum_{i<j} J_ij Z_i Z_j - sum_i h_i Z_i - sum_i gamma_i X_i`` with Pauli matrices X, Z: any
graph by diagonalisation (:func:`thermal`, :func:`ground`, :func:`time_correlations`).
"""

from pbit.exact.quantum.finite_temperature import MAX_THERMAL, thermal, time_correlations
from pbit.exact.quantum.ground_state import MAX_GROUND, ground
from pbit.exact.quantum.observables import Ground, Observables, Thermal

__all__ = [
    "MAX_GROUND",
    "MAX_THERMAL",
    "Ground",
    "Observables",
    "Thermal",
    "ground",
    "thermal",
    "time_correlations",
]
