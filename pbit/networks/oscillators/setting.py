"""What oscillators are exposed to in a run: currents, drives, the frame in which they turn."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.networks.oscillators.arguments import ComplexArray, FloatArray
from pbit.networks.oscillators.drives import Drive
from pbit.networks.oscillators.tables import even_phases

if TYPE_CHECKING:
    from pbit.networks.oscillators.oscillator_network import OscillatorNetwork

_LEAST_POWER = 1e-6  # of a start: an oscillator without any stays without


@dataclass(frozen=True, eq=False, kw_only=True)
class Setting(ByValue):
    """What oscillators are exposed to in a run, all but the time.

    Attributes
    ----------
    current_A : float64, shape (1 or num_reads, pieces, n)
    detuning_Hz : float64, shape (n,) or (num_reads, n)
    drives : tuple of Drive
    frame_Hz : float, or None for the mean of the free frequencies
    about_A : float64, shape (n,), or None for the mean of the currents
    first_read, first_step : int
        Their numbers in the random stream.
    """

    network: OscillatorNetwork
    current_A: FloatArray
    detuning_Hz: FloatArray
    drives: tuple[Drive, ...]
    frame_Hz: float | None
    num_reads: int
    about_A: FloatArray | None = None
    first_read: int = 0
    first_step: int = 0

    def __post_init__(self) -> None:
        for drive in self.drives:
            if drive.frequency_Hz.shape not in ((), (self.num_reads,)):
                raise ArgumentError(
                    "frequency_Hz",
                    f"must be one number or {self.num_reads}",
                    got=f"shape {drive.frequency_Hz.shape}",
                    remedy="one a read",
                )

    @cached_property
    def centre(self) -> FloatArray:
        """Powers about which the turning is exact, (1 or num_reads, n)."""
        if self.about_A is not None:
            return self.network.free_power(self.about_A[None])
        return self.network.free_power(self.current_A.mean(axis=1))

    @cached_property
    def frame(self) -> float:
        """Frequency of the frame in hertz."""
        if self.frame_Hz is not None:
            return self.frame_Hz
        return float((self._frequency_Hz + self.detuning_Hz).mean())

    @property
    def _frequency_Hz(self) -> FloatArray:
        network = self.network
        return network.values("frequency_Hz") + network.values("shift_Hz") * self.centre

    @cached_property
    def turning_rad_s(self) -> FloatArray:
        """Against the frame, shape (1 or num_reads, n)."""
        return 2 * math.pi * (self._frequency_Hz + self.detuning_Hz - self.frame)

    @property
    def forces(self) -> tuple[Drive, ...]:
        """Drives near the frequency."""
        return tuple(drive for drive in self.drives if drive.harmonic == 1)

    @property
    def pumps(self) -> tuple[Drive, ...]:
        """Drives near twice the frequency."""
        return tuple(drive for drive in self.drives if drive.harmonic == 2)

    @property
    def fastest_rad_s(self) -> float:
        """Sum of all that limits a step."""
        network, zeta = self.network, self.zeta(self.current_A)
        damping = 2 * math.pi * network.values("damping_Hz")
        power = network.free_power(self.current_A).max(axis=(0, 1))
        own = damping * (np.abs(zeta).max(axis=(0, 1)) + 1)
        own += 2 * math.pi * np.abs(network.values("shift_Hz")) * power
        own += np.asarray(abs(network.couplings).sum(axis=1)).ravel()
        for drive in self.drives:
            strength = np.abs(drive.strengths_rad_s(network.n)) * np.abs(drive.envelope).max()
            own += strength / np.sqrt(np.maximum(power, 0.1)) if drive.harmonic == 1 else strength
        offsets = [np.abs(each.frequency_Hz - each.harmonic * self.frame) for each in self.drives]
        turning = max([0.0, *(2 * math.pi * float(each.max()) for each in offsets)])
        return float(own.max() + max(turning, np.abs(self.turning_rad_s).max()))

    def start(self, here: slice, keys: Any) -> ComplexArray:
        """Amplitudes of reads that are given none: free powers, phases even on the circle."""
        first = self.current_A[:, 0] if len(self.current_A) == 1 else self.current_A[here, 0]
        size = np.sqrt(np.maximum(self.network.free_power(first), _LEAST_POWER))
        numbers = slice(here.start + self.first_read, here.stop + self.first_read)
        return np.asarray(size * np.exp(-1j * even_phases(numbers, self.network.n, keys)))

    def zeta(self, current_A: FloatArray) -> FloatArray:
        """Supercriticality, of the shape (..., n) of the currents."""
        return current_A / self.network.values("threshold_A")
