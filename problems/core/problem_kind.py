"""What a kind of problem is to the rest of the code: one record beside its class."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pbit.by_value import ByValue
from pbit.formats.errors import FormatError
from pbit.problems.core.problem import Problem

LAST = 1000


@dataclass(frozen=True)
class Meaning:
    """What is said beside the file: see :func:`pbit.problems.core.reading.problem_of`."""

    ising_sign: str = "minus"
    colors: int | None = None


Maker = Callable[[Any, Meaning], Problem]


@dataclass(frozen=True, eq=False, kw_only=True)
class ProblemKind(ByValue):
    """What files may be meant to be.

    At the top of a module of `pbit.problems` it is found there; others call
    `pbit.problems.core.registry.register`.

    Parameters
    ----------
    name : str
        The problem's, in ``problem_of(..., name)`` and on the command line.
    of : tuple of str
        Kinds of contents that it is made of, see `pbit.formats.format.Holds`.
    make : callable
        Given contents and a `Meaning`, the problem; ValueError if they do not fit.
    rank : int
        Place in lists, the smallest first; of the problems that contents may be, the first is
        taken where nothing is said.
    takes_colors : bool
        Whether a number of colours is asked for.

    Examples
    --------
    >>> from pbit.problems.max_cut import PROBLEM
    >>> PROBLEM.name, PROBLEM.of
    ('maxcut', ('graph',))
    """

    name: str
    of: tuple[str, ...]
    make: Maker
    rank: int = LAST
    takes_colors: bool = False


def told_by_file(make: Maker) -> Maker:
    """The maker with refusals that name the file: the data, not an argument, are wrong."""

    def made(contents: Any, meaning: Meaning) -> Problem:
        try:
            return make(contents, meaning)
        except ValueError as error:
            raise FormatError(contents.name, None, str(error)) from error

    return made
