"""Chips as TOML files: every parameter of :class:`pbit.hardware.parameters.Hardware` by name."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from pbit.formats.errors import FormatError, shown
from pbit.hardware.chip_format import ChipFormat
from pbit.hardware.correction import Correction
from pbit.hardware.crossbar_weights import array_ranges
from pbit.hardware.dynamics import TIMES, taus_in
from pbit.hardware.files.curve import read_curve
from pbit.hardware.files.pbits import read_pbits
from pbit.hardware.files.small_text import text_of
from pbit.hardware.files.toml_crossbar import array_in
from pbit.hardware.files.toml_junction import junction_in
from pbit.hardware.files.toml_measured import READING, TABLE, beside, drive_in, pbits_in, reading_in
from pbit.hardware.files.toml_table import Table
from pbit.hardware.from_junction import SET_BY_JUNCTION, hardware_of_junction
from pbit.hardware.parameters import Hardware, parameter_ranges
from pbit.hardware.pbit_table import PBitTable
from pbit.hardware.prices import PRICES, Prices
from pbit.hardware.ranges import Range

_PRICES: Mapping[str, Range | None] = {
    **{each.name: each.metadata.get("range") for each in fields(Prices)},
    "preset": None,
}
_PBITS = dict.fromkeys(each.name for each in fields(PBitTable))
_CORRECTION = dict.fromkeys(each.name for each in fields(Correction))
_TABLES: dict[str, Mapping[str, Range | None]] = {
    "prices": _PRICES,
    "correction": _CORRECTION,
    "crossbar": array_ranges(),
    "junction": {},
    "table": _PBITS,
}
_MOST_PARTS = 16
_PART = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
_DEEP = re.compile(rf"""(?<![\w"'-])(?:{_PART}[ \t]*+\.[ \t]*+){{{_MOST_PARTS}}}""")
_AT_LINE = re.compile(r" \(at (?:line ([0-9]+), column [0-9]+|end of document)\)$")


def read_chip(path: str | Path) -> Hardware:
    """The chip that a TOML file describes; what the file leaves out is ideal.

    Keys are the parameters of :class:`Hardware`. A time is a number of seconds, ``delay_s = 2e-10``
    or a text with its unit, ``delay = "0.2 ns"`` or, in units of the chip's ``tau_s``,
    ``delay = "0.2 tau"``. A table ``[prices]`` has ``preset`` or ``power`` of a p-bit ("48 uW"),
    ``update``, ``synapse``, ``read``, ``write`` ("7 fJ") and ``source``; ``transfer_file`` names a
    measured curve next to the file (:func:`pbit.hardware.files.curve.read_curve`), whose
    ``transfer_columns``, ``transfer_unit`` ("50 mV"), ``transfer_zero`` and ``transfer_noise`` say
    what it leaves open; ``table = "pbits.csv"`` names measured p-bits
    (:func:`pbit.hardware.files.pbits.read_pbits`), with ``table_unit`` and ``table_zero`` where
    they are sigmoids in volts; where ``tau`` is not given it is their median; ``[correction]`` has
    what a calibration found, one gain and one offset a p-bit; ``[junction]``, the parameters of
    :class:`pbit.devices.mtj.Junction`, sets the dynamics, the time constant and the barrier
    (:func:`pbit.hardware.from_junction.hardware_of_junction`); ``[crossbar]`` has the
    couplings in an array of synapses, :class:`pbit.hardware.crossbar_weights.CrossbarWeights`.

    Raises
    ------
    FormatError
        Not TOML, an unknown key, a value of the wrong type, unit or range, parameters that
        exclude each other: with the file, the line where it is known, key, value and what is
        allowed.
    OSError
        The file cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "chip.toml")
    ...     _ = path.write_text('tau = "2 ns"\\ndelay = "0.1 tau"\\n')
    ...     chip = read_chip(path)
    >>> chip.tau_s, chip.delay_s
    (2e-09, 2e-10)
    """
    text = text_of(path)
    data = _parsed(str(path), text)
    tables = {
        name: data.pop(name)
        for name in _TABLES
        if name in data and not (name == "table" and isinstance(data[name], str))
    }
    top = Table(str(path), text, "", data)
    for name, found in tables.items():
        if not isinstance(found, dict):
            raise top.error(name, f"{name} must be a table, [{name}], got {found!r:.60}")
    make: Callable[..., Hardware] = Hardware
    tau_s = Hardware.tau_s
    if "junction" in tables:
        junction = junction_in(Table(str(path), text, "junction", tables["junction"]))
        make, tau_s = partial(hardware_of_junction, junction), junction.tau_s
        _check_not_twice(top)
    measured = _measured(top, Path(path))
    if "table" in tables:
        measured = pbits_in(Table(str(path), text, "table", tables["table"]), _PBITS)
    if measured is not None and measured.tau_s and "junction" not in tables:
        tau_s = sorted(measured.tau_s)[len(measured.tau_s) // 2]
    values = _parameters(top, Path(path), tau_s)
    if measured is not None:
        values["table"] = measured
        if measured.tau_s and "junction" not in tables:
            values.setdefault("tau_s", tau_s)
    if "prices" in tables:
        values["prices"] = _prices(Table(str(path), text, "prices", tables["prices"]))
    if "correction" in tables:
        table = Table(str(path), text, "correction", tables["correction"])
        values["correction"] = _correction(table)
    if "crossbar" in tables:
        values["crossbar"] = array_in(Table(str(path), text, "crossbar", tables["crossbar"]))
    try:
        return make(**values)
    except (TypeError, ValueError) as error:
        raise top.blamed(error, otherwise="junction") from error


def _parsed(name: str, text: str) -> dict[str, Any]:
    deep = _DEEP.search(text)
    if deep is not None:  # tomllib takes the square of their number
        place = text.count("\n", 0, deep.start()) + 1
        raise FormatError(
            name, place, f"{shown(deep[0])}: expected at most {_MOST_PARTS} parts in a key"
        )
    try:
        return tomllib.loads(text)
    except ValueError as error:  # of TOML, or of Python for integers of 5000 digits
        at = _AT_LINE.search(str(error))
        what = str(error)[: at.start()] if at else str(error)
        line = None if at is None else int(at[1] or max(1, len(text.splitlines())))
        raise FormatError(name, line, f"not TOML: {what}") from error
    except RecursionError as error:
        raise FormatError(name, None, "not TOML that can be read: nested too deeply") from error


def _measured(top: Table, path: Path) -> PBitTable | None:
    """The table of p-bits in the file that the key ``table`` names."""
    unit, zero, base = drive_in(top, "table_unit", "table_zero")
    if not top.has("table"):
        lone = next((key for key in TABLE if key in top.values), None)
        if lone is not None:
            raise top.error(lone, f'{lone} says how to read table = "pbits.csv", which is missing')
        return None
    if base == "A":
        raise top.error("table_unit", "table_unit must be a voltage, got a current")
    with beside(top, path, "table") as file:
        return read_pbits(file, unit_V=unit, zero_V=zero)


def _check_not_twice(top: Table) -> None:
    for key in SET_BY_JUNCTION:
        if top.has(key):
            given = key if key in top.values else key.removesuffix("_s")
            raise top.error(given, f"{given} comes from [junction] here; leave one of them out")


def _parameters(top: Table, path: Path, tau_s: float) -> dict[str, Any]:
    """Values of the keys above all tables; ``tau_s`` unless they say it."""
    ranges = parameter_ranges()
    own = {"name": None, "transfer": None, "transfer_file": None, "lfsr_seeds": None}
    known = {**ranges, **own, **READING, **TABLE}
    top.check_keys(known, others=_TABLES)
    values: dict[str, Any] = {}
    if top.has("dynamics"):
        values["dynamics"] = top.value("dynamics", ranges["dynamics"])
    for key in filter(top.has, TIMES):
        values[key] = top.value(key, ranges[key])
        tau_s = values[key] * taus_in(key, values.get("dynamics", Hardware.dynamics))
    for key, limits in ranges.items():
        if key not in values and top.has(key):
            values[key] = top.value(key, limits, tau_s=tau_s)
    if top.has("name"):
        values["name"] = top.text("name")
    if top.has("lfsr_seeds"):
        values["lfsr_seeds"] = top.values["lfsr_seeds"]
    if top.has("transfer") and top.has("transfer_file"):
        raise top.error("transfer_file", "transfer and transfer_file exclude each other")
    if top.has("transfer"):
        values["transfer"] = _curve(top)
    elif top.has("transfer_file"):
        with beside(top, path, "transfer_file") as file:
            values["transfer"] = read_curve(file, reading_in(top))
    lone = next((key for key in READING if key in top.values and "transfer_file" not in top.values),
                None)  # fmt: skip
    if lone is not None:
        raise top.error(lone, f"{lone} says how to read transfer_file, which is not given")
    return values


def _curve(top: Table) -> tuple[tuple[float, float], ...]:
    pairs = top.values["transfer"]
    good = isinstance(pairs, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(map(_is_number, pair)) for pair in pairs
    )
    if not good or not pairs:
        rule = "transfer must be an array of pairs [input, mean output] of numbers"
        raise top.error("transfer", f"{rule}, got {pairs!r:.60}")
    return tuple((float(x), float(y)) for x, y in pairs)


def _is_number(value: Any) -> bool:
    """Whether this is a number that a float can hold; TOML has infinities and huge integers."""
    kind = isinstance(value, int | float) and not isinstance(value, bool)
    return kind and abs(value) <= sys.float_info.max


def _prices(table: Table) -> Prices:
    table.check_keys(_PRICES)
    if table.has("preset"):
        if len(table.values) > 1:
            other = next(key for key in table.values if key != "preset")
            raise table.error(other, f"preset and {other} exclude each other: give one of them")
        name = table.text("preset")
        if name not in PRICES:
            rule = f"preset must be one of {', '.join(PRICES)}"
            raise table.error("preset", f"{rule}, got {name!r:.60}")
        return PRICES[name]
    found: dict[str, Any] = {
        key: table.value(key, limits)
        for key, limits in _PRICES.items()
        if limits is not None and table.has(key)
    }
    if table.has("source"):
        found["source"] = table.text("source")
    return Prices(**found)


def _correction(table: Table) -> Correction:
    """What a calibration found; errors and counts that the file leaves out are not known."""
    table.check_keys(_CORRECTION)
    for key in ("gain", "offset"):
        if key not in table.values:
            raise table.error(table.name, f"[{table.name}] needs the arrays gain and offset")
    gain = _array(table, "gain", None)
    if not (gain > 0).all():
        raise table.error("gain", f"gain must have numbers > 0, got {gain.min():g}")
    size = gain.size
    count = table.values.get("num_samples", 0)
    if not isinstance(count, int) or isinstance(count, bool) or count < 0:
        rule = "num_samples must be a whole number >= 0"
        raise table.error("num_samples", f"{rule}, got {count!r:.60}")
    return Correction(
        gain=gain,
        offset=_array(table, "offset", size),
        gain_error=_array(table, "gain_error", size),
        offset_error=_array(table, "offset_error", size),
        stuck=_array(table, "stuck", size, of_numbers=False),
        num_samples=count,
    )


def _array(table: Table, key: str, size: int | None, *, of_numbers: bool = True) -> Any:
    """An array of numbers, or of true and false, one a p-bit; filled where it is not given."""
    dtype = np.float64 if of_numbers else np.bool_
    if key not in table.values:
        return np.full(size or 0, np.nan if of_numbers else False, dtype=dtype)
    found = table.values[key]
    is_right = _is_number if of_numbers else _is_bool
    if not isinstance(found, list) or not all(map(is_right, found)):
        kind = "numbers" if of_numbers else "true and false"
        raise table.error(key, f"{key} must be an array of {kind}, got {found!r:.60}")
    if size is not None and len(found) != size:
        sizes = f"{size} and {len(found)}"
        raise table.error(key, f"gain and {key} must be of one length, got {sizes} values")
    return np.array(found, dtype=dtype)


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)


FORMAT = ChipFormat("toml", read_chip)
