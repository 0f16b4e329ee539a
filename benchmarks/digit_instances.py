"""Instances of problems of digits with what is published of them, from files of a folder."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pbit
from pbit.problems.core.digits import digits_of
from pbit.problems.core.problem import Problem

CUTS = {"G1": (3, 4), "G22": (3, 4), "G43": (3, 4)}


class Instance(NamedTuple):
    """A problem; ``size``: digits; ``optimum``: the published one, None where none was checked."""

    section: str
    name: str
    size: int
    problem: Problem
    optimum: float | None


def assignments(folder: Path) -> Iterator[Instance]:
    """Those of QAPLIB."""
    for row in _rows(folder / "qaplib" / "best_known.csv"):
        name = row["instance"]
        problem = pbit.read(folder / "qaplib" / f"{name}.dat", format="qaplib")
        yield Instance("qap", name, _size(problem), problem, float(row["optimum"]))


def tours(folder: Path) -> Iterator[Instance]:
    """Those of TSPLIB, symmetric or not, that are there."""
    for row in _rows(folder / "tsplib" / "optima.csv"):
        name, *kind = row["instance"].split()
        path = folder / "tsplib" / f"{name}.{'atsp' if kind else 'tsp'}"
        if not path.exists():
            continue
        optimum = next(float(value) for value in list(row.values())[2:] if value)
        problem = pbit.read(path)
        yield Instance("tsp", name, _size(problem), problem, optimum)


def colorings(folder: Path) -> Iterator[Instance]:
    """Those of DIMACS, with as many colours as the chromatic number, or as are known to do."""
    for row in _rows(folder / "dimacs_coloring" / "chromatic_numbers.csv"):
        name = row["instance"]
        colors = next(int(x) for x in (list(row.values())[5], row["ub"]) if x not in ("", "None"))
        path = folder / "dimacs_coloring" / f"{name}.col.gz"
        problem = pbit.read(path, problem="coloring", colors=colors)
        yield Instance("colorings", f"{name}/{colors}", _size(problem), problem, 0.0)


def cuts(folder: Path) -> Iterator[Instance]:
    """Max-k-cuts of some graphs of the G-set: the weight cut in the time there is."""
    for name, many in CUTS.items():
        path = folder / "gset" / f"{name}.txt.gz"
        for parts in many if path.exists() else ():
            problem = pbit.read(path, problem="max-k-cut", colors=parts)
            yield Instance("k-cuts", f"{name}/{parts}", _size(problem), problem, None)


SECTIONS = {"qap": assignments, "tsp": tours, "colorings": colorings, "k-cuts": cuts}


def _size(problem: Problem) -> int:
    digits = digits_of(problem)
    assert digits is not None
    return int(digits.model.num_digits)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open() as file:
        return list(csv.DictReader(file))
