"""Parameters that belong together: checked when made, their documentation written once."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, TypeVar

_HEAD = "Parameters\n----------\n"
_SECTION = re.compile(re.escape(_HEAD) + r"(.*?)(?=\n\n[A-Z]\w+\n-{3,}\n|\Z)", re.DOTALL)
Class = TypeVar("Class", bound=type[Any])


@dataclass(frozen=True, kw_only=True)
class ParameterGroup:
    """Base of all groups; what inherits several groups is checked by the fields of them all.

    A field's ``check(name, value)``, in its metadata, returns the value to be kept.

    Raises
    ------
    TypeError, ValueError
        A value that its check refuses, parameters that exclude each other.
    """

    def __post_init__(self) -> None:
        for each in fields(self):
            if "check" in each.metadata:
                value = each.metadata["check"](each.name, getattr(self, each.name))
                object.__setattr__(self, each.name, value)
        contradiction = next(self._contradictions(), None)
        if contradiction is not None:
            raise ValueError(contradiction)

    def _contradictions(self) -> Iterator[str]:
        """What is wrong with the parameters together, the remedy named."""
        yield from ()


def with_parameters_of_bases(cls: Class) -> Class:
    """The class, its docstring's Parameters beginning with those of its bases, the last first."""
    if cls.__doc__:  # not under python -OO
        inherited = "\n".join(map(parameters_in, reversed(cls.__bases__)))
        cls.__doc__ = inspect.cleandoc(cls.__doc__).replace(_HEAD, f"{_HEAD}{inherited}\n", 1)
    return cls


def parameters_in(cls: type[Any]) -> str:
    """The section Parameters of a docstring, without its heading."""
    found = _SECTION.search(inspect.cleandoc(cls.__doc__ or ""))
    return found[1].rstrip() if found else ""
