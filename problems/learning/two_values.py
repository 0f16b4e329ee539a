"""Which two values data have, and one sentence that refuses others: for arrays and for files."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError

Pair = tuple[int, int]
Mask = npt.NDArray[np.bool_]

BITS: Pair = (0, 1)
SPINS: Pair = (-1, 1)
BLACK_AND_WHITE: Pair = (0, 255)
RULE = "0 and 1, -1 and +1, or false and true"


def pair_of(
    values: npt.NDArray[Any], known: Mask | None = None, *, pairs: tuple[Pair, ...] = (BITS, SPINS)
) -> Pair | None:
    """The first of the pairs that all known values are of; None where they are of no pair.

    Examples
    --------
    >>> pair_of(np.array([1, -1, 1])), pair_of(np.array([1, 1])), pair_of(np.array([0, -1]))
    ((-1, 1), (0, 1), None)
    """
    return next((pair for pair in pairs if not _strange(values, known, pair).any()), None)


def first_strange(
    values: npt.NDArray[Any], known: Mask | None = None, pair: Pair | None = None
) -> tuple[int, ...]:
    """Where the first known value is that is not of the pair; by default of the bits, or of the
    spins where there is a -1."""
    if pair is None:
        has_minus = (values == -1) if known is None else (values == -1) & known
        pair = SPINS if has_minus.any() else BITS
    strange = _strange(values, known, pair)
    return tuple(int(k) for k in np.unravel_index(int(np.argmax(strange)), strange.shape))


def remedy(values: npt.NDArray[Any], known: Mask | None = None) -> str:
    """What to do with others.

    Examples
    --------
    >>> remedy(np.array([0.0, 0.25, 3.0]))
    'give a threshold above which a value is up: values go from 0 to 3'
    """
    told = values if known is None else values[known]
    low, high = told.min(), told.max()
    return f"give a threshold above which a value is up: values go from {low:g} to {high:g}"


def refusal(
    values: npt.NDArray[Any], known: Mask | None = None, pair: Pair | None = None, rule: str = RULE
) -> ArgumentError:
    """The refusal of rows X of values that are not of the pair; by default of none."""
    at = first_strange(values, known, pair)
    return ArgumentError(
        "X",
        f"must be binary, {rule}",
        got=f"{values[at]} in row {at[0]}, column {at[1]}",
        remedy=remedy(values, known),
    )


def _strange(values: npt.NDArray[Any], known: Mask | None, pair: Pair) -> Mask:
    low, high = pair
    strange: Mask = (values != low) & (values != high)
    return strange if known is None else strange & known
