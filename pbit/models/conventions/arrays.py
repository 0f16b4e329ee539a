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


class PottsArrays(NamedTuple):
    """Arguments of :meth:`pbit.DitModel.potts`, by name; None for fields that are zero."""

    rows: npt.ArrayLike
    cols: npt.ArrayLike
    weights: FloatArray
    h: Sequence[npt.ArrayLike | None]
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


class AssignmentArrays(NamedTuple):
    """``sum F_ij D_(p_i p_j) + sum L_(i p_i) + offset`` over permutations p."""

    flows: FloatArray
    distances: FloatArray
    linear: FloatArray
    offset: float
    labels: Labels
