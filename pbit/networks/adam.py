"""Gradient descent by running means of gradients and of their squares."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

_BETAS, _TINY = (0.9, 0.999), 1e-8


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
