"""Keywords of samplers of spins that say nothing about digits."""

from __future__ import annotations

from typing import Any

from pbit.checks import ArgumentError

_REMEDIES = {
    "initial_spins": "give initial_values",
    "kernel": "there is one for each family of digits",
    "order": "these digits are updated in their order",
}


def refuse(given: dict[str, tuple[Any, Any]]) -> None:
    """Refuse what differs from what it is by default; ``given``: value and default by name.

    Raises
    ------
    ValueError
    """
    for name, (value, usual) in given.items():
        if value is not usual and not (isinstance(value, str) and value == usual):
            remedy = _REMEDIES.get(name, "it is for p-bits")
            raise ArgumentError(name, "must be left out for digits", value, remedy=remedy)
