"""Variables with values as digits: what each variable is in each case of each digit.

A group of bits of which one is set is a digit, its cases the bits; any other variable is a digit
of its own, its cases the values that it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pbit.checks import ArgumentError
from pbit.machine import check_memory
from pbit.models.conventions.arrays import DitArrays
from pbit.models.labels import FloatArray, Labels

IntArray = npt.NDArray[np.int64]


class Quadratic(NamedTuple):
    """``offset + sum linear[v] x_v + sum biases[k] x_rows[k] x_cols[k]``, squares allowed."""

    linear: FloatArray
    rows: IntArray
    cols: IntArray
    biases: FloatArray
    offset: float


class Square(NamedTuple):
    """``factor (sum coefficients[v] x_v - total)^2``, coefficients of all variables."""

    coefficients: FloatArray
    total: float
    factor: float


class Digit(NamedTuple):
    """A digit: its name, and what variables have which values in each of its cases.

    Parameters
    ----------
    label : hashable
    cases : sequence of K hashables
        Names of its values.
    variables : sequence of ints
    values : float64, shape (K, len(variables))
    """

    label: object
    cases: Sequence[object]
    variables: Sequence[int]
    values: FloatArray


class CaseValues(NamedTuple):
    """Values of variables in cases.

    Parameters
    ----------
    num_values : int64, shape (n,)
    table : CSR array of float64, shape (number of cases, number of variables)
    labels : names of the digits
    cases : names of the values of each
    """

    num_values: IntArray
    table: sparse.csr_array
    labels: Labels
    cases: Sequence[Labels]

    def samples(self, values: npt.ArrayLike) -> FloatArray:
        """Values of the variables, shape (r, number of variables), of states (r, n)."""
        x = np.asarray(values)
        starts = np.cumsum(self.num_values) - self.num_values
        picked = (starts + x).ravel()
        pointers = np.arange(len(x) + 1) * x.shape[1]
        shape = (len(x), self.table.shape[0])
        chosen = sparse.csr_array((np.ones(picked.size), picked, pointers), shape=shape)
        samples: FloatArray = (chosen @ self.table).toarray()
        return samples


class Digits(NamedTuple):
    """A model of digits as arrays, and how its states are read."""

    arrays: DitArrays
    cases: CaseValues


def case_values(digits: Iterable[Digit], num_variables: int) -> CaseValues:
    """The table of all digits, one below the other."""
    found = list(digits)
    counts = np.array([len(digit.cases) for digit in found], dtype=np.int64)
    starts = np.cumsum(counts) - counts
    rows, cols, data = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0)]
    for start, digit in zip(starts, found, strict=True):
        a, k = np.nonzero(digit.values)
        rows.append(start + a)
        cols.append(np.asarray(digit.variables, dtype=np.int64)[k])
        data.append(digit.values[a, k])
    shape = (int(counts.sum()), num_variables)
    entries = (np.concatenate(data), (np.concatenate(rows), np.concatenate(cols)))
    table = sparse.coo_array(entries, shape=shape).tocsr()
    labels, cases = [digit.label for digit in found], [digit.cases for digit in found]
    return CaseValues(counts, table, labels, cases)  # type: ignore[arg-type]


def case_arrays(cases: CaseValues, energy: Quadratic, squares: Iterable[Square] = ()) -> DitArrays:
    """The energy of the variables as one of digits."""
    V = cases.table
    shape = (V.shape[1], V.shape[1])
    Q = sparse.coo_array((energy.biases, (energy.rows, energy.cols)), shape=shape).tocsr()
    together = (V @ Q @ V.T).tocoo()
    h = V @ energy.linear + np.bincount(
        together.coords[0],
        np.where(together.coords[0] == together.coords[1], together.data, 0.0),
        minlength=V.shape[0],
    )
    parts, offset = [(*together.coords, together.data)], energy.offset
    for square in squares:
        u = V @ square.coefficients
        h = h + square.factor * (u * u - 2 * square.total * u)
        offset += square.factor * square.total**2
        parts.append(_products(u, square.factor))
    rows, cols, values = (np.concatenate(part) for part in zip(*parts, strict=True))
    digit = np.repeat(np.arange(cases.num_values.size), cases.num_values)
    apart = digit[rows] != digit[cols]  # two cases of one digit never meet
    return DitArrays(
        cases.num_values, h, rows[apart], cols[apart], values[apart], offset, cases.labels,
        cases.cases,
    )  # fmt: skip


def _products(u: FloatArray, factor: float) -> tuple[IntArray, IntArray, FloatArray]:
    """Twice the product of each two cases that the sum has."""
    there = np.flatnonzero(u)
    check_memory(32.0 * there.size**2, what="products of cases", lower="penalty")
    a, b = np.triu_indices(there.size, k=1)
    rows, cols = there[a], there[b]
    return rows, cols, 2 * factor * u[rows] * u[cols]


def one_hot(label: object, variables: Sequence[int], names: Sequence[object]) -> Digit:
    """A digit of bits of which exactly one is set."""
    return Digit(label, names, variables, np.eye(len(variables)))


def own(label: object, variable: int, values: Sequence[float]) -> Digit:
    """A digit that is one variable."""
    column = np.array(values, dtype=np.float64)[:, None]
    return Digit(label, list(values), [variable], column)


def check_groups(groups: Sequence[Sequence[object]], known: dict[object, int]) -> None:
    """Refuse groups that overlap, are empty, or have variables that are not there.

    Raises
    ------
    ValueError
    """
    seen: set[object] = set()
    for k, group in enumerate(groups):
        unknown = [label for label in group if label not in known]
        if unknown or not group:
            raise ArgumentError(
                "groups",
                "must be lists of variables of the model, none of them empty",
                got=f"{unknown[0]!r} in group {k}" if unknown else f"an empty one, group {k}",
            )
        twice = next((label for label in group if label in seen), None)
        if twice is not None or len(set(group)) < len(group):
            raise ArgumentError(
                "groups",
                "must be apart: a variable belongs to one of them, once",
                got=f"{twice if twice is not None else group[0]!r} in group {k} again",
            )
        seen.update(group)
