"""What comes of runs of single auto-oscillators: amplitudes in time, their phases, frequencies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.devices.oscillator.auto_oscillator import AutoOscillator

FloatArray = npt.NDArray[np.float64]
ComplexArray = npt.NDArray[np.complex128]


@dataclass(frozen=True, eq=False)
class AutoOscillatorRun(ByValue):
    """Where the oscillators went.

    Attributes
    ----------
    oscillator : AutoOscillator
    times_s : float64, shape (times,)
    amplitudes : complex128, shape (reads, times)
        c in a frame that turns with ``frame_Hz``, ``c exp(+2 pi i frame_Hz t)``.
    frame_Hz : float64, shape (reads,)
    info : dict
        "seed", "time_step_s", "num_steps", "first_step", "sampling_ns".
    history : float64, shape (reads, steps of the delay), optional
        What a feedback has yet to bring back: ``|c|`` of the last delay, the oldest first.
    """

    oscillator: AutoOscillator
    times_s: FloatArray
    amplitudes: ComplexArray
    frame_Hz: FloatArray
    info: dict[str, Any]
    history: FloatArray | None = None

    @property
    def power(self) -> FloatArray:
        """:math:`p = |c|^2`, float64 (reads, times)."""
        return np.asarray(self.amplitudes.real**2 + self.amplitudes.imag**2)

    @property
    def envelope_V(self) -> FloatArray:
        """Amplitude of the voltage, float64 (reads, times)."""
        return self.oscillator.signal_V * np.abs(self.amplitudes)

    @property
    def phases(self) -> FloatArray:
        """Phase in the frame, growing where the oscillator is faster than it, float64 (reads,
        times); without jumps where it moves less than pi from one time to the next."""
        return -np.unwrap(np.angle(self.amplitudes), axis=1)

    def frequencies_Hz(self, *, from_s: float = 0.0) -> FloatArray:
        """Mean frequency of every read from a time to the end, float64 (reads,).

        Raises
        ------
        ValueError
            Less than two recorded times from there on.
        """
        late = self.times_s >= from_s
        if late.sum() < 2:
            raise ArgumentError(
                "from_s",
                "must leave two recorded times",
                from_s,
                remedy="set record_every in simulate",
            )
        phases, times = self.phases[:, late], self.times_s[late]
        turned = (phases[:, -1] - phases[:, 0]) / (2 * np.pi * (times[-1] - times[0]))
        return np.asarray(self.frame_Hz + turned)
