"""MPS files from a programme, in free format and with all bounds stated."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from pbit.formats.errors import shown
from pbit.formats.milp import LONGEST_NAME, Column, Expression, Milp, Row, new_name
from pbit.formats.writing import weight_text

_NAME = re.compile(r"[!-~]+")
_TITLE = "pbit"


def lines_of(milp: Milp) -> Iterator[str]:
    """Yield the lines of an MPS file.

    Raises
    ------
    ValueError
        A name that MPS files cannot hold, or squares that cannot be doubled.
    """
    columns, rows = list(milp.columns), milp.rows
    _check_names([column.name for column in columns], "label")
    _check_names([row.name for row in rows], "constraint")
    objective = milp.objective_name or new_name("obj", {row.name for row in rows})
    _check_names([objective], "objective")
    if objective in {row.name for row in rows}:
        raise ValueError(
            f"the objective and a constraint are both called {shown(objective)}, which an MPS file "
            "cannot hold; rename one of them"
        )
    yield f"NAME {_TITLE}\n"
    yield "OBJSENSE\n MAX\n" if milp.maximise else ""
    yield f"ROWS\n N {objective}\n"
    yield from (f" {_kind(row)} {row.name}\n" for row in rows)
    yield "COLUMNS\n"
    yield from _columns(milp, objective)
    yield "RHS\n"
    if milp.objective.constant:
        yield f" RHS {objective} {weight_text(-milp.objective.constant)}\n"
    yield from (f" RHS {row.name} {weight_text(_end(row))}\n" for row in rows if _end(row))
    yield "BOUNDS\n"
    for column in columns:
        yield from _bounds(column)
    yield from _objective_products(milp.objective, columns)
    for row in rows:
        yield from _row_products(row, columns)
    yield "ENDATA\n"


def _check_names(names: list[str], what: str) -> None:
    for name in names:
        if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME or name[0] in "$*'":
            raise ValueError(
                f"{what} {shown(name)} cannot be output to an MPS file, whose names have 1 to "
                f"{LONGEST_NAME} ASCII characters, no blanks and no $, * or ' in front; rename it"
            )


def _kind(row: Row) -> str:
    return "E" if row.low == row.high else "L" if math.isfinite(row.high) else "G"


def _end(row: Row) -> float:
    return row.high if math.isfinite(row.high) else row.low


def _columns(milp: Milp, objective: str) -> Iterator[str]:
    """Yield entries column by column, whole ones between markers."""
    parts: list[list[tuple[str, float]]] = [[] for _ in milp.columns]
    for number in range(len(parts)):
        parts[number].append((objective, milp.objective.linear.get(number, 0.0)))
    for row in milp.rows:
        for number, value in row.left.linear.items():
            if value:
                parts[number].append((row.name, value))
    whole = False
    for column, entries in zip(milp.columns, parts, strict=True):
        if (column.kind != "real") != whole:
            whole = not whole
            yield f" MARKER 'MARKER' '{'INTORG' if whole else 'INTEND'}'\n"
        yield from (f" {column.name} {row} {weight_text(value)}\n" for row, value in entries)
    if whole:
        yield " MARKER 'MARKER' 'INTEND'\n"


def _bounds(column: Column) -> Iterator[str]:
    """Yield both bounds, the lower one first: what is left out differs among readers."""
    if column.kind == "binary":
        yield f" BV BOUND {column.name}\n"
        return
    low = 0.0 if column.low is None else column.low
    high = math.inf if column.high is None else column.high
    if math.isinf(low):
        yield f" MI BOUND {column.name}\n"
    else:
        yield f" LO BOUND {column.name} {weight_text(low)}\n"
    if math.isinf(high):
        yield f" PL BOUND {column.name}\n"
    else:
        yield f" UP BOUND {column.name} {weight_text(high)}\n"


def _objective_products(objective: Expression, columns: list[Column]) -> Iterator[str]:
    if objective.products:
        yield "QUADOBJ\n"
    for (first, second), value in objective.products.items():
        entry = 2.0 * value if first == second else value
        if not math.isfinite(entry):
            raise ValueError(
                f"squares must be below 8.9e307 in an MPS file, which has them doubled, got {value}"
                "; scale them"
            )
        yield f" {columns[first].name} {columns[second].name} {weight_text(entry)}\n"


def _row_products(row: Row, columns: list[Column]) -> Iterator[str]:
    if row.left.products:
        yield f"QCMATRIX {row.name}\n"
    for (first, second), value in row.left.products.items():
        if first == second:
            yield f" {columns[first].name} {columns[first].name} {weight_text(value)}\n"
            continue
        half = value / 2
        if half * 2 != value:
            raise ValueError(f"products must have a half in float64, got {value}; scale them")
        yield f" {columns[first].name} {columns[second].name} {weight_text(half)}\n"
        yield f" {columns[second].name} {columns[first].name} {weight_text(half)}\n"
