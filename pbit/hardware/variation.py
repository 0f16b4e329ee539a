"""One parameter of a chip over a list of values, said in one word: ``delay=0:2:9``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.hardware.dynamics import TIMES
from pbit.hardware.files.units import parse_quantity
from pbit.hardware.parameters import Hardware, parameter_ranges
from pbit.hardware.ranges import Range
from pbit.schedules.listings import is_logarithmic, progression, words

GRAMMAR = (
    "KEY=LOW:HIGH:COUNT or KEY=log:LOW:HIGH:COUNT, for times with :UNIT behind if not in tau, or "
    "KEY=VALUE,VALUE,..."
)


@dataclass(frozen=True, eq=False)
class Variation(ByValue):
    """Chips that differ in one parameter.

    Parameters
    ----------
    key : str
        As it was written: a time without its "_s" is in ``unit``.
    unit : str
        "tau", "s", "ns", ...; empty of a pure number or a word.
    values : tuple
        Numbers in ``unit``, words, or None ("none", where the parameter may be left out).
    chips : tuple of Hardware
        One a value.
    is_log : bool
        Whether the values are evenly spaced in their logarithm.
    """

    key: str
    unit: str
    values: tuple[float | int | str | None, ...]
    chips: tuple[Hardware, ...]
    is_log: bool = False

    @property
    def label(self) -> str:
        """The parameter with its unit."""
        return f"{self.key} ({self.unit})" if self.unit else self.key


def parse_variation(text: str, chip: Hardware) -> Variation:
    """The chips that a text such as ``delay=0:2:9`` means.

    ``LOW:HIGH:COUNT`` is evenly spaced, ends included, ``log:LOW:HIGH:COUNT`` evenly in the
    logarithm, ``VALUE,VALUE,...`` as written, words and "none" among them. Times by their name
    without "_s" are in units of the chip's ``tau_s``, or with a unit behind, ``delay=0:2:9:ns``;
    ``delay_s`` is in seconds.

    Raises
    ------
    ValueError
        Another form, an unknown parameter, a value that the chip cannot have.

    Examples
    --------
    >>> found = parse_variation("delay=0:1:3", Hardware(tau_s=2e-9))
    >>> found.label, found.values, [chip.delay_s for chip in found.chips]
    ('delay (tau)', (0.0, 0.5, 1.0), [0.0, 1e-09, 2e-09])
    >>> parse_variation("weight_bits=none,4,2", Hardware()).values
    (None, 4, 2)
    """
    key, equals, listing = (part.strip() for part in text.partition("="))
    name, limits = _parameter(key)
    if not equals or not listing:
        raise ValueError(f"the parameter to vary must be {GRAMMAR}, got {text!r:.60}")
    is_time = limits.unit == "s" and key != name
    default_unit = ("" if name in TIMES else "tau") if is_time else limits.unit
    if ":" in listing:
        numbers, unit = progression(listing, text=text, grammar=GRAMMAR)
        values: Sequence[Any] = [_whole(key, x) for x in numbers] if limits.whole else numbers
    else:
        values, unit = _listed(key, words(key, listing), limits)
    if unit and not is_time:
        raise ArgumentError(key, "takes no unit here", text, got=f"{text!r:.60}")
    unit = unit or default_unit
    if is_time and not unit:
        raise ArgumentError(key, f"needs a unit, {key}=1:5:5:ns", text, got=f"{text!r:.60}")
    made = [_in_seconds(key, x, unit, chip, is_tau=name in TIMES) if is_time else x
            for x in values]  # fmt: skip
    return Variation(key, unit, tuple(values), _chips(chip, name, made), is_logarithmic(listing))


def _parameter(key: str) -> tuple[str, Range]:
    """Full name and range of a parameter, by its name with or without "_s"."""
    ranges = parameter_ranges()
    for name in (key, f"{key}_s"):
        if name in ranges:
            return name, ranges[name]
    shorts = [name.removesuffix("_s") for name in ranges]
    near = get_close_matches(key, [*ranges, *shorts], n=1)
    remedy = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(shorts)}"
    raise ValueError(f"a chip has no parameter {key!r:.60} that can be varied; {remedy}")


def _listed(key: str, listed: list[str], limits: Range) -> tuple[list[Any], str]:
    """Values one by one; times may carry a unit, the same in each."""
    if limits.choices:
        return listed, ""
    found = [_number_and_unit(key, word, limits) for word in listed]
    units = {unit for number, unit in found if number is not None}
    if len(units) > 1:
        raise ArgumentError(
            key, "must have all its values in one unit", got=f"{','.join(listed)!r:.60}"
        )
    return [number for number, _ in found], units.pop() if units else ""


def _number_and_unit(key: str, word: str, limits: Range) -> tuple[float | None, str]:
    if word == "none" and limits.optional:
        return None, ""
    text, _, unit = word.partition(" ")
    try:
        # Whole numbers as they are: a float keeps no seed of 64 bits.
        number = int(text) if limits.whole and "." not in text else float(text)
    except ValueError as error:
        raise ArgumentError(
            key,
            "must be a list of numbers, those of times with a blank before their unit",
            word,
            got=f"{word!r:.60}",
        ) from error
    return (_whole(key, number) if limits.whole else number), unit.strip()


def _whole(key: str, number: float) -> int:
    if number != int(number):
        raise ArgumentError(
            key, "must be a whole number", number, got=f"{number:g}", remedy="choose another COUNT"
        )
    return int(number)


def _in_seconds(key: str, number: float | None, unit: str, chip: Hardware, *, is_tau: bool) -> Any:
    if number is None:
        return None
    return parse_quantity(key, f"{number!r} {unit}", unit="s", tau_s=None if is_tau else chip.tau_s)


def _chips(chip: Hardware, name: str, values: list[Any]) -> tuple[Hardware, ...]:
    return tuple(chip.with_values(**{name: value}) for value in values)
