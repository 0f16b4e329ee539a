"""From the contents of a problem file to the problem it is meant to be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from pbit.formats import (
    AnyContents,
    ClauseContents,
    CompiledContents,
    Contents,
    DistanceContents,
    TermContents,
)
from pbit.problems.coloring import Coloring
from pbit.problems.core.compiled_problem import CompiledProblem
from pbit.problems.core.number_files import NUMBER_KINDS
from pbit.problems.core.problem import Problem
from pbit.problems.higher_order import Hising, Hubo
from pbit.problems.max_cut import MaxCut
from pbit.problems.pairwise import Qubo, Spins
from pbit.problems.sat import MaxSat, Sat
from pbit.problems.tsp import TravellingSalesman
from pbit.problems.vertex_sets import Clique, IndependentSet, VertexCover

ISING_SIGNS = {"minus": -1, "plus": 1}


@dataclass(frozen=True)
class Meaning:
    """What is said beside the file: see :func:`problem_of`."""

    ising_sign: str = "minus"
    colors: int | None = None


Maker = Callable[[Any, Meaning], Problem]


def problem_of(
    contents: AnyContents,
    problem: str | None = None,
    *,
    ising_sign: str = "minus",
    colors: int | None = None,
) -> Problem:
    """Problem in a file.

    Parameters
    ----------
    contents : AnyContents
        What `pbit.formats.read` gives.
    problem : str, optional
        What the file is meant to be, one of ``KINDS[contents.kind]``. A weighted graph has to be
        told; other files are the first of their kinds if nothing is said.
    ising_sign : {"minus", "plus"}
        For a graph meant as Ising: ``E = -sum J s s - sum h s`` or ``+``.
    colors : int, optional
        For a graph to be coloured.

    Raises
    ------
    ValueError
        A graph without ``problem``, a ``problem`` that the file cannot be, or ``colors`` for
        anything but a colouring.

    Examples
    --------
    >>> graph = Contents(kind="graph", num_variables=2, rows=np.array([0]), cols=np.array([1]),
    ...                  values=np.array([1.0]))
    >>> problem_of(graph, "maxcut").name
    'maxcut'
    """
    meaning = Meaning(ising_sign, colors)
    if isinstance(contents, CompiledContents):
        _check_kind(contents, problem, ("compiled",))
        source = problem_of(contents.source, contents.problem, ising_sign=contents.ising_sign)
        return CompiledProblem.from_contents(contents, source)
    kinds = KINDS[contents.kind]
    if problem is None and contents.kind == "graph":
        raise ValueError(
            f"{contents.name} is a weighted graph ({contents.format}); say what it is meant to "
            f"be with --problem {', '.join(list(kinds)[:-1])} or {list(kinds)[-1]}"
        )
    _check_kind(contents, problem, tuple(kinds))
    chosen = problem or next(iter(kinds))
    if colors is not None and chosen != "coloring":
        raise ValueError(
            f"{contents.name} as {chosen} takes no number of colours; leave --colors out, or give "
            "--problem coloring"
        )
    return kinds[chosen](contents, meaning)


def _check_kind(contents: AnyContents, problem: str | None, kinds: tuple[str, ...]) -> None:
    if problem in (None, *kinds):
        return
    others = f"; give --problem {' or '.join(kinds)}" if len(kinds) > 1 else ""
    raise ValueError(
        f"{contents.name} is a {contents.format} file and holds a problem of kind "
        f"{contents.kind}, not {problem}; leave --problem out{others}"
    )


def _max_cut(contents: Contents, meaning: Meaning) -> MaxCut:
    fields = np.flatnonzero(contents.rows == contents.cols)
    if fields.size:
        vertex = contents.labels[int(contents.rows[fields[0]])]
        raise ValueError(
            f"{contents.name} has a field on vertex {vertex}, which a max-cut problem cannot "
            "have; give --problem ising"
        )
    return MaxCut(contents.rows, contents.cols, contents.values, contents.labels)


def _coloring(contents: Contents, meaning: Meaning) -> Coloring:
    if meaning.colors is None:
        raise ValueError(
            f"{contents.name} as a coloring needs the number of colours; give --colors K, which "
            "pbit solve and pbit check take"
        )
    return Coloring(contents.rows, contents.cols, contents.labels, meaning.colors)


def _vertices(kind: type[IndependentSet]) -> Maker:
    def make(contents: Contents, meaning: Meaning) -> IndependentSet:
        return kind(contents.rows, contents.cols, contents.labels)

    return make


def _sat(contents: ClauseContents, meaning: Meaning) -> Sat:
    return Sat.of(contents.pointers, contents.literals, contents.labels)


def _max_sat(contents: ClauseContents, meaning: Meaning) -> MaxSat:
    return MaxSat(
        pointers=contents.pointers,
        literals=contents.literals,
        weights=contents.values,
        hard=contents.hard,
        labels=contents.labels,
    )


def _tsp(contents: DistanceContents, meaning: Meaning) -> TravellingSalesman:
    return TravellingSalesman(contents.values, contents.labels)


def _qubo(contents: Contents, meaning: Meaning) -> Qubo:
    if contents.kind == "graph" and contents.format == "rudy":
        raise ValueError(
            f"{contents.name} has a graph header; a QUBO with such a header is Biq Mac's format, "
            "which counts pairs twice: give --format biqmac"
        )
    if contents.kind == "graph" and contents.format == "matrix":
        raise ValueError(
            f"{contents.name} holds a matrix; as x'Qx over bits a symmetric one counts pairs "
            "twice: give --format qubo-matrix"
        )
    return Qubo(
        contents.rows,
        contents.cols,
        contents.values,
        contents.labels,
        contents.offset,
        contents.maximise,
    )


def _spins(contents: Contents, meaning: Meaning) -> Spins:
    sign = ISING_SIGNS[meaning.ising_sign if contents.kind == "graph" else "plus"]
    return Spins(
        contents.rows, contents.cols, contents.values, contents.labels, sign, contents.offset
    )


def _hubo(contents: TermContents, meaning: Meaning) -> Hubo:
    return Hubo(*_terms(contents))


def _hising(contents: TermContents, meaning: Meaning) -> Hising:
    return Hising(*_terms(contents))


def _terms(contents: TermContents) -> tuple[Any, ...]:
    return (
        contents.pointers, contents.members, contents.values, contents.labels, contents.offset
    )  # fmt: skip


KINDS: dict[str, dict[str, Maker]] = {
    "graph": {
        "maxcut": _max_cut,
        "ising": _spins,
        "qubo": _qubo,
        "coloring": _coloring,
        "clique": _vertices(Clique),
        "independent-set": _vertices(IndependentSet),
        "vertex-cover": _vertices(VertexCover),
    },
    "qubo": {"qubo": _qubo},
    "ising": {"ising": _spins},
    "hubo": {"hubo": _hubo},
    "hising": {"hising": _hising},
    **NUMBER_KINDS,
    "cnf": {"sat": _sat, "maxsat": _max_sat},
    "wcnf": {"maxsat": _max_sat},
    "tsp": {"tsp": _tsp},
}
"""What contents of each kind may be meant to be."""
