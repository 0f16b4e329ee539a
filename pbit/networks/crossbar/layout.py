"""Weights as conductances of the lines of an array, and its currents as outputs.

Range: conductances run from ``lowest_S`` to ``highest_S``, weights from ``-weight_range`` to
``weight_range``. With g siemens to a unit of weight, the weight w is held by

============  =======================================  ==========================================
differential  G+ = low + g max(w, 0), G- = low + g     g = (high - low) / weight_range; one of a
              max(-w, 0)                               pair always stays at its lowest
balanced      G+- = middle +- g w / 2                  the same g, both of a pair move
offset        G = middle + g w, and one more line,     g = (high - low) / (2 weight_range)
              the same for all outputs, at middle
============  =======================================  ==========================================

and ``w = (G+ - G-) / g`` or ``(G - G_offset) / g``, whatever the conductances came to be.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from pbit.checks import ArgumentError
from pbit.devices.mtj import FloatArray


@dataclass(frozen=True)
class Layout(ABC):
    """How weights sit in the lines of an array.

    Parameters
    ----------
    lowest_S, highest_S : float
    weight_range : float
        The weight, up to a sign, that takes the whole range.
    """

    lowest_S: float
    highest_S: float
    weight_range: float

    @property
    def middle_S(self) -> float:
        """Middle of the range of conductances."""
        return (self.lowest_S + self.highest_S) / 2

    @property
    def siemens(self) -> float:
        """Siemens to a unit of weight: g."""
        return (self.highest_S - self.lowest_S) / self.weight_range

    @property
    def devices_moved(self) -> int:
        """Devices that move with a weight."""
        return 2

    @abstractmethod
    def targets(self, weights: FloatArray) -> FloatArray:
        """Conductances that are wanted, float64 (lines, in), of weights (out, in)."""

    def outputs(self, lines: FloatArray) -> FloatArray:
        """What is said of each output, (out, ...), by what is said of each line, (lines, ...)."""
        return np.asarray(lines[0::2] - lines[1::2])

    def drives(self, outputs: FloatArray) -> FloatArray:
        """Voltages of the lines, (lines, ...), when outputs are read backwards: the transposed."""
        return _pairs(outputs, -outputs)

    def signs(self, changes: FloatArray) -> FloatArray:
        """Which way the devices, (lines, in), go for these changes of weights, (out, in)."""
        return _pairs(changes, -changes)


class Differential(Layout):
    """Pairs of which one stays at its lowest."""

    def targets(self, weights: FloatArray) -> FloatArray:
        plus, minus = (np.maximum(sign * weights, 0.0) for sign in (1, -1))
        return self.lowest_S + self.siemens * _pairs(plus, minus)


class Balanced(Layout):
    """Pairs that lie evenly about the middle."""

    def targets(self, weights: FloatArray) -> FloatArray:
        return self.middle_S + self.siemens / 2 * _pairs(weights, -weights)


class Offset(Layout):
    """One device a weight; the last line is what is taken off."""

    @property
    def siemens(self) -> float:
        return (self.highest_S - self.lowest_S) / (2 * self.weight_range)

    @property
    def devices_moved(self) -> int:
        return 1

    def targets(self, weights: FloatArray) -> FloatArray:
        return self.middle_S + self.siemens * np.pad(weights, ((0, 1), (0, 0)))

    def outputs(self, lines: FloatArray) -> FloatArray:
        return np.asarray(lines[:-1] - lines[-1])

    def drives(self, outputs: FloatArray) -> FloatArray:
        return np.concatenate([outputs, -outputs.sum(axis=0, keepdims=True)])

    def signs(self, changes: FloatArray) -> FloatArray:
        return np.pad(changes, ((0, 1), (0, 0)))


LAYOUTS: dict[str, type[Layout]] = {
    "differential": Differential,
    "balanced": Balanced,
    "offset": Offset,
}


def layout_named(name: str) -> type[Layout]:
    """The class of layouts of that name.

    Raises
    ------
    ValueError
        No such name.
    """
    if name not in LAYOUTS:
        raise ArgumentError("layout", f"must be one of {', '.join(LAYOUTS)}", name)
    return LAYOUTS[name]


def _pairs(plus: FloatArray, minus: FloatArray) -> FloatArray:
    """Lines in turn, plus first: those of a pair are neighbours, alike far from their drivers."""
    return np.stack([plus, minus], axis=1).reshape(2 * plus.shape[0], *plus.shape[1:])
