"""Bounds of the carries between blocks of columns, from sums that are bounded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pbit.problems.factoring.squares import ONE, Form

Bounds = tuple[int, int]


@dataclass(frozen=True)
class Block:
    """Columns that add up: ``form + carry in - 2**width * carry out = target``.

    ``low`` and ``high`` bound the form.
    """

    form: Form
    low: int
    high: int
    target: int
    width: int


def bound_carries(blocks: Sequence[Block], first: Bounds) -> list[Bounds] | None:
    """Bounds of the carry into each block and, last, of the one out of all: 0.

    Each block bounds the carry on either side by the other one, until nothing changes. None if
    some carry has no value left.

    Examples
    --------
    >>> bound_carries([Block({}, 0, 3, 1, 1), Block({}, 0, 1, 1, 1)], (0, 0))
    [(0, 0), (0, 1), (0, 0)]
    """
    widest = max(block.high + block.target for block in blocks) * len(blocks) + first[1]
    bounds = [first, *[(0, widest)] * (len(blocks) - 1), (0, 0)]
    while True:
        before = list(bounds)
        for k, block in enumerate(blocks):
            bounds[k], bounds[k + 1] = _narrowed(block, bounds[k], bounds[k + 1])
        if any(low > high for low, high in bounds):
            return None
        if bounds == before:
            return bounds


def _narrowed(block: Block, into: Bounds, out: Bounds) -> tuple[Bounds, Bounds]:
    base = 1 << block.width
    most = (block.high + into[1] - block.target) // base
    least = -((block.target - block.low - into[0]) // base)
    out = max(out[0], least), min(out[1], most)
    least = block.target + base * out[0] - block.high
    most = block.target + base * out[1] - block.low
    return (max(into[0], least), min(into[1], most)), out


def carry_form(bounds: Bounds, first: int) -> tuple[Form, int]:
    """The carry as a polynomial of p-bits numbered from ``first`` on, and how many these are.

    The highest p-bit is worth what is left to the upper bound, so that no value lies outside.

    Examples
    --------
    >>> carry_form((1, 6), 4)
    ({frozenset(): 1, frozenset({4}): 1, frozenset({5}): 2, frozenset({6}): 2}, 3)
    """
    low, high = bounds
    count = (high - low).bit_length()
    values = [1 << k for k in range(count - 1)]
    form: Form = {ONE: low}
    for k, value in enumerate([*values, high - low - sum(values)] if count else []):
        form[frozenset([first + k])] = value
    return form, count
