"""Training of resonances: a network whose resonators are tuned by gradient descent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pbit.networks.adam import Adam
from pbit.networks.radio.chains import FloatArray
from pbit.networks.radio.network import LabelArray, RadioNetwork


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
