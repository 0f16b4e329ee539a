"""Layers one after the other: passes forwards and backwards, and steps down the gradient."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import log_softmax, softmax

from pbit.devices.mtj import FloatArray
from pbit.networks.perceptrons.activations import Activation
from pbit.networks.perceptrons.weights import Weights

ClassArray = npt.NDArray[np.int64]


class Passed(NamedTuple):
    """A pass forwards, vectors as columns.

    Parameters
    ----------
    inputs : list of float64, shapes (in + 1, b)
        Of each layer, the constant 1 last.
    sums : list of float64, shapes (out, b)
        Of each layer; the last ones are the scores of the classes.
    """

    inputs: list[FloatArray]
    sums: list[FloatArray]


@dataclass
class Network:
    """Scores of classes: ``W_n f(... f(W_1 [x, 1]) ..., 1)``.

    The loss is the cross entropy of the softmax of the scores. Errors go back through the same
    weights, transposed, as the devices say them; softmax and slopes are computed outside.

    Parameters
    ----------
    layers : sequence of Weights
    activation : Activation
        Of all layers but the last.
    generator : numpy.random.Generator, optional
        The luck of the neurons; without it they give their means.

    Examples
    --------
    >>> from pbit.networks.perceptrons import IdealWeights, Sigmoid
    >>> layer = IdealWeights(np.array([[1.0, -0.5]]), weight_range=1.0)
    >>> Network([layer], Sigmoid()).scores(np.array([[3.0]])).tolist()
    [[2.5]]
    """

    layers: Sequence[Weights]
    activation: Activation
    generator: np.random.Generator | None = None

    def scores(self, rows: FloatArray) -> FloatArray:
        """Scores (num_rows, classes) of rows (num_rows, in)."""
        return self.passed(rows).sums[-1].T

    def loss(self, rows: FloatArray, classes: ClassArray) -> float:
        """Mean cross entropy."""
        logs = log_softmax(self.scores(rows), axis=1)
        return float(-logs[np.arange(len(classes)), classes].mean())

    def passed(self, rows: FloatArray) -> Passed:
        """The pass forwards of these rows."""
        found = Passed([], [])
        values = rows.T
        for layer in self.layers:
            if found.sums:
                values = self._fired(found.sums[-1])
            found.inputs.append(_with_one(values))
            found.sums.append(layer.forward(found.inputs[-1]))
        return found

    def errors(self, passed: Passed, classes: ClassArray) -> list[FloatArray]:
        """Derivatives of the loss by the sums of each layer, (out, b), through the layers as read.

        Parameters
        ----------
        passed : Passed
        classes : int64, shape (b,)
        """
        error = softmax(passed.sums[-1], axis=0)
        error[classes, np.arange(len(classes))] -= 1
        found = [error / len(classes)]
        for layer, sums in zip(self.layers[:0:-1], passed.sums[-2::-1], strict=True):
            found.insert(0, _read_back(layer, found[0])[:-1] * self.activation.slopes(sums))
        return found

    def learn(self, rows: FloatArray, classes: ClassArray, rate: float) -> None:
        """One step of all layers down the gradient of these rows."""
        passed = self.passed(rows)
        errors = self.errors(passed, classes)
        for layer, error, inputs in zip(self.layers, errors, passed.inputs, strict=True):
            layer.change(-error, inputs, rate)

    def _fired(self, sums: FloatArray) -> FloatArray:
        if self.generator is None:
            return self.activation(sums)
        return self.activation.fired(sums, self.generator)


def _read_back(layer: Weights, error: FloatArray) -> FloatArray:
    """Errors are small: they are brought to between a half and 1, where converters see them."""
    scale = 2.0 ** math.ceil(math.log2(np.abs(error).max() or 1.0))  # exact
    return layer.backward(error / scale) * scale


def _with_one(values: FloatArray) -> FloatArray:
    return np.concatenate([values, np.ones((1, values.shape[1]))])
