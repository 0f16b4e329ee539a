"""The table ``[junction]`` of a chip's file."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import TYPE_CHECKING

from pbit.hardware.files.toml_table import Table, unit_in
from pbit.hardware.ranges import Range

if TYPE_CHECKING:
    from pbit.devices.mtj import Junction


def junction_in(table: Table) -> Junction:
    """The junction that a table describes: its parameters by name, or without unit and as text.

    Raises
    ------
    FormatError
        An unknown key, a value of another type or unit, or that :class:`Junction` refuses.
    """
    from pbit.devices.mtj import Junction

    known = {each.name: Range(unit=unit_in(each.name)) for each in fields(Junction)}
    table.check_keys(known)
    values = {key: table.value(key, limits) for key, limits in known.items() if table.has(key)}
    for each in fields(Junction):
        if each.default is MISSING and each.name not in values:
            raise table.error(table.name, f"[{table.name}] needs a value of {each.name}")
    try:
        return Junction(**values)
    except (TypeError, ValueError) as error:
        raise table.blamed(error) from error
