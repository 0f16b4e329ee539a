"""One table of a TOML file: its values, their ranges and units, and the lines they stand on."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pbit.by_value import ByValue
from pbit.formats.errors import FormatError
from pbit.hardware.files.units import KINDS, parse_quantity
from pbit.hardware.ranges import Range

_EXAMPLES = {
    "s": "0.2 ns",
    "J": "7 fJ",
    "W": "48 uW",
    "Hz": "1 GHz",
    "K": "300 K",
    "A": "10 uA",
    "V": "0.5 V",
    "ohm": "5 kohm",
}


@dataclass(frozen=True, eq=False)
class Table(ByValue):
    """A table of a file.

    Parameters
    ----------
    file : str
        As the user knows it.
    content : str
        Text of the whole file.
    name : str
        Of the table; empty for what stands above all tables.
    values : dict
    """

    file: str
    content: str
    name: str
    values: Mapping[str, Any]

    def has(self, key: str) -> bool:
        """Whether there is a value of this parameter, under its name or its name without unit."""
        return key in self.values or _short(key) in self.values

    def error(self, key: str, problem: str) -> FormatError:
        """A refusal at the line of a key."""
        return FormatError(self.file, self.line_of(key), problem)

    def blamed(self, error: Exception, *, otherwise: str = "") -> FormatError:
        """A refusal of several values together, at the line of the first that it names."""
        words = re.findall(r"\w+", str(error))
        keys = [key for word in words for key in (word, _short(word)) if key in self.values]
        return self.error(keys[0] if keys else otherwise, str(error))

    def line_of(self, key: str) -> int | None:
        """Line on which a key is given a value."""
        inside, place = "", None
        own = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*[.=]""")
        dotted = re.compile(rf"\s*{re.escape(self.name)}\s*[.=]") if self.name else None
        for number, line in enumerate(self.content.splitlines(), start=1):
            header = re.match(r"\s*\[\[?\s*([\w-]+)", line)
            if header:
                inside = header[1]
                if inside == key and self.name in ("", key):
                    return number
            elif inside == self.name and own.match(line):
                return number
            elif dotted and inside == "" and dotted.match(line):
                if place is None or re.search(rf"\b{re.escape(key)}\b", line):
                    place = number
        return place

    def check_keys(
        self, known: Collection[str], *, others: Mapping[str, Any] | None = None
    ) -> None:
        """Refuse keys that mean nothing here, with the key that was probably meant.

        ``others`` are the tables that may follow, by name.
        """
        names = [*known, *filter(None, map(_short, known))]
        tables = dict(others or {})
        for key in self.values:
            if key in names:
                continue
            where = f" in [{self.name}]" if self.name else ""
            owner = next((name for name, keys in tables.items() if key in keys), None)
            near = get_close_matches(key, [*names, *tables], n=1)
            if owner is not None:
                remedy = f"it belongs below a line [{owner}]"
            elif near:
                remedy = f"did you mean {near[0]!r}?"
            elif self.name:
                remedy = f"known are {', '.join(names)}; keys of the chip stand above [{self.name}]"
            else:
                remedy = "'pbit chip' prints all keys"
            raise self.error(key, f"unknown key {key!r:.60}{where}; {remedy}")

    def value(self, key: str, limits: Range, *, tau_s: float | None = None) -> Any:
        """Value of a parameter, in its unit.

        Raises
        ------
        FormatError
            Given twice, of another type or unit than it wants, out of its range.
        """
        short = _short(key)
        if key in self.values and short in self.values:
            raise self.error(short, f"{short} and {key} are the same: give one of them")
        if short in self.values:
            return self._quantity(key, short, limits, tau_s)
        given = self.values[key]
        if short and isinstance(given, str):
            raise self.error(
                key, f"{key} must be {limits}, got {given!r:.60}; with a unit, write "
                f'{short} = "{_EXAMPLES[limits.unit]}"'
            )  # fmt: skip
        return self._checked(key, given, given, limits)

    def _quantity(self, key: str, short: str, limits: Range, tau_s: float | None) -> Any:
        given = self.values[short]
        if not isinstance(given, str):
            raise self.error(
                short,
                f'{short} must be a text with a unit, {short} = "{_EXAMPLES[limits.unit]}", got '
                f"{given!r:.60}; a number of {limits.unit} is {key} = ...",
            )
        try:
            number = parse_quantity(short, given, unit=limits.unit, tau_s=tau_s)
        except ValueError as error:
            raise self.error(short, f"{error}; allowed is {limits}") from error
        return self._checked(short, number, given, limits)

    def _checked(self, key: str, number: Any, given: Any, limits: Range) -> Any:
        try:
            return limits.check(key, number)
        except (TypeError, ValueError, OverflowError) as error:
            near = get_close_matches(str(given), limits.choices, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise self.error(key, f"{key} must be {limits}, got {given!r:.60}{hint}") from error

    def text(self, key: str) -> str:
        """A value that must be text of one line.

        Raises
        ------
        FormatError
            Anything else.
        """
        given = self.values[key]
        if not isinstance(given, str) or not given.strip() or not given.isprintable():
            raise self.error(key, f"{key} must be text on one line, got {given!r:.60}")
        return given


def unit_in(key: str) -> str:
    """The unit that ends a key, "" of a pure number: "s" of ``delay_s``."""
    name, _, unit = key.rpartition("_")
    return unit if unit in KINDS and not name.endswith("_per") else ""


def _short(key: str) -> str:
    """The key of a quantity without its unit, "" of a pure number: ``delay`` of ``delay_s``."""
    unit = unit_in(key)
    return key.removesuffix(f"_{unit}") if unit else ""
