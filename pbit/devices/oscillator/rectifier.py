r"""A junction below threshold under a radio-frequency current, beyond linear response.

In the frame of the drive the amplitude of :class:`AutoOscillator` is at rest where

.. math::
    \left[ \Gamma_G (1 + Q p) - \Gamma_G \zeta (1 - p) + i (\omega_0 + N p - \omega) \right] c = F,

a cubic equation for the power :math:`p = |c|^2`. Small powers give the closed form of
:class:`SpinTorqueDiode`; larger ones damp (Q) and bend (N) the line.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, floats, instance
from pbit.devices.oscillator.auto_oscillator import AutoOscillator
from pbit.devices.oscillator.diode import FloatArray, SpinTorqueDiode
from pbit.devices.quantities import number

ComplexArray = npt.NDArray[np.complex128]
_REAL = 1e-6  # of a root's size: an imaginary part below that is rounding


def driven_amplitude(
    oscillator: AutoOscillator,
    *,
    current_A: float,
    force_Hz: npt.ArrayLike,
    frequency_Hz: npt.ArrayLike,
) -> ComplexArray:
    """Complex amplitude in the frame of the drive, below threshold.

    Where a bent line has two states at one frequency, that of the smaller power.

    Parameters
    ----------
    oscillator : AutoOscillator
    current_A : float
        Direct, below threshold.
    force_Hz : >= 0, any shape
        F over 2 pi.
    frequency_Hz : any shape that goes with it

    Returns
    -------
    complex128, of the common shape

    Raises
    ------
    ValueError
        A current from the threshold on, negative forces.

    Examples
    --------
    >>> resonator = AutoOscillator(frequency_Hz=1e9, damping_Hz=5e6)
    >>> c = driven_amplitude(resonator, current_A=0.0, force_Hz=5e4, frequency_Hz=1e9)
    >>> round(abs(complex(c)), 4)
    0.01
    """
    damping, force, frequency = oscillator.damping_Hz, floats("force_Hz", force_Hz), frequency_Hz
    if not (force >= 0).all():
        raise ArgumentError("force_Hz", "must be >= 0", force.min(), remedy="signs are phases")
    left = _left(oscillator, current_A)
    away = (oscillator.frequency_Hz - floats("frequency_Hz", frequency)) / damping
    force, away = np.broadcast_arrays(force / damping, away)
    more = 1 + oscillator.nonlinear_damping - left  # damping that a power of 1 adds
    shift = oscillator.shift_Hz / damping
    power = _smallest_power(
        force**2, left**2 + away**2, 2 * (left * more + away * shift), more**2 + shift**2
    )
    return np.asarray(force / (left + more * power + 1j * (away + shift * power)))


def _left(oscillator: AutoOscillator, current_A: float) -> float:
    """Share of the damping that the current leaves, 1 - zeta."""
    current = number(
        "current_A", current_A, ("<", oscillator.threshold_A),
        remedy="at threshold the oscillator is no diode",
    )  # fmt: skip
    return 1 - current / oscillator.threshold_A


def _smallest_power(
    drive: FloatArray, first: FloatArray, second: FloatArray, third: float
) -> FloatArray:
    """Smallest root of ``third p^3 + second p^2 + first p = drive``.

    By the roots of the reversed polynomial, 1 / p: they are there whatever vanishes but the drive.
    """
    away = np.zeros((*drive.shape, 3, 3))
    driven = drive > 0
    over = np.where(driven, drive, 1.0)
    away[..., 0, 0], away[..., 0, 1], away[..., 0, 2] = first / over, second / over, third / over
    away[..., 1, 0] = away[..., 2, 1] = 1.0
    roots = np.linalg.eigvals(away)
    real = np.abs(roots.imag) <= _REAL * np.abs(roots).max(axis=-1, keepdims=True)
    largest = np.where(real, roots.real, 0.0).max(axis=-1)
    return np.where(driven, 1 / largest, 0.0)


@dataclass(frozen=True, kw_only=True)
class Rectifier:
    r"""A junction whose resistance swings with an oscillator that its own current drives.

    A current of amplitude :math:`I` is the force :math:`F = t\,\Gamma_G I / I_{th}`, the resistance
    swings by :math:`s R\, \mathrm{Re}(c\,e^{-i\psi})` in phase with it, and all the power
    :math:`P = R I^2 / 2` gets in. Then
    :math:`S = s t / (I_{th} (1 - \zeta))`: a current near threshold makes a diode sensitive and
    narrow.

    Parameters
    ----------
    oscillator : AutoOscillator
    resistance_Ohm : float
    swing : float
        s, over the resistance, at a power of 1.
    torque : float
        t, by the angle between the magnetisations.
    phase_rad : float
        :math:`\psi`.

    Raises
    ------
    TypeError, ValueError
        No oscillator, numbers out of the range that the message names.

    References
    ----------
    A. Slavin, V. Tiberkevich, IEEE Trans. Magn. 45, 1875 (2009), for the force of a current.

    Examples
    --------
    >>> junction = Rectifier(oscillator=AutoOscillator(frequency_Hz=1e9, damping_Hz=5e6))
    >>> [round(junction.diode(each * 1e-3).sensitivity_V_W) for each in (0.0, 0.5, 0.75)]
    [175, 350, 700]
    """

    oscillator: AutoOscillator
    resistance_Ohm: float = 500.0
    swing: float = 0.5
    torque: float = 0.35
    phase_rad: float = 0.0

    def __post_init__(self) -> None:
        instance("oscillator", self.oscillator, AutoOscillator, remedy="AutoOscillator(...)")
        for name in ("resistance_Ohm", "swing", "torque"):
            number(name, getattr(self, name), (">", 0.0), remedy="0.5 is a round swing")
        number("phase_rad", self.phase_rad, remedy="0 is symmetric, pi/2 antisymmetric")

    def diode(self, current_A: float = 0.0) -> SpinTorqueDiode:
        r"""Its law at small powers under a direct current below threshold.

        Saturation is that of the first order, :math:`P_{sat} = R I_{th}^2 (1 - \zeta)^3 / (2 t^2 (Q
        + \zeta))`.
        """
        left, threshold = _left(self.oscillator, current_A), self.oscillator.threshold_A
        more = max(1 + self.oscillator.nonlinear_damping - left, 0.0)
        most = self.resistance_Ohm * threshold**2 * left**3 / 2 / self.torque**2
        return SpinTorqueDiode(
            linewidth_Hz=self.oscillator.damping_Hz * left,
            sensitivity_V_W=self.swing * self.torque / threshold / left,
            phase_rad=self.phase_rad,
            saturation_W=most / more if more else np.inf,
        )

    def voltage_V(
        self, power_W: npt.ArrayLike, frequency_Hz: npt.ArrayLike, *, current_A: float = 0.0
    ) -> FloatArray:
        """The direct voltage at any power, by :func:`driven_amplitude`.

        Parameters
        ----------
        power_W : >= 0, any shape
        frequency_Hz : any shape that goes with it
        current_A : float
            Below threshold.

        Raises
        ------
        ValueError
            Negative powers, a current from the threshold on.
        """
        power = floats("power_W", power_W)
        if not (power >= 0).all():
            raise ArgumentError("power_W", "must be >= 0", power.min(), remedy="in watts")
        current = np.sqrt(2 * power / self.resistance_Ohm)
        force = self.torque * self.oscillator.damping_Hz * current / self.oscillator.threshold_A
        amplitude = driven_amplitude(
            self.oscillator, current_A=current_A, force_Hz=force, frequency_Hz=frequency_Hz
        )
        turned = (amplitude * np.exp(-1j * self.phase_rad)).real
        return np.asarray(current * self.swing * self.resistance_Ohm / 2 * turned)
