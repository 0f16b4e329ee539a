"""Labels as p-bits beside the visible ones: one of K up, in several copies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError


@dataclass(frozen=True, eq=False)
class LabelUnits(ByValue):
    """Classes and the number of copies of their one-hot code; no classes: no units."""

    classes: npt.NDArray[Any]
    copies: int = 1

    @property
    def count(self) -> int:
        """Number of p-bits."""
        return self.copies * len(self.classes)

    def codes(self) -> npt.NDArray[np.int8]:
        """One row of spins a class, all copies beside each other."""
        one = 2 * np.eye(len(self.classes), dtype=np.int8) - 1
        return np.tile(one, (1, self.copies)).astype(np.int8)

    def numbers(self, y: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
        """Number of each label's class.

        Raises
        ------
        ValueError
            A label that is no class.
        """
        unknown = ~np.isin(y, self.classes)
        if unknown.any():
            raise ArgumentError(
                "y", f"must be among the classes {list(self.classes)}", y[unknown][0]
            )
        return np.searchsorted(self.classes, y)

    def joined(self, spins: npt.NDArray[np.int8], y: npt.NDArray[Any]) -> npt.NDArray[np.int8]:
        """Rows with their labels' units behind them.

        Raises
        ------
        ValueError
            Another number of labels than of rows, a label that is no class.
        """
        if y.shape != (len(spins),):
            raise ArgumentError("y", f"must have a label for each of {len(spins)} rows", y.shape)
        return np.hstack([spins, self.codes()[self.numbers(y)]])

    def votes(self, label_means: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
        """Mean over the copies of units in [-1, 1]: (rows, classes)."""
        shape = (len(label_means), self.copies, len(self.classes))
        means = np.asarray(label_means, dtype=np.float64).reshape(shape)
        return np.asarray(means.mean(axis=1))
