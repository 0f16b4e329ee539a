"""The caller's own two values for the two states of a pixel."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError
from pbit.models.labels import SpinArray
from pbit.problems.learning.two_values import pair_of, refusal


class Values(NamedTuple):
    """Values of spins down and up, and the type they come in."""

    low: float
    high: float
    dtype: str

    @classmethod
    def of(cls, X: npt.NDArray[Any], threshold: float | None) -> Values:
        """Those of data: 0 and 1, False and True, or -1 and +1.

        With a threshold two values on its two sides: 0 and 1 if they are, else the least and the
        largest of the data, 0 and 255 of an image. Ones alone are +1, or 1 where there is no -1: in
        unsigned integers and truth values.

        Raises
        ------
        ValueError
            Data of other values, or all on one side of the threshold.

        Examples
        --------
        >>> Values.of(np.array([[0, 1, 1]]), None)
        Values(low=0, high=1, dtype='int64')
        """
        if threshold is not None:
            return _beside(X, float(threshold))
        if X.dtype.kind not in "bu" and (X == 1).all():
            return cls(-1, 1, X.dtype.name)
        pair = pair_of(X)
        if pair is None:
            raise refusal(X)
        return cls(*pair, X.dtype.name)

    def to_spins(
        self, X: npt.NDArray[Any], threshold: float | None, known: npt.NDArray[np.bool_] | None
    ) -> SpinArray:
        """Data as -1 and +1; what is not known is -1 for now.

        Raises
        ------
        ValueError
            Known values that are not these two.
        """
        if threshold is not None:
            return np.where(X > threshold, 1, -1).astype(np.int8)
        own = int(self.low), int(self.high)
        if pair_of(X, known, pairs=(own,)) is None:
            rule = f"{self.low} and {self.high}, as what was stored"
            raise refusal(X, known, own, rule)
        return np.where(X == self.high, 1, -1).astype(np.int8)

    def from_spins(self, spins: SpinArray) -> npt.NDArray[Any]:
        """Spins in the caller's values and type."""
        low, high = np.array([self.low, self.high]).astype(self.dtype)
        return np.asarray(np.where(spins > 0, high, low))


def _beside(X: npt.NDArray[Any], threshold: float) -> Values:
    if 0 <= threshold < 1:
        return Values(0, 1, X.dtype.name)
    low, high = X.min(), X.max()
    if not low <= threshold < high:
        raise ArgumentError(
            "threshold", f"must be among the data, which go from {low} to {high}", threshold
        )
    return Values(low.item(), high.item(), X.dtype.name)
