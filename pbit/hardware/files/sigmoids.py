"""Measured sigmoids as text: a voltage, a mean or a probability, samples or errors."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from pbit.hardware.files.columns import Rows, read_columns
from pbit.hardware.files.curve import CHANCE, MEAN, VOLTAGE
from pbit.hardware.files.header import Quantity
from pbit.models.labels import FloatArray

_COUNTS = ("num_samples", "samples", "n", "num", "number", "count", "counts")
QUANTITIES = (
    Quantity("voltage", VOLTAGE, "V"),
    Quantity("mean", MEAN, needed=False),
    Quantity("P", CHANCE, needed=False),
    Quantity("num_samples", _COUNTS, needed=False),
    Quantity("mean_error", ("mean_error", "m_error", "mean_err"), needed=False),
    Quantity("P_error", ("p_error", "p_err", "probability_error"), needed=False),
)


def read_sigmoid(
    path: str | Path, *, columns: str | None = None, told_by: str
) -> dict[str, FloatArray]:
    """Arguments of :func:`pbit.devices.fitting.sigmoid.fit_sigmoid` in a file.

    Parameters
    ----------
    path, columns, told_by
        As :func:`pbit.hardware.files.columns.read_columns`.

    Raises
    ------
    FormatError
        No header with units and no ``columns``, neither or both of mean and P, an error of the one
        that is not there, probabilities beyond 0 and 1 without an error.
    OSError
        The file cannot be read.
    """
    rows = read_columns(
        path, QUANTITIES, columns=columns, told_by=told_by, example='"voltage_mV,P"'
    )
    found = {key: np.array(values, dtype=np.float64) for key, values in rows.numbers.items()}
    given = [key for key in ("mean", "P") if key in found]
    if len(given) != 1:
        raise rows.error(None, f"one column must be mean or P, got {' and '.join(given) or 'none'}")
    other = {"mean": "P_error", "P": "mean_error"}[given[0]]
    if other in found:
        raise rows.error(None, f"{other} with {given[0]}: call it {given[0]}_error")
    if given == ["P"]:
        found["mean"] = _as_means(rows, found.pop("P"), noisy="P_error" in found)
        if "P_error" in found:
            found["mean_error"] = 2 * found.pop("P_error")
    return {"voltage_V": found.pop("voltage"), **found}


def _as_means(rows: Rows, chances: FloatArray, *, noisy: bool) -> FloatArray:
    wrong = np.flatnonzero((chances < 0) | (chances > 1))
    if wrong.size and not noisy:
        row = int(wrong[0])
        raise rows.error(
            row, f"probabilities must be from 0 to 1, got {chances[row]:g}; or call them P_%"
        )
    return np.asarray(2 * chances - 1)
