r"""An oscillator that is nothing but its phase: what is left when the power follows at once.

With the phase :math:`\psi = -\arg c` less that of the signal (harmonic 1), or of half of it (2),

.. math:: \dot\psi = \omega_g - \omega - \Delta \sin(n \psi - \arctan \nu)

with n the harmonic and :math:`\Delta` half the bandwidth of locking. It holds where the phase is
slow beside the power, :math:`\Delta \ll 2 \Gamma_p`; beyond that the power swings with the phase,
and the complex equation must be solved.

Source: Slavin, Tiberkevich, IEEE Trans. Magn. 45, 1875 (2009); Adler, Proc. IRE 34, 351 (1946).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, floats
from pbit.devices.oscillator.auto_oscillator import AutoOscillator
from pbit.devices.oscillator.injection import Injection, locking_half_bandwidth_Hz

FloatArray = npt.NDArray[np.float64]

VALID_BELOW = 0.1  # of 2 Gamma_p


@dataclass(frozen=True, kw_only=True)
class PhaseReduction:
    r"""Adler's equation of one oscillator and one signal.

    Parameters
    ----------
    detuning_rad_s : float
        :math:`\omega_g - \omega_e / n`.
    half_bandwidth_rad_s : float
        :math:`\Delta`.
    lag_rad : float
        :math:`\arctan \nu`.
    harmonic : {1, 2}
        n.
    validity : float
        :math:`\Delta / 2 \Gamma_p`: the reduction holds where it is small, see :attr:`is_valid`.

    Examples
    --------
    >>> oscillator = AutoOscillator(frequency_Hz=3e8, damping_Hz=4e5, shift_Hz=2e6)
    >>> signal = Injection(frequency_Hz=3.008e8, strength_Hz=1e4)
    >>> phase = PhaseReduction.of(oscillator, 2e-3, signal)
    >>> phase.is_valid, phase.locks, f"{phase.validity:.3f}"
    (True, True, '0.044')
    """

    detuning_rad_s: float
    half_bandwidth_rad_s: float
    lag_rad: float
    harmonic: int
    validity: float

    @classmethod
    def of(
        cls, oscillator: AutoOscillator, current_A: float, injection: Injection
    ) -> PhaseReduction:
        """The reduction at a current above threshold, of a signal of one frequency.

        Raises
        ------
        ValueError
            A current at or below threshold, signals of several frequencies or strengths.
        """
        if float(oscillator.power(current_A)) == 0:
            raise ArgumentError(
                "current_A",
                f"must be above the threshold, {oscillator.threshold_A:g} A",
                current_A,
                remedy="below it there is no phase",
            )
        if np.ndim(injection.frequency_Hz) or np.ndim(injection.strength_Hz):
            raise ArgumentError(
                "injection", "must be one signal", got="several", remedy="reduce one by one"
            )
        strength, n = injection.strength_Hz, injection.harmonic
        band = 2 * math.pi * locking_half_bandwidth_Hz(oscillator, current_A, strength, harmonic=n)
        detuning = float(oscillator.frequency_at_Hz(current_A) - injection.frame_Hz)
        return cls(
            detuning_rad_s=2 * math.pi * detuning,
            half_bandwidth_rad_s=float(band),
            lag_rad=math.atan(float(oscillator.nonlinearity(current_A))),
            harmonic=n,
            validity=float(band / (2 * oscillator.relaxation_rate_s(current_A))),
        )

    @property
    def is_valid(self) -> bool:
        """Whether the power follows fast enough: validity < 0.1. There the band is that of the
        complex equation to 1 %, and a beat beside it to about the validity."""
        return self.validity < VALID_BELOW

    @property
    def locks(self) -> bool:
        """Whether the phase comes to rest."""
        return abs(self.detuning_rad_s) < self.half_bandwidth_rad_s

    @property
    def locked_phase(self) -> float:
        """Where it rests, from -pi to pi, for harmonic 2 from -pi/2 to pi/2; NaN if it does not."""
        if not self.locks:
            return math.nan
        turn = math.asin(self.detuning_rad_s / self.half_bandwidth_rad_s) + self.lag_rad
        return math.remainder(turn, 2 * math.pi) / self.harmonic

    @property
    def beat_Hz(self) -> float:
        """Mean frequency of the phase, with its sign; 0 where it locks."""
        square = self.detuning_rad_s**2 - self.half_bandwidth_rad_s**2
        return math.copysign(math.sqrt(max(square, 0.0)), self.detuning_rad_s) / (2 * math.pi)

    def velocity_rad_s(self, phase: npt.ArrayLike) -> FloatArray:
        """How fast the phase moves at these phases, float64 of their shape."""
        turn = self.harmonic * floats("phase", phase) - self.lag_rad
        return np.asarray(self.detuning_rad_s - self.half_bandwidth_rad_s * np.sin(turn))[()]
