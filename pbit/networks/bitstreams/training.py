"""Training of a network whose weights and hidden outputs have few levels."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, floats, integer, positive, real
from pbit.devices.mtj import FloatArray
from pbit.networks.adam import Adam
from pbit.networks.bitstreams.perceptron import Perceptron, quantised
from pbit.seeds import check_seed

_SPREAD = 3.0  # of sums at the start, in units of their cut-off


class Trained(NamedTuple):
    """A network, and the number of writes that went into its weights."""

    network: Perceptron
    writes: int


def train_perceptron(
    rows: npt.ArrayLike,
    labels: npt.ArrayLike,
    *,
    num_hidden: int,
    levels: int | None,
    seed: int,
    epochs: int = 60,
    batch: int = 32,
    rate: float = 0.01,
    write_error: float = 0.0,
) -> Trained:
    """A network that tells classes, by Adam on the cross entropy.

    Weights are kept as real numbers from -1 to 1; what is computed with are their nearest levels,
    as far as they could be written, and gradients pass the steps as if there were none ("straight
    through").

    Parameters
    ----------
    rows : shape (num_rows, num_inputs)
        From -1 to 1.
    labels : int, shape (num_rows,)
    num_hidden : int
    levels : int or None
        Of weights and hidden outputs, at least 2; None: real numbers, the baseline.
    seed, epochs, batch : int
    rate : float
        Of the first epoch, falling linearly to a hundredth.
    write_error : float
        Chance, below 1, that writing a weight leaves it as it was; what is not as it should be is
        written again after the next batch.

    Returns
    -------
    Trained
        The network, and how often a weight was written.

    Raises
    ------
    ValueError, TypeError
        Anything out of range.

    References
    ----------
    I. Hubara et al., J. Mach. Learn. Res. 18, 187 (2018); D. P. Kingma, J. Ba, ICLR (2015).

    Examples
    --------
    >>> rows = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]] * 8)
    >>> labels = (rows[:, 0] != rows[:, 1]).astype(int)
    >>> network = train_perceptron(rows, labels, num_hidden=8, levels=5, seed=1).network
    >>> bool((network.scores(rows).argmax(axis=1) == labels).all())
    True
    """
    if levels is not None:
        integer("levels", levels, 2)
    if not 0 <= real("write_error", write_error) < 1:
        raise ArgumentError("write_error", "must be from 0 to below 1", write_error)
    inputs, classes = floats("rows", rows), np.asarray(labels, dtype=np.int64)
    if classes.shape != (len(inputs),):
        raise ArgumentError(
            "labels", f"must be one for each of {len(inputs)} rows", got=f"shape {classes.shape}"
        )
    generator = np.random.default_rng(check_seed(seed))
    inputs = np.concatenate([inputs, np.ones((len(inputs), 1))], axis=1)
    learnt = _Learnt.drawn(
        inputs.shape[1], integer("num_hidden", num_hidden, 1), int(classes.max()) + 1, generator
    )
    stored = _Stored([quantised(each, levels) for each in learnt.weights[:2]], write_error)
    batches = -(-len(inputs) // integer("batch", batch, 1))
    for epoch in range(integer("epochs", epochs, 1)):
        order = generator.permutation(len(inputs))
        for k in range(batches):
            some = order[k * batch : (k + 1) * batch]
            gradients = learnt.gradients(inputs[some], classes[some], stored.weights, levels)
            done = (epoch + k / batches) / epochs
            learnt.move(gradients, positive("rate", rate) * (1 - 0.99 * done))
            stored.write([quantised(each, levels) for each in learnt.weights[:2]], generator)
    gains = (float(learnt.weights[2][0]), float(learnt.weights[3][0]))
    return Trained(Perceptron(stored.weights[0], stored.weights[1], gains, levels), stored.writes)


@dataclass
class _Stored:
    """Weights as the devices have them; ``writes`` counts those that were to change, each time."""

    weights: list[FloatArray]
    write_error: float
    writes: int = 0

    def write(self, wanted: list[FloatArray], generator: np.random.Generator) -> None:
        """Write those that differ from what is wanted."""
        for k, values in enumerate(wanted):
            differs = values != self.weights[k]
            self.writes += int(differs.sum())
            if self.write_error:
                differs &= generator.random(values.shape) >= self.write_error
            self.weights[k] = np.where(differs, values, self.weights[k])


@dataclass
class _Learnt:
    """Weights of both layers, their gains, and what moves them."""

    weights: list[FloatArray]
    adam: Adam = field(init=False)

    def __post_init__(self) -> None:
        self.adam = Adam.like(self.weights)

    @classmethod
    def drawn(
        cls, inputs: int, hidden: int, classes: int, generator: np.random.Generator
    ) -> _Learnt:
        shapes = ((inputs, hidden), (hidden + 1, classes))
        weights = [generator.uniform(-1, 1, shape) for shape in shapes]
        gains = [np.array([_SPREAD / np.sqrt(rows)]) for rows, _ in shapes]
        return cls([*weights, *gains])

    def gradients(
        self,
        inputs: FloatArray,
        classes: npt.NDArray[np.int64],
        stored: list[FloatArray],
        levels: int | None,
    ) -> list[FloatArray]:
        """Of the mean cross entropy, at the stored weights."""
        hidden, output = stored
        gain1, gain2 = self.weights[2:]
        sums = inputs @ hidden
        middle = quantised(gain1 * sums, levels)
        middle = np.concatenate([middle, np.ones((len(middle), 1))], axis=1)
        totals = middle @ output
        off = _softmax(gain2 * totals)
        off[np.arange(len(off)), classes] -= 1
        off /= len(off)
        back = gain2 * (off @ output[:-1].T) * (np.abs(gain1 * sums) <= 1)
        return [
            gain1 * (inputs.T @ back),
            gain2 * (middle.T @ off),
            np.array([(back * sums).sum()]),
            np.array([(off * totals).sum()]),
        ]

    def move(self, gradients: list[FloatArray], rate: float) -> None:
        """One step of Adam; weights stay between -1 and 1."""
        moves = self.adam.step(gradients, rate)
        self.weights = [each + move for each, move in zip(self.weights, moves, strict=True)]
        self.weights[:2] = [np.clip(each, -1, 1) for each in self.weights[:2]]


def _softmax(scores: FloatArray) -> FloatArray:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
