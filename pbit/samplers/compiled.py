"""A model and a schedule as the kernels want them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.model import IsingModel
from pbit.schedule import Schedule

_LARGEST_SINGLE_ERROR = 1e-4
_SETTLED_TOGETHER = 128  # 2 x the updates that the kernels sum in the fields' precision
_LEAST_SINGLE, _LARGEST_SINGLE = 1e-30, 1e30


@dataclass(frozen=True, eq=False)
class CompiledModel:
    """Arrays of a model as the kernels want them, in float32 where that is good enough."""

    arrays: tuple[Any, ...]
    scales: npt.NDArray[Any]
    offset: float

    @property
    def num_spins(self) -> int:
        """Number of spins n."""
        return int(self.arrays[0].size)

    @property
    def couplings(self) -> tuple[Any, ...]:
        """``(h, indptr, indices, weights)`` in float64."""
        _, indptr, indices, _, (h, weights, _) = self.arrays
        return h, indptr, indices, weights

    @classmethod
    def toy(cls, real: type[Any]) -> CompiledModel:
        """A free spin at beta = 0: compiles the kernels, or loads them, at no cost."""
        exact = (np.zeros(1), np.zeros(0), 0.0)
        no_indices = np.zeros(0, np.int32)
        arrays = (np.zeros(1, real), np.zeros(2, np.int64), no_indices, np.zeros(0, real), exact)
        return cls(arrays, np.zeros(1, real), 0.0)

    @classmethod
    def of(cls, model: IsingModel, schedule: Schedule) -> CompiledModel:
        """Arrays for running ``model`` through ``schedule``."""
        indptr = model.J.indptr.astype(np.int64)
        indices = model.J.indices.astype(np.int32, copy=False)
        weights = model.J.data
        real: type[np.floating[Any]] = _precision(model, schedule)
        with np.errstate(over="ignore"):
            scales = np.minimum(2 * schedule.betas * np.log2(np.e), np.finfo(real).max)
        exact = (model.h, weights, 0.0)
        arrays = (model.h.astype(real), indptr, indices, weights.astype(real), exact)
        return cls(arrays, scales.astype(real), model.offset)


def _precision(model: IsingModel, schedule: Schedule) -> type[np.floating[Any]]:
    """float32, unless rounding the fields to it would move some probability by over 1e-4."""
    data = np.concatenate([model.J.data, model.h])
    sizes = np.abs(data[data != 0])
    if sizes.size and not _LEAST_SINGLE < sizes.min() <= sizes.max() < _LARGEST_SINGLE:
        return np.float64
    if np.array_equal(data, np.rint(data)):
        exact = _largest_field(model) * _SETTLED_TOGETHER < 2**24
        return np.float32 if exact else np.float64
    betas = schedule.betas[np.isfinite(schedule.betas)]
    if betas.size < schedule.betas.size or not betas.size:
        return np.float64
    error = 2 * betas.max() * _largest_field(model) * np.finfo(np.float32).eps
    return np.float32 if error < _LARGEST_SINGLE_ERROR else np.float64


def _largest_field(model: IsingModel) -> float:
    sums = np.abs(model.h) + abs(model.J).sum(axis=1)
    return float(sums.max()) if sums.size else 0.0
