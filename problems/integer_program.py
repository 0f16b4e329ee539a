"""Integer programmes: linear constraints on whole numbers between bounds, as bits and penalties."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray, SpinArray
from pbit.problems.core.base import BaseProblem, one_each
from pbit.problems.core.problem import Answer
from pbit.problems.parts.bit_sum import BitSum, Ints, bits_of, parts_of, whole_array
from pbit.problems.parts.integer_repair import (
    Table,
    improved,
    relaxing,
    repaired,
    table_of,
    violated,
)
from pbit.problems.parts.integer_rows import Row, whole_rows

_MAX_UNARY = 4096
_MARGIN = 2.0**-10


@dataclass(frozen=True, eq=False, kw_only=True)
class IntegerProgram(ByValue, BaseProblem):
    r"""Minimise ``linear @ x + sum values x_row x_col + offset`` with ``matrix @ x`` bounded.

    x are whole numbers in ``low..high``; an answer gives each its value. In bits,
    ``x_j = low_j + sum_k c_k b_jk``: "log" takes the fewest bits, "unary" high - low bits, where
    neighbouring values are one flip apart. A row ``a x <= t`` gets a slack in the fewest
    bits, ``(a x + y - t)^2`` with y in 0..(t - smallest a x); rows are first divided by the common
    divisor of their coefficients, decimals made whole by their common denominator, and rows that
    the bounds imply are left out.

    The penalty on every square is one of two bounds plus 1, where the objective f has whole
    coefficients (otherwise plus 2^-10 of the bound, or 1 if it is 0). A violated row has a square
    of at least 1, for its coefficients and its total are whole.

    - ``f_max - f_min`` over the box, term by term. A state that violates a row then has an energy
      of more than ``f_min + f_max - f_min``, which no feasible answer exceeds.
    - The most that one step of one variable changes f by, where each variable has a direction that
      brings no row nearer to being violated (packing and covering: ``<=`` or ``>=`` with
      coefficients of one sign, no ``==``). While a row is violated one of its variables can take a
      step that way, for all of them at their ends meet it. The square of the row falls by 1 or
      more, no other rises, and slacks reach what is left, so that the energy falls: every
      infeasible state lies above a feasible one.

    So no ground state is infeasible where a feasible answer exists. `decode` takes the steps of the
    second kind where there are any; else finding a feasible answer may be as hard as the problem.

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
    row_names : sequence of m, optional
        What messages call the rows.

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
    row_names: Sequence[object] = ()

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
            raise ArgumentError("encoding", "must be log or unary", self.encoding)
        labels = self.labels if len(self.labels) else range(n)
        if len(labels) != n:
            raise ArgumentError("labels", f"must be {n}, one a variable", len(labels))
        empty = np.flatnonzero(low > high)
        if empty.size:
            j = int(empty[0])
            raise ArgumentError(
                "low", "must be <= high", got=f"{low[j]} > {high[j]} for {labels[j]}"
            )
        set_to = {"linear": linear, "low": low, "high": high, "labels": labels}
        set_to["quadratic"] = _products(self.quadratic, n)
        set_to["steps"] = _checked_steps(self.steps, low, high)
        for field, value in set_to.items():
            object.__setattr__(self, field, value)
        weights = np.concatenate([linear, self._products[2], [self.offset]])
        if not np.isfinite(weights).all():
            raise ValueError(
                "linear, quadratic and offset must be finite, got nan or inf; correct them"
            )
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
        return whole_rows(
            self.matrix,
            self.senses,
            self.totals,
            low=self._low,
            high=self._high,
            names=self.row_names,
        )

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
        enough = float(self._steepest.max()) if self._relaxing is not None else self._span
        weights = np.concatenate([self._linear, self._products[2]])
        whole = bool((weights == np.round(weights)).all())
        return enough + (1.0 if whole or not enough else enough * _MARGIN)

    @property
    def beta_range(self) -> tuple[float, float]:
        """From where squares are crossed to where steps of the objective are frozen."""
        unit = float(self._steepest.max()) or 1.0
        return min(0.003 / unit, 0.1 / (self.penalty or unit)), 10.0 / unit

    @cached_property
    def _span(self) -> float:
        """Largest less smallest objective over the box, term by term."""
        span = float(np.abs(self._linear) @ (self._high - self._low))
        first, second, values = self._products
        if not first.size:
            return span
        ends = (self._low, self._high)
        corners = np.array([one[first] * other[second] for one in ends for other in ends])
        squares = _least_square(self._low, self._high)[first]
        least = np.where(first == second, squares, corners.min(axis=0))
        return span + float(np.abs(values) @ (corners.max(axis=0) - least))

    @cached_property
    def _steepest(self) -> FloatArray:
        """Most that one step of each variable can change the objective by, float64 (n,)."""
        slope = np.abs(self._linear)
        furthest = np.maximum(np.abs(self._low), np.abs(self._high)).astype(np.float64)
        first, second, values = self._products
        np.add.at(slope, first, np.abs(values) * furthest[second])
        np.add.at(slope, second, np.abs(values) * furthest[first])
        return slope * self._steps

    @cached_property
    def _relaxing(self) -> Ints | None:
        return relaxing(self.rows, self._low, self._high)

    @cached_property
    def _table(self) -> Table | None:
        return table_of(self.rows, self._low, self._high, steps=self._steps)

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
        """Values that the bits say, repaired where rows are packing or covering, then improved.

        A linear objective is improved one variable at a time, as far as the rows allow.
        """
        x, table = self._said(spins), self._table
        if table is None:
            return x
        slope = (-1.0 if self.maximise else 1.0) * self._linear
        x = repaired(table, x, slope)
        if self._products[0].size or violated(table, x).any():
            return x
        return improved(table, x, slope)

    def _said(self, spins: SpinArray) -> Answer:
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
        raise ArgumentError(
            "steps", "must divide high - low", got=f"{array[j]} for {low[j]}..{high[j]}"
        )
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
        raise ArgumentError(
            "quadratic", f"must be three lists of one length, indices in 0..{n - 1}"
        )
    return rows, cols, values
