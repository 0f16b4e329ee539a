"""Networks of two layers whose weights and hidden outputs have few levels, on streams of bits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, floats, integer
from pbit.devices.mtj import FloatArray
from pbit.networks.bitstreams.streams import StreamSource
from pbit.seeds import check_seed

_TOGETHER = 32  # examples that meet the same streams of the weights


def quantised(values: npt.ArrayLike, levels: int | None) -> FloatArray:
    """The nearest of so many evenly spaced levels from -1 to 1, ends included; None: as they are.

    Examples
    --------
    >>> quantised([-2.0, 0.3, 0.6], 5).tolist()
    [-1.0, 0.5, 0.5]
    """
    clipped = np.clip(floats("values", values), -1.0, 1.0)
    if levels is None:
        return clipped
    half = (levels - 1) / 2
    return np.asarray(np.rint((clipped + 1) * half) / half - 1)


@dataclass(frozen=True, eq=False)
class Perceptron(ByValue):
    """Inputs, one hidden layer, scores of classes: ``q(g1 [x, 1] W1)``, then ``g2 [h, 1] W2``.

    Sums are counted exactly; between the layers they are scaled, cut off at -1 and 1 and brought
    to the nearest level.

    Parameters
    ----------
    hidden : float64, shape (num_inputs + 1, num_hidden)
    output : float64, shape (num_hidden + 1, num_classes)
        Weights from -1 to 1, those of the constant 1 last.
    gains : (float, float)
    levels : int, optional
        Of the hidden outputs, None for no levels.

    Raises
    ------
    ValueError
        Shapes that do not follow each other, weights out of range.
    """

    hidden: FloatArray
    output: FloatArray
    gains: tuple[float, float]
    levels: int | None = None

    def __post_init__(self) -> None:
        if self.hidden.ndim != 2 or self.output.shape[:1] != (self.hidden.shape[1] + 1,):
            raise ArgumentError(
                "output",
                f"must have a row for each of {self.hidden.shape[-1]} hidden units and one more",
                got=f"shape {self.output.shape}",
            )
        most = max(float(np.abs(each).max()) for each in (self.hidden, self.output))
        if not most <= 1:
            raise ArgumentError("weights", "must be from -1 to 1", most, remedy="use the gains")

    def scores(self, rows: npt.ArrayLike) -> FloatArray:
        """Scores of the classes without streams: what infinitely long ones give.

        Parameters
        ----------
        rows : shape (num_rows, num_inputs)
            From -1 to 1.
        """
        middle = self._middle(_with_one(floats("rows", rows)) @ self.hidden)
        return np.asarray(self.gains[1] * (_with_one(middle) @ self.output))

    def scores_by_streams(
        self,
        rows: npt.ArrayLike,
        *,
        length: int,
        seed: int,
        source: StreamSource | None = None,
    ) -> FloatArray:
        """Scores from streams of ``length`` bits a layer: products by exclusive nor, counted.

        Every input and weight has its own junction. The weights' streams go on from example to
        example; here 32 examples that follow each other meet the same ones.

        Raises
        ------
        ValueError, TypeError
            Inputs out of range, a length below 1.
        """
        inputs, source = floats("rows", rows), source or StreamSource()
        length = integer("length", length, 1)
        generator = np.random.default_rng(check_seed(seed))
        found = np.empty((len(inputs), self.output.shape[1]))
        for first in range(0, len(inputs), _TOGETHER):
            some = slice(first, first + _TOGETHER)
            sums = _counted(_with_one(inputs[some]), self.hidden, length, source, generator)
            middle = _with_one(self._middle(sums))
            sums = _counted(middle, self.output, length, source, generator)
            found[some] = self.gains[1] * sums
        return found

    def bits_per_example(self, length: int) -> int:
        """Bits that junctions give for one example: of inputs, hidden outputs and weights."""
        layers = (self.hidden, self.output)
        return length * sum(len(each) + each.size for each in layers)

    def _middle(self, sums: FloatArray) -> FloatArray:
        return quantised(self.gains[0] * sums, self.levels)


def _with_one(rows: FloatArray) -> FloatArray:
    return np.concatenate([rows, np.ones((len(rows), 1))], axis=1)


def _counted(
    rows: FloatArray,
    weights: FloatArray,
    length: int,
    source: StreamSource,
    generator: np.random.Generator,
) -> FloatArray:
    """Sums of products of streams, shape (rows, columns of the weights)."""
    total = np.zeros((len(rows), weights.shape[1]), dtype=np.float32)
    streams = (source.steps(each, length, generator) for each in (rows, weights))
    for inputs, synapses in zip(*streams, strict=True):
        total += inputs @ synapses
    return total / np.float64(length)
