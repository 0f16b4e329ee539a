"""The model of digits with K values: fields, and pairs in tables or of Potts."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, integer, real
from pbit.machine import check_memory
from pbit.models.digits.case_pairs import case_pairs, potts_weights, tables_of_cases
from pbit.models.digits.checks import (
    Cases,
    CountArray,
    IntArray,
    ValueArray,
    check_range,
    checked_cases,
    checked_counts,
    checked_ends,
    checked_fields,
    checked_names,
    checked_values,
)
from pbit.models.digits.pairs import Tables, distinct, rows_of, summed_tables, summed_weights
from pbit.models.digits.rows_check import check_rows
from pbit.models.digits.scales import bounds, largest_of_pairs, spread
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray, Labels
from pbit.models.numbers import check_energies
from pbit.seeds import seed_or_fresh

if TYPE_CHECKING:
    import dimod
    import networkx as nx

_BLOCK = 2**22  # pairs of a state that are added at a time


@dataclass(frozen=True, eq=False)
class DitModel(ByValue):
    r"""Energy function of n digits, of which digit i has the values 0 to K_i - 1.

    .. math:: E(x) = \sum_i h_i(x_i) + \sum_{i<j} W_{ij}(x_i, x_j) + \mathrm{offset}

    **h and W are energies, the lower the better**, as in dimod's discrete models: the other sign
    than biases and couplings of spins. A digit at inverse temperature beta takes value a with
    probability ``softmax(beta I_i)(a)``, ``I_i(a) = -h_i(a) - sum_j W_ij(a, x_j)``.

    Either ``weights`` are given, of Potts pairs ``W_ij(a, b) = weight`` where ``a = b`` and 0
    elsewhere, or ``tables`` and ``table_of``. :meth:`from_pairs` and :meth:`potts` make the arrays.

    Parameters
    ----------
    num_values : int32, shape (n,)
        K_i, from 1 to 2**15.
    h : float64, shape (sum of K_i,)
        Energies of the values of digit 0, then of digit 1 and so on, from ``starts``.
    pointers : int64, shape (n + 1,)
        Digit i has the entries ``pointers[i]:pointers[i + 1]``.
    neighbours : int32, shape (2 m,)
        Digits, rising within a row; each edge is there from both its ends.
    weights : float64, shape (2 m,), optional
        Of Potts pairs, the same from both ends.
    tables : float64, optional
        Flat.
    table_of : int64, shape (2 m,), optional
        Where the table of an entry begins: K_i rows of K_j numbers, i the digit of the row.
    offset : float
        Constant added to every energy.
    labels : sequence of n distinct hashables, optional
        Names of the digits; ``range(n)`` by default.
    cases : sequence of n sequences, optional
        Names of the values of each digit; ``range(K_i)`` by default.

    Raises
    ------
    ValueError
        A digit without values or with too many, arrays that do not fit each other, an edge that is
        there from one end alone or differs from both, NaN or infinity, names that repeat.

    References
    ----------
    Wu, Rev. Mod. Phys. 54, 235 (1982): the Potts model.

    Examples
    --------
    >>> pair = DitModel.from_pairs([2, 3], None, [0], [1], [[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]])
    >>> pair.energy([[0, 2], [1, 0]]).tolist()
    [2.0, 3.0]
    >>> triangle = DitModel.potts([0, 1, 2], [1, 2, 0], [1.0, 1.0, 1.0], num_values=3)
    >>> triangle.energy([0, 1, 2]).item(), triangle.energy([0, 1, 1]).item()
    (0.0, 1.0)
    """

    num_values: CountArray
    h: FloatArray
    pointers: IntArray
    neighbours: npt.NDArray[np.int32]
    weights: FloatArray | None = None
    tables: FloatArray | None = None
    table_of: IntArray | None = None
    offset: float = 0.0
    labels: Labels = ()
    cases: Cases = ()
    starts: IntArray = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        counts = checked_counts(self.num_values)
        offset = real("offset", self.offset)
        if not np.isfinite(offset):
            raise ArgumentError("offset", "must be finite", offset)
        set_ = object.__setattr__
        set_(self, "num_values", counts)
        set_(self, "starts", np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]))
        set_(self, "h", checked_fields(self.h, counts))
        set_(self, "offset", offset)
        set_(self, "labels", checked_names(self.labels, counts.size))
        set_(self, "cases", checked_cases(self.cases, counts))
        for name, value in check_rows(self)._asdict().items():
            set_(self, name, value)
        check_energies(largest_of_pairs(self), self.h, self.offset)

    @classmethod
    def from_pairs(
        cls,
        num_values: npt.ArrayLike,
        h: npt.ArrayLike | None,
        rows: npt.ArrayLike,
        cols: npt.ArrayLike,
        tables: Tables,
        *,
        offset: float = 0.0,
        labels: Labels = (),
        cases: Cases = (),
    ) -> DitModel:
        """Model with ``W[rows[k], cols[k]] += tables[k]``.

        Edges that occur several times, in either direction, add up; equal tables are stored once.

        Parameters
        ----------
        num_values : int array, shape (n,)
            K_i.
        h : float array of all values of all digits, a list of a row a digit, or None for zeros
        rows, cols : int arrays, shape (m,)
            Digits from 0.
        tables : m arrays of shape (K_i, K_j), or one array of two axes for all edges
            Energies, i the digit in ``rows`` and j that in ``cols``.

        Raises
        ------
        ValueError
            A digit without values, a table of the wrong shape, an index out of range, an edge from
            a digit to itself, NaN or infinity.
        TooLargeError
            Tables that do not fit into memory: ``potts`` needs none.

        Examples
        --------
        >>> apart = [[5, 0], [0, 5]]
        >>> DitModel.from_pairs([2, 2], [[0, 1], [0, 0]], [0], [1], [apart]).energy([1, 0]).item()
        1.0
        """
        counts = checked_counts(num_values)
        ends = checked_ends(rows, cols)
        check_range(ends, counts.size)
        i, j, content = summed_tables(ends, tables, counts)
        found, layout = distinct(content), rows_of(i, j, counts.size)
        return cls(
            counts,
            checked_fields(h, counts),
            layout.pointers,
            layout.neighbours,
            tables=found.tables,
            table_of=found.table_of[layout.edges],
            offset=offset,
            labels=labels,
            cases=cases,
        )

    @classmethod
    def potts(
        cls,
        rows: npt.ArrayLike,
        cols: npt.ArrayLike,
        weights: npt.ArrayLike = 1.0,
        *,
        num_values: npt.ArrayLike,
        num_digits: int | None = None,
        h: npt.ArrayLike | None = None,
        offset: float = 0.0,
        labels: Labels = (),
        cases: Cases = (),
    ) -> DitModel:
        """Model that pays ``weights[k]`` where the digits rows[k] and cols[k] have equal values.

        Positive weights push values apart, as in colouring; negative ones are Potts' ferromagnet.
        Edges that occur several times, in either direction, add up.

        Parameters
        ----------
        rows, cols : int arrays, shape (m,)
            Digits from 0.
        weights : float array, shape (m,), or one number for all
        num_values : int, or int array of shape (n,)
            K of all digits, or K_i.
        num_digits : int, optional
            n; by default the size of ``num_values`` or the largest index + 1.
        h : float array of all values of all digits, or a list of a row a digit, optional

        Raises
        ------
        ValueError
            A digit without values, an index out of range, an edge from a digit to itself, NaN or
            infinity.
        """
        ends = checked_ends(rows, cols)
        if num_digits is None and np.ndim(num_values) == 0:
            num_digits = int(max(end.max(initial=-1) for end in ends)) + 1
        counts = checked_counts(num_values, num_digits)
        check_range(ends, counts.size)
        i, j, w = summed_weights(*ends, weights)
        layout = rows_of(i, j, counts.size)
        return cls(
            counts,
            checked_fields(h, counts),
            layout.pointers,
            layout.neighbours,
            weights=np.concatenate([w, w])[layout.edges],
            offset=offset,
            labels=labels,
            cases=cases,
        )

    @classmethod
    def from_cases(
        cls,
        num_values: npt.ArrayLike,
        h: npt.ArrayLike | None,
        rows: npt.ArrayLike,
        cols: npt.ArrayLike,
        values: npt.ArrayLike,
        *,
        offset: float = 0.0,
        labels: Labels = (),
        cases: Cases = (),
    ) -> DitModel:
        """Model that pays ``values[k]`` where both the cases rows[k] and cols[k] are taken.

        Cases are numbered through, those of digit 0 first; pairs that occur several times add up.
        Where only equal values cost something, all alike, it is a Potts model.

        Parameters
        ----------
        num_values : int array, shape (n,)
        h : float array of all cases, a list of a row a digit, or None for zeros
        rows, cols : int arrays, shape (m,)
            Cases of two digits.
        values : float array, shape (m,)

        Raises
        ------
        ValueError
            No such case, two cases of one digit, NaN or infinity.

        Examples
        --------
        >>> DitModel.from_cases([2, 3], None, [1], [4], [5.0]).energy([1, 2]).item()
        5.0
        """
        counts = checked_counts(num_values)
        i, j, tables = tables_of_cases(rows, cols, values, counts=counts)
        named: dict[str, Any] = {"offset": offset, "labels": labels, "cases": cases}
        return cls.from_pairs(counts, h, i, j, tables, **named).simplified()

    @classmethod
    def from_dqm(cls, dqm: dimod.DiscreteQuadraticModel) -> DitModel:
        """Model of a dimod DQM; energies agree state by state, variables and cases are names."""
        from pbit.models.conventions.dimod_digits import cases_of_dqm

        return cls.from_cases(**cases_of_dqm(dqm)._asdict())

    def to_dqm(self) -> dimod.DiscreteQuadraticModel:
        """A dimod DQM with the same names and the same energies."""
        from pbit.models.conventions.dimod_digits import to_dqm

        return to_dqm(self, case_pairs(self))

    @classmethod
    def from_cqm(
        cls, cqm: dimod.ConstrainedQuadraticModel, *, penalty: float | None = None
    ) -> DitModel:
        """Model of a dimod CQM, a digit for each group of which exactly one bit is set.

        Groups are those of ``add_discrete`` and whatever other constraints say the same; other
        variables are digits of their own. Constraints beyond the groups cost ``penalty`` times
        the square of what they are missed by, with a digit of slack for an inequality.

        Raises
        ------
        ValueError
            Real variables, too wide integers, or constraints beyond the groups without a penalty.
        """
        from pbit.models.conventions.dimod_cqm import digits_of_cqm

        return cls.from_cases(**digits_of_cqm(cqm, penalty=penalty).arrays._asdict())

    @classmethod
    def from_bqm(
        cls,
        bqm: dimod.BinaryQuadraticModel,
        groups: Iterable[Iterable[Hashable]],
    ) -> DitModel:
        """The model of a BQM among states with one bit set of each group.

        The law is another one than that of the BQM, whose penalties allow for all states, at any
        finite beta. :func:`pbit.models.conventions.dimod_groups.certain_groups` finds groups that
        all ground states obey.

        Raises
        ------
        ValueError
            Groups that overlap, are empty, or have variables that the BQM does not have.
        """
        from pbit.models.conventions.dimod_groups import digits_of_bqm

        return cls.from_cases(**digits_of_bqm(bqm, groups).arrays._asdict())

    @classmethod
    def from_networkx(
        cls,
        graph: nx.Graph,
        num_values: npt.ArrayLike,
        *,
        weight: str = "weight",
        bias: str = "bias",
    ) -> DitModel:
        """Potts model of a graph: edge attribute ``weight`` (1 where absent) for equal values.

        ``bias`` of a node is a list of the energies of its values (zeros where absent).
        """
        from pbit.models.conventions.networkx import potts_of_graph

        given = potts_of_graph(graph, weight=weight, bias=bias)
        counts = checked_counts(num_values, len(given.labels))
        fields = [
            np.zeros(count) if row is None else row
            for row, count in zip(given.h, counts.tolist(), strict=True)
        ]
        return cls.potts(**given._replace(h=fields)._asdict(), num_values=counts)

    @classmethod
    def from_matrix(
        cls,
        weights: npt.ArrayLike | sparse.sparray,
        num_values: npt.ArrayLike,
        *,
        h: npt.ArrayLike | None = None,
        offset: float = 0.0,
        labels: Labels = (),
    ) -> DitModel:
        """Potts model of a symmetric matrix without a diagonal, numpy or scipy: its weights.

        Raises
        ------
        ValueError
            Not square, not symmetric, a diagonal entry, NaN or infinity.

        Examples
        --------
        >>> DitModel.from_matrix([[0, 2], [2, 0]], 3).energy([[1, 1], [0, 1]]).tolist()
        [2.0, 0.0]
        """
        given = IsingModel(np.zeros(np.shape(weights)[:1]), weights)
        rows, cols, values = given.edges()
        n = given.num_spins
        named: dict[str, Any] = {"offset": offset, "labels": labels, "num_digits": n}
        return cls.potts(rows, cols, values, num_values=num_values, h=h, **named)

    def simplified(self) -> DitModel:
        """The model with Potts weights in place of tables, where these say no more."""
        weights = None if self.is_potts else potts_weights(self)
        if weights is None:
            return self
        return replace(self, weights=weights, tables=None, table_of=None)

    @property
    def num_digits(self) -> int:
        """Number of digits n."""
        return int(self.num_values.size)

    @property
    def log_states(self) -> float:
        """Logarithm of the number of states, ``sum_i ln K_i``."""
        return float(np.log(self.num_values).sum())

    @property
    def num_edges(self) -> int:
        """Number of pairs that interact."""
        return int(self.neighbours.size) // 2

    @property
    def num_states(self) -> int:
        """Number of states, the product of all K_i, as a whole number of any size."""
        return int(np.prod(self.num_values.astype(object))) if self.num_digits else 1

    @property
    def is_potts(self) -> bool:
        """Whether pairs have weights in place of tables."""
        return self.tables is None

    def ends(self) -> tuple[IntArray, IntArray]:
        """Digit of the row and neighbour of each entry, int64 (2 m,)."""
        rows = np.repeat(np.arange(self.num_digits, dtype=np.int64), np.diff(self.pointers))
        return rows, self.neighbours.astype(np.int64)

    def table(self, entry: int) -> FloatArray:
        """W of an entry of the rows, shape (K_i, K_j): i the digit of the row."""
        i = int(np.searchsorted(self.pointers, entry, side="right")) - 1
        rows, cols = int(self.num_values[i]), int(self.num_values[self.neighbours[entry]])
        if self.weights is not None:
            potts: FloatArray = self.weights[entry] * np.eye(rows, cols)
            return potts
        assert self.tables is not None and self.table_of is not None
        start = int(self.table_of[entry])
        return self.tables[start : start + rows * cols].reshape(rows, cols)

    def energy(self, values: npt.ArrayLike) -> FloatArray:
        """Energy of each state.

        Parameters
        ----------
        values : int array, shape (..., n)
            Numbers of cases, from 0.

        Returns
        -------
        float64, shape (...)

        Raises
        ------
        TypeError, ValueError
            No integers, another last axis, or a value that its digit does not have.
        """
        x = self.check(values)
        flat = x.reshape(int(np.prod(x.shape[:-1])), self.num_digits)
        i, j = self.ends()
        once = np.flatnonzero(i < j)
        energies = np.empty(len(flat))
        step = max(1, _BLOCK // max(1, once.size + self.num_digits))
        for first in range(0, len(flat), step):
            part = flat[first : first + step].astype(np.int64)
            fields = self.h[self.starts[:-1] + part].sum(axis=1)
            pairs = self._pairs_at(once, part[:, i[once]], part[:, j[once]]).sum(axis=1)
            energies[first : first + step] = fields + pairs + self.offset
        return energies.reshape(x.shape[:-1])

    def _pairs_at(self, entries: IntArray, a: IntArray, b: IntArray) -> FloatArray:
        """W(a, b) of each entry, shape (states, entries)."""
        if self.weights is not None:
            potts: FloatArray = np.where(a == b, self.weights[entries], 0.0)
            return potts
        assert self.tables is not None and self.table_of is not None
        found: FloatArray = self.tables[
            self.table_of[entries] + a * self.num_values[self.neighbours[entries]] + b
        ]
        return found

    def check(self, values: npt.ArrayLike) -> ValueArray:
        """The states as int16, shape (..., n).

        Raises
        ------
        TypeError, ValueError
            No integers, another last axis, or a value that its digit does not have.
        """
        return checked_values(values, self.num_values)

    def is_valid(self, values: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """Whether each state has values that its digits have, shape (...)."""
        x = np.asarray(values)
        return np.asarray(((x >= 0) & (x < self.num_values) & (x % 1 == 0)).all(axis=-1))

    def random(self, seed: int | None = None, rows: int = 1) -> ValueArray:
        """States drawn evenly, int16 (rows, n).

        Raises
        ------
        TooLargeError
            More than fit into memory.

        Examples
        --------
        >>> DitModel.potts([0], [1], num_values=[2, 5]).random(seed=1, rows=3).shape
        (3, 2)
        """
        integer("rows", rows, 0)
        check_memory(2.0 * rows * self.num_digits, what="states", lower="rows")
        generator = np.random.default_rng(seed_or_fresh(seed))
        size = (rows, self.num_digits)
        return generator.integers(0, self.num_values, size, dtype=np.int16)

    @property
    def bounds(self) -> tuple[float, float]:
        """Energies between which all states lie: every term at its least, or at its most."""
        return bounds(self)

    @property
    def spread(self) -> float:
        """Standard deviation of the energy at infinite temperature."""
        return spread(self)
