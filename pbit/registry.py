"""Things by name: records found in the modules of a package, and names imported when asked for."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from functools import cached_property
from pkgutil import iter_modules
from typing import Any, Generic, Protocol, TypeVar


class Record(Protocol):
    """What can be found: a name, and its place in a list."""

    @property
    def name(self) -> str:
        """Name that is asked for."""
        ...

    @property
    def rank(self) -> int:
        """Place in lists, the smallest first."""
        ...


R = TypeVar("R", bound=Record)


class Registry(Generic[R]):
    """Records at the top of the modules of a package, and those registered at run time.

    A new file in the package is found by what it defines; no list names it. Modules are imported
    late: for one name that which is called alike is looked at first, then the others in turn until
    it is found. Packages inside the package are not looked into.

    Parameters
    ----------
    package : str
    kind : type
        Of the records.

    Examples
    --------
    >>> from pbit.formats.format import Format
    >>> Registry("pbit.formats", Format).find("edge-list").name
    'edge-list'
    """

    def __init__(self, package: str, kind: type[R]) -> None:
        self._package, self._kind = package, kind
        self._known: dict[str, R] = {}
        self._looked_at: set[str] = set()

    def register(self, record: R) -> R:
        """Return the record, which from now on is found like those of the package.

        Raises
        ------
        ValueError
            Another one has its name.
        """
        self.find(record.name)
        self._add(record)
        return record

    def find(self, name: str) -> R | None:
        """Return the record of this name, None if there is none."""
        if not isinstance(name, str):
            return None  # what is no name is refused by who knows the others
        if name in self._known:
            return self._known[name]
        for module in sorted(self._modules, key=lambda module: not _alike(module, name)):
            self._look_at(module)
            if name in self._known:
                return self._known[name]
        return None

    def all(self) -> dict[str, R]:
        """Return all records by name, in the order of their ranks and names.

        Raises
        ------
        ValueError
            Two modules define different records of one name.
        """
        for module in self._modules:
            self._look_at(module)
        return {found.name: found for found in sorted(self._known.values(), key=_place)}

    @cached_property
    def _modules(self) -> list[str]:
        path = importlib.import_module(self._package).__path__
        return sorted(module.name for module in iter_modules(path) if not module.ispkg)

    def _look_at(self, module: str) -> None:
        if module in self._looked_at:
            return
        content = vars(importlib.import_module(f"{self._package}.{module}"))
        for value in tuple(content.values()):
            if isinstance(value, self._kind):
                self._add(value)
        self._looked_at.add(module)

    def _add(self, record: R) -> None:
        if self._known.setdefault(record.name, record) is not record:
            raise ValueError(
                f"name must be new, got {record.name!r}, which another {self._kind.__name__} of "
                f"{self._package} has; choose another name"
            )


def _alike(module: str, name: str) -> bool:
    return module.replace("_", "") == name.replace("-", "")


def _place(record: Record) -> tuple[int, str]:
    return record.rank, record.name


def names_at_home(package: str, home: Mapping[str, str]) -> Callable[[str], Any]:
    """``__getattr__`` of a package whose names are imported when they are first asked for.

    Parameters
    ----------
    package : str
    home : mapping of str to str
        Module of the package in which each name lives.

    Examples
    --------
    >>> names_at_home("pbit.models", {"IsingModel": "ising"})("IsingModel").__name__
    'IsingModel'
    """

    def find(name: str) -> Any:
        if name not in home:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(importlib.import_module(f"{package}.{home[name]}"), name)

    return find
