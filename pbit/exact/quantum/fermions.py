"""What chains of free fermions have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, real
from pbit.models.labels import FloatArray


@dataclass(frozen=True, eq=False, kw_only=True)
class FreeFermions(ByValue):
    """Averages of a chain of n spins at inverse temperature beta.

    Parameters
    ----------
    num_spins : int
    beta : float
        Infinity for the ground state.
    energy : float
        <H>, of all spins together.
    log_z : float
        ln Tr exp(-beta H); infinite at beta = infinity.
    free_energy : float
        -ln Z / beta: minus infinity at beta = 0, the energy at infinity.
    gap : float
        Energy of the first excited state above the ground state, whatever beta; below about 1e-13
        of the energy it drowns in rounding.
    """

    num_spins: int
    beta: float
    energy: float
    log_z: float
    free_energy: float
    gap: float

    @property
    def energy_per_spin(self) -> float:
        """energy / n."""
        return self.energy / self.num_spins


def warm_or_cold(beta: Any) -> float:
    """beta as float, from 0 to infinity."""
    value = real("beta", beta)
    if not value >= 0:
        raise ArgumentError("beta", "must be >= 0", value, remedy="inf is the ground state")
    return value


def thermodynamics(energy: float, log_z: float, beta: float) -> dict[str, float]:
    """energy, log_z and free_energy by name."""
    if beta == np.inf:
        return {"energy": energy, "log_z": np.inf, "free_energy": energy}
    free_energy = -log_z / beta if beta else -np.inf
    return {"energy": energy, "log_z": log_z, "free_energy": free_energy}


def log_2_cosh(x: FloatArray) -> FloatArray:
    """ln(2 cosh x) without overflow."""
    return np.asarray(np.abs(x) + np.log1p(np.exp(-2 * np.abs(x))))


def log_2_sinh(x: FloatArray) -> FloatArray:
    """ln|2 sinh x| without overflow."""
    return np.asarray(np.abs(x) + np.log(-np.expm1(-2 * np.abs(x))))
