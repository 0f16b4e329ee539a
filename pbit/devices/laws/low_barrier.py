r"""Magnets without a barrier: mean under spin torque, and how fast they forget.

An isotropic magnet under a collinear spin torque has :math:`p(m_z) \propto e^{x m_z}`. It forgets
by diffusion, in a time that damping shortens; an easy plane forgets because each magnet turns at
its own pace, a thousand times faster where damping is low.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from pbit.devices.constants import (
    ELECTRON_C,
    GAMMA0_M_A_S,
    GYROMAGNETIC_RAD_S_T,
    HBAR_J_S,
    MU0_T_M_A,
    thermal_energy_J,
)
from pbit.devices.mtj import FloatArray
from pbit.devices.quantities import number


def langevin_mean(x: npt.ArrayLike) -> FloatArray:
    r"""Mean of m_z, :math:`\coth x - 1/x`; shape of ``x``.

    Examples
    --------
    >>> langevin_mean([0.0, 3.0]).round(4).tolist()
    [0.0, 0.6716]
    """
    x = np.asarray(x, dtype=np.float64)
    small = np.abs(x) < 1e-2  # where the two terms nearly cancel; the next one is x^7 / 4725
    safe = np.where(small, 1.0, x)
    series = x / 3 - x**3 / 45 + 2 * x**5 / 945
    return np.where(small, series, 1 / np.tanh(safe) - 1 / safe)


def torque_argument(
    current_A: npt.ArrayLike,
    *,
    polarization: float,
    damping: float,
    temperature_K: float = 300.0,
) -> FloatArray:
    r""":math:`x = \hbar \eta I / (2 e \alpha kT)`; shape of ``current_A``.

    The same current gives a perpendicular junction (n = 2, critical current from
    :func:`pbit.devices.laws.switching.perpendicular_critical_current_A`) the p-bit's input x,
    whatever its barrier.

    Raises
    ------
    ValueError
        A polarization outside (0, 1], a damping or a temperature not > 0.

    Examples
    --------
    >>> round(float(torque_argument(1e-6, polarization=0.6, damping=0.01)), 3)
    4.767
    """
    number("polarization", polarization, (">", 0.0), ("<=", 1.0), remedy="60 % is 0.6")
    number("damping", damping, (">", 0.0), remedy="0.01 to 0.05 is usual")
    number("temperature_K", temperature_K, (">", 0.0), remedy="temperatures are absolute")
    torque = HBAR_J_S * polarization * np.asarray(current_A, dtype=np.float64)
    return np.asarray(torque / (2 * ELECTRON_C * damping * thermal_energy_J(temperature_K)))


def perpendicular_relaxation_time_s(
    *, saturation_A_m: float, volume_m3: float, damping: float, temperature_K: float = 300.0
) -> float:
    r"""How long the mean of m_z of a free magnet lasts, :math:`M_s V / (2 \alpha \gamma kT)`.

    Free diffusion on the sphere: the mean decays with one exponential. A factor
    :math:`1 + \alpha^2` is left out.

    Parameters
    ----------
    saturation_A_m : float
        Saturation magnetisation; 1 emu/cm³ is 1000 A/m.
    volume_m3, damping, temperature_K : float

    Raises
    ------
    ValueError
        Anything not > 0.

    Examples
    --------
    >>> volume = 30e-9**2 * 2e-9
    >>> tau = perpendicular_relaxation_time_s(
    ...     saturation_A_m=1.1e6, volume_m3=volume, damping=0.01
    ... )
    >>> f"{tau:.4g} s"
    '1.357e-07 s'
    """
    number("saturation_A_m", saturation_A_m, (">", 0.0), remedy="units are A/m")
    number("volume_m3", volume_m3, (">", 0.0), remedy="units are cubic metres")
    number("damping", damping, (">", 0.0), remedy="0.01 to 0.05 is usual")
    number("temperature_K", temperature_K, (">", 0.0), remedy="temperatures are absolute")
    speed = 2 * damping * GYROMAGNETIC_RAD_S_T * thermal_energy_J(temperature_K)
    return saturation_A_m * volume_m3 / speed


def planar_dephasing_time_s(
    *, saturation_A_m: float, volume_m3: float, temperature_K: float = 300.0
) -> float:
    r"""How long the orientation of a circular in-plane magnet lasts without a barrier.

    .. math:: \tau = \frac{1}{\gamma_0 M_s \sqrt{kT / (\mu_0 M_s^2 V)}}

    A thermal m_z, of variance :math:`kT / (\mu_0 M_s^2 V)`, turns the magnet in its plane at
    :math:`\gamma_0 M_s m_z`: the correlation of the cosine is a Gaussian,
    :math:`\langle c(0) c(t) \rangle = e^{-t^2 / 2 \tau^2} / 2`, as long as damping is too low to
    change m_z meanwhile, :math:`\alpha \gamma_0 M_s \tau \ll 1`. The exponential of a chip's
    redraws has the same integral with a correlation time of :math:`\sqrt{\pi/2}\, \tau`. A
    thin film's demagnetising factor of 1 is assumed.

    Parameters
    ----------
    saturation_A_m : float
        Saturation magnetisation; 1 emu/cm³ is 1000 A/m.
    volume_m3, temperature_K : float

    Raises
    ------
    ValueError
        Anything not > 0.

    Examples
    --------
    >>> volume = 30e-9**2 * 2e-9
    >>> f"{planar_dephasing_time_s(saturation_A_m=1.1e6, volume_m3=volume):.4g} s"
    '1.056e-10 s'
    """
    number("saturation_A_m", saturation_A_m, (">", 0.0), remedy="units are A/m")
    number("volume_m3", volume_m3, (">", 0.0), remedy="units are cubic metres")
    number("temperature_K", temperature_K, (">", 0.0), remedy="temperatures are absolute")
    stiffness = MU0_T_M_A * saturation_A_m**2 * volume_m3
    return math.sqrt(stiffness / thermal_energy_J(temperature_K)) / (GAMMA0_M_A_S * saturation_A_m)
