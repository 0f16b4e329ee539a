"""Times and intervals as text."""

from __future__ import annotations

import math

from pbit.statistics import Estimate

_UNITS = ((1e-9, "ns"), (1e-6, "us"), (1e-3, "ms"), (1.0, "s"))


def seconds_text(seconds: float) -> str:
    """Seconds with three digits and a prefix; "never" if infinite.

    Examples
    --------
    >>> seconds_text(0.04371), seconds_text(1234.5), seconds_text(math.inf)
    ('43.7 ms', '1230 s', 'never')
    """
    if math.isinf(seconds):
        return "never"
    rounded = float(f"{seconds:.3g}")  # 999.9 ms are 1 s
    unit, name = next((u for u in reversed(_UNITS) if rounded >= u[0]), _UNITS[0])
    digits = f"{rounded / unit:#.3g}".rstrip(".")
    return f"{float(digits):.0f} {name}" if "e" in digits else f"{digits} {name}"


def interval_text(estimate: Estimate) -> str:
    """The ends of the interval; "-" where nothing bounds it.

    Examples
    --------
    >>> interval_text(Estimate(1.0, 0.5, 2.0)), interval_text(Estimate(math.inf, 0.5, math.inf))
    ('500 ms to 2.00 s', '> 500 ms')
    """
    if math.isinf(estimate.high):
        return f"> {seconds_text(estimate.low)}" if math.isfinite(estimate.low) else "-"
    return f"{seconds_text(estimate.low)} to {seconds_text(estimate.high)}"
