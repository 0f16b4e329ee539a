"""The kinds of machines there are: one record in a module here, and those registered."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.formats.errors import FormatError, shown
from pbit.formats.format import LAST
from pbit.problems.learning.learnt_from import LearntFrom
from pbit.problems.learning.machine_file import MachineFile, read_machine, write_machine
from pbit.registry import Registry


class Machine(Protocol):
    """What can be written to a file and read back."""

    def to_arrays(self) -> tuple[dict[str, npt.NDArray[Any]], dict[str, Any]]:
        """Arrays, and settings that JSON gives back."""
        ...

    @classmethod
    def from_arrays(
        cls, arrays: Mapping[str, npt.NDArray[Any]], settings: Mapping[str, Any]
    ) -> Machine:
        """The machine of these; ValueError, TypeError or KeyError where they do not fit."""
        ...


@dataclass(frozen=True, eq=False, kw_only=True)
class MachineKind(ByValue):
    """A kind of machines; at the top of a module of this package it is found.

    Parameters
    ----------
    name : str
        What it is called in files.
    what : str
        One line for people.
    machine : type
        The class, see :class:`Machine`.
    rank : int
        Place in lists, the smallest first.
    """

    name: str
    what: str
    machine: type[Any]
    rank: int = LAST


KNOWN = Registry("pbit.problems.machines", MachineKind)
_LEARNT_FROM = "learnt_from"


def register(kind: MachineKind) -> MachineKind:
    """The kind, whose machines are from now on loaded like the others.

    Raises
    ------
    ValueError
        Another kind has its name.
    """
    return KNOWN.register(kind)


def machine_kinds() -> dict[str, str]:
    """All kinds by name, with a line on each."""
    return {found.name: found.what for found in KNOWN.all().values()}


def save_machine(machine: Machine, path: str | os.PathLike[str]) -> None:
    """Write a trained machine, all or nothing; :func:`load_machine` gives it back.

    So does its attribute ``learnt_from_``, a :class:`pbit.problems.learning.LearntFrom`, if it has
    one: shape of images, threshold, names of columns.

    Raises
    ------
    TypeError, ValueError
        Nothing of a known kind, or with something that a file has no place for.
    OSError
        The folder is missing or cannot be written to.
    ImportError
        Safetensors is missing.
    """
    known = KNOWN.all().values()
    name = next((kind.name for kind in known if kind.machine is type(machine)), None)
    if name is None:
        raise TypeError(
            f"machine must be of a known kind ({', '.join(machine_kinds()) or 'none'}), got "
            f"{type(machine).__name__}; register its class"
        )
    arrays, settings = machine.to_arrays()
    learnt_from = getattr(machine, "learnt_from_", None)
    if learnt_from is not None:
        settings = settings | {_LEARNT_FROM: learnt_from.to_settings()}
    write_machine(path, name, arrays=arrays, settings=settings)


def load_machine(path: str | os.PathLike[str]) -> Any:
    """The machine that a file holds, of whatever kind.

    Raises
    ------
    FormatError
        Truncated or damaged, not ours, of another version or an unknown kind; arrays or settings
        that do not fit the kind.
    OSError
        The file cannot be opened.
    MemoryError
        It does not fit into memory.
    ImportError
        Safetensors is missing.
    """
    file = read_machine(path)
    kind = KNOWN.find(file.kind)
    if kind is None:
        raise FormatError(
            os.fspath(path),
            None,
            f"a machine of kind {shown(file.kind)}, expected one of "
            f"{', '.join(machine_kinds()) or 'none'}; import what registers it, or update pbit",
        )
    return _made(kind, file, os.fspath(path))


def _made(kind: MachineKind, file: MachineFile, path: str) -> Any:
    try:
        machine = kind.machine.from_arrays(file.arrays, file.settings)
        if _LEARNT_FROM in file.settings:
            kept = file.settings[_LEARNT_FROM]
            machine.learnt_from_ = LearntFrom.from_settings(kept, machine.n_features_in_)
    except (ValueError, TypeError, KeyError) as error:
        told = f"no {error}" if isinstance(error, KeyError) else str(error)
        raise FormatError(
            path, None, f"does not fit a machine of kind {kind.name!r}: {told}; train it again"
        ) from error
    return machine
