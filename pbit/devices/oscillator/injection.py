r"""Signals from outside that an oscillator locks to, at its own frequency or at twice it.

A signal near the frequency is the force :math:`f = F e^{-i \omega_e t}` (harmonic 1); one near
twice the frequency pumps the oscillator, :math:`f = F c^* e^{-i \omega_e t}` (harmonic 2), and
leaves it two phases to choose from.

Sources: Slavin, Tiberkevich, IEEE Trans. Magn. 45, 1875 (2009); Adler, Proc. IRE 34, 351 (1946).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, floats
from pbit.devices.oscillator.auto_oscillator import AutoOscillator

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False, kw_only=True)
class Injection(ByValue):
    r"""A signal of constant frequency and strength.

    Parameters
    ----------
    frequency_Hz : float, or shape (num_reads,)
        Of the signal: near the oscillator's, or near twice it for harmonic 2.
    strength_Hz : float, or shape (num_reads,)
        :math:`F / 2\pi`, >= 0: how fast the force moves c, which is 1 at a power of 1.
    harmonic : {1, 2}

    Raises
    ------
    ValueError
        A frequency not > 0, a strength < 0, another harmonic.

    Examples
    --------
    >>> Injection(frequency_Hz=6.02e8, strength_Hz=1e5, harmonic=2).frame_Hz
    array(3.01e+08)
    """

    frequency_Hz: npt.ArrayLike
    strength_Hz: npt.ArrayLike
    harmonic: int = 1

    def __post_init__(self) -> None:
        if self.harmonic not in (1, 2):
            raise ArgumentError(
                "harmonic", "must be 1 or 2", self.harmonic, remedy="2 pumps at twice the frequency"
            )
        for name, least in (("frequency_Hz", np.nextafter(0.0, 1.0)), ("strength_Hz", 0.0)):
            values = floats(name, getattr(self, name))
            if values.ndim > 1 or not (np.isfinite(values) & (values >= least)).all():
                rule = f"must be finite and {'>= 0' if least == 0 else '> 0'}, one or one a read"
                raise ArgumentError(name, rule, getattr(self, name), remedy="rates are over 2 pi")
            object.__setattr__(self, name, values)

    @property
    def frame_Hz(self) -> FloatArray:
        """The frequency of an oscillator that is locked."""
        return np.asarray(np.asarray(self.frequency_Hz) / self.harmonic)


def locking_half_bandwidth_Hz(
    oscillator: AutoOscillator,
    current_A: npt.ArrayLike,
    strength_Hz: npt.ArrayLike,
    *,
    harmonic: int = 1,
) -> FloatArray:
    r"""How far from the oscillator's frequency, either way, a signal still locks it.

    :math:`\sqrt{1 + \nu^2} F / \sqrt{p_0}` over 2 pi for harmonic 1,
    :math:`\sqrt{1 + \nu^2} F` for harmonic 2, where it is the distance of half the signal's
    frequency; for weak signals, see
    :meth:`pbit.devices.oscillator.PhaseReduction.validity`.

    Parameters
    ----------
    oscillator : AutoOscillator
    current_A, strength_Hz : float or arrays that go together
    harmonic : {1, 2}

    Returns
    -------
    float64 of their common shape
        Hz; NaN at and below threshold.

    Examples
    --------
    >>> oscillator = AutoOscillator(frequency_Hz=3e8, damping_Hz=4e5, shift_Hz=2e6)
    >>> f"{locking_half_bandwidth_Hz(oscillator, 2e-3, 1e4):.4g} Hz"
    '3.536e+04 Hz'
    """
    injection = Injection(frequency_Hz=1.0, strength_Hz=strength_Hz, harmonic=harmonic)
    power = oscillator.power(current_A)
    stretch = np.sqrt(1 + oscillator.nonlinearity(current_A) ** 2)
    amplitude = np.sqrt(power) if injection.harmonic == 1 else 1.0
    with np.errstate(invalid="ignore", divide="ignore"):
        band = stretch * injection.strength_Hz / amplitude
    return np.asarray(np.where(power > 0, band, np.nan))[()]
