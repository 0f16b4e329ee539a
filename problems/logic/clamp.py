"""Clamping: p-bits held at a constant are folded into the biases and the offset of the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.model import IsingModel, SpinArray


@dataclass(frozen=True, eq=False)
class Clamped:
    """A model without its clamped spins; energies include what these contribute.

    Parameters
    ----------
    model : IsingModel
        On the free spins.
    free : int array
        Their indices in the model that was clamped.
    fixed : int array
        Indices of the clamped spins.
    values : int8 array
        The constants they are held at, -1 or +1.
    """

    model: IsingModel
    free: npt.NDArray[Any]
    fixed: npt.NDArray[Any]
    values: SpinArray

    def expand(self, spins: npt.ArrayLike) -> SpinArray:
        """States of all spins, shape (..., n), from states of the free ones."""
        part = np.asarray(spins, dtype=np.int8)
        full = np.empty((*part.shape[:-1], self.free.size + self.fixed.size), dtype=np.int8)
        full[..., self.free] = part
        full[..., self.fixed] = self.values
        return full


def clamp(model: IsingModel, constants: Mapping[int, int]) -> Clamped:
    r"""The model with some spins held fixed, exactly: f free, c clamped at s_c.

    .. math:: h'_f = h_f + J_{fc} s_c, \qquad
              \mathrm{offset}' = \mathrm{offset} - \tfrac12 s_c^T J_{cc} s_c - h_c \cdot s_c

    Parameters
    ----------
    model : IsingModel
    constants : mapping from spin index to -1 or +1

    Returns
    -------
    Clamped
        ``model.energy(clamped.expand(s)) == clamped.model.energy(s)`` for every s.

    Raises
    ------
    ValueError
        An index out of range, a constant other than -1 and +1.

    Examples
    --------
    >>> pair = IsingModel(h=[0.5, 0.0], J=[[0, 1], [1, 0]])
    >>> held = clamp(pair, {0: 1}).model
    >>> held.h.tolist(), held.offset
    ([1.0], -0.5)
    """
    _check(model, constants)
    fixed = np.array(sorted(constants), dtype=np.int64)
    values = np.array([constants[i] for i in fixed.tolist()], dtype=np.int8)
    free = np.setdiff1d(np.arange(model.num_spins), fixed)
    held = values.astype(np.float64)
    to_fixed = model.J[:, fixed] @ held
    offset = model.offset - 0.5 * float(held @ to_fixed[fixed]) - float(model.h[fixed] @ held)
    labels = tuple(model.labels[i] for i in free.tolist())
    rest = IsingModel(model.h[free] + to_fixed[free], model.J[free][:, free], offset, labels)
    return Clamped(rest, free, fixed, values)


def _check(model: IsingModel, constants: Mapping[int, int]) -> None:
    for i, value in constants.items():
        if not 0 <= i < model.num_spins:
            raise ValueError(
                f"clamped spin {i} is out of range: indices go from 0 to {model.num_spins - 1}"
            )
        if value not in (-1, 1):
            raise ValueError(
                f"a spin is clamped at -1 or +1, got {value} for spin {i}; for a bit x pass 2*x - 1"
            )
