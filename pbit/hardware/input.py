"""The resolution and the range of an input: a converter in front of a device."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.hardware.group import ParameterGroup
from pbit.hardware.ranges import ranged
from pbit.models.labels import FloatArray

WIDEST_BITS = 16


@dataclass(frozen=True, kw_only=True)
class Input(ParameterGroup):
    """Levels that an input may have.

    Parameters
    ----------
    dac_bits : int, optional; dac_range : float
        Input as one of ``2**bits`` levels from ``-range`` on, ``range`` itself excluded.
    rounding : {"nearest", "truncate"}
        To the nearest level, or to the next one down as fixed-point numbers are that lose their
        last bits; of the converter and of a digital p-bit's table alike.
    """

    dac_bits: int | None = ranged(
        None,
        "Input in 2^bits levels. Not given: exact.",
        low=1,
        high=WIDEST_BITS,
        whole=True,
        optional=True,
    )
    dac_range: float = ranged(
        16.0, "Their range, -range to range.", low=0.0, open_low=True, high=1e6
    )

    rounding: Literal["nearest", "truncate"] = ranged(
        "nearest",
        "Of an input to its level or table entry; truncate: to the next one down.",
        choices=("nearest", "truncate"),
    )

    @property
    def half(self) -> float:
        """What is added, in steps, before an input is rounded down."""
        return 0.0 if self.rounding == "truncate" else 0.5


class Levels(NamedTuple):
    """Multiples of ``step`` from ``low`` to ``high``, in units of the input; step 0: any number."""

    step: float
    low: float
    high: float


def levels_of(inputs: Input) -> Levels:
    """The levels that an input may have.

    Examples
    --------
    >>> levels_of(Input(dac_bits=2, dac_range=1.0))
    Levels(step=0.5, low=-1.0, high=0.5)
    """
    if inputs.dac_bits is None:
        return Levels(0.0, 0.0, 0.0)
    step = 2 * inputs.dac_range / 2**inputs.dac_bits
    return Levels(step, -inputs.dac_range, inputs.dac_range - step)


def converted(x: npt.ArrayLike, inputs: Input) -> FloatArray:
    """The level of each input, the outermost ones for those beyond.

    Parameters
    ----------
    x : float64, any shape
        In the unit of ``dac_range``.
    inputs : Input

    Returns
    -------
    float64, of the shape of ``x``

    Examples
    --------
    >>> converted([0.2, 0.3, -7.0, 7.0], Input(dac_bits=2, dac_range=1.0)).tolist()
    [0.0, 0.5, -1.0, 0.5]
    >>> converted([0.2, 0.3, -0.1], Input(dac_bits=2, dac_range=1.0, rounding="truncate")).tolist()
    [0.0, 0.0, -0.5]
    """
    values, (step, low, high) = np.asarray(x, dtype=np.float64), levels_of(inputs)
    if not step:
        return values
    return np.asarray(np.floor(np.clip(values, low, high) / step + inputs.half) * step)
