"""Inputs brought to -1 to 1, by those that were learnt from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pbit.by_value import ByValue
from pbit.networks.reservoir.protocol import FloatArray

MOST = 2.0  # half ranges from the centre that drive a reservoir at most


@dataclass(frozen=True, eq=False)
class Scaling(ByValue):
    """``(inputs - centre) / half_range``, column by column.

    Parameters
    ----------
    centre, half_range : float64, shape (num_inputs,)

    Examples
    --------
    >>> Scaling.of(np.array([[1.0, 5.0], [3.0, 5.0]])).scaled(np.array([[1.0, 6.0]])).tolist()
    [[-1.0, 1.0]]
    """

    centre: FloatArray
    half_range: FloatArray

    @classmethod
    def of(cls, inputs: FloatArray) -> Scaling:
        """From the least and the largest of every column; one that does not change stays at 0."""
        columns = inputs.reshape(-1, inputs.shape[-1])
        low, high = columns.min(axis=0), columns.max(axis=0)
        half = (high - low) / 2
        return cls((high + low) / 2, np.where(half > 0, half, 1.0))

    def num_held(self, inputs: FloatArray) -> int:
        """Rows of inputs (steps, num_inputs) that :meth:`held` changes."""
        return int((self.held(inputs) != inputs).any(axis=1).sum())

    @classmethod
    def none(cls, num_inputs: int) -> Scaling:
        """Inputs as they are."""
        return cls(np.zeros(num_inputs), np.ones(num_inputs))

    def scaled(self, inputs: FloatArray) -> FloatArray:
        """Inputs (..., num_inputs) as they drive the reservoir."""
        return np.asarray((inputs - self.centre) / self.half_range)

    def held(self, inputs: FloatArray) -> FloatArray:
        """Inputs (..., num_inputs), no farther from the centre than the whole range.

        Examples
        --------
        >>> Scaling.of(np.array([[1.0], [3.0]])).held(np.array([[0.5], [9.0]])).tolist()
        [[0.5], [4.0]]
        """
        most = MOST * self.half_range
        return np.clip(inputs, self.centre - most, self.centre + most)


def in_unit(values: FloatArray, of: FloatArray) -> FloatArray:
    """In the power of two above the largest size of others: their squares are in range, and no
    other bits are lost.

    Examples
    --------
    >>> in_unit(np.array([3.0, 6.0]), np.array([1.5]))
    array([1.5, 3. ])
    """
    _, exponent = np.frexp(np.abs(of).max(initial=0.0))
    return np.asarray(np.ldexp(values, -int(exponent)))
