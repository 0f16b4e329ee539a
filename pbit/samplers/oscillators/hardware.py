"""What real oscillators add to an Ising machine of phases: spread, linewidth, nonlinear shift."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, instance
from pbit.devices.oscillator.auto_oscillator import AutoOscillator
from pbit.devices.oscillator.linewidth import linewidth_Hz
from pbit.devices.quantities import number
from pbit.kernels.random.stream import OSCILLATOR
from pbit.models.labels import FloatArray
from pbit.seeds import check_seed

SPREAD = 4  # draw of OSCILLATOR: what the oscillators of a machine are like


@dataclass(frozen=True, kw_only=True)
class OscillatorHardware:
    r"""Oscillators that an Ising machine is made of, reduced to their phases.

    Couplings and the injected second harmonic are taken to reach the phases
    :math:`\sqrt{1 + \nu^2}` times as strongly as they reach the amplitudes, their lag
    :math:`\arctan \nu` made up for by the phase of the coupling. What is left of an oscillator is
    its detuning from half the injected frequency and a diffusion of its phase,
    :math:`D = \tfrac12 (D_n / p_0) (1 + \nu^2)`, half its linewidth in rad/s.

    Parameters
    ----------
    oscillator : AutoOscillator
    current_A : float
        Above the threshold.
    coupling_Hz : float
        Rate, over 2 pi, at which the couplings of a usual oscillator change its relative amplitude:
        what the root mean square of the fields, over the spins, stands for.
    frequency_spread_Hz : float
        Standard deviation of the frequencies of the oscillators, normal, about half the injected
        one.
    seed : int
        Of the machine: its oscillators are the same in all reads. 0 <= seed < 2**64.

    Raises
    ------
    TypeError, ValueError
        No oscillator, one that does not oscillate, a rate out of range.

    References
    ----------
    Slavin, Tiberkevich, IEEE Trans. Magn. 45, 1875 (2009).

    Examples
    --------
    >>> oscillator = AutoOscillator(frequency_Hz=3e8, damping_Hz=4e5, noise_Hz=400)
    >>> machine = OscillatorHardware(oscillator=oscillator, current_A=2e-3, coupling_Hz=1e5)
    >>> f"{machine.noise:.4f}"
    '0.0050'
    """

    oscillator: AutoOscillator
    current_A: float
    coupling_Hz: float
    frequency_spread_Hz: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        instance(
            "oscillator", self.oscillator, AutoOscillator, remedy="see pbit.devices.oscillator"
        )
        number("current_A", self.current_A, remedy="give it in amperes")
        if not self.oscillator.supercriticality(self.current_A) > 1:
            raise ArgumentError(
                "current_A",
                f"must be above the threshold, {self.oscillator.threshold_A} A",
                self.current_A,
                remedy="below it nothing oscillates",
            )
        number("coupling_Hz", self.coupling_Hz, (">", 0.0), remedy="rates are over 2 pi, in hertz")
        spread = self.frequency_spread_Hz
        number("frequency_spread_Hz", spread, (">=", 0.0), remedy="0: all are alike")
        check_seed(self.seed)

    @property
    def gain(self) -> float:
        """:math:`\\sqrt{1 + \\nu^2}`, by which phases feel more than amplitudes."""
        return math.hypot(1.0, float(self.oscillator.nonlinearity(self.current_A)))

    @property
    def rate_rad_s(self) -> float:
        """Of the couplings of a usual oscillator on its phase: the unit of all other rates."""
        return 2 * math.pi * self.coupling_Hz * self.gain

    @property
    def noise(self) -> float:
        """Diffusion D of a phase, in units of :attr:`rate_rad_s`."""
        width = float(linewidth_Hz(self.oscillator, self.current_A))
        return math.pi * width / self.rate_rad_s

    def detunings(self, n: int) -> FloatArray:
        """Of the oscillators of the machine, float64 (n,), in units of :attr:`rate_rad_s`."""
        spread = 2 * math.pi * self.frequency_spread_Hz / self.rate_rad_s
        return spread * self._normals(n)

    def _normals(self, n: int) -> FloatArray:
        """Standard normal, oscillator k the same in a machine of any size."""
        from pbit.kernels.random import numbers  # not needed to describe a machine

        counters: npt.NDArray[np.uint32] = np.zeros((-(-n // 4), 4), np.uint32)
        counters[:, 0] = np.arange(len(counters))
        counters[:, 3] = OSCILLATOR << 28 | SPREAD
        return numbers.normals(counters, seed=self.seed).reshape(-1)[:n]
