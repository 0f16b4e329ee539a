"""Hall crosses that devices are read by: each has a gain and an offset of its own."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from pbit.devices.quantities import number
from pbit.devices.synapses.draws import normals
from pbit.models.labels import FloatArray


class HallDraw(IntEnum):
    """Draws of :mod:`pbit.devices.synapses.draws`, next to those of arrays."""

    GAIN = 320
    OFFSET = 321


@dataclass(frozen=True)
class HallSpread:
    """How the Hall crosses of devices differ.

    Parameters
    ----------
    gain : float
        Standard deviation of the logarithm of the gain.
    offset : float
        Standard deviation of the offset, in weights; normal.

    Raises
    ------
    TypeError, ValueError
        Not from 0 to 1.
    """

    gain: float = 0.3
    offset: float = 0.25

    def __post_init__(self) -> None:
        for name in ("gain", "offset"):
            number(name, getattr(self, name), (">=", 0.0), ("<=", 1.0), remedy="30 % is 0.3")

    def drawn(self, count: int, seed: int) -> tuple[FloatArray, FloatArray]:
        """Gains and offsets of this many crosses, float64 (count,) each; cross k by seed and k."""
        luck = {draw: normals(draw, np.arange(count), seed=seed)[:, 0] for draw in HallDraw}
        return np.exp(self.gain * luck[HallDraw.GAIN]), self.offset * luck[HallDraw.OFFSET]
