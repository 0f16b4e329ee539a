"""A measured curve from a p-bit's input to its mean output."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pbit.checks import ArgumentError
from pbit.hardware.group import ParameterGroup

Curve = tuple[tuple[float, float], ...]


def check_curve(name: str, points: Any) -> Curve:
    """The points as pairs of floats.

    Raises
    ------
    TypeError, ValueError
        No pairs of numbers, a curve that turns back or leaves -1 to 1.
    """
    rule = f"{name} must be two or more pairs (input, mean output) of numbers"
    if isinstance(points, str) or points is None:
        raise TypeError(f"{rule}, got {points!r}")
    try:
        curve = np.asarray(points, dtype=np.float64)
    except (TypeError, ValueError):
        raise TypeError(f"{rule}, got {points!r:.60}") from None
    if not curve.size:
        return ()
    if curve.ndim != 2 or curve.shape[1] != 2 or len(curve) < 2 or not np.isfinite(curve).all():
        raise ValueError(f"{rule}, got shape {curve.shape}")
    if np.any(np.diff(curve[:, 0]) <= 0) or np.any(np.diff(curve[:, 1]) < 0):
        raise ArgumentError(
            name,
            "must have increasing inputs and outputs that do not decrease",
            remedy="smooth the measured curve first",
        )
    if np.abs(curve[:, 1]).max() > 1:
        worst = curve[np.abs(curve[:, 1]).argmax(), 1]
        raise ArgumentError(
            name,
            "must have mean outputs from -1 to 1",
            worst,
            got=f"{worst:g}",
            remedy="divide by the largest output; of probabilities P give 2 P - 1",
        )
    return tuple((float(x), float(y)) for x, y in curve)


def never_below_zero(curve: Curve) -> bool:
    """Whether the means may be probabilities: p-bits of such a curve never favour -1."""
    means = [mean for _, mean in curve]
    return bool(means) and min(means) >= 0 and max(means) > 0


@dataclass(frozen=True, kw_only=True)
class TransferCurve(ParameterGroup):
    """What a p-bit answers on average, where it was measured.

    Parameters
    ----------
    transfer : sequence of (float, float)
        Measured curve in place of tanh: inputs, increasing, and mean outputs, not decreasing;
        straight lines in between, constant outside. A UserWarning tells of means that are never
        below 0, as probabilities are; those are given as 2 P - 1.
    """

    transfer: Curve = field(
        default=(),
        metadata={
            "check": check_curve,
            "meaning": 'Pairs [input, mean output], or transfer_file = "curve.csv". '
            "Not given: tanh.",
        },
    )
