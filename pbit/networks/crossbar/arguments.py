"""Weights and vectors checked, once, before an array sees them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pbit.checks import ArgumentError, floats
from pbit.devices.mtj import FloatArray
from pbit.devices.quantities import number
from pbit.machine import check_memory

_BYTES_A_WEIGHT = 400  # two devices: states, ranges, counts and what is made on the way


def matrix_of(weights: Any) -> FloatArray:
    """The weights, float64 (out, in).

    Raises
    ------
    TypeError, ValueError
        No numbers, no matrix, empty, not finite.
    TooLargeError
        More than fit into memory as devices.
    """
    matrix = floats("weights", weights)
    if matrix.ndim != 2 or 0 in matrix.shape:
        raise ArgumentError(
            "weights", "must have two axes, outputs and inputs", got=f"shape {matrix.shape}"
        )
    check_devices(matrix.size)
    if not np.isfinite(matrix).all():
        raise ArgumentError("weights", "must be finite", remedy="put 0 where there is none")
    return matrix


def check_devices(num_weights: int) -> None:
    """Refuse what does not fit into memory as devices.

    Raises
    ------
    TooLargeError
    """
    check_memory(num_weights * _BYTES_A_WEIGHT, what="devices", lower="the number of weights")


def range_of(weights: FloatArray, weight_range: float | None) -> float:
    """The largest weight that is meant to fit; by default the largest that there is.

    Raises
    ------
    TypeError, ValueError
        No number > 0, weights beyond it.
    """
    largest = float(np.abs(weights).max())
    if weight_range is None:
        return largest or 1.0
    number("weight_range", weight_range, (">", 0.0), remedy="the largest weight")
    if largest > weight_range:
        raise ArgumentError(
            "weights",
            f"must be within weight_range, -{weight_range:g} to {weight_range:g}",
            largest,
            remedy="scale them, or give a larger weight_range",
        )
    return float(weight_range)


def vectors_of(name: str, x: Any, size: int) -> FloatArray:
    """Vectors, float64 (size,) or (size, batch).

    Raises
    ------
    TypeError, ValueError
        No numbers, another shape, not finite.
    """
    found = floats(name, x)
    if found.ndim not in (1, 2) or found.shape[0] != size:
        raise ArgumentError(
            name, f"must have the shape ({size},) or ({size}, batch)", got=f"{found.shape}"
        )
    # The sum is one call in place of two; it may be infinite where no number is.
    if not math.isfinite(found.sum()) and not np.isfinite(found).all():
        raise ArgumentError(name, "must be finite", remedy="look for NaN in what was computed")
    return found
