"""Features as frequencies of sources: an affine map, and the oscillators that tell each class."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_STARTS = 40
_LEAST = 1e-9  # gain of an exchange, of the largest square: less is rounding


@dataclass(frozen=True, eq=False)
class Encoding(ByValue):
    """Frequencies of the sources, ``rows @ slope_Hz + offset_Hz``, and who answers them.

    Parameters
    ----------
    slope_Hz : float64, shape (num_features, num_sources)
    offset_Hz : float64, shape (num_sources,)
    oscillators : int64, shape (num_classes, num_sources)
        The oscillator that locks to each source, for each class.
    residual_Hz2 : float
        Mean square distance of rows from the places of their class.
    """

    slope_Hz: FloatArray
    offset_Hz: FloatArray
    oscillators: IntArray
    residual_Hz2: float

    def __call__(self, rows: FloatArray) -> FloatArray:
        """Frequencies of the sources, (num_rows, num_sources)."""
        return np.asarray(rows @ self.slope_Hz + self.offset_Hz)


def places_of(num_oscillators: int, spacing_Hz: float) -> FloatArray:
    """Frequencies at equal distances around 0."""
    return np.asarray(spacing_Hz * (np.arange(num_oscillators) - (num_oscillators - 1) / 2))


def fit_encoding(
    rows: FloatArray, classes: IntArray, places: FloatArray, *, num_sources: int, seed: int
) -> Encoding:
    """The map and the oscillators that bring rows close to the places of their class.

    Least squares for given oscillators; these by exchanges that lower the residual, from many
    random starts. Of the rows only their covariance and the means of classes matter.

    Raises
    ------
    ValueError
        More classes than ways to choose one oscillator for each source.
    """
    n, count = len(places), int(classes.max()) + 1
    if count > math.perm(n, num_sources):
        raise ArgumentError(
            "num_oscillators",
            f"must be so many that {num_sources} sources tell {count} classes apart",
            n,
            remedy="n oscillators tell n (n - 1) by two sources",
        )
    chains = np.array(list(itertools.permutations(range(n), num_sources)))
    fit = _Fit(rows, classes, places[chains])
    draws = np.random.default_rng(seed)
    found = [fit.improved(draws.permutation(len(chains))[:count]) for _ in range(_STARTS)]
    chosen = min(found, key=fit.residual)
    slope, offset = fit.map_of(chosen)
    return Encoding(slope, offset, chains[chosen], fit.residual(chosen) / len(rows))


class _Fit:
    """Residuals of the affine map for any choice of oscillators, from moments of the rows."""

    def __init__(self, rows: FloatArray, classes: IntArray, places: FloatArray) -> None:
        self.places = places
        self.center = rows.mean(axis=0)
        self.scale = np.maximum(rows.std(axis=0), 1e-12 * (1 + np.abs(self.center)))
        scaled = (rows - self.center) / self.scale
        self.members = np.eye(int(classes.max()) + 1)[classes]
        self.counts = self.members.sum(axis=0)
        self.solve = np.linalg.pinv(scaled.T @ scaled, hermitian=True)
        self.sums = scaled.T @ self.members  # (features, classes)
        # What of indicators of classes the rows explain: residuals are quadratic in the targets.
        explained = self.sums.T @ self.solve @ self.sums
        mean = np.outer(self.counts, self.counts) / len(rows)
        self.form = np.diag(self.counts) - mean - explained

    def residual(self, chosen: IntArray) -> float:
        targets = self.places[chosen]
        return float((targets * (self.form @ targets)).sum())

    def map_of(self, chosen: IntArray) -> tuple[FloatArray, FloatArray]:
        targets = self.places[chosen]
        slope = (self.solve @ self.sums @ targets) / self.scale[:, None]
        middle = self.counts @ targets / self.counts.sum()
        return slope, np.asarray(middle - self.center @ slope)

    def improved(self, chosen: IntArray) -> IntArray:
        """The nearest choice that no exchange makes better, by the best one each time."""
        chosen = chosen.copy()
        least = _LEAST * float(np.ptp(self.places)) ** 2 * self.counts.sum()
        while True:
            gains = self._gains(chosen)
            k, place = np.unravel_index(gains.argmin(), gains.shape)
            if gains[k, place] > -least:
                return chosen
            chosen[chosen == place] = chosen[k]
            chosen[k] = place

    def _gains(self, chosen: IntArray) -> FloatArray:
        """What giving each place to each class adds to the residual (classes, places).

        A class that had the place takes the one that is left.
        """
        targets = self.places[chosen]
        slopes = self.form @ targets
        moves = self.places[None] - targets[:, None]  # (classes, places, sources)
        squares = (moves**2).sum(axis=2)
        gains = 2 * np.einsum("ks,kps->kp", slopes, moves)
        gains += np.diag(self.form)[:, None] * squares
        back = np.einsum("js,kjs->kj", slopes, moves[:, chosen])
        weights = np.diag(self.form)[None] - 2 * self.form
        gains[:, chosen] += weights * squares[:, chosen] - 2 * back
        return np.asarray(gains)
