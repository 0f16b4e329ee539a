"""The formats of netlists: one record a format, in the module that reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pbit.by_value import ByValue
from pbit.formats.format import LAST, Sign
from pbit.problems.logic.circuits.circuit import Circuit
from pbit.registry import Registry


@dataclass(frozen=True, eq=False, kw_only=True)
class NetlistFormat(ByValue):
    """A format of netlists; at the top of a module of this package it is found.

    Parameters
    ----------
    name : str
        What it is called, in ``read_circuit(..., format=name)`` and on the command line.
    what : str
        One line for people.
    read : callable
        ``read(data, name)`` gives the circuit; with ``has_modules``, ``read(data, name, top=...)``.
    signs : tuple of Sign
        How content tells the format.
    has_modules : bool
        Whether a file may hold several modules, one of which is chosen.
    rank : int
        Place in lists, the smallest first.
    """

    name: str
    what: str
    read: Callable[..., Circuit]
    signs: tuple[Sign, ...]
    has_modules: bool = True
    rank: int = LAST


KNOWN = Registry("pbit.problems.logic.netlists", NetlistFormat)
