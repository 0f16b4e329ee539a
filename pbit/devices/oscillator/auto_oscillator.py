r"""A nonlinear auto-oscillator: what a current makes of a magnet that it drives beyond damping.

The complex amplitude c, of dimensionless power :math:`p = |c|^2`, follows

.. math::
    \dot c = -i (\omega_0 + N p) c - \Gamma_G (1 + Q p) c + \Gamma_G \zeta (1 - p) c + f(t)

with the supercriticality :math:`\zeta = I / I_{th}`; f is a force, or thermal noise whose two
quadratures have the variance :math:`D_n\,dt` each in a time dt.

Source: Slavin, Tiberkevich, IEEE Trans. Magn. 45, 1875 (2009).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError
from pbit.devices.quantities import number

FloatArray = npt.NDArray[np.float64]

_BOUNDS = {
    "frequency_Hz": ((">", 0.0),),
    "damping_Hz": ((">", 0.0),),
    "shift_Hz": (),
    "nonlinear_damping": ((">", -1.0),),
    "threshold_A": ((">", 0.0),),
    "noise_Hz": ((">=", 0.0),),
    "signal_V": ((">", 0.0), ("<=", 1e100)),  # its square is finite
}


@dataclass(frozen=True, kw_only=True)
class AutoOscillator:
    r"""A spin-torque oscillator, as its frequencies and its threshold tell it.

    Rates are given in hertz, over 2 pi of those in the equations, as measured spectra have them.

    Parameters
    ----------
    frequency_Hz : float
        :math:`\omega_0 / 2\pi`, at no power.
    damping_Hz : float
        :math:`\Gamma_G / 2\pi`: half of the resonance's full width without current.
    shift_Hz : float
        :math:`N / 2\pi`, what a power of 1 adds to the frequency; usually < 0 in films magnetised
        in their plane.
    nonlinear_damping : float
        Q.
    threshold_A : float
        :math:`I_{th}`.
    noise_Hz : float
        :math:`D_n / 2\pi`; 0: no noise.
    signal_V : float
        Amplitude of the voltage at a power of 1.

    Examples
    --------
    >>> oscillator = AutoOscillator(frequency_Hz=3e8, damping_Hz=4e5, shift_Hz=2e6)
    >>> float(oscillator.power(2e-3)), float(oscillator.frequency_at_Hz(2e-3))
    (0.4, 300800000.0)
    """

    frequency_Hz: float
    damping_Hz: float
    shift_Hz: float = 0.0
    nonlinear_damping: float = 0.5
    threshold_A: float = 1e-3
    noise_Hz: float = 0.0
    signal_V: float = 1.0

    def __post_init__(self) -> None:
        for name, bounds in _BOUNDS.items():
            number(name, getattr(self, name), *bounds, remedy="rates are over 2 pi, in hertz")

    @property
    def damping_rad_s(self) -> float:
        """:math:`\\Gamma_G`."""
        return 2 * math.pi * self.damping_Hz

    def supercriticality(self, current_A: npt.ArrayLike) -> FloatArray:
        """:math:`\\zeta = I / I_{th}`, float64 of the shape of ``current_A``."""
        current = np.asarray(current_A, dtype=np.float64)
        if not np.isfinite(current).all():
            raise ArgumentError("current_A", "must be finite", current_A, remedy="check its unit")
        return np.asarray(current / self.threshold_A)

    def power(self, current_A: npt.ArrayLike) -> FloatArray:
        """:math:`p_0 = (\\zeta - 1) / (\\zeta + Q)`, 0 below threshold."""
        zeta = self.supercriticality(current_A)
        above = np.maximum(zeta - 1, 0.0)
        return _plain(above / (above + 1 + self.nonlinear_damping))

    def frequency_at_Hz(self, current_A: npt.ArrayLike) -> FloatArray:
        """:math:`\\omega_g / 2\\pi = (\\omega_0 + N p_0) / 2\\pi`."""
        return _plain(self.frequency_Hz + self.shift_Hz * self.power(current_A))

    def relaxation_rate_s(self, current_A: npt.ArrayLike) -> FloatArray:
        """:math:`\\Gamma_p = \\Gamma_G |\\zeta - 1|`, 1/s.

        Deviations of the power decay at twice that above threshold, amplitudes at that below.
        """
        return _plain(self.damping_rad_s * np.abs(self.supercriticality(current_A) - 1))

    def nonlinearity(self, current_A: npt.ArrayLike) -> FloatArray:
        """:math:`\\nu = N p_0 / \\Gamma_p`, with its sign; 0 below threshold."""
        zeta = self.supercriticality(current_A)
        share = 1 / (np.maximum(zeta, 1.0) + self.nonlinear_damping)
        return _plain(np.where(zeta > 1, self.shift_Hz / self.damping_Hz * share, 0.0))


def _plain(values: npt.ArrayLike) -> FloatArray:
    """As numpy functions give it: an array, or a number for a number."""
    return np.asarray(values, dtype=np.float64)[()]
