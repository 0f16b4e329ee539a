"""LP files from a programme, in what all readers of them take alike."""

from __future__ import annotations

import math
from collections.abc import Iterator

from pbit.formats.errors import shown
from pbit.formats.lp_tokens import is_name
from pbit.formats.milp import Column, Expression, Milp
from pbit.formats.writing import weight_text

_TERMS_A_LINE = 8


def lines_of(milp: Milp) -> Iterator[str]:
    """Yield the lines of an LP file; the objective names every variable, in their order.

    Raises
    ------
    ValueError
        A name that LP files cannot hold, or weights that cannot be doubled.
    """
    names = [column.name for column in milp.columns]
    _check_names(names, "label")
    _check_names([row.name for row in milp.rows], "constraint")
    _check_names([milp.objective_name] if milp.objective_name else [], "objective")
    yield "Maximize\n" if milp.maximise else "Minimize\n"
    linear = dict.fromkeys(range(len(names)), 0.0) | milp.objective.linear
    objective = Expression(linear, milp.objective.products, milp.objective.constant)
    yield from _wrapped(f" {milp.objective_name or 'obj'}:", _terms(objective, names, halved=True))
    yield "Subject To\n"
    for row in milp.rows:
        sense, end = ("<=", row.high) if math.isfinite(row.high) else (">=", row.low)
        terms = _terms(row.left, names, halved=False) or [f"0 {names[0]}"]
        right = f"{'=' if row.low == row.high else sense} {weight_text(end)}"
        yield from _wrapped(f" {row.name}:", [*terms, right])
    yield from _bounds(milp)
    for title, kind in (("Binaries", "binary"), ("Generals", "integer")):
        found = [column.name for column in milp.columns if column.kind == kind]
        if found:
            yield f"{title}\n"
            yield from _wrapped("", found)
    yield "End\n"


def _check_names(names: list[str], what: str) -> None:
    for name in names:
        if not is_name(name):
            raise ValueError(
                f"{what} {shown(name)} cannot be output to an LP file, whose names have letters, "
                "digits and signs such as _ but no blanks and no digit in front; rename it"
            )


def _wrapped(title: str, parts: list[str]) -> Iterator[str]:
    for start in range(0, max(1, len(parts)), _TERMS_A_LINE):
        yield f"{title} {' '.join(parts[start : start + _TERMS_A_LINE])}\n"
        title = ""


def _terms(given: Expression, names: list[str], *, halved: bool) -> list[str]:
    """Return the terms of a sum, each with its sign."""
    found = [_signed(value, f" {names[j]}") for j, value in given.linear.items()]
    if given.products:
        found += ["+ [", *_products(given, names, halved=halved), "] / 2" if halved else "]"]
    if given.constant:
        found.append(_signed(given.constant, ""))
    return found


def _products(given: Expression, names: list[str], *, halved: bool) -> Iterator[str]:
    for (first, second), value in given.products.items():
        written = 2.0 * value if halved else value
        if not math.isfinite(written):
            raise ValueError(
                f"products must be below 8.9e307 in an LP file, which has them doubled, got {value}"
                "; scale them"
            )
        pair = f"{names[first]} ^ 2" if first == second else f"{names[first]} * {names[second]}"
        yield _signed(written, f" {pair}")


def _signed(value: float, rest: str) -> str:
    return f"{'-' if value < 0 else '+'} {weight_text(abs(value))}{rest}"


def _bounds(milp: Milp) -> Iterator[str]:
    lines = [line for column in milp.columns if (line := _bound(column))]
    if lines:
        yield "Bounds\n"
        yield from lines


def _bound(column: Column) -> str:
    """Return what is said of the bounds, nothing where they are the usual ones."""
    low = 0.0 if column.low is None else column.low
    high = math.inf if column.high is None else column.high
    if column.kind == "binary" or (low, high) == (0.0, math.inf):
        return ""
    if (low, high) == (-math.inf, math.inf):
        return f" {column.name} free\n"
    left = "-inf" if math.isinf(low) else weight_text(low)
    right = "" if math.isinf(high) else f" <= {weight_text(high)}"
    return f" {left} <= {column.name}{right}\n"
