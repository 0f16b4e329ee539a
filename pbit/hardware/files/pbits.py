"""Tables of measured p-bits as text: which p-bit, its gain, offset, time constant, or sigmoid."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from pbit.hardware.files.columns import Rows, read_columns
from pbit.hardware.files.header import Quantity
from pbit.hardware.pbit_table import PBitTable

QUANTITIES = (
    Quantity("index", ("index", "k"), needed=False),
    Quantity("label", ("label", "name", "pbit", "p_bit", "spin", "variable"), None, needed=False),
    Quantity("gain", ("gain",), needed=False),
    Quantity("offset", ("offset",), needed=False),
    Quantity("tau", ("tau", "time_constant"), "s", needed=False),
    Quantity("V0", ("v0", "v_0"), "V", needed=False),
    Quantity("V50", ("v50", "v_50"), "V", needed=False),
)


def read_pbits(path: str | Path, *, unit_V: float | None = None, zero_V: float = 0.0) -> PBitTable:
    """The table of p-bits in a file.

    Columns: ``index`` (from 0) or ``label``, or neither: row k is p-bit k; ``gain``, ``offset``,
    ``tau_us`` or another unit; or in volts ``V0_mV`` and ``V50_mV``, which need ``unit_V``.

    Raises
    ------
    FormatError
        No header with names and units, a sigmoid without ``unit_V`` or beside a gain, indices that
        are not those from 0 on, what :class:`PBitTable` refuses.
    OSError
        The file cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "pbits.csv")
    ...     _ = path.write_text("pbit,gain,tau_us\\na,1.1,5\\nb,0.9,6\\n")
    ...     read_pbits(path)
    PBitTable(gain=(1.1, 0.9), offset=(), tau_s=(5e-06, 6e-06), labels=('a', 'b'))
    """
    rows = read_columns(path, QUANTITIES, told_by="the header")
    numbers = {key: np.array(values) for key, values in rows.numbers.items()}
    order = _order(rows)
    labels = tuple(np.array(rows.texts["label"], dtype=object)[order]) if rows.texts else ()
    columns = {key: values[order] for key, values in numbers.items() if key != "index"}
    if "tau" in columns:
        columns["tau_s"] = columns.pop("tau")
    try:
        if "V0" in columns or "V50" in columns:
            _check_sigmoids(rows, unit_V)
            V0 = columns.pop("V0", np.array([]))
            return PBitTable.of_sigmoids(
                V0,
                columns.pop("V50"),
                unit_V=unit_V or 0.0,
                zero_V=zero_V,
                labels=labels,
                **columns,
            )
        return PBitTable(labels=labels, **columns)
    except ValueError as error:
        raise rows.error(None, str(error)) from error


def _order(rows: Rows) -> np.ndarray:
    """Rows in the order of their p-bits."""
    if "index" not in rows.numbers:
        return np.arange(len(rows.lines))
    if rows.texts:
        raise rows.error(None, "index and label exclude each other: give one of them")
    given = np.array(rows.numbers["index"])
    order = np.argsort(given, kind="stable")
    wrong = np.flatnonzero(given[order] != np.arange(given.size))
    if wrong.size:
        row = int(order[wrong[0]])
        problem = f"indices must be 0 to {given.size - 1}, each once, got {given[row]:g}"
        raise rows.error(row, problem)
    return order


def _check_sigmoids(rows: Rows, unit_V: float | None) -> None:
    missing = next((key for key in ("V0", "V50") if key not in rows.numbers), None)
    if missing is not None:
        raise rows.error(None, f"V0 and V50 belong together, {missing} is missing")
    taken = next((key for key in ("gain", "offset") if key in rows.numbers), None)
    if taken is not None:
        raise rows.error(None, f"{taken} and V0, V50 exclude each other")
    if unit_V is None:
        raise rows.error(
            None,
            "V0 and V50 are volts: say what one unit of a p-bit's input is worth, table_unit = "
            '"50 mV", and table_zero, at which it is 0',
        )
