"""dimod's constrained models as digits: groups as they are, other constraints at a price."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator

import dimod
import numpy as np

from pbit.checks import ArgumentError, positive
from pbit.models.conventions.arrays import DitArrays
from pbit.models.conventions.cases import (
    Digit,
    Digits,
    Quadratic,
    Square,
    case_arrays,
    case_values,
    one_hot,
    own,
)
from pbit.models.conventions.dimod_groups import groups_of_cqm
from pbit.models.labels import FloatArray, index_of

_WIDEST = 2**12  # values of an integer or of a slack


def digits_of_cqm(
    cqm: dimod.ConstrainedQuadraticModel,
    *,
    penalty: float | Callable[[DitArrays], float] | None = None,
) -> Digits:
    """A digit for each group, each other variable and the slack of each inequality.

    ``penalty`` is what a violation by 1 costs, or a function of the objective alone that says it.

    Raises
    ------
    TypeError
        No CQM.
    ValueError
        Real variables or too wide integers, constraints beyond the groups without a penalty, or
        such as a penalty of squares cannot hold: quadratic or soft ones, inequalities of
        coefficients that are not whole.
    """
    found = groups_of_cqm(cqm)
    labels = list(cqm.variables)
    position = index_of(labels)
    taken = {v for group in found.groups.values() for v in group}
    digits = [
        one_hot(label, [position[v] for v in group], group) for label, group in found.groups.items()
    ]
    digits += [_alone(cqm, v, position[v]) for v in labels if v not in taken]
    rest = [label for label in cqm.constraints if label not in found.groups]
    _check_said(penalty, rest)
    squares: list[tuple[FloatArray, float, bool]] = []
    for label in rest:
        row, total, slack = _row(cqm, label, position)
        if slack > 0:
            digits.append(own(("slack", label), len(labels) + len(squares), range(slack + 1)))
        squares.append((row, total, slack > 0))
    width = len(labels) + len(squares)
    table = case_values(digits, width)
    objective = _objective(cqm, position, width)
    price = penalty(case_arrays(table, objective)) if callable(penalty) else penalty or 0.0
    return Digits(case_arrays(table, objective, _squares(squares, width, price)), table)


def _alone(cqm: dimod.ConstrainedQuadraticModel, label: Hashable, number: int) -> Digit:
    kind = cqm.vartype(label)
    if kind in (dimod.BINARY, dimod.SPIN):
        return own(label, number, (0, 1) if kind is dimod.BINARY else (-1, 1))
    low, high = np.ceil(cqm.lower_bound(label)), np.floor(cqm.upper_bound(label))
    if kind is not dimod.INTEGER or not 0 <= high - low < _WIDEST:
        got = "a real one" if kind is dimod.REAL else f"{low:g} to {high:g}"
        raise ArgumentError(
            "variables",
            f"must be binary, spin, or integer with 1 to {_WIDEST} values",
            got=f"{got} ({label!r})",
            remedy="give it bounds, or pbit.solve(cqm), which has bits for wide integers",
        )
    return own(label, number, range(int(low), int(high) + 1))


def _check_said(penalty: object, rest: list[Hashable]) -> None:
    if penalty is not None and not callable(penalty):
        positive("penalty", penalty)
    if penalty is None and rest:
        raise ArgumentError(
            "penalty",
            "must be given for constraints that are no groups of which exactly one is set",
            got=f"none, and constraint {rest[0]!r}",
            remedy="what a violation by 1 is to cost, or pbit.solve(cqm), which derives it",
        )


def _row(
    cqm: dimod.ConstrainedQuadraticModel, label: Hashable, position: dict[Hashable, int]
) -> tuple[FloatArray, float, int]:
    """``sum row x + slack = total`` with a slack of 0 to so many, for a constraint."""
    constraint = cqm.constraints[label]
    left, sense = constraint.lhs, str(constraint.sense.value)
    if left.num_interactions or label in cqm._soft:
        raise ArgumentError(
            "constraints",
            "beyond the groups must be linear and hard",
            got=f"{label!r}",
            remedy="replace products by variables, and put soft ones into the objective",
        )
    row = np.zeros(len(position))
    for v in left.variables:
        row[position[v]] = float(left.get_linear(v))
    total = float(constraint.rhs) - float(left.offset)
    if sense == "==":
        return row, total, 0
    if sense == ">=":
        row, total = -row, -total
    return row, np.floor(total), _slack(cqm, label, row=row, total=np.floor(total))


def _slack(
    cqm: dimod.ConstrainedQuadraticModel, label: Hashable, *, row: FloatArray, total: float
) -> int:
    if (row != np.round(row)).any():
        raise ArgumentError(
            "inequalities",
            "must have whole coefficients",
            got=f"constraint {label!r}",
            remedy="multiply it by a factor that makes them whole",
        )
    least = sum(min(c * low, c * high) for c, (low, high) in zip(row, _bounds(cqm), strict=True))
    if least > total:
        raise ValueError(
            f"constraint {label!r} cannot be met, its left side is {least - total:g} too far at "
            "least; the problem is infeasible"
        )
    if total - least >= _WIDEST:
        raise ArgumentError(
            "inequalities",
            f"must have a slack of fewer than {_WIDEST} values",
            got=f"{total - least:g} of constraint {label!r}",
            remedy="pbit.solve(cqm) has bits for wide ones",
        )
    return int(total - least)


def _bounds(cqm: dimod.ConstrainedQuadraticModel) -> Iterator[tuple[float, float]]:
    for v in cqm.variables:
        is_spin = cqm.vartype(v) is dimod.SPIN
        low = -1.0 if is_spin else float(np.ceil(cqm.lower_bound(v)))
        yield low, 1.0 if is_spin else float(np.floor(cqm.upper_bound(v)))


def _squares(
    rows: list[tuple[FloatArray, float, bool]], width: int, price: float
) -> Iterator[Square]:
    first = width - len(rows)
    for k, (row, total, has_slack) in enumerate(rows):
        coefficients = np.zeros(width)
        coefficients[:first] = row
        coefficients[first + k] = float(has_slack)
        yield Square(coefficients, total, price)


def _objective(
    cqm: dimod.ConstrainedQuadraticModel, position: dict[Hashable, int], width: int
) -> Quadratic:
    objective = cqm.objective
    linear = np.zeros(width)
    for v in objective.variables:
        linear[position[v]] = float(objective.get_linear(v))
    products = [(position[u], position[v], float(b)) for u, v, b in objective.iter_quadratic()]
    rows, cols, biases = np.array(products).reshape(-1, 3).T
    return Quadratic(
        linear, rows.astype(np.int64), cols.astype(np.int64), biases, float(objective.offset)
    )
