"""From the contents of a problem file to the problem it is meant to be."""

from __future__ import annotations

from collections.abc import Iterable

from pbit.formats import AnyContents, CompiledContents
from pbit.formats.errors import FormatError, shown
from pbit.problems.core.problem import Problem
from pbit.problems.core.problem_kind import Meaning, ProblemKind
from pbit.problems.core.registry import KNOWN, meanings

_OF_ENERGIES = ("ising", "qubo")


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
        What the file is meant to be, one of ``meanings(contents.kind)``. A weighted graph has to
        be told; other files are the first of their kinds if nothing is said.
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
    >>> import numpy as np
    >>> from pbit.formats import Contents
    >>> graph = Contents(kind="graph", num_variables=2, rows=np.array([0]), cols=np.array([1]),
    ...                  values=np.array([1.0]))
    >>> problem_of(graph, "maxcut").name
    'maxcut'
    """
    if isinstance(contents, CompiledContents):
        return _compiled(contents, problem)
    chosen = _usual(contents) if problem is None else _fitting(contents, problem)
    if colors is not None and not chosen.takes_colors:
        raise ValueError(
            f"{contents.name} as {chosen.name} takes no number of colours; leave colors=None, or "
            "give problem='coloring'"
        )
    _refuse_constant(contents, chosen)
    return chosen.make(contents, Meaning(ising_sign, colors))


def _refuse_constant(contents: AnyContents, chosen: ProblemKind) -> None:
    offset = getattr(contents, "offset", 0.0)
    if contents.kind == "graph" and offset and chosen.name not in _OF_ENERGIES:
        raise ValueError(
            f"{contents.name} has a constant of {offset:g}, which a {chosen.name} problem cannot "
            "have; give problem='ising'"
        )


def _compiled(contents: CompiledContents, problem: str | None) -> Problem:
    from pbit.problems.core.compiled_problem import CompiledProblem  # it brings the graph compiler

    if problem not in (None, "compiled"):
        raise _unfit(contents, problem, ("compiled",))
    _check_source(contents)
    source = problem_of(contents.source, contents.problem, ising_sign=contents.ising_sign)
    return CompiledProblem.from_contents(contents, source)


def _check_source(contents: CompiledContents) -> None:
    """The file says what its problem is, but not how many colours there are."""
    kinds = meanings(contents.source.kind).values()
    known = [kind.name for kind in kinds if not kind.takes_colors]
    if contents.problem is not None and contents.problem not in known:
        raise FormatError(
            contents.name,
            None,
            f"'source' has problem {shown(contents.problem)}, expected one of null, "
            f"{', '.join(known)}; compile again",
        )


def _usual(contents: AnyContents) -> ProblemKind:
    """What the contents are where nothing is said."""
    known = meanings(contents.kind)
    if contents.kind == "graph":
        raise ValueError(
            f"{contents.name} is a weighted graph ({contents.format}); say what it is meant to be "
            f"with problem={_listed(known)}"
        )
    if not known:
        raise ValueError(
            f"{contents.name} is a {contents.format} file and holds a problem of kind "
            f"{contents.kind}, which no problem is made of; register a ProblemKind for it"
        )
    return next(iter(known.values()))


def _fitting(contents: AnyContents, problem: str) -> ProblemKind:
    chosen = KNOWN.find(problem)
    if chosen is None or contents.kind not in chosen.of:
        raise _unfit(contents, problem, tuple(meanings(contents.kind)))
    return chosen


def _unfit(contents: AnyContents, problem: str | None, known: tuple[str, ...]) -> ValueError:
    others = f"; give problem={_listed(known)}" if len(known) > 1 else ""
    return ValueError(
        f"{contents.name} is a {contents.format} file and holds a problem of kind "
        f"{contents.kind}, not {problem}; leave problem=None{others}"
    )


def _listed(names: Iterable[str]) -> str:
    *first, last = map(repr, names)
    return f"{', '.join(first)} or {last}" if first else last
