"""Numbers as text that float64 holds."""

import math
import re

_ZERO = re.compile(r"[-+]?[0.]+(?:[eE].*)?")


def finite(text: str) -> float | None:
    """Return the value of a decimal number, None if it overflows or vanishes.

    Examples
    --------
    >>> finite("-1.5e3"), finite("1e999"), finite("1e-999"), finite("0e9")
    (-1500.0, None, None, 0.0)
    """
    value = float(text)
    vanished = value == 0.0 and not _ZERO.fullmatch(text)
    return value if math.isfinite(value) and not vanished else None
