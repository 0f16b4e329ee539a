"""From correlations to new parameters: gradient ascent of the likelihood with momentum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError

Arrays = list[npt.NDArray[np.float32]]

_SQUARES = 0.999  # of the mean square that is left after an update
_SMALL = np.float32(1e-8)


class Learning(Protocol):
    """What has parameters."""

    @property
    def parameters(self) -> Arrays:
        """All of them, weights last."""
        ...

    @property
    def weights(self) -> Arrays:
        """Those that decay."""
        ...


@dataclass(frozen=True)
class LearningRate:
    """Rate of an epoch: from ``first`` to ``last``, geometrically, over ``num_epochs``.

    Raises
    ------
    ValueError
        A rate that is not positive.
    """

    first: float
    last: float
    num_epochs: int

    @classmethod
    def of(cls, rate: float | Sequence[float], num_epochs: int) -> LearningRate:
        """Of one number, or of the first and the last."""
        rates = np.atleast_1d(np.asarray(rate, dtype=np.float64))
        if rates.size not in (1, 2) or not (np.isfinite(rates) & (rates > 0)).all():
            raise ArgumentError("learning_rate", "must be > 0, one number or (first, last)", rate)
        return cls(float(rates[0]), float(rates[-1]), num_epochs)

    def at(self, epoch: int) -> float:
        """Rate of an epoch, from 0; of the last one from then on."""
        part = min(epoch / max(1, self.num_epochs - 1), 1.0)
        return float(self.first * (self.last / self.first) ** part)


@dataclass(frozen=True)
class Ascent:
    r"""One step: ``velocity = momentum velocity + rate (gradient - decay weight)``, then
    ``parameter += velocity``.

    The gradient of the mean log-likelihood is :math:`\langle s_i s_j\rangle_{data} -
    \langle s_i s_j\rangle_{model}` for a coupling and the same of single spins for a bias (Ackley,
    Hinton, Sejnowski, Cognitive Science 9, 147 (1985), eq. 7; spins, so that four times a weight
    between spins is one between bits). Biases do not decay.

    With ``adaptive`` the step is instead ``rate mean / (root mean square + 1e-8)`` of each
    parameter's gradients, :meth:`adapted` (Kingma, Ba, ICLR 2015, algorithm 1): parameters far from
    the data, whose gradients are small, learn as fast as those beside them. The mean looks back by
    ``momentum``, the square by 0.999; decay stays apart from both (Loshchilov, Hutter, ICLR 2019,
    algorithm 2).

    Raises
    ------
    ValueError
        momentum outside [0, 1), a negative decay.
    """

    momentum: float = 0.0
    weight_decay: float = 0.0
    adaptive: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.momentum < 1:
            raise ArgumentError("momentum", "must be >= 0 and < 1", self.momentum)
        if not 0 <= self.weight_decay < np.inf:
            raise ArgumentError("weight_decay", "must be >= 0", self.weight_decay)

    def slow(self, velocities: Arrays, weights: Arrays, rate: float) -> None:
        """What is left of the velocities before the gradient is added; weights come last."""
        for velocity in velocities:
            velocity *= np.float32(self.momentum)
        if self.weight_decay:
            for velocity, weight in zip(velocities[-len(weights) :], weights, strict=True):
                velocity -= np.float32(rate * self.weight_decay) * weight

    def adapted(
        self, machine: Learning, moments: Moments, gradient: Arrays, *, rate: float, updates: int
    ) -> None:
        """Move by a gradient and what is known of the ``updates`` before."""
        for weight in machine.weights if self.weight_decay else ():
            weight -= np.float32(rate * self.weight_decay) * weight
        shares = 1 - self.momentum ** (updates + 1), 1 - _SQUARES ** (updates + 1)
        old, old_square = np.float32(self.momentum), np.float32(_SQUARES)
        for parameter, mean, square, slope in zip(
            machine.parameters, moments.velocities, moments.squares, gradient, strict=True
        ):
            mean += (1 - old) * (slope - mean)
            square += (1 - old_square) * (slope * slope - square)
            size = np.sqrt(square / np.float32(shares[1])) + _SMALL
            parameter += np.float32(rate / shares[0]) * mean / size


class Moments(NamedTuple):
    """What is kept of the gradients of the updates before, a list like the parameters each; no
    squares where they are not asked for."""

    velocities: Arrays
    squares: Arrays


def move(parameters: Arrays, velocities: Arrays) -> None:
    """Add the velocities."""
    for parameter, velocity in zip(parameters, velocities, strict=True):
        parameter += velocity
