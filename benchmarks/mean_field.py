"""Overlaps of Hebb's memory in the limit of many pixels: Amit, Gutfreund and Sompolinsky's theory.

Ann. Phys. 173, 30 (1987), replica symmetric: for load a and inverse temperature b, with z normal,
``m = <tanh b (m + sqrt(a r) z)>``, ``q = <tanh^2 b (m + sqrt(a r) z)>``, ``r = q / (1 - b (1 -
q))^2``.
"""

from __future__ import annotations

from math import erf, exp, pi, sqrt

import numpy as np

_ROUNDS = 5000
_CLOSE = 1e-12
_NODES = 2001  # of the sums over z: steps of tanh are as wide as the temperature


def overlap(load: float, temperature: float) -> float:
    """Overlap of the retrieval state; 0 where there is none, beyond T_M or the capacity 0.138."""
    if temperature == 0:
        return _frozen(load)
    if temperature >= 1:
        return 0.0
    beta = 1 / temperature
    z = np.linspace(-8.0, 8.0, _NODES)
    weights = np.exp(-(z**2) / 2)
    weights /= weights.sum()
    m, r = 1.0, 1.0
    for _ in range(_ROUNDS):
        spins = np.tanh(beta * (m + sqrt(load * r) * z))
        q = float(weights @ spins**2)
        before, m = m, float(weights @ spins)
        susceptibility = beta * (1 - q)
        if susceptibility >= 1 and load > 0:
            return 0.0
        r = q / (1 - susceptibility) ** 2 if load > 0 else 0.0
        if abs(m - before) < _CLOSE:
            break
    return m if m > 1e-3 else 0.0


def _frozen(load: float) -> float:
    """Without noise: ``m = erf(m / sqrt(2 a r))``, ``r = (1 - C)^-2``."""
    m, c = 1.0, 0.0
    for _ in range(_ROUNDS if load > 0 else 0):
        spread = load / (1 - c) ** 2
        before, m = m, erf(m / sqrt(2 * spread))
        c = sqrt(2 / (pi * spread)) * exp(-(m**2) / (2 * spread))
        if c >= 1:
            return 0.0
        if abs(m - before) < _CLOSE:
            break
    return m if m > 0.5 else 0.0
