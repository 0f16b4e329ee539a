"""Training of resonances: a network whose resonators are tuned by gradient descent."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from pbit.networks.radio.chains import FloatArray
from pbit.networks.radio.network import LabelArray, RadioNetwork

_BETAS, _TINY = (0.9, 0.999), 1e-8


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """How long, and how fast.

    Parameters
    ----------
    epochs, batch : int
    rate : float
        Of Adam in half widths a step, falling linearly to a hundredth.
    error : float
        Standard deviation, in half widths, of an error of every resonance that each step draws
        anew: what is learnt are resonances that devices may miss.
    """

    epochs: int
    batch: int
    rate: float
    error: float = 0.0


@dataclass
class Adam:
    """Steps of one list of arrays, by running means of their gradients and of the squares.

    References
    ----------
    D. P. Kingma, J. Ba, ICLR (2015).
    """

    means: list[FloatArray]
    squares: list[FloatArray] = field(init=False)
    steps: int = 0

    def __post_init__(self) -> None:
        self.squares = [np.zeros_like(each) for each in self.means]

    @classmethod
    def like(cls, arrays: list[FloatArray]) -> Adam:
        """At its start, for arrays of these shapes."""
        return cls([np.zeros_like(each) for each in arrays])

    def step(self, gradients: list[FloatArray], rate: float) -> list[FloatArray]:
        """What to add to each array."""
        self.steps += 1
        whole = [1 - beta**self.steps for beta in _BETAS]
        moves = []
        for mean, square, gradient in zip(self.means, self.squares, gradients, strict=True):
            mean += (1 - _BETAS[0]) * (gradient - mean)
            square += (1 - _BETAS[1]) * (gradient**2 - square)
            moves.append(-rate * (mean / whole[0]) / (np.sqrt(square / whole[1]) + _TINY))
        return moves


def tuned(
    network: RadioNetwork,
    powers_W: FloatArray,
    classes: LabelArray,
    *,
    per_V: float,
    schedule: Schedule,
    generator: np.random.Generator,
) -> tuple[RadioNetwork, FloatArray]:
    """The network with resonances that tell the classes, and the loss of each epoch.

    Parameters
    ----------
    network : RadioNetwork
        What it starts from.
    powers_W : shape (num_rows, num_carriers - 1)
    classes : int64, shape (num_rows,)
    per_V : float
        Of the softmax.
    schedule : Schedule
    generator : numpy.random.Generator
        Orders the rows, draws errors.
    """
    widths = [chains.diode.linewidth_Hz for chains in network.layers]
    adam = Adam.like([chains.resonances_Hz for chains in network.layers])
    losses, size = np.zeros(schedule.epochs), schedule.batch
    steps = -(-len(powers_W) // size)
    for epoch in range(schedule.epochs):
        order = generator.permutation(len(powers_W))
        for k in range(steps):
            some = order[k * size : (k + 1) * size]
            seen = network.moved(errors(network, schedule.error, generator))
            gradients = seen.gradients(powers_W[some], classes[some], per_V=per_V)
            scaled = [width * each for width, each in zip(widths, gradients, strict=True)]
            rate = schedule.rate * (1 - 0.99 * (epoch + k / steps) / schedule.epochs)
            moves = adam.step(scaled, rate)
            network = network.moved([w * each for w, each in zip(widths, moves, strict=True)])
        losses[epoch] = network.loss(powers_W, classes, per_V=per_V)
    return network, losses


def errors(
    network: RadioNetwork, spread: float, generator: np.random.Generator
) -> list[FloatArray]:
    """Normal errors of all resonances in hertz, their deviation ``spread`` half widths."""
    return [
        spread * chains.diode.linewidth_Hz * generator.standard_normal(chains.resonances_Hz.shape)
        if spread
        else np.zeros(chains.resonances_Hz.shape)
        for chains in network.layers
    ]
