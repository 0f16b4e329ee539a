"""From files of numbers and constraints to their problems."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from pbit.formats.cqm import CqmContents
from pbit.formats.specifications import (
    AssignmentContents,
    KnapsackContents,
    LabsContents,
    MarketSplitContents,
    PartitionContents,
    SetCoverContents,
)
from pbit.problems.cqm import ConstrainedModel
from pbit.problems.knapsack import Knapsack
from pbit.problems.labs import Labs
from pbit.problems.market_split import MarketSplit
from pbit.problems.partitioning import Partition
from pbit.problems.problem import Problem
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


NUMBER_KINDS: dict[str, dict[str, Callable[[Any, Any], Problem]]] = {
    "partition": {"partition": _partition},
    "market-split": {"market-split": _market_split},
    "labs": {"labs": _labs},
    "knapsack": {"knapsack": _knapsack},
    "set-cover": {"set-cover": _set_cover},
    "quadratic-assignment": {"quadratic-assignment": _assignment},
    "cqm": {"cqm": _constrained},
}
"""What contents of each kind may be meant to be."""
