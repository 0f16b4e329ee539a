"""A model and a schedule as the kernels want them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.model import FloatArray, IsingModel
from pbit.schedule import Schedule

_LARGEST_SINGLE_ERROR = 1e-3
_GROUP = 4  # sites that the dense kernel updates together
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
        return int(self.exact[0].size)

    @property
    def exact(self) -> tuple[Any, ...]:
        """``(h, indptr, indices, weights)`` in float64."""
        exact: tuple[Any, ...] = self.arrays[2]
        return exact

    @property
    def num_rows(self) -> int:
        """Rows of the spins: n, or more where the kernel wants it padded."""
        return int(self.arrays[0].size)

    @classmethod
    def toy(cls, real: type[Any], *, dense: bool) -> CompiledModel:
        """A free spin at beta = 0: compiles the kernels, or loads them, at no cost."""
        empty = IsingModel(np.zeros(1), np.zeros((1, 1)))
        return cls._of(empty, np.zeros(1), real, dense=dense)

    @classmethod
    def of(cls, model: IsingModel, schedule: Schedule, *, dense: bool) -> CompiledModel:
        """Arrays for running ``model`` through ``schedule``; ``dense``: as a full matrix."""
        return cls._of(model, schedule.betas, _precision(model, schedule), dense=dense)

    @classmethod
    def _of(
        cls, model: IsingModel, betas: FloatArray, real: type[Any], *, dense: bool
    ) -> CompiledModel:
        indptr = model.J.indptr.astype(np.int64)
        indices = model.J.indices.astype(np.int32, copy=False)
        exact = (model.h, indptr, indices, model.J.data)
        with np.errstate(over="ignore"):
            scales = np.minimum(2 * betas * np.log2(np.e), np.finfo(real).max).astype(real)
        weights = model.J.data.astype(real)
        if not dense:
            return cls((model.h.astype(real), (indptr, indices, weights), exact), scales,
                       model.offset)  # fmt: skip
        padded = -(-model.num_spins // _GROUP) * _GROUP
        matrix = np.zeros((padded, padded), real)
        matrix[np.repeat(np.arange(model.num_spins), np.diff(indptr)), indices] = weights
        h = np.zeros(padded, real)
        h[: model.num_spins] = model.h
        return cls((h, matrix, exact), scales, model.offset)


def _precision(model: IsingModel, schedule: Schedule) -> type[np.floating[Any]]:
    """float32, unless rounding the fields to it would move some probability by over 1e-3."""
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
