"""Rows whose classes are known, and what the law of the class given the features asks of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import softmax

from pbit.by_value import ByValue
from pbit.checks import ArgumentError


class Labelled(NamedTuple):
    """A batch: features float32 (rows, features), numbers of their classes int64 (rows,), and the
    spins of the label units of every class, float32 (classes, units)."""

    features: npt.NDArray[np.float32]
    truth: npt.NDArray[np.int64]
    codes: npt.NDArray[np.float32]

    def rows(self, which: slice) -> Labelled:
        """Some of the rows."""
        return Labelled(self.features[which], self.truth[which], self.codes)

    def by_class(self) -> Iterator[npt.NDArray[np.float32]]:
        """The visible states of all rows with the label units of one class after the other."""
        for code in self.codes:
            units = np.broadcast_to(code, (len(self.features), code.size))
            yield np.hstack([self.features, units])

    def excess(self, free_energies: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
        r"""Weights of the correlations of each row and class in the mean gradient.

        .. math:: \frac{\partial}{\partial J} \ln p(y | v) = \sum_{y'} \left(\delta_{y y'} -
                  p(y' | v)\right) \left(-\frac{\partial F(v, y')}{\partial J}\right), \qquad
                  p(y | v) = \frac{e^{-F(v, y)}}{\sum_{y'} e^{-F(v, y')}}

        and :math:`-\partial F / \partial J_{ij} = \langle s_i s_j \rangle`, exactly so for
        variational free energies at their minimum.

        Source: Larochelle, Bengio, ICML 25, 536 (2008), section 3.1 and eq. 3.

        Parameters
        ----------
        free_energies : float, shape (rows, classes)
            F, of the features with each class.

        Returns
        -------
        float32, shape (rows, classes)
        """
        found = -softmax(-free_energies, axis=1)
        found[np.arange(self.truth.size), self.truth] += 1.0
        return np.asarray(found / self.truth.size, dtype=np.float32)


@dataclass(frozen=True, eq=False)
class Conditional(ByValue):
    """How much of what is learnt is the law of the class given the features.

    Parameters
    ----------
    share : float
        Of the gradient of ln p(label | features); the rest is that of the joint law.
    codes : int8, shape (classes, units)
        Spins of the label units of each class, which follow the features.

    Raises
    ------
    ValueError
        A share outside (0, 1], no classes.
    """

    share: float
    codes: npt.NDArray[np.int8]

    def __post_init__(self) -> None:
        if not len(self.codes):
            raise ArgumentError(
                "conditional", "must be 0 without labels", self.share, remedy="give y"
            )
        if not 0 < self.share <= 1:
            raise ArgumentError("conditional", "must be >= 0 and <= 1", self.share)

    def of(self, batch: npt.NDArray[np.float32]) -> Labelled:
        """A batch of features and label units."""
        units, classes = self.codes.shape[1], len(self.codes)
        features = batch[:, :-units]
        truth = batch[:, features.shape[1] :][:, :classes].argmax(axis=1)
        return Labelled(features, truth, self.codes.astype(np.float32))
