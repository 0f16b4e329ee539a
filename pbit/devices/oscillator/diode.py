r"""A spin-torque diode: the direct voltage that a junction makes of a radio-frequency power.

A force :math:`F e^{-i\omega t}` on an oscillator below threshold gives, in linear response,

.. math::
    c = \frac{F}{\Gamma + i (\omega_0 - \omega)} = \frac{F}{\Gamma} \frac{1 + i x}{1 + x^2},
    \qquad x = \frac{\omega - \omega_0}{\Gamma},

whose part in phase with the current, turned by an angle :math:`\psi`, is rectified:

.. math::
    V = S P \, \frac{\cos\psi + x \sin\psi}{1 + x^2}.

Source: Tulapurkar et al., Nature 438, 339 (2005); as a weight: Leroux et al., Phys. Rev. Applied
15, 034067 (2021).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, floats
from pbit.devices.quantities import number

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class SpinTorqueDiode:
    r"""A junction that rectifies what is near its resonance, by the distance from it.

    Parameters
    ----------
    linewidth_Hz : float
        Half of the full width at half maximum, :math:`\Gamma / 2\pi`.
    sensitivity_V_W : float
        S; 1000 V/W are 1000 mV/mW.
    phase_rad : float
        :math:`\psi`: 0 gives a Lorentzian, :math:`\pi/2` (default) its antisymmetric companion with
        both signs, from -S/2 to S/2 at a half width to either side.
    saturation_W : float
        A power P counts as :math:`P / (1 + P / P_{sat})`; infinite where none is known.

    Raises
    ------
    TypeError, ValueError
        Numbers out of the range that the message names.

    Examples
    --------
    >>> diode = SpinTorqueDiode(linewidth_Hz=5e6, sensitivity_V_W=500.0)
    >>> diode.voltage_V(1e-6, [-5e6, 0.0, 5e6]).tolist()
    [-0.00025, 0.0, 0.00025]
    """

    linewidth_Hz: float
    sensitivity_V_W: float
    phase_rad: float = math.pi / 2
    saturation_W: float = math.inf

    def __post_init__(self) -> None:
        number("linewidth_Hz", self.linewidth_Hz, (">", 0.0), remedy="half of the full width")
        number("sensitivity_V_W", self.sensitivity_V_W, (">", 0.0), remedy="500 mV/mW are 500.0")
        number("phase_rad", self.phase_rad, remedy="0 is symmetric, pi/2 antisymmetric")
        number("saturation_W", self.saturation_W, (">", 0.0), remedy="inf for none", finite=False)

    def response(self, detuning: npt.ArrayLike) -> FloatArray:
        r""":math:`(\cos\psi + x \sin\psi) / (1 + x^2)` at x half widths above resonance."""
        x = np.asarray(detuning, dtype=np.float64)
        return np.asarray((self._even + self._odd * x) / (1 + x * x))

    def slope(self, detuning: npt.ArrayLike) -> FloatArray:
        """Derivative of :meth:`response` by x."""
        x = np.asarray(detuning, dtype=np.float64)
        squares = x * x
        return np.asarray((self._odd * (1 - squares) - 2 * self._even * x) / (1 + squares) ** 2)

    def effective_W(self, power_W: npt.ArrayLike) -> FloatArray:
        """The power that would give the same voltage if nothing saturated.

        Raises
        ------
        TypeError, ValueError
            Powers that are no numbers from 0.
        """
        power = floats("power_W", power_W)
        if not (power >= 0).all() or np.isinf(power).any():
            raise ArgumentError(
                "power_W", "must be finite and >= 0", got=f"{power.min():g} to {power.max():g}",
                remedy="0 dBm are 1e-3 W",
            )  # fmt: skip
        return np.asarray(power / (1 + power / self.saturation_W))

    def voltage_V(self, power_W: npt.ArrayLike, detuning_Hz: npt.ArrayLike) -> FloatArray:
        """The direct voltage.

        Parameters
        ----------
        power_W : >= 0, any shape
        detuning_Hz : any shape that goes with it
            Frequency of the signal less that of the resonance.

        Returns
        -------
        float64, of the common shape

        Raises
        ------
        TypeError, ValueError
            Powers that are no numbers from 0.
        """
        away = floats("detuning_Hz", detuning_Hz) / self.linewidth_Hz
        return np.asarray(self.sensitivity_V_W * self.effective_W(power_W) * self.response(away))

    @property
    def _even(self) -> float:
        return math.cos(self.phase_rad) if self.phase_rad != math.pi / 2 else 0.0

    @property
    def _odd(self) -> float:
        return math.sin(self.phase_rad)
