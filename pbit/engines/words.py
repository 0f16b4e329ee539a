"""Rules and orders of updates, by name."""

from __future__ import annotations

from typing import Literal

from pbit.checks import ArgumentError

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
_RULES: dict[str, Rule] = {
    "heat-bath": "heat-bath",
    "heatbath": "heat-bath",
    "gibbs": "heat-bath",
    "metropolis": "metropolis",
}
_CODES: dict[str, int] = {"random": 1, "permutation": 2, "random-subset": 3, "synchronous": 4}


def rule_named(rule: object, *, argument: str = "rule") -> Rule:
    """The rule by any of its names, in any case: Gibbs' is the heat bath.

    Raises
    ------
    ValueError

    Examples
    --------
    >>> rule_named("Gibbs"), rule_named("Metropolis")
    ('heat-bath', 'metropolis')
    """
    if isinstance(rule, str) and rule in _RULES:
        return _RULES[rule]
    found = _RULES.get(str(rule).lower().replace("_", "-").replace(" ", "-"))
    if found is None:
        remedy = "'Gibbs' is another name of the heat bath"
        raise ArgumentError(argument, f"must be one of {', '.join(RULES)}", rule, remedy=remedy)
    return found


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
