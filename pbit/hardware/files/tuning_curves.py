"""Measured tuning curves as text: current, frequency, perhaps power and linewidth, their errors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from pbit.hardware.files.columns import read_columns
from pbit.hardware.files.header import Quantity

_COLUMNS = {"frequency": "frequency_Hz", "power": "power_W", "linewidth": "linewidth_Hz"}
QUANTITIES = (
    Quantity("current", ("current", "i", "bias_current", "i_bias", "ibias", "i_dc"), "A"),
    Quantity("frequency", ("frequency", "f", "freq", "f_0", "f0"), "Hz"),
    Quantity("power", ("power", "p", "output_power", "emitted_power"), "W", needed=False),
    Quantity("linewidth", ("linewidth", "fwhm", "width", "df"), "Hz", needed=False),
    *(
        Quantity(f"{name}_error", (f"{name}_error", f"{name}_err"), unit, needed=False)
        for name, unit in (("frequency", "Hz"), ("power", "W"), ("linewidth", "Hz"))
    ),
)
_ELSEWHERE = {
    "V": "A tuning curve is in currents: divide each voltage by the resistance at it, I = V / R; "
    "of a voltage that is emitted give the power into the load, V^2 / 2 R of an amplitude V"
}


def read_tuning_curve(
    path: str | Path, *, columns: str | None = None, told_by: str
) -> dict[str, Any]:
    """Arguments of :func:`pbit.devices.oscillator.fit_oscillator` in a file.

    Parameters
    ----------
    path, columns, told_by
        As :func:`pbit.hardware.files.columns.read_columns`.

    Raises
    ------
    FormatError
        No header with units and no ``columns``, another quantity than these, an error of a column
        that is not there, a line that is no row.
    OSError
        The file cannot be read.
    """
    rows = read_columns(path, QUANTITIES, columns=columns, told_by=told_by, elsewhere=_ELSEWHERE)
    found = {key: np.array(values, dtype=np.float64) for key, values in rows.numbers.items()}
    told: dict[str, Any] = {"current_A": found["current"]}
    told |= {_COLUMNS[key]: values for key, values in found.items() if key in _COLUMNS}
    errors = {}
    for key, values in found.items():
        name = key.removesuffix("_error")
        if name == key:
            continue
        if name not in found:
            raise rows.error(None, f"{key} without {name}: name the column that it is of")
        errors[_COLUMNS[name]] = values
    return told | {"errors": errors}
