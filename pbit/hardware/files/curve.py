"""Measured transfer curves as text: an input or a voltage, and what was read: means or chances."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pbit.hardware.files.columns import Rows, read_columns
from pbit.hardware.files.header import Quantity
from pbit.hardware.transfer_curve import Curve, TransferCurve

VOLTAGE = ("voltage", "v", "vin", "v_in", "v_bias", "bias_voltage", "gate_voltage", "v_gate")
MEAN = ("mean", "m", "<m>", "<s>", "mean_output", "mean_state", "magnetisation", "magnetization")
CHANCE = ("p", "probability", "p(+)", "p(1)", "p_up", "p_1", "p_plus", "prob", "p(s=1)")
_INPUTS = (
    Quantity("input", ("input", "x"), needed=False),
    Quantity("voltage", VOLTAGE, "V", needed=False),
    Quantity("current", ("current", "i", "i_bias", "ibias", "bias_current"), "A", needed=False),
)
_OUTPUTS = (
    Quantity("mean", MEAN, needed=False),
    Quantity("probability", CHANCE, needed=False),
    Quantity("output", ("output", "out", "y"), needed=False),
)
_EXAMPLE = '"voltage_mV,P" or "input,mean"'
_MOST_MOVED = 5.0  # standard deviations


class Reading(NamedTuple):
    """How a file's numbers become inputs and means.

    Parameters
    ----------
    columns : str, optional
        A header in place of the file's.
    unit : float, optional
        Volts or amperes that one unit of the input is worth, below 0 where the mean falls with
        them; needed where the file has those.
    unit_of : str
        "V" or "A": what ``unit`` and ``zero`` are in.
    zero : float
        Volts or amperes at which the input is 0.
    noise : float
        Standard deviation of the means: the curve becomes the monotone one that is closest to it.
    """

    columns: str | None = None
    unit: float | None = None
    unit_of: str = ""
    zero: float = 0.0
    noise: float = 0.0


def read_curve(path: str | Path, reading: Reading | None = None) -> Curve:
    """Pairs (input, mean output) of a text file, for ``Hardware(transfer=...)``.

    Two columns under a header (see :mod:`pbit.hardware.files.columns`): ``input``, ``voltage_mV``
    or ``current_uA``, and ``mean`` (from -1 to 1) or ``P`` (of the state +1, from 0 to 1).

    Raises
    ------
    FormatError
        No header, a voltage or a current without ``unit``, an ``output`` that may be either, the
        line that is no pair of numbers, or at which the curve turns back or leaves its range.
    OSError
        The file cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "curve.csv")
    ...     _ = path.write_text("V_mV,P\\n350,0.05\\n450,0.5\\n550,0.95\\n")
    ...     read_curve(path, Reading(unit=0.05, unit_of="V", zero=0.45))
    ((-2.0, -0.9), (0.0, 0.0), (2.0, 0.9))
    """
    reading = reading or Reading()
    table = read_columns(
        path,
        (*_INPUTS, *_OUTPUTS),
        columns=reading.columns,
        told_by="transfer_columns",
        example=f"= {_EXAMPLE}",
    )
    if reading.unit is not None and reading.unit < 0:
        table = table.reversed()
    points = tuple(zip(_inputs(table, reading), _means(table), strict=True))
    if reading.noise:
        points = _monotone(table, points, reading.noise)
    error = _error_of(points)
    if error is None:
        return points
    # What is wrong with the first k points is wrong with more of them.
    sizes = range(2, len(points) + 1)
    k = bisect_left(sizes, True, key=lambda size: _error_of(points[:size]) is not None)
    size = sizes[k] if sizes else 0
    raise table.error(size - 1 if size else None, f"{_error_of(points[:size]) or error}")


def _one_of(table: Rows, kinds: Sequence[Quantity], what: str) -> str:
    found = [each.key for each in kinds if each.key in table.numbers]
    if len(found) != 1:
        names = ", ".join(each.example for each in kinds)
        got = " and ".join(found) or "none"
        raise table.error(None, f"{what} must be one column of {names}, got {got}")
    return found[0]


def _inputs(table: Rows, reading: Reading) -> list[float]:
    key = _one_of(table, _INPUTS, "the input")
    values = table.numbers[key]
    unit = {"input": "", "voltage": "V", "current": "A"}[key]
    if unit == "" and reading.unit is not None:
        raise table.error(None, "inputs have no unit here: leave transfer_unit and _zero out")
    if unit == "":
        return list(values)
    if reading.unit is None:
        raise table.error(
            None,
            f"the input is a {key}: say what one unit of a p-bit's input is worth, transfer_unit = "
            f'"50 m{unit}", and transfer_zero, at which it is 0; or fit it: pbit device sigmoid',
        )
    if unit != reading.unit_of:
        raise table.error(None, f"the input is a {key}, transfer_unit is in {reading.unit_of}")
    return [float(f"{(value - reading.zero) / reading.unit:.15g}") for value in values]


def _means(table: Rows) -> list[float]:
    key = _one_of(table, _OUTPUTS, "the output")
    values = table.numbers[key]
    if key == "output" and values and min(values) >= 0:
        raise table.error(
            None,
            "outputs are never below 0: are they means from -1 to 1 or probabilities? Call the "
            "column mean or P",
        )
    if key != "probability":
        return list(values)
    for row, value in enumerate(values):
        if not 0 <= value <= 1:
            raise table.error(row, f"probabilities must be from 0 to 1, got {value:g}; or call P_%")
    return [float(f"{2 * value - 1:.15g}") for value in values]


def _monotone(table: Rows, points: Curve, noise: float) -> Curve:
    """The curve that never falls and is closest, no point further off than the noise explains."""
    from scipy.optimize import isotonic_regression

    if len(points) < 2:
        return points
    measured = np.array([mean for _, mean in points])
    smooth = np.clip(isotonic_regression(measured).x, -1, 1)
    moved = np.abs(smooth - measured)
    worst = int(moved.argmax())
    if moved[worst] > _MOST_MOVED * noise:
        raise table.error(
            worst,
            f"a curve that never falls is {moved[worst]:.3g} away here, more than "
            f"{_MOST_MOVED:g} x transfer_noise = {noise:g}; a falling curve needs a transfer_unit "
            "below 0",
        )
    return tuple((x, float(y)) for (x, _), y in zip(points, smooth, strict=True))


def _error_of(points: Curve) -> str | None:
    """What :class:`TransferCurve` has against the curve; no points at all are no curve."""
    try:
        TransferCurve(transfer=points or ((0.0, 0.0),))
    except ValueError as error:
        return str(error)
    return None
