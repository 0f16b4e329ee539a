"""Numbers listed in one word: ``0:2:9``, ``log:1:100:5``, ``0.5,1,2``."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from pbit.checks import ArgumentError

MOST_VALUES = 1000
GRAMMAR = "LOW:HIGH:COUNT, log:LOW:HIGH:COUNT or VALUE,VALUE,..."


class Listed(NamedTuple):
    """Numbers in the order of their listing; whether they are evenly spaced in the logarithm."""

    values: tuple[float, ...]
    is_log: bool


def numbers(name: str, listing: str) -> Listed:
    """Finite numbers: evenly spaced with both ends, in the logarithm on demand, or as written.

    Parameters
    ----------
    name : str
        What they are, for the errors.
    listing : str
        ``LOW:HIGH:COUNT``, ``log:LOW:HIGH:COUNT`` or ``VALUE,VALUE,...``.

    Raises
    ------
    ValueError
        Another form, no number, or more than 1000 of them.

    Examples
    --------
    >>> numbers("beta", "1:2:3").values, numbers("beta", "log:1:100:3")
    ((1.0, 1.5, 2.0), Listed(values=(1.0, 10.0, 100.0), is_log=True))
    >>> numbers("beta", "2,0.5").values
    (2.0, 0.5)
    """
    if ":" in listing:
        values, unit = progression(listing, text=listing)
        if unit:
            raise ArgumentError(name, "takes no unit", listing)
        return Listed(tuple(values), is_logarithmic(listing))
    return Listed(tuple(_number(name, word) for word in words(name, listing)), False)


def progression(listing: str, *, text: str, grammar: str = GRAMMAR) -> tuple[list[float], str]:
    """Numbers of ``LOW:HIGH:COUNT`` or ``log:LOW:HIGH:COUNT``, and the unit behind them.

    Parameters
    ----------
    listing : str
    text, grammar : str
        What was written, and what should have been, for the errors.

    Raises
    ------
    ValueError
        Another form, or a COUNT that is not from 1 to 1000.
    """
    is_log = is_logarithmic(listing)
    low, high, count, *unit = _parts(listing.removeprefix("log:").split(":"), text, grammar)
    if not 1 <= count <= MOST_VALUES:
        raise ArgumentError(
            "COUNT", f"must be from 1 to {MOST_VALUES}", got=f"{count} in {text!r:.60}"
        )
    if is_log and not (low > 0 and high > 0):
        raise ValueError(f"LOW and HIGH must be > 0 with log:, got {text!r:.60}")
    spaced = np.geomspace(low, high, count) if is_log else np.linspace(low, high, count)
    # 0.1 * 3 is not 0.3: what is printed and plotted should be.
    return [float(f"{x:.12g}") for x in spaced], unit[0].strip() if unit else ""


def words(name: str, listing: str) -> list[str]:
    """What stands between the commas.

    Raises
    ------
    ValueError
        More than 1000.
    """
    found = [word.strip() for word in listing.split(",")]
    if len(found) > MOST_VALUES:
        raise ArgumentError(name, f"must have at most {MOST_VALUES} values", len(found))
    return found


def is_logarithmic(listing: str) -> bool:
    """Whether the numbers are to be evenly spaced in the logarithm."""
    return listing.startswith("log:")


def _parts(parts: list[str], text: str, grammar: str) -> tuple[float, float, int, *tuple[str, ...]]:
    refusal = f"the values must be {grammar}, got {text!r:.60}"
    try:
        low, high, count = float(parts[0]), float(parts[1]), int(parts[2])
    except (ValueError, IndexError) as error:
        raise ValueError(refusal) from error
    if len(parts) > 4 or not (math.isfinite(low) and math.isfinite(high)):
        raise ValueError(refusal)
    return low, high, count, *parts[3:]


def _number(name: str, word: str) -> float:
    try:
        number = float(word)
    except ValueError as error:
        raise ArgumentError(name, f"must be {GRAMMAR}", word, got=f"{word!r:.60}") from error
    if not math.isfinite(number):
        raise ArgumentError(name, "must be finite", number)
    return number
