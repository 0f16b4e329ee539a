"""Rates and events checked, once, before a layer sees them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, floats
from pbit.devices.mtj import FloatArray
from pbit.devices.synapses.draws import IntArray


def rates_of(name: str, rates: Any, num_inputs: int, *, ndim: int) -> FloatArray:
    """Rates, float64 (inputs,) or (rows, inputs).

    Raises
    ------
    TypeError, ValueError
        No numbers, another shape, negative, not finite.
    """
    found = floats(name, rates)
    if found.ndim != ndim or found.shape[-1] != num_inputs:
        wanted = f"({num_inputs},)" if ndim == 1 else f"(rows, {num_inputs})"
        raise ArgumentError(name, f"must have the shape {wanted}", got=f"{found.shape}")
    if not ((found >= 0) & np.isfinite(found)).all():
        raise ArgumentError(
            name, "must be finite and >= 0", _worst(found), remedy="they are rates of spikes"
        )
    return found


def events_of(
    times_s: npt.ArrayLike, addresses: npt.ArrayLike, num_inputs: int
) -> tuple[FloatArray, IntArray]:
    """Events, float64 and int64, both (events,).

    Raises
    ------
    TypeError, ValueError
        Times that go backwards, addresses that are no inputs, other shapes.
    """
    times, inputs = floats("times_s", times_s), np.asarray(addresses)
    if times.ndim != 1 or inputs.shape != times.shape:
        raise ArgumentError(
            "addresses", f"must be one for each time of {times.shape}", got=f"{inputs.shape}"
        )
    if times.size == 0:
        return times, inputs.astype(np.int64)
    if inputs.dtype.kind not in "iu":
        raise TypeError(f"addresses must be integers, got {inputs.dtype}")
    if inputs.min() < 0 or inputs.max() >= num_inputs:
        wrong = inputs[(inputs < 0) | (inputs >= num_inputs)][0]
        raise ArgumentError("addresses", f"must be from 0 to {num_inputs - 1}", wrong)
    if not (times[0] >= 0 and np.isfinite(times[-1]) and (np.diff(times) >= 0).all()):
        raise ArgumentError(
            "times_s", "must ascend from 0 on", got="others", remedy="sort the events by time"
        )
    return times, inputs.astype(np.int64)


def _worst(values: FloatArray) -> float:
    return float(values[~((values >= 0) & np.isfinite(values))][0])
