"""What a format of data sets is, and the formats there are: one record in the module that reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from pbit.by_value import ByValue
from pbit.formats.format import LAST, Sign
from pbit.problems.learning.raw_data import RawData
from pbit.registry import Registry


class Found(NamedTuple):
    """What is to be read: the bytes of a file, or no bytes and the path of a folder."""

    data: bytes
    name: str


class Asked(NamedTuple):
    """What is asked of a file: labels by name, one part of several, the most bytes, and whether
    values may be missing."""

    labels: str | None
    part: str | None
    max_bytes: int
    missing: bool = False


@dataclass(frozen=True, eq=False, kw_only=True)
class DataFormat(ByValue):
    """A format of data sets; at the top of a module of this package it is found.

    Parameters
    ----------
    name : str
        What it is called, in ``read_data(..., format=name)``.
    what : str
        One line for people.
    read : callable
        ``read(found, asked)`` gives a :class:`RawData`.
    signs : tuple of Sign
        How content tells the format.
    takes_folders : bool
        Whether a folder is read, too: ``found.data`` is empty then.
    has_parts : bool
        Whether ``FILE#NAME`` chooses something inside.
    names_labels : bool
        Whether labels inside the file have a name; a text is a file of labels else.
    rank : int
        Place in lists, the smallest first.
    """

    name: str
    what: str
    read: Callable[[Found, Asked], RawData]
    signs: tuple[Sign, ...]
    takes_folders: bool = False
    has_parts: bool = False
    names_labels: bool = False
    rank: int = LAST


KNOWN = Registry("pbit.problems.learning.data_formats", DataFormat)
