"""Measured dwell times as text: current, mean dwell time in P and in AP, how many dwells."""

from __future__ import annotations

from pathlib import Path

from pbit.hardware.files.columns import Rows, read_columns
from pbit.hardware.files.header import Quantity

_NAMES = ("dwell", "tau", "t", "time", "dwell_time", "mean_dwell", "mean_dwell_time")
_COUNTS = ("num_dwells", "dwells", "n", "num", "number", "count", "counts")
QUANTITIES = (
    Quantity("current", ("current", "i", "bias_current", "i_bias", "ibias"), "A"),
    Quantity("dwell_P", ("p", *(f"{name}_p" for name in _NAMES)), "s"),
    Quantity("dwell_AP", ("ap", *(f"{name}_ap" for name in _NAMES)), "s"),
    Quantity("num_dwells", _COUNTS, "", needed=False),
)


_OF_TRACES = (
    "give the mean dwell times at each current: pbit.devices.fitting.trace.dwells_of_trace(signal, "
    "step_s=...) in Python"
)
_ELSEWHERE = {
    "V": "A junction's law is in currents: divide each voltage by the resistance at it, I = V / R. "
    "A mean state against a voltage is read by pbit device sigmoid",
    "ohm": f"Of a trace of a resistance in time, {_OF_TRACES}",
    "": f". Of a trace in time, {_OF_TRACES}",
}


def read_dwell_times(path: str | Path, *, columns: str | None = None, told_by: str) -> Rows:
    """Columns current, dwell_P, dwell_AP and perhaps num_dwells, in A and s.

    Parameters
    ----------
    path, columns, told_by
        As :func:`pbit.hardware.files.columns.read_columns`.

    Raises
    ------
    FormatError
        No header with units and no ``columns``, another quantity than these, a line that is no
        row.
    OSError
        The file cannot be read.
    """
    return read_columns(path, QUANTITIES, columns=columns, told_by=told_by, elsewhere=_ELSEWHERE)
