"""Integer programmes: linear constraints on whole numbers between bounds, as bits and penalties."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.model import FloatArray, IsingModel, SpinArray
from pbit.problems.base import BaseProblem, one_each
from pbit.problems.bit_sum import BitSum, Ints, bits_of, parts_of, whole_array
from pbit.problems.problem import Answer

SENSES = ("<=", ">=", "==")
_MAX_UNARY = 4096
_MAX_SUM = 2**26
_MARGIN = 2.0**-10


class Row(NamedTuple):
    """``low <= parts @ values[columns] <= high``, whole numbers without a common divisor."""

    columns: Ints
    parts: Ints
    low: int
    high: int


@dataclass(frozen=True, eq=False, kw_only=True)
class IntegerProgram(BaseProblem):
    r"""Minimise ``linear @ x + sum values x_row x_col + offset`` with ``matrix @ x`` bounded.

    x are whole numbers in ``low..high``; an answer gives each its value. In bits,
    ``x_j = low_j + sum_k c_k b_jk``: "log" takes the fewest bits, "unary" high - low bits, where
    neighbouring values are one flip apart. A row ``a x <= t`` gets a slack in the fewest
    bits, ``(a x + y - t)^2`` with y in 0..(t - smallest a x); rows are first divided by the common
    divisor of their coefficients, decimals made whole by their common denominator, and rows that
    the bounds imply are left out.

    The penalty on every square is ``f_max - f_min + step``, with bounds of the objective f over the
    box term by term and step = 1 for whole coefficients (otherwise 2^-10 of the difference, or 1).
    A state that violates a row has a square of at least 1 there, for coefficients and totals are
    whole, so that its energy is at least ``f_min + penalty > f_max``, which no feasible answer
    exceeds: no ground state is infeasible where a feasible answer exists. Nothing is repaired:
    finding a feasible answer may be as hard as the problem.

    Parameters
    ----------
    linear : float array, shape (n,)
    matrix : array, shape (m, n)
        Coefficients, whole or decimal.
    senses : sequence of m of "<=", ">=", "=="
    totals : array, shape (m,)
    low, high : whole numbers, shape (n,)
    quadratic : (rows, cols, values), optional
        Products in the objective; rows == cols is a square.
    offset : float
    maximise : bool
        Then the objective is the largest of the same function.
    labels : sequence of n hashables, optional
    encoding : {"log", "unary"}
    steps : whole numbers >= 1, shape (n,), optional
        Between values: 2 for a spin from -1 to 1. Each divides high - low.

    Raises
    ------
    ValueError
        Shapes that do not fit, bounds that leave no value, a row that no values meet, decimals
        without a common denominator below 2^20, or too many bits.

    References
    ----------
    Glover, Kochenberger, Du, 4OR 17, 335 (2019), sections 4 and 5, on penalties and slack.

    Examples
    --------
    >>> plan = IntegerProgram(linear=[3, 2], matrix=[[2, 1]], senses=["<="], totals=[7],
    ...                       low=[0, 0], high=[3, 3], maximise=True)
    >>> plan.objective([2, 3]), plan.check([2, 3]), plan.check([3, 2])
    (12.0, True, False)
    """

    linear: npt.ArrayLike
    matrix: npt.ArrayLike = ()
    senses: Sequence[str] = ()
    totals: npt.ArrayLike = ()
    low: npt.ArrayLike
    high: npt.ArrayLike
    quadratic: tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike] = ((), (), ())
    offset: float = 0.0
    maximise: bool = False
    labels: Sequence[Hashable] = ()
    encoding: str = "log"
    steps: npt.ArrayLike = 1

    name = "integer-program"
    objective_name = "objective"

    def __post_init__(self) -> None:
        linear = np.asarray(self.linear, dtype=np.float64)
        n = linear.size
        low, high = whole_array(self.low, "low"), whole_array(self.high, "high")
        if linear.ndim != 1 or not n or low.shape != (n,) or high.shape != (n,):
            raise ValueError(
                "linear, low and high must be lists of one length >= 1, got shapes "
                f"{linear.shape}, {low.shape} and {high.shape}"
            )
        if self.encoding not in ("log", "unary"):
            raise ValueError(f"encoding must be log or unary, got {self.encoding!r}")
        labels = self.labels if len(self.labels) else range(n)
        if len(labels) != n:
            raise ValueError(f"labels must be {n}, one a variable, got {len(labels)}")
        empty = np.flatnonzero(low > high)
        if empty.size:
            j = int(empty[0])
            raise ValueError(f"low must be <= high, got {low[j]} > {high[j]} for {labels[j]}")
        set_to = {"linear": linear, "low": low, "high": high, "labels": labels}
        set_to["quadratic"] = _products(self.quadratic, n)
        set_to["steps"] = _checked_steps(self.steps, low, high)
        for field, value in set_to.items():
            object.__setattr__(self, field, value)
        if not (np.isfinite(linear).all() and np.isfinite(self._products[2]).all()):
            raise ValueError("linear and quadratic must be finite, got nan or inf; correct them")
        _ = self.rows, self._parts  # refused here rather than at the first use

    @property
    def _linear(self) -> FloatArray:
        return self.linear  # type: ignore[return-value]

    @property
    def _low(self) -> Ints:
        return self.low  # type: ignore[return-value]

    @property
    def _high(self) -> Ints:
        return self.high  # type: ignore[return-value]

    @property
    def _steps(self) -> Ints:
        return self.steps  # type: ignore[return-value]

    @property
    def _products(self) -> tuple[Ints, Ints, FloatArray]:
        return self.quadratic  # type: ignore[return-value]

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Constraints in whole numbers that the bounds do not imply."""
        matrix = np.asarray(self.matrix, dtype=np.float64)
        totals = np.asarray(self.totals, dtype=np.float64)
        m, n = totals.size, self._low.size
        if matrix.size != m * n or len(self.senses) != m or totals.ndim != 1:
            raise ValueError(
                f"matrix must be ({m}, {n}) with a sense a row, got {matrix.shape} and "
                f"{len(self.senses)} senses for {m} totals"
            )
        found = []
        for k, row in enumerate(matrix.reshape(m, n)):
            if self.senses[k] not in SENSES:
                raise ValueError(f"senses must be one of {', '.join(SENSES)}, got {self.senses[k]}")
            whole = self._whole_row(k, row, float(totals[k]))
            if whole is not None:
                found.append(whole)
        return tuple(found)

    def _whole_row(self, k: int, row: FloatArray, total: float) -> Row | None:
        columns = np.flatnonzero(row)
        parts, goal = _whole(row[columns], total, k)
        at_low, at_high = parts * self._low[columns], parts * self._high[columns]
        least = int(np.minimum(at_low, at_high).sum())
        most = int(np.maximum(at_low, at_high).sum())
        sense = self.senses[k]
        low = least if sense == "<=" else -(-goal.numerator // goal.denominator)
        high = most if sense == ">=" else goal.numerator // goal.denominator
        if low > most or high < least or low > high:
            raise ValueError(
                f"constraint {k} is met by no values within the bounds: its left side lies in "
                f"{least}..{most}; correct it"
            )
        if low <= least and high >= most:
            return None
        if max(abs(least), abs(most), abs(float(goal))) > _MAX_SUM:
            raise ValueError(
                f"constraint {k} has sums up to {max(abs(least), abs(most))}, expected at most "
                "2^26, whose squares are exact; give narrower bounds or scale it"
            )
        return Row(columns, parts, max(low, least), min(high, most))

    @cached_property
    def _parts(self) -> tuple[Ints, ...]:
        """What the bits of each variable count for."""
        steps: list[int] = self._steps.tolist()
        widths: list[int] = ((self._high - self._low) // self._steps).tolist()
        if self.encoding == "log":
            return tuple(step * parts_of(width) for width, step in zip(widths, steps, strict=True))
        if max(widths) > _MAX_UNARY:
            raise ValueError(f"unary takes at most {_MAX_UNARY} bits, got {max(widths)}; take log")
        return tuple(
            np.full(width, step, dtype=np.int64) for width, step in zip(widths, steps, strict=True)
        )

    @cached_property
    def _starts(self) -> Ints:
        return np.cumsum([0, *(parts.size for parts in self._parts)])

    @cached_property
    def _slacks(self) -> tuple[Ints, ...]:
        return tuple(parts_of(row.high - row.low) for row in self.rows)

    @property
    def size(self) -> tuple[int, int]:
        """Bits, and every bit of a row with every other."""
        bits = np.diff(self._starts)
        widths = [
            int(bits[row.columns].sum()) + slack.size
            for row, slack in zip(self.rows, self._slacks, strict=True)
        ]
        products = sum(
            int(bits[i] * bits[j])
            for i, j in zip(*(index.tolist() for index in self._products[:2]), strict=True)
        )
        slack_bits = sum(slack.size for slack in self._slacks)
        return int(bits.sum()) + slack_bits, products + sum(w * (w + 1) // 2 for w in widths)

    @cached_property
    def penalty(self) -> float:
        """Weight of every square; 0 without rows."""
        if not self.rows:
            return 0.0
        span = float(np.abs(self._linear) @ (self._high - self._low))
        first, second, values = self._products
        corners = np.array(
            [a[first] * b[second] for a in (self._low, self._high) for b in (self._low, self._high)]
        )
        if first.size:
            squares = _least_square(self._low, self._high)[first]
            least = np.where(first == second, squares, corners.min(axis=0))
            span += float(np.abs(values) @ (corners.max(axis=0) - least))
        weights = np.concatenate([self._linear, values])
        whole = bool((weights == np.round(weights)).all())
        return span + (1.0 if whole or not span else span * _MARGIN)

    @cached_property
    def model(self) -> IsingModel:
        """Bits of the variables in order, then of the slacks."""
        sign = -1.0 if self.maximise else 1.0
        total = BitSum(self.size[0])
        total.offset = sign * (self.offset + self._value(self._low))
        self._add_objective(total, sign)
        first = int(self._starts[-1])
        for row, slack in zip(self.rows, self._slacks, strict=True):
            bits = [self._bits(j) for j in row.columns.tolist()]
            parts = [
                part * self._parts[j]
                for j, part in zip(row.columns.tolist(), row.parts.tolist(), strict=True)
            ]
            at_low = int(row.parts @ self._low[row.columns])
            total.add_square(
                np.concatenate([*bits, np.arange(first, first + slack.size)]),
                np.concatenate([*parts, slack]),
                at_low - row.high,
                weight=self.penalty,
            )
            first += slack.size
        return total.model()

    def _bits(self, j: int) -> Ints:
        return np.arange(self._starts[j], self._starts[j + 1])

    def _add_objective(self, total: BitSum, sign: float) -> None:
        """Linear parts and products, ``x = low + sum c b`` put in; the constant is in already."""
        slope = self._linear.copy()
        for i, j, value in zip(*(array.tolist() for array in self._products), strict=True):
            slope[i] += value * self._low[j]
            slope[j] += value * self._low[i]
            rows, cols = np.meshgrid(self._bits(i), self._bits(j), indexing="ij")
            total.add(rows, cols, sign * value * np.outer(self._parts[i], self._parts[j]))
        for j, value in enumerate(slope.tolist()):
            bits = self._bits(j)
            total.add(bits, bits, sign * value * self._parts[j])

    def decode(self, spins: SpinArray) -> Answer:
        """Values that the bits say."""
        x = np.asarray(spins) > 0
        return np.array(
            [
                low + int(parts @ x[first : first + parts.size])
                for low, parts, first in zip(
                    self._low.tolist(), self._parts, self._starts.tolist(), strict=False
                )
            ],
            dtype=np.int64,
        )

    def answer(self, values: npt.ArrayLike) -> Answer:
        """The values, if they are whole and within their bounds."""
        array = one_each(values, self._low.size)
        try:
            whole = whole_array(array, "answers")
        except ValueError as error:
            raise ValueError(str(error)) from error
        bad = np.flatnonzero((whole < self._low) | (whole > self._high))
        if bad.size:
            j = int(bad[0])
            raise ValueError(
                f"{self.labels[j]} must be in {self._low[j]}..{self._high[j]}, got {whole[j]}"
            )
        between = np.flatnonzero((whole - self._low) % self._steps)
        if between.size:
            j = int(between[0])
            raise ValueError(
                f"{self.labels[j]} must be {self._low[j]} plus a multiple of {self._steps[j]}, got "
                f"{whole[j]}"
            )
        return whole

    def encode(self, answer: npt.ArrayLike) -> SpinArray:
        """Bits of the values, and the slacks that fit best."""
        values = self.answer(answer)
        bits = [self._encoded(j, int(values[j])) for j in range(values.size)]
        for row, slack in zip(self.rows, self._slacks, strict=True):
            room = row.high - int(row.parts @ values[row.columns])
            bits.append(bits_of(min(max(0, room), row.high - row.low), slack))
        return (2 * np.concatenate(bits) - 1).astype(np.int8)

    def _encoded(self, j: int, value: int) -> Ints:
        parts, step = self._parts[j], int(self._steps[j])
        count = (value - int(self._low[j])) // step
        if self.encoding == "unary":
            return (np.arange(parts.size) < count).astype(np.int64)
        return bits_of(count, parts // step)

    def violated(self, answer: Answer) -> list[str]:
        """Rows that are not met."""
        lines = []
        for row in self.rows:
            left = int(row.parts @ answer[row.columns])
            if not row.low <= left <= row.high:
                names = [str(self.labels[j]) for j in row.columns[:3].tolist()]
                lines.append(
                    f"a constraint on {', '.join(names)}{', ...' if row.columns.size > 3 else ''}: "
                    f"{left} is not in {row.low}..{row.high}"
                )
        return lines

    def objective(self, answer: Answer) -> float:
        """Value of the function."""
        return self._value(np.asarray(answer)) + self.offset

    def energy_of(self, objective: float) -> float:
        """The objective, or minus it where more is better."""
        return -objective if self.maximise else objective

    def _value(self, x: Ints) -> float:
        rows, cols, values = self._products
        return float(self._linear @ x) + float(values @ (x[rows] * x[cols]))


def _checked_steps(steps: npt.ArrayLike, low: Ints, high: Ints) -> Ints:
    array = np.broadcast_to(whole_array(steps, "steps", low=1), low.shape)
    bad = np.flatnonzero((high - low) % array)
    if bad.size:
        j = int(bad[0])
        raise ValueError(f"steps must divide high - low, got {array[j]} for {low[j]}..{high[j]}")
    return array


def _least_square(low: Ints, high: Ints) -> Ints:
    """Smallest x^2 between bounds: 0 is between the corners where they differ in sign."""
    return np.where((low <= 0) & (high >= 0), 0, np.minimum(low**2, high**2))


def _products(
    quadratic: tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike], n: int
) -> tuple[Ints, Ints, FloatArray]:
    rows, cols = (np.asarray(part, dtype=np.int64).ravel() for part in quadratic[:2])
    values = np.asarray(quadratic[2], dtype=np.float64).ravel()
    inside = all(not part.size or 0 <= part.min() <= part.max() < n for part in (rows, cols))
    if not rows.size == cols.size == values.size or not inside:
        raise ValueError(f"quadratic must be three lists of one length, indices in 0..{n - 1}")
    return rows, cols, values


def _whole(row: FloatArray, total: float, k: int) -> tuple[Ints, Fraction]:
    """Coefficients without denominators and common divisor, and the total in their unit."""
    if not (np.isfinite(row).all() and np.isfinite(total)):
        raise ValueError(f"constraint {k} has nan or inf; correct it")
    # As written: 0.1 is a tenth, not the binary number next to it.
    exact = [Fraction(repr(value)) for value in row.tolist()]
    unit = int(np.lcm.reduce([1, *(min(part.denominator, 2**30) for part in exact)]))
    parts = [part * unit for part in exact]
    if unit > 2**20 or any(part.denominator != 1 or abs(part) > 2**31 for part in parts):
        raise ValueError(
            f"constraint {k} has coefficients without a small common denominator; round them to "
            "a few decimals"
        )
    whole = np.array([int(part) for part in parts], dtype=np.int64)
    divisor = max(1, int(np.gcd.reduce(whole))) if whole.size else 1
    return whole // divisor, Fraction(repr(total)) * unit / divisor
