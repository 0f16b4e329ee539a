"""Problems: specification -> model, decode, check. Modules load when they are first named."""

from __future__ import annotations

import importlib
from types import ModuleType

_MODULES = (
    "coloring",
    "cqm",
    "factoring",
    "glasses",
    "higher_order",
    "integer_program",
    "knapsack",
    "labs",
    "logic",
    "market_split",
    "max_cut",
    "pairwise",
    "partitioning",
    "quadratic_assignment",
    "sat",
    "set_cover",
    "tsp",
    "vertex_sets",
    "xorsat",
)


def __getattr__(name: str) -> ModuleType:
    if name not in _MODULES:
        raise AttributeError(f"module 'pbit.problems' has no attribute {name!r}")
    return importlib.import_module(f"pbit.problems.{name}")


def __dir__() -> list[str]:
    return list(_MODULES)
