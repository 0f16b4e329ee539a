"""Clamping: p-bits held at a constant are folded into the biases and the offset of the rest."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import instance
from pbit.models.ising import IsingModel
from pbit.models.labels import SpinArray, index_of
from pbit.models.taking import model_from


@dataclass(frozen=True, eq=False)
class Clamped(ByValue):
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


def clamp(model: IsingModel, constants: Mapping[Any, int]) -> Clamped:
    r"""The model with some spins held fixed, exactly: f free, c clamped at s_c.

    .. math:: h'_f = h_f + J_{fc} s_c, \qquad
              \mathrm{offset}' = \mathrm{offset} - \tfrac12 s_c^T J_{cc} s_c - h_c \cdot s_c

    Parameters
    ----------
    model : IsingModel
    constants : mapping from label to -1 or +1

    Returns
    -------
    Clamped
        ``model.energy(clamped.expand(s)) == clamped.model.energy(s)`` for every s.

    Raises
    ------
    ValueError
        A label that names no spin, a constant other than -1 and +1.

    Examples
    --------
    >>> pair = IsingModel(h=[0.5, 0.0], J=[[0, 1], [1, 0]])
    >>> held = clamp(pair, {0: 1}).model
    >>> held.h.tolist(), held.offset
    ([1.0], -0.5)
    """
    model = model_from(model)
    held_at = _positions(model, constants)
    fixed = np.array(sorted(held_at), dtype=np.int64)
    values = np.array([held_at[i] for i in fixed.tolist()], dtype=np.int8)
    free = np.setdiff1d(np.arange(model.num_spins), fixed)
    held = values.astype(np.float64)
    to_fixed = model.J[:, fixed] @ held
    offset = model.offset - 0.5 * float(held @ to_fixed[fixed]) - float(model.h[fixed] @ held)
    labels = tuple(model.labels[i] for i in free.tolist())
    rest = IsingModel(model.h[free] + to_fixed[free], model.J[free][:, free], offset, labels)
    return Clamped(rest, free, fixed, values)


def _positions(model: IsingModel, constants: Mapping[Hashable, int]) -> dict[int, int]:
    """Constants by index."""
    instance("constants", constants, Mapping, remedy="give a dict of labels to -1 and +1")
    position = index_of(model.labels)
    found = {}
    for label, value in constants.items():
        if label not in position:
            raise ValueError(f"clamped spin {label!r} is not a label of the model")
        if value not in (-1, 1):
            raise ValueError(
                f"a spin is clamped at -1 or +1, got {value} for spin {label!r}; "
                "for a bit x pass 2*x - 1"
            )
        found[position[label]] = int(value)
    return found
