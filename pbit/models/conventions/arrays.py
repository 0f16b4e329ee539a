"""What every convention is translated to: a model's arrays, in our sign, without the model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy.typing as npt

from pbit.models.labels import FloatArray, Labels


class EdgeArrays(NamedTuple):
    """The arguments of :meth:`pbit.IsingModel.from_edges`, by name."""

    rows: npt.ArrayLike
    cols: npt.ArrayLike
    weights: FloatArray
    h: FloatArray
    offset: float
    labels: Labels


class TermArrays(NamedTuple):
    """The arguments of :class:`pbit.PolynomialModel`, in their order."""

    pointers: npt.NDArray[Any]
    members: npt.NDArray[Any]
    weights: FloatArray
    offset: float
    labels: Labels


class DitArrays(NamedTuple):
    """The arguments of :meth:`pbit.DitModel.from_cases`, by name."""

    num_values: npt.ArrayLike
    h: FloatArray
    rows: npt.ArrayLike
    cols: npt.ArrayLike
    values: FloatArray
    offset: float
    labels: Labels
    cases: Sequence[Labels]
