"""Signals from outside that oscillators are exposed to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, floats
from pbit.networks.oscillators.arguments import each, finite


@dataclass(frozen=True, eq=False, kw_only=True)
class Drive(ByValue):
    r"""A signal near the oscillators' frequency, or near twice that.

    With ``harmonic=1`` the force is :math:`F e^{-i \omega t}`, which locks phases to its own; with
    2 it is :math:`F e^{-i \omega t} c^*`, which locks them to either of two phases, half a turn
    apart.

    Parameters
    ----------
    frequency_Hz : float, or shape (num_reads,)
        :math:`\omega / 2\pi`; one for each read with ``harmonic=1`` alone.
    strength_rad_s : complex, or shape (n,)
        F, its phase that of the signal.
    harmonic : int
        1 or 2.
    envelope : float, or shape (pieces,)
        What F is multiplied by, in equal pieces of the run.

    Raises
    ------
    ArgumentError
        Another harmonic; values that are not finite; pieces that are not a list of numbers.

    Examples
    --------
    >>> Drive(frequency_Hz=6e8, strength_rad_s=1e5, harmonic=2, envelope=[0.0, 1.0]).harmonic
    2
    """

    frequency_Hz: Any
    strength_rad_s: Any
    harmonic: int = 1
    envelope: Any = 1.0

    def __post_init__(self) -> None:
        if self.harmonic not in (1, 2):
            raise ArgumentError(
                "harmonic", "must be 1 or 2", self.harmonic, remedy="2 is twice the frequency"
            )
        for name in ("frequency_Hz", "envelope"):
            values = floats(name, getattr(self, name))
            finite(name, values)
            if values.ndim > 1 or not values.size:
                raise ArgumentError(
                    name,
                    "must be a number or a row of numbers",
                    got=f"shape {values.shape}",
                    remedy="flatten it",
                )
            object.__setattr__(self, name, values)
        if self.harmonic == 2 and self.frequency_Hz.ndim:
            raise ArgumentError(
                "frequency_Hz",
                "must be one number with harmonic=2",
                got=f"shape {self.frequency_Hz.shape}",
                remedy="run the frequencies one after the other",
            )

    def strengths_rad_s(self, n: int) -> Any:
        """F of n oscillators, complex128.

        Raises
        ------
        ArgumentError
            Another number of oscillators.
        """
        return each("strength_rad_s", self.strength_rad_s, (n,), kind=np.complex128)
