"""From files of numbers and constraints to their problems."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from pbit.formats.cqm import CqmContents
from pbit.formats.errors import FormatError
from pbit.formats.specifications import (
    AssignmentContents,
    KnapsackContents,
    LabsContents,
    MarketSplitContents,
    PartitionContents,
    SetCoverContents,
)
from pbit.problems.core.problem import Problem
from pbit.problems.cqm import ConstrainedModel
from pbit.problems.knapsack import Knapsack
from pbit.problems.labs import Labs
from pbit.problems.market_split import MarketSplit
from pbit.problems.partitioning import Partition
from pbit.problems.quadratic_assignment import QuadraticAssignment
from pbit.problems.set_cover import SetCover


def _partition(contents: PartitionContents, meaning: object) -> Partition:
    return Partition(contents.numbers)


def _market_split(contents: MarketSplitContents, meaning: object) -> MarketSplit:
    return MarketSplit(contents.coefficients, contents.totals)


def _labs(contents: LabsContents, meaning: object) -> Labs:
    return Labs(contents.length)


def _knapsack(contents: KnapsackContents, meaning: object) -> Knapsack:
    return Knapsack(contents.item_values, contents.weights, contents.capacity)


def _set_cover(contents: SetCoverContents, meaning: object) -> SetCover:
    return SetCover(
        contents.costs,
        [part.tolist() for part in np.split(contents.members, contents.pointers[1:-1])],
    )


def _assignment(contents: AssignmentContents, meaning: object) -> QuadraticAssignment:
    return QuadraticAssignment(contents.flows, contents.distances)


def _constrained(contents: CqmContents, meaning: object) -> ConstrainedModel:
    return ConstrainedModel(contents.cqm, contents.maximise)


def _told_by_file(maker: Callable[[Any, Any], Problem]) -> Callable[[Any, Any], Problem]:
    """The maker with refusals that name the file: it is the data, not an option, that is wrong."""

    def make(contents: Any, meaning: object) -> Problem:
        try:
            return maker(contents, meaning)
        except ValueError as error:
            raise FormatError(contents.name, None, str(error)) from error

    return make


_MAKERS: dict[str, Callable[[Any, Any], Problem]] = {
    "partition": _partition,
    "market-split": _market_split,
    "labs": _labs,
    "knapsack": _knapsack,
    "set-cover": _set_cover,
    "quadratic-assignment": _assignment,
    "cqm": _constrained,
}
NUMBER_KINDS = {kind: {kind: _told_by_file(maker)} for kind, maker in _MAKERS.items()}
"""What contents of each kind may be meant to be."""
