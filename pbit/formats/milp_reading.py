"""From what an LP or MPS file says to a constrained model of dimod: exactly, or refused."""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import Any

from pbit.formats.cqm import CqmContents
from pbit.formats.decimals import plus, times
from pbit.formats.errors import FormatError, shown
from pbit.formats.milp import Column, Expression, Milp, Place, Row, new_name

_LARGEST = 2.0**53  # of dimod's integers
_SHOWN = 3
_DEFAULT_NAMES = ("", "obj")
"""What tools call an objective that has no name."""

Terms = list[tuple[Any, ...]]


def ascii_text(data: bytes, name: str, kind: str) -> str:
    """Return the text of a file whose format knows ASCII alone.

    Raises
    ------
    FormatError
        Another byte, at its line and column.
    """
    try:
        return data.decode("ascii")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        problem = f"not ASCII, as {kind} files are; rename it"
        raise FormatError(name, line, problem, column=column) from error


def contents_of(milp: Milp, format: str) -> CqmContents:
    """Return the programme as the contents of a file.

    Ranges become two rows, sets one row over bits, and reals that their bounds fix are put in.

    Raises
    ------
    FormatError
        Reals with room, bounds without a value, sets over anything but bits, or no variables.
    """
    return _Built(milp).contents(format)


class _Built:
    """A CQM while it is put together."""

    def __init__(self, milp: Milp) -> None:
        import dimod

        self.milp = milp
        self.cqm: Any = dimod.ConstrainedQuadraticModel()
        self.fixed: dict[int, float] = {}
        self.bits: set[int] = set()
        self.names = [column.name for column in milp.columns]
        self.taken = {row.name for row in milp.rows} | {one.name for one in milp.sets}
        self.places: dict[tuple[str, Hashable], Place] = {}

    def contents(self, format: str) -> CqmContents:
        milp = self.milp
        for number, column in enumerate(milp.columns):
            self._add_column(number, column)
        if not self.cqm.variables:
            raise milp.wrong(Place(1, 1), "no variables that are free to choose; is it cut off?")
        objective = self._expression(milp.objective, Place(1, 1))
        self.cqm.set_objective(self._terms(objective, -1.0 if milp.maximise else 1.0))
        for row in milp.rows:
            self._add_row(row)
        for one in milp.sets:
            self._add_set(one.name, one.place, one.members)
        name = milp.objective_name
        return CqmContents(
            cqm=self.cqm,
            maximise=milp.maximise,
            objective_name="objective" if name in _DEFAULT_NAMES else name,
            format=format,
            name=milp.name,
            notes=tuple(self._notes()),
            places=self.places,
        )

    def _notes(self) -> list[str]:
        notes = list(self.milp.notes)
        if self.fixed:
            said = [f"{self.names[j]} = {value:.15g}" for j, value in self.fixed.items()]
            notes.append(f"real variables that their bounds fix are put in: {_listed(said)}")
        if self.milp.sets:
            names = [one.name for one in self.milp.sets]
            notes.append(f"SOS1 over bits as a constraint, one at most is 1: {_listed(names)}")
        if self.milp.maximise:
            notes.insert(0, "a maximisation: the energy falls as the objective rises")
        return notes

    def _add_column(self, number: int, column: Column) -> None:
        low, high = self._bounds(column)
        self.places["variable", column.name] = column.place
        if column.kind == "real":
            if low != high:
                raise self.milp.wrong(
                    column.place,
                    f"{shown(column.name)} is real with bounds {low:g}..{high:g}, expected a "
                    "binary or integer variable, or a real one fixed by its bounds; declare it so",
                )
            self.fixed[number] = low
        elif (low, high) == (0.0, 1.0):
            self.bits.add(number)
            self.cqm.add_variable("BINARY", column.name)
        else:
            limits = {"lower_bound": max(low, 1 - _LARGEST), "upper_bound": min(high, _LARGEST - 1)}
            self.cqm.add_variable("INTEGER", column.name, **limits)

    def _bounds(self, column: Column) -> tuple[float, float]:
        bit, whole = column.kind == "binary", column.kind != "real"
        low = 0.0 if column.low is None else column.low
        high = (1.0 if bit else math.inf) if column.high is None else column.high
        if bit and not 0.0 <= low <= high <= 1.0:
            raise self.milp.wrong(
                column.place,
                f"{shown(column.name)} is binary and has bounds {low:g}..{high:g}, expected them "
                "in 0..1; correct one of them",
            )
        if whole:
            low, high = (
                (low if math.isinf(low) else float(math.ceil(low))),
                (high if math.isinf(high) else float(math.floor(high))),
            )
        if low > high:
            raise self.milp.wrong(
                column.place,
                f"{shown(column.name)} has no {'whole number' if whole else 'value'} in its bounds "
                f"{low:g}..{high:g}; correct them",
            )
        if whole and max((abs(v) for v in (low, high) if math.isfinite(v)), default=0) >= _LARGEST:
            raise self.milp.wrong(
                column.place,
                f"{shown(column.name)} has bounds {low:g}..{high:g}, expected them below 2^53; "
                "give narrower ones",
            )
        return low, high

    def _expression(self, given: Expression, place: Place) -> Expression:
        """Return an expression with fixed variables put in and squares of bits as they are."""
        found = Expression(constant=given.constant)
        try:
            for number, value in given.linear.items():
                self._put(found, (number,), value)
            for pair, value in given.products.items():
                self._put(found, pair, value)
        except OverflowError as error:
            raise self.milp.wrong(place, "terms add up beyond float64; scale them") from error
        return found

    def _put(self, found: Expression, body: tuple[int, ...], value: float) -> None:
        free = [number for number in body if number not in self.fixed]
        for number in body:
            value = times(value, self.fixed[number]) if number in self.fixed else value
        if not free:
            found.shift(value)
        elif len(free) == 1 or (free[0] == free[1] and free[0] in self.bits):
            found.add(free[0], value)
        else:
            found.multiply(free[0], free[1], value)

    def _terms(self, found: Expression, sign: float, *, constant: bool = True) -> Terms:
        names = self.names
        terms: Terms = [(names[j], sign * value + 0.0) for j, value in found.linear.items()]
        terms += [
            (names[i], names[j], sign * value + 0.0) for (i, j), value in found.products.items()
        ]
        return [*terms, (sign * found.constant + 0.0,)] if constant else terms

    def _add_row(self, row: Row) -> None:
        left = self._expression(row.left, row.place)
        terms = self._terms(left, 1.0, constant=False)
        low, high = self._end(row, row.low, left), self._end(row, row.high, left)
        if low == high:
            self._constrain(terms, "==", low, row.name, row.place)
            return
        name = row.name
        if math.isfinite(high):
            self._constrain(terms, "<=", high, name, row.place)
            name = new_name(f"{name}_low", self.taken) if math.isfinite(low) else name
        if math.isfinite(low):
            self._constrain(terms, ">=", low, name, row.place)

    def _end(self, row: Row, end: float, left: Expression) -> float:
        if math.isinf(end):
            return end
        try:
            return plus(end, -left.constant)
        except OverflowError as error:
            raise self.milp.wrong(row.place, "the limit exceeds float64; scale it") from error

    def _constrain(self, terms: Terms, sense: str, total: float, name: str, place: Place) -> None:
        self.cqm.add_constraint_from_iterable(terms, sense, rhs=total, label=name)
        self.places["constraint", name] = place

    def _add_set(self, name: str, place: Place, members: tuple[int, ...]) -> None:
        for number in members:
            column = self.milp.columns.listed[number]
            if number not in self.bits:
                raise self.milp.wrong(
                    place,
                    f"set {shown(name)} has {shown(column.name)}, expected variables that are 0 or "
                    "1; write the set as linear constraints",
                )
        terms: Terms = [(self.names[number], 1.0) for number in members]
        self._constrain(terms, "<=", 1.0, name, place)


def _listed(parts: list[str]) -> str:
    more = f" and {len(parts) - _SHOWN} more" if len(parts) > _SHOWN else ""
    return ", ".join(parts[:_SHOWN]) + more
