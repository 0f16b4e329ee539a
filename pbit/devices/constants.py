"""Constants of nature in SI units (CODATA, as scipy gives them) and the thermal energy."""

from __future__ import annotations

import math

from scipy import constants

from pbit.checks import ArgumentError

BOLTZMANN_J_K: float = constants.k
HBAR_J_S: float = constants.hbar
ELECTRON_C: float = constants.e
MU0_T_M_A: float = constants.mu_0
BOHR_MAGNETON_J_T: float = constants.physical_constants["Bohr magneton"][0]
GYROMAGNETIC_RAD_S_T: float = constants.physical_constants["electron gyromag. ratio"][0]
GAMMA0_M_A_S: float = MU0_T_M_A * GYROMAGNETIC_RAD_S_T  # rad m / (A s): of a field in A/m


def thermal_energy_J(temperature_K: float) -> float:
    """Boltzmann's constant times the temperature, in J.

    Parameters
    ----------
    temperature_K : float
        >= 0.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        A negative or infinite temperature.

    Examples
    --------
    >>> round(thermal_energy_J(300.0) / ELECTRON_C, 5)
    0.02585
    """
    if not 0 <= temperature_K < math.inf:
        raise ArgumentError(
            "temperature_K", "must be finite and >= 0", temperature_K, remedy="300 is room"
        )
    return BOLTZMANN_J_K * temperature_K
