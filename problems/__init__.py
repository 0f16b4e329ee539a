"""Problems: specification -> model, decode, check. Modules load when they are first named."""

from __future__ import annotations

import importlib
from types import ModuleType

_MODULES = (
    "base",
    "evaluation",
    "factoring",
    "files",
    "higher_order",
    "logic",
    "max_cut",
    "pairwise",
    "primality",
    "problem",
)


def __getattr__(name: str) -> ModuleType:
    if name not in _MODULES:
        raise AttributeError(f"module 'pbit.problems' has no attribute {name!r}")
    return importlib.import_module(f"pbit.problems.{name}")


def __dir__() -> list[str]:
    return list(_MODULES)
