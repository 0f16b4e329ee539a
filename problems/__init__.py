"""Problems: specification -> model, decode, check. Modules load when they are first named."""

from __future__ import annotations

import importlib
from types import ModuleType

_SHARED = ("core", "parts")


def __getattr__(name: str) -> ModuleType:
    if name not in __dir__():
        raise AttributeError(f"module 'pbit.problems' has no attribute {name!r}")
    return importlib.import_module(f"pbit.problems.{name}")


def __dir__() -> list[str]:
    from pkgutil import iter_modules

    return sorted(found.name for found in iter_modules(__path__) if found.name not in _SHARED)
