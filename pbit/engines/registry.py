"""All engines, and which of them runs a model."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import Any

import pbit.engines
from pbit.engines.engine import Ask, Engine, Plan
from pbit.engines.words import ORDERS


@cache
def engines() -> dict[str, Engine]:
    """Engines by name: every module of this folder with an ``ENGINE``, and those registered."""
    names = [info.name for info in pkgutil.iter_modules(pbit.engines.__path__)]
    modules = [import_module(f"pbit.engines.{name}") for name in sorted(names)]
    found = [module.ENGINE for module in modules if hasattr(module, "ENGINE")]
    return {engine.name: engine for engine in found}


def register(engine: Engine) -> None:
    """Add an engine of another package, ``ENGINE`` of its module; it may replace one of ours."""
    engines()[engine.name] = engine
    in_turn.cache_clear()
    kernels.cache_clear()


@cache
def kernels() -> tuple[str, ...]:
    """Names that may be asked for."""
    return tuple(sorted(name for name, engine in engines().items() if not engine.chip))


@cache
def in_turn() -> list[Engine]:
    """Engines as they are asked where none is named."""
    asked = [engine for engine in engines().values() if not engine.chip]
    return sorted(asked, key=lambda engine: (engine.rank, engine.name))


def engine_named(name: str) -> Engine:
    """The engine of that name.

    Raises
    ------
    KeyError
        There is none.
    """
    return engines()[name]


def choose(model: Any, ask: Ask) -> Plan:
    """Plan for this model, rule and order and for few or many reads.

    Raises
    ------
    ValueError
        An unknown kernel or order, a kernel that cannot do what is asked for.
    """
    if ask.kernel not in ("auto", *kernels()):
        raise ValueError(f"kernel must be auto, {', '.join(kernels())}, got {ask.kernel!r}")
    if ask.order not in ("auto", *ORDERS):
        raise ValueError(f"order must be auto, {', '.join(ORDERS)}, got {ask.order!r}")
    anything = engine_named("reads")
    engine = anything if ask.kernel == "auto" else engine_named(ask.kernel)
    refusal = engine.refusal(model, ask)
    if refusal is not None:
        raise ValueError(refusal)
    if not model.num_spins:
        return anything.plan(model, ask)
    if ask.kernel != "auto":
        return engine.plan(model, ask)
    plans = (engine.offer(model, ask) for engine in in_turn())
    return next(plan for plan in plans if plan is not None)
