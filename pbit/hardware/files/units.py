"""Quantities with a unit, as people write them: ``"0.2 ns"``, ``"1 GHz"``, ``"300 K"``."""

from __future__ import annotations

import re
from decimal import Decimal

from pbit.checks import ArgumentError

_PREFIXES = {"": 0, "m": -3, "u": -6, "n": -9, "p": -12, "f": -15, "a": -18}
_FAST = {"": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15}
_POWERS = {
    "s": {prefix: power for prefix, power in _PREFIXES.items() if prefix != "a"},
    "Hz": _FAST,
    "K": {"": 0, "m": -3},
    "J": _PREFIXES,
    "W": _PREFIXES,
    "A": _PREFIXES,
    "V": _PREFIXES,
    "ohm": _FAST,
}
KINDS = {
    "s": "a time",
    "Hz": "a frequency",
    "K": "a temperature",
    "J": "an energy",
    "W": "a power",
    "A": "a current",
    "V": "a voltage",
    "ohm": "a resistance",
}
_QUANTITY = re.compile(r"([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?)\s*(\S.*)?")
_SPELLINGS = str.maketrans({"\u00b5": "u", "\u03bc": "u", "\u03a9": "ohm", "\u2126": "ohm"})
_MOST_CHARACTERS = 100


def parse_quantity(name: str, text: str, *, unit: str, tau_s: float | None = None) -> float:
    """The number in ``unit`` that a text such as "0.2 ns" says.

    Parameters
    ----------
    name : str
        What the quantity is called in messages.
    text : str
    unit : {"s", "Hz", "K", "J", "W", "A", "V", "ohm"}
        What is wanted; prefixes from femto to peta where they make sense.
    tau_s : float, optional
        What "tau" means, as a unit of time; not known where None.

    Raises
    ------
    ValueError
        Not a number followed by a unit of this kind.

    Examples
    --------
    >>> parse_quantity("delay", "0.2 ns", unit="s"), parse_quantity("rate", "1 GHz", unit="Hz")
    (2e-10, 1000000000.0)
    >>> parse_quantity("delay", "0.5 tau", unit="s", tau_s=2e-9)
    1e-09
    """
    found = _QUANTITY.fullmatch(text.strip()) if len(text) <= _MOST_CHARACTERS else None
    scales = {f"{prefix}{unit}": f"1e{power}" for prefix, power in _POWERS[unit].items()}
    if tau_s is not None:
        scales["tau"] = repr(tau_s)
    word = "" if found is None else (found[2] or "").translate(_SPELLINGS)
    if found is None or word not in scales:
        shown = text if len(text) <= 40 else text[:37] + "..."
        raise ArgumentError(
            name, f"must be {KINDS[unit]}, a number and one of the units {', '.join(scales)}", shown
        )
    # Decimal: "0.2 ns" is 2e-10 and not 0.2 * 1e-9.
    return float(Decimal(found[1]) * Decimal(scales[word]))


def unit_of(text: str) -> tuple[str, str] | None:
    """Power of ten and unit that a text such as "uA" means; None where it is no unit.

    Examples
    --------
    >>> unit_of("uA"), unit_of("ns"), unit_of("furlong")
    (('1e-6', 'A'), ('1e-9', 's'), None)
    """
    word = text.strip().translate(_SPELLINGS)
    for base, prefixes in _POWERS.items():
        if word.endswith(base) and word.removesuffix(base) in prefixes:
            return f"1e{prefixes[word.removesuffix(base)]}", base
    return None
