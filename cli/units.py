"""Quantities with SI prefixes, in ASCII."""

from __future__ import annotations

import math

_PREFIXES = {-15: "f", -12: "p", -9: "n", -6: "u", -3: "m", 0: "", 3: "k", 6: "M", 9: "G", 12: "T"}


def prefix_of(value: float) -> tuple[float, str]:
    """Factor and prefix that bring a value between 1 and 1000; 1 and "" where none does."""
    if value == 0 or not math.isfinite(value):
        return 1.0, ""
    rounded = float(f"{abs(value):.3e}")  # 999.99 ps are 1 ns
    power = 3 * math.floor((math.log10(rounded) + 1e-12) / 3)
    return (10.0**power, _PREFIXES[power]) if power in _PREFIXES else (1.0, "")


def quantity(value: float, unit: str, *, digits: int = 4) -> str:
    """The value with its unit, ``2.981 us``."""
    factor, prefix = prefix_of(value)
    return f"{value / factor:.{digits}g} {prefix}{unit}"


def with_error(estimate: tuple[float, float], unit: str = "") -> str:
    """Value and error with one prefix and as many decimals, ``2.983 +- 0.008 us``."""
    value, error = estimate
    if math.isnan(value):
        return "-"
    factor, prefix = prefix_of(value) if unit else (1.0, "")
    if not 0 < error < math.inf:
        return f"{value / factor:.4g} {prefix}{unit}".strip()
    value, error = value / factor, error / factor
    decimals = max(0, 1 - math.floor(math.log10(error)))
    if decimals > 9 or abs(value) >= 1e6:
        return f"{value:.4g} +- {error:.2g} {prefix}{unit}".strip()
    return f"{value:.{decimals}f} +- {error:.{decimals}f} {prefix}{unit}".strip()


def in_parentheses(value: float | None, error: float | None) -> str:
    """Value with the error of its last digits behind, ``-1.2718(4)``; two of them below 0.03."""
    if value is None:
        return "-"
    if not error:
        return f"{value:.5g}"
    decimals = 1 - math.floor(math.log10(error))
    if round(error * 10**decimals) >= 30:
        decimals -= 1
    decimals = min(max(decimals, 0), 6)
    return f"{value:.{decimals}f}({max(1, math.ceil(error * 10**decimals - 1e-9))})"
