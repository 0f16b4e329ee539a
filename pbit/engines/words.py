"""Rules and orders of updates, by name."""

from __future__ import annotations

from typing import Literal

Kernel = str
"""Name of an engine; :func:`pbit.engines.registry.kernels` lists those that may be asked for."""
Rule = Literal["heat-bath", "metropolis"]
Order = Literal["sequential", "chromatic", "random", "permutation", "random-subset", "synchronous"]
RULES: tuple[Rule, ...] = ("heat-bath", "metropolis")
ORDERS: tuple[Order, ...] = (
    "sequential",
    "chromatic",
    "random",
    "permutation",
    "random-subset",
    "synchronous",
)
TOGETHER = ("random-subset", "synchronous")
_CODES: dict[str, int] = {"random": 1, "permutation": 2, "random-subset": 3, "synchronous": 4}


def order_code(order: Order) -> int:
    """The number of an order in :mod:`pbit.kernels.sweeps.single`."""
    return _CODES.get(order, 0)


def law_of(order: Order, *, directed: bool) -> str:
    """What a long run at fixed beta samples, in words."""
    if directed:
        return "not Boltzmann: directed couplings have no energy"
    if order == "synchronous":
        return "not Boltzmann: all spins move at once (Peretto, Biol. Cybern. 50, 51 (1984))"
    if order == "random-subset":
        return "not Boltzmann: spins that move at once; wrong by O(update_fraction)"
    return "Boltzmann"
