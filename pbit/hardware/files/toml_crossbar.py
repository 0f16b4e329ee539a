"""The table ``[crossbar]`` of a chip's file, read and written."""

from __future__ import annotations

import json
from dataclasses import fields

from pbit.hardware.crossbar_weights import CrossbarWeights, array_ranges
from pbit.hardware.files.toml_table import Table


def array_in(table: Table) -> CrossbarWeights:
    """The array that a table describes: its parameters by name, or without unit and as text.

    Raises
    ------
    FormatError
        An unknown key, a value of another type or unit, or that :class:`CrossbarWeights` refuses.
    """
    ranges = array_ranges()
    table.check_keys(ranges)
    values = {key: table.value(key, limits) for key, limits in ranges.items() if table.has(key)}
    try:
        return CrossbarWeights(**values)
    except (TypeError, ValueError) as error:
        raise table.blamed(error, otherwise=table.name) from error


def array_lines(array: CrossbarWeights | None) -> list[str]:
    """Lines of TOML that :func:`array_in` reads back; none without an array."""
    if array is None:
        return []
    lines = ["", "# --- Couplings in an array of synapses", "[crossbar]"]
    for each in fields(array):
        lines.append(f"# {each.metadata['meaning']}")
        value = getattr(array, each.name)
        told = json.dumps(value) if isinstance(value, str) else repr(value)
        lines.append(f"{each.name} = {told}")
    return lines
