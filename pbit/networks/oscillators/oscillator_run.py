"""What comes of a run of coupled oscillators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pbit.by_value import ByValue
from pbit.networks.oscillators.arguments import ComplexArray, FloatArray


@dataclass(frozen=True, eq=False)
class OscillatorRun(ByValue):
    """Where the oscillators went.

    Attributes
    ----------
    times_s : float64, shape (times,)
    amplitudes : complex128, shape (reads, times, n)
        c in the frame that turns with ``info["frame_Hz"]``.
    frequencies_Hz : float64, shape (reads, n)
        Mean frequencies from ``measure_from_s`` to the end, by turns counted.
    info : dict
        "seed", "steps", "time_step_s", "frame_Hz", "sampling_ns".
    """

    times_s: FloatArray
    amplitudes: ComplexArray
    frequencies_Hz: FloatArray
    info: dict[str, Any]

    @property
    def powers(self) -> FloatArray:
        """:math:`|c|^2`, shape (reads, times, n)."""
        return np.asarray(np.abs(self.amplitudes) ** 2)

    @property
    def phases(self) -> FloatArray:
        """:math:`-\\arg c`, in [-pi, pi], which grow where an oscillator is faster than the frame;
        shape (reads, times, n)."""
        return np.asarray(-np.angle(self.amplitudes))
