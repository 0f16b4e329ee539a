"""Constants of nature in SI units (CODATA, from scipy), and the thermal energy."""

from __future__ import annotations

import math

from scipy import constants

BOLTZMANN_J_K = float(constants.Boltzmann)
HBAR_J_S = float(constants.hbar)
ELECTRON_C = float(constants.elementary_charge)
# Four pi, not the measured value that differs from it by 2e-10: with H in A/m it is a convention.
MU0_T_M_A = 4e-7 * math.pi
# Of the free electron; what a film shows differs from it by a few per cent.
GYROMAGNETIC_RAD_S_T = abs(float(constants.physical_constants["electron gyromag. ratio"][0]))
GAMMA0_M_A_S = MU0_T_M_A * GYROMAGNETIC_RAD_S_T


def thermal_energy_J(temperature_K: float) -> float:
    """Boltzmann's constant times the temperature.

    Raises
    ------
    ValueError
        A temperature that is not a finite number > 0.

    Examples
    --------
    >>> f"{thermal_energy_J(300.0):.4e}"
    '4.1419e-21'
    """
    if not 0 < temperature_K < math.inf:
        raise ValueError(
            f"temperature_K must be a finite number > 0, got {temperature_K}; "
            "temperatures are absolute"
        )
    return BOLTZMANN_J_K * temperature_K
