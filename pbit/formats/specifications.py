"""What the readers of problems over whole numbers return: the specification, no model yet."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from pbit.by_value import ByValue
from pbit.formats.contents import Floats, Ints


@dataclass(frozen=True, eq=False, kw_only=True)
class PartitionContents(ByValue):
    """Whole numbers to be split into two parts of equal sums.

    Parameters
    ----------
    numbers : int64 array, shape (n,)
    format, name, notes
        As for `Contents`.
    """

    kind: ClassVar[str] = "partition"
    numbers: Ints
    format: str = "partition"
    name: str = ""
    notes: tuple[str, ...] = ()

    @property
    def num_variables(self) -> int:
        """One a number."""
        return int(self.numbers.size)


@dataclass(frozen=True, eq=False, kw_only=True)
class MarketSplitContents(ByValue):
    """Bits x with ``coefficients x = totals``.

    Parameters
    ----------
    coefficients : int64 array, shape (m, n)
    totals : int64 array, shape (m,)
    format, name, notes
        As for `Contents`.
    """

    kind: ClassVar[str] = "market-split"
    coefficients: Ints
    totals: Ints
    format: str = "market-split"
    name: str = ""
    notes: tuple[str, ...] = ()

    @property
    def num_variables(self) -> int:
        """One a column."""
        return int(self.coefficients.shape[1])


@dataclass(frozen=True, eq=False, kw_only=True)
class LabsContents(ByValue):
    """A sequence of ±1 of this length with low autocorrelations.

    Parameters
    ----------
    length : int
    format, name, notes
        As for `Contents`.
    """

    kind: ClassVar[str] = "labs"
    length: int
    format: str = "labs"
    name: str = ""
    notes: tuple[str, ...] = ()

    @property
    def num_variables(self) -> int:
        """One an element."""
        return self.length


@dataclass(frozen=True, eq=False, kw_only=True)
class KnapsackContents(ByValue):
    """Items of whole values and weights, and what may be carried.

    Parameters
    ----------
    item_values, weights : int64 array, shape (n,)
    capacity : int
    format, name, notes
        As for `Contents`.
    """

    kind: ClassVar[str] = "knapsack"
    item_values: Ints
    weights: Ints
    capacity: int
    format: str = "knapsack"
    name: str = ""
    notes: tuple[str, ...] = ()

    @property
    def num_variables(self) -> int:
        """One an item."""
        return int(self.weights.size)


@dataclass(frozen=True, eq=False, kw_only=True)
class SetCoverContents(ByValue):
    """Sets with costs, and which of them hold each element.

    Parameters
    ----------
    costs : int64 array, shape (num_sets,)
    pointers : int64 array, shape (num_elements + 1,)
    members : int64 array, shape (pointers[-1],)
        The sets, from 0, that hold element e: ``members[pointers[e]:pointers[e + 1]]``.
    format, name, notes
        As for `Contents`.
    """

    kind: ClassVar[str] = "set-cover"
    costs: Ints
    pointers: Ints
    members: Ints
    format: str = "set-cover"
    name: str = ""
    notes: tuple[str, ...] = ()

    @property
    def num_variables(self) -> int:
        """One a set."""
        return int(self.costs.size)


@dataclass(frozen=True, eq=False, kw_only=True)
class AssignmentContents(ByValue):
    """Flows between facilities and distances between places: quadratic assignment.

    Parameters
    ----------
    flows, distances : int64 array, shape (n, n)
    format, name, notes
        As for `Contents`.
    """

    kind: ClassVar[str] = "quadratic-assignment"
    flows: Ints
    distances: Ints
    format: str = "qaplib"
    name: str = ""
    notes: tuple[str, ...] = ()

    @property
    def num_variables(self) -> int:
        """One a facility and place."""
        return int(self.flows.shape[0]) ** 2


@dataclass(frozen=True, eq=False, kw_only=True)
class DiscreteContents(ByValue):
    """Variables with several values each, and what values and pairs of them cost.

    Values are numbered through as cases, those of variable 0 first.

    Parameters
    ----------
    num_values : int64 array, shape (n,)
    linear : float64 array, shape (sum of num_values,)
        Of each case.
    rows, cols : int64 array, shape (m,)
        Cases of two variables.
    values : float64 array, shape (m,)
        What both together cost.
    offset : float
    labels : sequence of n hashables
    format, name, notes
        As for `Contents`.
    """

    kind: ClassVar[str] = "dqm"
    num_values: Ints
    linear: Floats
    rows: Ints
    cols: Ints
    values: Floats
    offset: float
    labels: Sequence[Hashable]
    format: str = "dqm"
    name: str = ""
    notes: tuple[str, ...] = ()

    @property
    def num_variables(self) -> int:
        """One a case, as p-bits have them."""
        return int(self.linear.size)


SpecificContents = (
    PartitionContents
    | MarketSplitContents
    | LabsContents
    | KnapsackContents
    | SetCoverContents
    | AssignmentContents
    | DiscreteContents
)
