"""What values a hardware parameter may take, said once: for Python, TOML files and sweeps."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from numbers import Integral, Real
from typing import Any

from pbit.checks import ArgumentError


@dataclass(frozen=True)
class Range:
    """Values of one parameter.

    Parameters
    ----------
    low, high : float
        Both allowed, but for ``low`` where ``open_low``.
    unit : str
        "s" of a time, "J" of an energy, "W" of a power, empty of a pure number.
    whole : bool
        Integers only.
    choices : tuple of str
        Words, in place of numbers.
    optional : bool
        None is allowed and means "not there".
    tabled : bool
        One a p-bit may stand in the chip's table.
    """

    low: float = -math.inf
    high: float = math.inf
    open_low: bool = False
    unit: str = ""
    whole: bool = False
    choices: tuple[str, ...] = ()
    optional: bool = False
    tabled: bool = False

    def __str__(self) -> str:
        if self.choices:
            return "one of " + ", ".join(self.choices)
        what = "a whole number" if self.whole else "a number"
        unit = f" {self.unit}" if self.unit else ""
        least = f" {'>' if self.open_low else '>='} {self.low:g}{unit}"
        most = f" <= {self.high:g}{unit}"
        low = least if self.low > -math.inf else ""
        high = most if self.high < math.inf else ""
        return f"{what}{low}{' and' if low and high else ''}{high}"

    def check(self, name: str, value: Any) -> Any:
        """The value as int, float, str or None.

        Raises
        ------
        TypeError
            Not a value of this kind.
        ValueError
            Out of range.
        """
        if value is None and self.optional:
            return None
        if self.choices:
            if value not in self.choices:
                raise ArgumentError(name, f"must be {self}", value)
            return value
        kind: type[Any] = Integral if self.whole else Real
        if not isinstance(value, kind) or isinstance(value, bool):
            many = self.tabled and hasattr(value, "__len__") and not isinstance(value, str)
            remedy = f"; table=PBitTable({name}=...) has one a p-bit" if many else ""
            if self.unit and isinstance(value, str):
                remedy = f"; numbers are in {self.unit} here, texts with units in chip files"
            raise TypeError(f"{name} must be {self}, got {value!r:.60}{remedy}")
        number: int | float
        try:
            number = int(value) if self.whole else float(value)
        except OverflowError:
            number = math.inf
        above = number > self.low if self.open_low else number >= self.low
        if not (above and number <= self.high and (self.whole or math.isfinite(number))):
            raise ArgumentError(name, f"must be {self}", value)
        return number


def check_line(name: str, text: Any) -> str:
    """The text, if it is printable and on one line.

    Raises
    ------
    TypeError, ValueError
    """
    if not isinstance(text, str):
        raise TypeError(f"{name} must be text, got {text!r:.60}")
    if not text.isprintable():
        raise ArgumentError(name, "must be printable text on one line", text, got=f"{text!r:.60}")
    return text


def ranged(default: Any, meaning: str = "", **limits: Any) -> Any:
    """A dataclass field with a default, one line about it and a :class:`Range`."""
    allowed = Range(**limits)
    return field(
        default=default, metadata={"range": allowed, "check": allowed.check, "meaning": meaning}
    )
