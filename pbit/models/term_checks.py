"""Input of polynomials to arrays, and what is refused."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError
from pbit.models.labels import FloatArray, Labels, index_of
from pbit.models.numbers import as_floats
from pbit.models.terms import IntArray, Terms

MAX_SPINS = 2**31 - 1


def flattened(
    terms: Mapping[Any, float] | Iterable[tuple[Any, float]],
) -> tuple[list[Hashable], IntArray, FloatArray]:
    """All members in a row, the size of each term, and the weights."""
    pairs = list(terms.items() if isinstance(terms, Mapping) else terms)
    bodies = [body if isinstance(body, Sequence) else tuple(body) for body, _ in pairs]
    sizes = np.fromiter(map(len, bodies), dtype=np.int64, count=len(bodies))
    weights = as_floats("weights", [weight for _, weight in pairs])
    return list(chain.from_iterable(bodies)), sizes, weights


def indices_of(names: list[Hashable], labels: Labels) -> IntArray:
    """Index of each member: itself, or its position among the labels."""
    if not len(labels):
        return _own_indices(names)
    position = index_of(labels)
    try:
        return np.fromiter((position[v] for v in names), dtype=np.int64, count=len(names))
    except KeyError as error:
        raise ArgumentError(
            "members", "must be among the labels", error.args[0], remedy="add it to labels"
        ) from error


def _own_indices(names: list[Any]) -> IntArray:
    kinds = {k for k in set(map(type, names)) if k is bool or not issubclass(k, int | np.integer)}
    if kinds:
        bad = next(v for v in names if type(v) in kinds)
        raise ArgumentError(
            "members", "must be spin indices", bad, remedy="give labels to use names"
        )
    try:
        return np.fromiter(names, dtype=np.int64, count=len(names))
    except OverflowError as error:
        raise ArgumentError(
            "members",
            "must be spin indices",
            max(names, key=abs),
            remedy="give labels to use names",
        ) from error


def checked_terms(pointers: Any, members: Any, weights: Any) -> Terms:
    """Arrays of the right shape; members keep their integer type."""
    starts, flat = np.asarray(pointers), np.asarray(members)
    values = as_floats("weights", weights, ndmin=1)
    for name, array in (("pointers", starts), ("members", flat)):
        if array.ndim != 1 or (array.size and not np.issubdtype(array.dtype, np.integer)):
            raise ArgumentError(
                name,
                "must be a row of integers",
                got=f"shape {array.shape} of {array.dtype}",
                remedy="use from_terms for lists of terms",
            )
    if values.shape != (max(starts.size - 1, 0),) or not starts.size:
        raise ArgumentError(
            "pointers",
            "must have one entry more than weights",
            got=f"{starts.size} for {values.size}",
            remedy="the last is the number of members",
        )
    starts = starts.astype(np.int64)
    if starts[0] != 0 or starts[-1] != flat.size or np.any(starts[1:] < starts[:-1]):
        raise ArgumentError(
            "pointers",
            f"must rise from 0 to the number of members, {flat.size}",
            got=f"{starts[0]}..{starts[-1]}",
            remedy="term t has members[pointers[t]:pointers[t + 1]]",
        )
    bad = np.flatnonzero(~np.isfinite(values))
    if bad.size:
        raise ArgumentError(
            "weights",
            "must be finite",
            got=f"{values[bad[0]]} (term {bad[0]})",
            remedy="remove that term",
        )
    return Terms(starts, flat, values)


def check_indices(members: npt.NDArray[Any], num_spins: int) -> None:
    if num_spins > MAX_SPINS:
        raise ValueError(
            f"a model has at most {MAX_SPINS} spins, got {num_spins}; number the spins from 0"
        )
    low, high = (int(members.min()), int(members.max())) if members.size else (0, -1)
    if low < 0 or high >= num_spins:
        raise ValueError(
            f"spin index {low if low < 0 else high} is out of range: indices go from 0 to "
            f"{num_spins - 1}; raise num_spins or give more labels"
        )


def check_labels(labels: Labels) -> None:
    if isinstance(labels, range) or len(set(labels)) == len(labels):
        return
    seen: set[Hashable] = set()
    twice = next(label for label in labels if label in seen or seen.add(label))  # type: ignore[func-returns-value]
    raise ArgumentError(
        "labels", "must be distinct", got=f"{twice!r} twice", remedy="rename one of them"
    )
