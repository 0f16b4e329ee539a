"""Trees of things that belong together: each has a root, and a number of its own above it."""

from __future__ import annotations

from typing import Any

from pbit.kernels.jit import merged


@merged
def root_of(above: Any, one: Any) -> Any:
    """The root of a tree, which is its lowest number; paths to it are halved on the way."""
    while above[one] != one:
        above[one] = above[above[one]]
        one = above[one]
    return one


@merged
def join(above: Any, one: Any, other: Any) -> None:
    """Make one tree of two."""
    one, other = root_of(above, one), root_of(above, other)
    above[max(one, other)] = min(one, other)
