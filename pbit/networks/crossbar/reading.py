"""What stands around an array when it is read: converters, and noise of its devices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pbit.checks import integer
from pbit.devices.mtj import FloatArray
from pbit.devices.quantities import number

WIDEST_BITS = 16


@dataclass(frozen=True)
class Reading:
    """How products are read.

    Converters have an odd number of levels, ``2^bits - 1``, evenly from ``-range`` to ``range``, 0
    among them, so that the step is ``2 range / (2^bits - 2)``. What is beyond the range is clipped
    and counted.

    Parameters
    ----------
    dac_bits : int, optional
        Of the vectors that go in; exact without.
    dac_range : float
        In their unit; they are clipped with ``dac_bits`` alone.
    adc_bits : int, optional
        Of the products that come out; exact without.
    adc_range : float, optional
        In their unit. By default what no vector within ``dac_range`` exceeds, from the weights
        wanted and ``dac_range``.
    noise : float
        Standard deviation of the conductance of each device in each read, as a share of it.

    Raises
    ------
    TypeError, ValueError
        Numbers out of the range that the message names.
    """

    dac_bits: int | None = None
    dac_range: float = 1.0
    adc_bits: int | None = None
    adc_range: float | None = None
    noise: float = 0.0

    def __post_init__(self) -> None:
        for name in ("dac_bits", "adc_bits"):
            if getattr(self, name) is not None:
                integer(name, getattr(self, name), 2, WIDEST_BITS)
        for name in ("dac_range", "adc_range"):
            if getattr(self, name) is not None:
                number(name, getattr(self, name), (">", 0.0), remedy="the largest value")
        number("noise", self.noise, (">=", 0.0), ("<=", 1.0), remedy="1 % is 0.01")


def converted(values: FloatArray, bits: int | None, largest: float) -> tuple[FloatArray, int]:
    """The nearest levels, and how many values were beyond the range.

    Examples
    --------
    >>> converted(np.array([0.2, 0.3, -7.0]), 3, 0.75)
    (array([ 0.25,  0.25, -0.75]), 1)
    """
    if bits is None or largest == 0:
        return values, 0
    steps = 2 ** (bits - 1) - 1
    levels = np.rint(values * (steps / largest))
    clipped = np.count_nonzero(np.abs(values) > largest)
    if clipped:
        np.clip(levels, -steps, steps, out=levels)
    levels *= largest / steps
    return levels, int(clipped)
