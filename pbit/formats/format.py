"""What a format is: one record says all that the rest of the code knows of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, NamedTuple

from pbit.by_value import ByValue
from pbit.formats.sample import Sample

LAST = 1000


class Stage(IntEnum):
    """When a mark is looked for, the surest first; whoever answers first has told the format."""

    BYTES = 0
    """In the bytes as they are: the mark of a binary file."""
    JSON = 1
    """In text that begins with ``{``, which no later stage sees."""
    TEXT = 2
    """In all of the text, comments included, or in the name of the file."""
    LINE = 3
    """In the first line with data: a word, a shape that no row of numbers has."""
    NUMBERS = 4
    """In numbers alone, which several formats share."""


class Sign(NamedTuple):
    """A mark by which content tells its format.

    Parameters
    ----------
    stage : Stage
    rank : int
        Place within the stage, the smallest first; the order of files means nothing.
    tells : callable
        Given a `Sample`, whether it is of this format; before `Stage.TEXT` it may be binary.
    """

    stage: Stage
    rank: int
    tells: Callable[[Sample], bool]


@dataclass(frozen=True, kw_only=True)
class Holds:
    """What a file of a format has a place for when it is written.

    Parameters
    ----------
    kinds : tuple of str
        Kinds of contents that are written to it, or read from it where it is only read.
    labels : bool
        Names of variables.
    offset : bool
        A constant.
    sense : bool
        That the objective is to be maximised.
    fields : bool
        Fields of the vertices of a graph.
    repeats : bool
        The same pair listed twice.
    first : int
        Number of the first variable, where there are no names.
    """

    kinds: tuple[str, ...]
    labels: bool = False
    offset: bool = False
    sense: bool = False
    fields: bool = False
    repeats: bool = True
    first: int = 0


@dataclass(frozen=True, eq=False, kw_only=True)
class Format(ByValue):
    """A format of problem files.

    At the top of a module of `pbit.formats` it is found there; others call
    `pbit.formats.register`.

    Parameters
    ----------
    name : str
        What it is called, in `read(..., format=name)` and on the command line.
    what : str
        One line for people.
    read : callable
        ``read(data, name)`` gives the contents; with `several`,
        ``read(data, name, wanted, max_bytes=...)``, where `wanted` is what follows `#`.
    holds : Holds
    several : bool
        A file may hold several problems, or inflate further.
    reads_constants : bool
        The reader takes the constant that a comment states (`pbit.formats.remarks`); for others
        a note says that it is not added.
    listed : bool
        What is read has a number or a name for each variable, in the file or not:
        ``read(data, name, max_variables=...)`` refuses more of them before they are made.
    write : callable, optional
        Gives the pieces of a file, str or bytes; raises ValueError for what it cannot hold.
    signs : tuple of Sign
        How content tells the format; without any it has to be named.
    endings : tuple of str
        Of names that mean this format when a file is written, such as ".mc".
    rank : int
        Place in lists, the smallest first.

    Examples
    --------
    >>> from pbit.formats.rudy import FORMAT
    >>> FORMAT.name, FORMAT.holds.kinds, FORMAT.only_named
    ('rudy', ('graph',), False)
    """

    name: str
    what: str
    read: Callable[..., Any]
    holds: Holds
    several: bool = False
    reads_constants: bool = False
    listed: bool = False
    write: Callable[[Any], Iterator[str | bytes]] | None = None
    signs: tuple[Sign, ...] = ()
    endings: tuple[str, ...] = ()
    rank: int = LAST

    @property
    def only_named(self) -> bool:
        """Whether content never tells this format."""
        return not self.signs
