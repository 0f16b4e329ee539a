"""Tours: :class:`pbit.models.digits.tour.TourModel`."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from pbit.engines.digits.family import DigitFamily
from pbit.engines.digits.permutation_program import PermutationProgram
from pbit.engines.digits.temperatures import UNSCALED
from pbit.kernels.digits.tour import UNIFORM, Positions, Tour
from pbit.machine import check_memory
from pbit.models.digits.tour import TourModel
from pbit.models.labels import FloatArray

_NEAR = 8  # partners that a city asks for, but for one in UNIFORM times
_CLOSE = 5  # cities whose distance is the scale of temperatures
_HOT, _COLD = 3.0, 25.0


class TourProgram(PermutationProgram):
    """A :class:`TourModel` in the kernel's form; each city mostly asks for one of the ``near``
    cities that are nearest."""

    law = "Boltzmann over all tours"
    kept = Positions

    def __init__(self, model: TourModel, near: int = _NEAR) -> None:
        super().__init__(model, _record(model, min(near, model.num_digits - 1)))

    @cached_property
    def beta_range(self) -> tuple[float, float]:
        """3 divided by the mean distance to the nearest few cities, and 25 by the median."""
        scales = _scales(self.model.matrix)
        if not scales.max(initial=0.0) > 0:
            return UNSCALED
        hot, typical = _HOT / float(scales.mean()), float(np.median(scales[scales > 0]))
        return hot, max(2 * hot, _COLD / typical)


def _scales(distances: FloatArray) -> FloatArray:
    """The nearest few ways into each city and out of it."""
    away = distances + np.diag(np.full(len(distances), np.inf))
    close = min(_CLOSE, len(distances) - 1)
    ways = np.concatenate([np.sort(away, axis=0)[:close].T, np.sort(away, axis=1)[:, :close]])
    scales: FloatArray = np.abs(ways)
    return scales


def _record(model: TourModel, near: int) -> Tour:
    """Distances, the nearest cities, and how likely each city asks for which."""
    n = model.num_digits
    ways = 1 if model.is_symmetric else 2
    check_memory(24.0 * ways * n * n, what=f"ways between {n} cities", lower="distances")
    distances = np.stack([model.matrix, model.matrix.T][:ways])
    partners = np.zeros((ways, n, near), np.int32)
    odds = np.full((ways, n, n), 1 / UNIFORM / (n - 1))
    rows = np.arange(n)[:, None]
    for way in range(ways):
        away = distances[ways - 1 - way].copy()
        np.fill_diagonal(away, np.inf)
        partners[way] = np.argsort(away, axis=1, kind="stable")[:, :near]
        odds[way, rows, partners[way]] += (1 - 1 / UNIFORM) / near
        np.fill_diagonal(odds[way], 0.0)
    return Tour(distances, partners, odds, not model.is_symmetric)


FAMILY = DigitFamily(
    name="TourModel", takes=lambda model: isinstance(model, TourModel), compile=TourProgram
)
