"""All engines, and which of them runs a model."""

from __future__ import annotations

from functools import cache
from typing import Any

from pbit.checks import ArgumentError
from pbit.engines.engine import Ask, Engine, Plan
from pbit.engines.words import ORDERS
from pbit.registry import Registry

KNOWN = Registry("pbit.engines", Engine)


def register(engine: Engine) -> Engine:
    """The engine, ``ENGINE`` of another package's module, which from now on is one of ours.

    Raises
    ------
    ValueError
        Another one has its name.
    """
    KNOWN.register(engine)
    kernels.cache_clear()
    _in_turn.cache_clear()
    return engine


@cache
def kernels() -> tuple[str, ...]:
    """Names that may be asked for."""
    return tuple(sorted(name for name, engine in KNOWN.all().items() if not engine.chip))


@cache
def _in_turn() -> list[Engine]:
    """Engines as they are asked where none is named."""
    return [engine for engine in KNOWN.all().values() if not engine.chip]


def engine_named(name: str) -> Engine:
    """The engine of that name, which is one of those there are."""
    engine = KNOWN.find(name)
    assert engine is not None, name
    return engine


def choose(model: Any, ask: Ask) -> Plan:
    """Plan for this model, rule and order and for few or many reads.

    Raises
    ------
    ValueError
        An unknown kernel or order, a kernel that cannot do what is asked for.
    """
    if ask.kernel not in ("auto", *kernels()):
        raise ArgumentError("kernel", f"must be auto, {', '.join(kernels())}", ask.kernel)
    if ask.order not in ("auto", *ORDERS):
        raise ArgumentError("order", f"must be auto, {', '.join(ORDERS)}", ask.order)
    anything = engine_named("reads")
    engine = anything if ask.kernel == "auto" else engine_named(ask.kernel)
    refusal = engine.refusal(model, ask)
    if refusal is not None:
        raise refusal
    if not model.num_spins:
        return anything.plan(model, ask)
    if ask.kernel != "auto":
        return engine.plan(model, ask)
    plans = (engine.offer(model, ask) for engine in _in_turn())
    return next(plan for plan in plans if plan is not None)
