"""The kinds of problems there are: one for each record in a module of `pbit.problems`."""

from __future__ import annotations

from pbit.problems.core.problem_kind import ProblemKind
from pbit.registry import Registry

KNOWN = Registry("pbit.problems", ProblemKind)


def meanings(kind: str) -> dict[str, ProblemKind]:
    """What contents of this kind may be meant to be, by name; the first is the usual one.

    Examples
    --------
    >>> list(meanings("cnf"))
    ['sat', 'maxsat']
    """
    return {name: found for name, found in KNOWN.all().items() if kind in found.of}


def register(kind: ProblemKind) -> ProblemKind:
    """The kind of problem, which from now on is found like those of `pbit.problems`.

    Raises
    ------
    ValueError
        Another one has its name.
    """
    return KNOWN.register(kind)
