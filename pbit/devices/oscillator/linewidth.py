r"""How noise broadens the line of an oscillator above its threshold.

A noise of variance :math:`D_n\,dt` in either quadrature makes the phase diffuse, directly and by
way of the power, on which the frequency depends. Once the power is in equilibrium,

.. math:: \langle \Delta\psi^2 \rangle = \frac{D_n}{p_0} \left[ (1 + \nu^2) t
          - \nu^2 \frac{1 - e^{-2 \Gamma_p t}}{2 \Gamma_p} \right]

Where the line is much narrower than :math:`2 \Gamma_p`, only the first term is left: a Lorentzian
whose full width is :math:`(D_n / p_0)(1 + \nu^2)` in rad/s. All for noise that moves the power by
a small part of itself.

Source: Slavin, Tiberkevich, IEEE Trans. Magn. 45, 1875 (2009).
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from pbit.checks import floats
from pbit.devices.constants import thermal_energy_J
from pbit.devices.oscillator.auto_oscillator import AutoOscillator
from pbit.devices.quantities import number

FloatArray = npt.NDArray[np.float64]


def linewidth_Hz(oscillator: AutoOscillator, current_A: npt.ArrayLike) -> FloatArray:
    r"""Full width at half maximum of the line, :math:`(D_n / 2 \pi p_0)(1 + \nu^2)`.

    Parameters
    ----------
    oscillator : AutoOscillator
    current_A : float or array

    Returns
    -------
    float64 of the shape of ``current_A``
        Hz; NaN at and below threshold.

    Examples
    --------
    >>> oscillator = AutoOscillator(frequency_Hz=3e8, damping_Hz=4e5, shift_Hz=2e6, noise_Hz=4e3)
    >>> f"{linewidth_Hz(oscillator, 2e-3):.0f} Hz"
    '50000 Hz'
    """
    power, nu = oscillator.power(current_A), oscillator.nonlinearity(current_A)
    with np.errstate(invalid="ignore", divide="ignore"):
        width = oscillator.noise_Hz * (1 + nu**2) / power
    return np.asarray(np.where(power > 0, width, np.nan))[()]


def phase_variance(
    oscillator: AutoOscillator, current_A: float, times_s: npt.ArrayLike
) -> FloatArray:
    """Variance of how far the phase has gone after a time, in rad^2.

    Parameters
    ----------
    oscillator : AutoOscillator
    current_A : float
        Above threshold.
    times_s : float or array

    Returns
    -------
    float64 of the shape of ``times_s``
        The formula above; NaN at and below threshold.

    Examples
    --------
    >>> oscillator = AutoOscillator(frequency_Hz=3e8, damping_Hz=4e5, noise_Hz=400)
    >>> f"{phase_variance(oscillator, 2e-3, 1e-4):.4f}"
    '0.6283'
    """
    times = floats("times_s", times_s)
    nu = oscillator.nonlinearity(current_A)
    decay = 2 * float(oscillator.relaxation_rate_s(current_A))
    late = nu**2 * -np.expm1(-decay * times) / decay if decay else 0.0
    power = float(oscillator.power(current_A)) or math.nan
    rate = 2 * math.pi * oscillator.noise_Hz / power
    return np.asarray(rate * ((1 + nu**2) * times - late))[()]


def thermal_noise_Hz(
    *, damping_Hz: float, frequency_Hz: float, action_J_s: float, temperature_K: float = 300.0
) -> float:
    r"""Noise of a temperature, :math:`D_n / 2\pi = (\Gamma_+ / 2\pi) k_B T / \lambda\omega`.

    It gives an oscillator without current the mean energy :math:`k_B T`: its mean power is then
    :math:`D_n / \Gamma_+ = k_B T / \lambda\omega`.

    Parameters
    ----------
    damping_Hz : float
        :math:`\Gamma_+ / 2\pi` at the power at which it runs.
    frequency_Hz : float
    action_J_s : float
        :math:`\lambda`: energy of a power of 1 over the angular frequency. Of a magnet with
        p = (1 - m_z) / 2 it is 2 M_s V / gamma; it goes with how p is counted.
    temperature_K : float

    Raises
    ------
    ValueError, TypeError
        A number out of range.

    Examples
    --------
    >>> f"{thermal_noise_Hz(damping_Hz=1e7, frequency_Hz=1e9, action_J_s=1e-28):.4g} Hz"
    '6.592e+04 Hz'
    """
    given = {"damping_Hz": damping_Hz, "frequency_Hz": frequency_Hz, "action_J_s": action_J_s}
    for name, value in given.items():
        number(name, value, (">", 0.0), remedy="rates are over 2 pi, in hertz")
    number("temperature_K", temperature_K, (">=", 0.0), remedy="300 is room temperature")
    energy = action_J_s * 2 * math.pi * frequency_Hz
    return damping_Hz * thermal_energy_J(temperature_K) / energy
