"""Weights as float64: exact, and small enough for energies to be numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from math import frexp, ldexp
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError
from pbit.models.labels import FloatArray

_EXACT = 2**53  # integers up to here are float64
_LEAST, _MOST = 1e-140, 1e140  # weights: squares of sums of them, and of what they differ by


def as_floats(name: str, values: npt.ArrayLike, *, ndmin: int = 0) -> FloatArray:
    """A copy as float64.

    Raises
    ------
    TypeError
        No numbers.
    ArgumentError
        An integer that float64 would round.

    Examples
    --------
    >>> as_floats("weights", [1, 2**60]).tolist()
    [1.0, 1.152921504606847e+18]
    """
    try:
        floats: FloatArray = np.array(values, dtype=np.float64, ndmin=ndmin)
    except (TypeError, ValueError):
        is_dict = isinstance(values, Mapping)
        remedy = "; use IsingModel.from_ising(h, J)" if is_dict else ""
        raise TypeError(f"{name} must be an array of numbers, got {values!r:.60}{remedy}") from None
    if getattr(values, "dtype", None) == np.float64:
        return floats
    large = np.flatnonzero(np.abs(floats) >= _EXACT)
    if large.size:
        given = np.array(values, dtype=object, ndmin=ndmin)
        for k in large:
            _check_exact(name, given.flat[k], float(floats.flat[k]), int(k))
    return floats


def _check_exact(name: str, value: object, number: float, entry: int) -> None:
    is_integer = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if is_integer and (not np.isfinite(number) or int(value) != int(number)):  # type: ignore[call-overload]
        raise ArgumentError(
            name,
            "must be exact in float64",
            got=f"{value} (entry {entry})",
            remedy="divide all weights by a factor, or round them yourself with float()",
        )


def check_energies(*weights: npt.ArrayLike) -> None:
    """Refuse weights so large that energies are no numbers.

    Raises
    ------
    ArgumentError
        Their absolute values add up to infinity.
    """
    if not are_summable(*weights):
        raise ArgumentError(
            "weights",
            "must have a finite sum of absolute values, which bounds the energy",
            got=f"sums of {', '.join(f'{part:.3g}' for part in _sums(weights))}",
            remedy="divide all weights by a factor, and multiply beta by it",
        )


def are_summable(*weights: npt.ArrayLike) -> bool:
    """Whether all absolute values, added up, are a number; then each of them is."""
    return math.isfinite(sum(_sums(weights)))


def _sums(weights: tuple[npt.ArrayLike, ...]) -> list[float]:
    """Sums of absolute values."""
    with np.errstate(over="ignore"):
        return [
            abs(part)
            if isinstance(part, float)
            else float(np.add.reduce(np.abs(part), axis=None, dtype=float))
            for part in weights
        ]


def check_squares(model: Any) -> None:
    """Refuse weights with squares that float64 cannot hold: energies would have no error bars.

    Parameters
    ----------
    model : IsingModel, PolynomialModel or DirectedModel

    Raises
    ------
    ArgumentError
    """
    weights = [model.weights] if hasattr(model, "weights") else [model.h, model.J.data]
    largest = max((float(np.abs(part).max()) for part in weights if part.size), default=0.0)
    if largest and not _LEAST <= largest <= _MOST:
        raise ArgumentError(
            "model",
            f"must have a largest weight of {_LEAST:g} to {_MOST:g}, whose squares are numbers",
            got=f"{largest:g}",
            remedy="multiply all weights by a factor, and divide beta by it",
        )


def power_of_two(values: FloatArray) -> float:
    """The largest power of two up to the largest of them: to divide by it rounds nothing.

    Examples
    --------
    >>> power_of_two(np.array([3.0, -5.0])), power_of_two(np.zeros(2))
    (4.0, 1.0)
    """
    largest = float(np.abs(values).max(initial=0.0))
    return ldexp(1.0, frexp(largest)[1] - 1) if 0 < largest < np.inf else 1.0
