"""Weights of a layer: numbers, numbers that are read as devices would hold them, or an array.

All are read forwards and backwards and changed by outer products, so that a network does not know
which it has.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from pbit.checks import integer
from pbit.devices.mtj import FloatArray
from pbit.devices.quantities import number
from pbit.networks.crossbar import Crossbar
from pbit.networks.perceptrons.rules import PulseTrains, Rule


class Weights(ABC):
    """A matrix (out, in); vectors are columns."""

    @property
    @abstractmethod
    def values(self) -> FloatArray:
        """The weights as they are, float64 (out, in)."""

    @abstractmethod
    def forward(self, inputs: FloatArray) -> FloatArray:
        """Sums (out, b) of inputs (in, b)."""

    @abstractmethod
    def backward(self, outputs: FloatArray) -> FloatArray:
        """Sums (in, b) of outputs (out, b): the transposed matrix."""

    @abstractmethod
    def change(self, outputs: FloatArray, inputs: FloatArray, rate: float) -> None:
        """Add ``rate outputs inputs^T``, as far as weights can be changed; (out, b), (in, b)."""


def rounded_by_chance(
    values: FloatArray, *, levels: int, weight_range: float, seed: int
) -> FloatArray:
    """One of the two levels next to each weight, by chance, so that the mean is the weight.

    What training starts from: rounded to the nearest, small weights of few levels would all be the
    same, and nothing would tell neurons apart.

    Examples
    --------
    >>> found = rounded_by_chance(np.full(1000, 0.2), levels=3, weight_range=1.0, seed=1)
    >>> np.unique(found).tolist(), bool(0.15 < found.mean() < 0.25)
    ([0.0, 1.0], True)
    """
    half = (levels - 1) / 2
    luck = np.random.default_rng(seed).random(values.shape)
    places = np.floor((values / weight_range + 1) * half + luck)
    return np.asarray((np.clip(places, 0, 2 * half) / half - 1) * weight_range)


class IdealWeights(Weights):
    """Numbers that stay within a range.

    Parameters
    ----------
    values : float64, shape (out, in)
    weight_range : float

    Examples
    --------
    >>> weights = IdealWeights(np.zeros((1, 2)), weight_range=1.0)
    >>> weights.change(np.array([[2.0]]), np.array([[0.25], [3.0]]), rate=1.0)
    >>> weights.values.tolist()
    [[0.5, 1.0]]
    """

    def __init__(self, values: FloatArray, *, weight_range: float) -> None:
        self._values = np.array(values, np.float64)
        self.weight_range = weight_range

    @property
    def values(self) -> FloatArray:
        return self._values.copy()

    def forward(self, inputs: FloatArray) -> FloatArray:
        return np.asarray(self._values @ inputs)

    def backward(self, outputs: FloatArray) -> FloatArray:
        return np.asarray(self._values.T @ outputs)

    def change(self, outputs: FloatArray, inputs: FloatArray, rate: float) -> None:
        self._values += rate * (outputs @ inputs.T)
        np.clip(self._values, -self.weight_range, self.weight_range, out=self._values)


class AwareWeights(IdealWeights):
    """Numbers that are read as devices will hold them; gradients pass as if there were no devices.

    What a pass forwards reads is the nearest of ``levels`` weights and a normal error, drawn anew
    for every pass; the pass backwards after it reads the same.

    Parameters
    ----------
    values : float64, shape (out, in)
    weight_range : float
    levels : int, optional
        Evenly from ``-weight_range`` to ``weight_range``; None: all numbers.
    noise : float
        Standard deviation of the error, as a share of ``weight_range``.
    seed : int

    Raises
    ------
    TypeError, ValueError
        Numbers out of the range that the message names.

    References
    ----------
    Straight through: I. Hubara et al., J. Mach. Learn. Res. 18, 187 (2018). Noise in passes
    forwards: V. Joshi et al., Nat. Commun. 11, 2473 (2020).
    """

    def __init__(
        self,
        values: FloatArray,
        *,
        weight_range: float,
        levels: int | None = None,
        noise: float = 0.0,
        seed: int = 0,
    ) -> None:
        super().__init__(values, weight_range=weight_range)
        self.levels = None if levels is None else integer("levels", levels, 2)
        self.noise = number("noise", noise, (">=", 0.0), ("<=", 1.0), remedy="1 % is 0.01")
        self._generator = np.random.default_rng(seed)
        self._read = self.wanted

    @property
    def wanted(self) -> FloatArray:
        """What devices should hold: the nearest levels."""
        if self.levels is None:
            return self.values
        half = (self.levels - 1) / 2
        places = np.rint((self._values / self.weight_range + 1) * half)
        return np.asarray((places / half - 1) * self.weight_range)

    def forward(self, inputs: FloatArray) -> FloatArray:
        self._read = self.wanted
        if self.noise:
            luck = self._generator.standard_normal(self._read.shape)
            self._read += self.noise * self.weight_range * luck
        return np.asarray(self._read @ inputs)

    def backward(self, outputs: FloatArray) -> FloatArray:
        return np.asarray(self._read.T @ outputs)


class ArrayWeights(Weights):
    """Conductances: read as the array reads them, changed by pulses.

    Parameters
    ----------
    array : Crossbar
    rule : Rule

    Attributes
    ----------
    pulses : int
        At weights, since the layer was made; both devices of a pair get them.

    Raises
    ------
    ValueError
        Devices that no pulse amid the range moves.
    """

    def __init__(self, array: Crossbar, rule: Rule | None = None) -> None:
        self.array, self.pulses = array, 0
        self._writer = (PulseTrains() if rule is None else rule).writer(array)

    @property
    def values(self) -> FloatArray:
        return self.array.weights

    def forward(self, inputs: FloatArray) -> FloatArray:
        return self.array @ inputs

    def backward(self, outputs: FloatArray) -> FloatArray:
        return self.array.T @ outputs

    def change(self, outputs: FloatArray, inputs: FloatArray, rate: float) -> None:
        self.pulses += self._writer.write(outputs, inputs, rate)
