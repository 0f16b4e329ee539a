"""From a constrained model of dimod to what an LP or MPS file says: all of it, or refused."""

from __future__ import annotations

import math
from collections.abc import Hashable
from fractions import Fraction
from typing import Any

from pbit.formats.contents import Contents
from pbit.formats.cqm import CqmContents, model_of
from pbit.formats.errors import shown
from pbit.formats.milp import INFINITY, Column, Expression, Milp, Row

_NONE = 2.0**53 - 1  # what dimod takes for an integer without bounds


def milp_of(contents: Contents | CqmContents) -> Milp:
    """Return the programme that a file can say, names as they are.

    Numbers as labels become names ``x1`` of variables and ``c1`` of constraints.

    Raises
    ------
    ValueError
        Spins, soft constraints, labels that are no text, or weights that are not finite.
    """
    cqm = model_of(contents)
    _refuse_soft(cqm)
    milp = Milp(contents.name, maximise=contents.maximise)
    if isinstance(contents, CqmContents) and contents.objective_name != "objective":
        milp.objective_name = contents.objective_name
    labels = list(cqm.variables)
    for label, name in zip(labels, _names(labels, "x"), strict=True):
        _add_column(milp, cqm, label, name)
    numbers = {label: number for number, label in enumerate(labels)}
    milp.objective = _expression(cqm.objective, numbers, -1.0 if contents.maximise else 1.0)
    constraints = list(cqm.constraints)
    for label, name in zip(constraints, _names(constraints, "c"), strict=True):
        milp.rows.append(_row(cqm.constraints[label], numbers, name))
    return milp


def _refuse_soft(cqm: Any) -> None:
    soft = list(cqm._soft)
    if soft:
        raise ValueError(
            f"constraints must be hard in LP and MPS files, got {len(soft)} soft ones such as "
            f"{shown(str(soft[0]))}; put them into the objective"
        )


def _names(labels: list[Hashable], letter: str) -> list[str]:
    if all(type(label) is int for label in labels):
        return [f"{letter}{label}" for label in labels]
    for label in labels:
        if not isinstance(label, str):
            raise ValueError(
                f"labels must be text or whole numbers only, got {shown(repr(label))}, which "
                "cannot be output to an LP file or an MPS file; rename it"
            )
    return [str(label) for label in labels]


def _add_column(milp: Milp, cqm: Any, label: Hashable, name: str) -> None:
    kind = cqm.vartype(label).name.lower()
    if kind == "spin":
        raise ValueError(
            f"SPIN variables not supported in LP and MPS files, got {shown(name)}; convert spins "
            "to bits"
        )
    column = Column(name, kind=kind)
    if kind != "binary":
        low, high = float(cqm.lower_bound(label)), float(cqm.upper_bound(label))
        most = _NONE if kind == "integer" else INFINITY
        column.low = -math.inf if low <= -most else low
        column.high = math.inf if high >= most else high
    milp.columns.append(column)


def _expression(given: Any, numbers: dict[Hashable, int], sign: float) -> Expression:
    found = Expression(constant=sign * float(given.offset) + 0.0)
    for label in given.variables:
        found.linear[numbers[label]] = sign * float(given.get_linear(label)) + 0.0
    for first, second, value in given.iter_quadratic():
        found.multiply(numbers[first], numbers[second], sign * float(value) + 0.0)
    values = [*found.linear.values(), *found.products.values(), found.constant]
    if not all(map(math.isfinite, values)):
        raise ValueError("weights must be finite, got nan or inf; remove those terms")
    return found


def _row(constraint: Any, numbers: dict[Hashable, int], name: str) -> Row:
    left, sense = _expression(constraint.lhs, numbers, 1.0), str(constraint.sense.value)
    right = float(constraint.rhs)
    end = right - left.constant
    if not math.isfinite(end) or Fraction(end) != Fraction(right) - Fraction(left.constant):
        raise ValueError(
            f"constraint {shown(name)} must have one constant, and float64 does not hold "
            f"{right!r} - {left.constant!r}; write it on the right"
        )
    left.constant = 0.0
    low, high = (end if sense != "<=" else -math.inf), (end if sense != ">=" else math.inf)
    return Row(name, left=left, low=low, high=high)
