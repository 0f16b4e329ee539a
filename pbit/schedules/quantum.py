"""Schedules of simulated quantum annealing: a transverse field that goes away."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, integer, real
from pbit.models.labels import FloatArray
from pbit.schedules.schedule import Schedule

_PLANCK_GHZ = 6.62607015e-34 * 1e9  # J of a GHz
_BOLTZMANN = 1.380649e-23  # J / K
_LARGEST_TABLE = 2**24
_NAMES = {"s": ("s",), "A": ("a(s)", "a"), "B": ("b(s)", "b")}
_LEAST = 1e-9


def quantum_schedule(
    beta: float, gamma_range: tuple[float, float], *, num_sweeps: int, kind: str = "linear"
) -> Schedule:
    """A constant beta, and a field from the first of ``gamma_range`` to the last.

    Parameters
    ----------
    beta : float
        Inverse temperature.
    gamma_range : (float, float)
        Transverse fields at the start and at the end.
    num_sweeps : int
    kind : {"linear", "geometric"}

    Raises
    ------
    ValueError

    Examples
    --------
    >>> schedule = quantum_schedule(2.0, (3.0, 1.0), num_sweeps=3)
    >>> schedule.betas.tolist(), schedule["gamma"].tolist()
    ([2.0, 2.0, 2.0], [3.0, 2.0, 1.0])
    """
    sweeps = integer("num_sweeps", num_sweeps, 0)
    try:
        high, low = (float(value) for value in gamma_range)
    except (TypeError, ValueError):
        raise ArgumentError("gamma_range", "must be two numbers", gamma_range) from None
    if kind not in ("linear", "geometric"):
        raise ArgumentError("kind", "must be 'linear' or 'geometric'", kind)
    least = 0.0 if kind == "linear" else np.nextafter(0.0, 1.0)
    if not (least <= low < np.inf and least <= high < np.inf):
        rule = "must be finite and >= 0, and > 0 where it is geometric"
        raise ArgumentError("gamma_range", rule, gamma_range)
    space = np.linspace if kind == "linear" else np.geomspace
    gammas = space(high, low, sweeps)
    return Schedule(np.full(sweeps, real("beta", beta)), kind=kind).with_columns(gamma=gammas)


def annealer_schedule(
    table: str | os.PathLike[str] | npt.ArrayLike,
    *,
    num_sweeps: int,
    temperature_mK: float,
    unit_GHz: float = 1.0,
) -> Schedule:
    r"""The schedule of a quantum annealer, from its published table of A(s) and B(s).

    :math:`H(s) = -\frac{A(s)}{2} \sum_i \sigma^x_i + \frac{B(s)}{2} E(\sigma^z)`, A and B in GHz
    times Planck's constant, s even in the sweeps. In the units of E that is :math:`\beta = B / (2
    k_B T)` and :math:`\Gamma = A / B`. How long a sweep lasts is not known: paths of p-bits are no
    quantum dynamics.

    Parameters
    ----------
    table : name of a CSV file, or float array of shape (rows, 3)
        Columns s from 0 to 1, A and B; in a file by their headers: ``s``, ``A(s)`` and ``B(s)``,
        with ``(GHz)`` behind them if they like, others aside.
    num_sweeps : int
    temperature_mK : float
        Of the chip.
    unit_GHz : float
        GHz of one unit of the columns A and B.

    Raises
    ------
    ValueError
        A file without such columns, numbers that are no schedule.
    OSError
        The file cannot be read.

    References
    ----------
    Johnson et al., Nature 473, 194 (2011), equation 1.

    Examples
    --------
    >>> table = [[0.0, 6.0, 0.1], [0.5, 1.0, 5.0], [1.0, 0.0, 12.0]]
    >>> schedule = annealer_schedule(table, num_sweeps=3, temperature_mK=12)
    >>> schedule.betas.round(2).tolist(), schedule["gamma"].tolist()
    ([0.2, 10.0, 24.0], [60.0, 0.2, 0.0])
    """
    sweeps = integer("num_sweeps", num_sweeps, 1)
    kelvin = real("temperature_mK", temperature_mK) / 1e3
    if not 0 < kelvin < np.inf:
        raise ArgumentError("temperature_mK", "must be > 0 and finite", temperature_mK)
    s, a, b = _checked(_columns(table))
    places = np.linspace(0.0, 1.0, sweeps) if sweeps > 1 else np.ones(1)
    fields, scales = np.interp(places, s, a), np.interp(places, s, b)
    joules = real("unit_GHz", unit_GHz) * _PLANCK_GHZ
    scales = np.maximum(scales, _LEAST * scales.max())
    betas = scales * joules / (2 * _BOLTZMANN * kelvin)
    return Schedule(betas, kind="annealer").with_columns(gamma=fields / scales)


def _columns(table: Any) -> FloatArray:
    if not isinstance(table, str | os.PathLike):
        values = np.asarray(table)
        if values.ndim != 2 or values.shape[1] != 3 or values.dtype.kind not in "iuf":
            got = f"{values.dtype} of shape {values.shape}"
            raise ArgumentError("table", "must be numbers of shape (rows, 3): s, A, B", got=got)
        return values.astype(np.float64)
    path = Path(table)
    if path.stat().st_size > _LARGEST_TABLE:
        raise ArgumentError("table", f"must have at most {_LARGEST_TABLE} bytes", str(table))
    try:
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ArgumentError("table", f"must be a table in CSV: {error}", str(table)) from None
    return _rows(rows, str(table))


def _rows(rows: list[list[str]], name: str) -> FloatArray:
    header = [_short(cell) for cell in rows[0]] if rows else []
    places = []
    for wanted, names in _NAMES.items():
        found = [k for k, cell in enumerate(header) if cell in names]
        if len(found) != 1:
            raise ArgumentError(
                "table", "must have the columns s, A(s) and B(s), each once",
                got=f"{len(found)} of {wanted} in the first line of {name}",
            )  # fmt: skip
        places += found
    values = []
    for line, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        try:
            values.append([float(row[k]) for k in places])
        except (ValueError, IndexError):
            raise ArgumentError(
                "table", "must have a number in each of s, A(s) and B(s)",
                got=f"line {line} of {name}: {','.join(row):.60}",
            ) from None  # fmt: skip
    return np.array(values, np.float64).reshape(-1, 3)


def _short(cell: str) -> str:
    """A header without its unit, in small letters."""
    text = cell.strip().lower().replace(" ", "")
    return text.removesuffix("(ghz)").removesuffix("[ghz]")


def _checked(values: FloatArray) -> FloatArray:
    """Columns s, A, B; at least two rows, s rising from 0 to 1, A and B not negative."""
    if len(values) < 2 or not np.all(np.isfinite(values)):
        got = f"{len(values)} rows" if len(values) < 2 else "some that are not"
        raise ArgumentError("table", "must have two rows or more of finite numbers", got=got)
    s = values[:, 0]
    if s[0] != 0 or s[-1] != 1 or np.any(np.diff(s) <= 0):
        raise ArgumentError("table", "must have s rising from 0 to 1", got=f"{s[0]} to {s[-1]}")
    if np.any(values[:, 1:] < 0) or not values[:, 2].max() > 0:
        raise ArgumentError("table", "must have A and B >= 0, and some B > 0")
    return values.T
