"""Measured files that a chip's file names, and what its keys say about them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from pbit.hardware.files.curve import Reading
from pbit.hardware.files.toml_table import Table
from pbit.hardware.files.units import parse_quantity, unit_of
from pbit.hardware.pbit_table import PBitTable
from pbit.hardware.ranges import Range

READING: dict[str, Range | None] = {
    "transfer_columns": None,
    "transfer_unit": None,
    "transfer_zero": None,
    "transfer_noise": Range(low=0.0, high=1.0),
}
TABLE: dict[str, Range | None] = dict.fromkeys(["table", "table_unit", "table_zero"])


@contextmanager
def beside(top: Table, path: Path, key: str) -> Iterator[Path]:
    """The file next to the chip's file that a key names; what is wrong with opening it is told."""
    file = path.parent / top.text(key)
    try:
        yield file
    except OSError as error:
        raise top.error(key, f"{key} {file}: {error.strerror or error}") from error


def reading_in(top: Table) -> Reading:
    """What the keys ``transfer_...`` say.

    Raises
    ------
    FormatError
        A value that is no quantity, a unit of nothing, a noise out of range.
    """
    columns = top.text("transfer_columns") if top.has("transfer_columns") else None
    noise = (
        top.value("transfer_noise", Range(low=0.0, high=1.0)) if top.has("transfer_noise") else 0
    )
    unit, zero, unit_of_input = drive_in(top, "transfer_unit", "transfer_zero")
    return Reading(columns, unit, unit_of_input, zero, float(noise))


def drive_in(top: Table, unit: str, zero: str) -> tuple[float | None, float, str]:
    """Volts or amperes of one unit of the input and of its zero, and which of both they are."""
    if not top.has(unit):
        if top.has(zero):
            raise top.error(zero, f"{zero} needs {unit}, what one unit of a p-bit's input is worth")
        return None, 0.0, ""
    base = _base(top, unit)
    worth = _quantity(top, unit, base)
    if worth == 0:
        raise top.error(unit, f"{unit} must not be 0")
    return worth, _quantity(top, zero, base) if top.has(zero) else 0.0, base


def _base(top: Table, key: str) -> str:
    known = unit_of(top.text(key).rpartition(" ")[2])
    if known is None or known[1] not in ("V", "A"):
        rule = f'{key} must be a voltage or a current, {key} = "50 mV"'
        raise top.error(key, f"{rule}, got {top.text(key)!r:.60}")
    return known[1]


def _quantity(top: Table, key: str, base: str) -> float:
    try:
        return parse_quantity(key, top.text(key), unit=base)
    except ValueError as error:
        raise top.error(key, str(error)) from error


def pbits_in(table: Table, known: Collection[str]) -> PBitTable:
    """The p-bits that a table of arrays describes.

    Raises
    ------
    FormatError
        An unknown key, no array, what :class:`PBitTable` refuses.
    """
    table.check_keys(known)
    for key, value in table.values.items():
        if not isinstance(value, list):
            raise table.error(key, f"{key} must be an array, one value a p-bit, got {value!r:.60}")
    if not all(isinstance(label, str | int) for label in table.values.get("labels", ())):
        raise table.error("labels", "labels must be texts or whole numbers")
    try:
        return PBitTable(**table.values)
    except (TypeError, ValueError) as error:
        raise table.blamed(error) from error
