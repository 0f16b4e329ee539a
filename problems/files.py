"""From the contents of a problem file to the problem it is meant to be."""

from __future__ import annotations

import numpy as np

from pbit.formats import AnyContents, CompiledContents, Contents, TermContents
from pbit.problems.compiled import CompiledProblem
from pbit.problems.higher_order import Hising, Hubo
from pbit.problems.max_cut import MaxCut
from pbit.problems.pairwise import Qubo, Spins
from pbit.problems.problem import Problem

KINDS = ("maxcut", "ising", "qubo")
ISING_SIGNS = {"minus": -1, "plus": 1}


def problem_of(
    contents: AnyContents, problem: str | None = None, *, ising_sign: str = "minus"
) -> Problem:
    """Problem in a file.

    Parameters
    ----------
    contents : pbit.formats.Contents, TermContents or CompiledContents
    problem : {"maxcut", "ising", "qubo"}, optional
        What a weighted graph is meant to be; other files say it themselves.
    ising_sign : {"minus", "plus"}
        For a graph meant as Ising: ``E = -sum J s s - sum h s`` or ``+``.

    Raises
    ------
    ValueError
        A graph without ``problem``, or a ``problem`` that the file cannot be.

    Examples
    --------
    >>> graph = Contents(kind="graph", num_variables=2, rows=np.array([0]), cols=np.array([1]),
    ...                  values=np.array([1.0]))
    >>> problem_of(graph, "maxcut").name
    'maxcut'
    """
    if isinstance(contents, Contents) and contents.kind == "graph":
        return _graph(contents, problem, ISING_SIGNS[ising_sign])
    if problem not in (None, contents.kind):
        raise ValueError(
            f"{contents.name} is a {contents.format} file and holds a problem of kind "
            f"{contents.kind}, not {problem}; leave --problem out"
        )
    if isinstance(contents, CompiledContents):
        source = problem_of(contents.source, contents.problem, ising_sign=contents.ising_sign)
        return CompiledProblem.from_contents(contents, source)
    if isinstance(contents, TermContents):
        return _higher_order(contents)
    if contents.kind == "qubo":
        return _qubo(contents)
    return _spins(contents, ISING_SIGNS["plus"])


def _graph(contents: Contents, problem: str | None, sign: int) -> Problem:
    if problem is None:
        raise ValueError(
            f"{contents.name} is a weighted graph ({contents.format}); say what it is meant to "
            "be with --problem maxcut, ising or qubo"
        )
    if problem == "maxcut":
        return _max_cut(contents)
    if problem == "ising":
        return _spins(contents, sign)
    if contents.format == "rudy":
        raise ValueError(
            f"{contents.name} has a graph header; a QUBO with such a header is Biq Mac's format, "
            "which counts pairs twice: give --format biqmac"
        )
    return _qubo(contents)


def _max_cut(contents: Contents) -> MaxCut:
    fields = np.flatnonzero(contents.rows == contents.cols)
    if fields.size:
        vertex = contents.labels[int(contents.rows[fields[0]])]
        raise ValueError(
            f"{contents.name} has a field on vertex {vertex}, which a max-cut problem cannot "
            "have; give --problem ising"
        )
    return MaxCut(contents.rows, contents.cols, contents.values, contents.labels)


def _qubo(contents: Contents) -> Qubo:
    return Qubo(contents.rows, contents.cols, contents.values, contents.labels, contents.offset)


def _spins(contents: Contents, sign: int) -> Spins:
    return Spins(
        contents.rows, contents.cols, contents.values, contents.labels, sign, contents.offset
    )


def _higher_order(contents: TermContents) -> Hubo | Hising:
    kind = Hubo if contents.kind == "hubo" else Hising
    return kind(
        contents.pointers, contents.members, contents.values, contents.labels, contents.offset
    )
