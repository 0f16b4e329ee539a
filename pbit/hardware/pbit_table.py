"""Measured p-bits: gain, offset and time constant of each, by its place or by its label."""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, floats, real
from pbit.models.labels import FloatArray

_RANGES = {"gain": (0.0, 1e3), "offset": (-100.0, 100.0), "tau_s": (0.0, 1e9)}


@dataclass(frozen=True, eq=False, kw_only=True)
class PBitTable(ByValue):
    """p-bits of a chip as they were measured, in place of what is drawn for them.

    Parameters
    ----------
    gain, offset, tau_s : sequence of float, optional
        Of each p-bit, as in :class:`pbit.Hardware`; what is not given is drawn as without a table.
    labels : sequence of hashable, optional
        Which spin of a model each row is, by its label (or the label's text). Without: row k is
        spin k.

    Raises
    ------
    TypeError, ValueError
        Nothing given, lengths that differ, a value out of range, a label that repeats.

    Examples
    --------
    >>> table = PBitTable(gain=[1.1, 0.9], labels=["a", "b"])
    >>> table.gain, table.size
    ((1.1, 0.9), 2)
    """

    gain: Sequence[float] | npt.NDArray[np.float64] = ()
    offset: Sequence[float] | npt.NDArray[np.float64] = ()
    tau_s: Sequence[float] | npt.NDArray[np.float64] = ()
    labels: Sequence[Hashable] = field(default=())

    def __post_init__(self) -> None:
        for name, (low, high) in _RANGES.items():
            object.__setattr__(self, name, _checked(name, getattr(self, name), low, high))
        if not isinstance(self.labels, Iterable):
            raise TypeError(f"labels must be a list, one a p-bit, got {self.labels!r:.60}")
        object.__setattr__(self, "labels", tuple(self.labels))
        lengths = {each.name: len(getattr(self, each.name)) for each in fields(self)}
        given = {name: size for name, size in lengths.items() if size}
        if not any(given.get(name) for name in _RANGES):
            raise ValueError("a table of p-bits must have a gain, an offset or a tau_s for each")
        if len(set(given.values())) > 1:
            told = ", ".join(f"{size} of {name}" for name, size in given.items())
            raise ValueError(f"columns of a table of p-bits must have one length, got {told}")
        texts = [str(label) for label in self.labels]
        twice = next((text for text in texts if texts.count(text) > 1), None) if len(
            set(texts)
        ) < len(texts) else None  # fmt: skip
        if twice is not None:
            raise ArgumentError("labels", "must differ", twice, remedy="one row a p-bit")

    @classmethod
    def of_sigmoids(
        cls,
        V0_V: npt.ArrayLike,
        V50_V: npt.ArrayLike,
        *,
        unit_V: float,
        zero_V: float = 0.0,
        **others: Any,
    ) -> PBitTable:
        """p-bits of mean ``tanh((V - V50) / V0)``, driven by ``zero_V + unit_V x`` volts.

        Parameters
        ----------
        V0_V, V50_V : float64, shape (n,)
            See :mod:`pbit.devices.fitting.sigmoid`.
        unit_V, zero_V : float
            ``unit_V`` has the sign of all V0.
        **others
            ``tau_s`` and ``labels``.

        Raises
        ------
        ValueError
            A gain that is not > 0, and what a table refuses.

        Examples
        --------
        >>> table = PBitTable.of_sigmoids([0.05, 0.04], [0.45, 0.46], unit_V=0.05, zero_V=0.45)
        >>> [round(x, 6) for x in table.gain], [round(x, 6) for x in table.offset]
        ([1.0, 1.25], [0.0, -0.25])
        """
        V0, V50 = floats("V0_V", V0_V), floats("V50_V", V50_V)
        unit_V, zero_V = real("unit_V", unit_V), real("zero_V", zero_V)
        with np.errstate(divide="ignore", invalid="ignore"):
            return cls(gain=unit_V / V0, offset=(zero_V - V50) / V0, **others)

    @property
    def size(self) -> int:
        """p-bits in the table."""
        return max(len(getattr(self, name)) for name in _RANGES)

    def rows(self, labels: Sequence[Hashable]) -> npt.NDArray[np.intp]:
        """Row of each spin of a model with these labels.

        Raises
        ------
        ValueError
            A spin that has no row.
        """
        if not self.labels:
            if self.size < len(labels):
                raise ValueError(
                    f"the table must be of at least {len(labels)} p-bits, got {self.size}; "
                    "measure as many, or give labels"
                )
            return np.arange(len(labels))
        places = {str(label): row for row, label in enumerate(self.labels)}
        missing = next((label for label in labels if str(label) not in places), None)
        if missing is not None:
            raise ValueError(f"the table has no p-bit {missing!r:.60}, which the model has")
        return np.array([places[str(label)] for label in labels], dtype=np.intp)

    def column(self, name: str, rows: npt.NDArray[np.intp], otherwise: FloatArray) -> FloatArray:
        """Values of these rows; ``otherwise`` where the table has no such column."""
        values = getattr(self, name)
        return np.array(values, dtype=np.float64)[rows] if values else otherwise


def _checked(name: str, values: Any, low: float, high: float) -> tuple[float, ...]:
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise TypeError(f"{name} must be numbers, one a p-bit, got {values!r:.60}") from None
    if array.ndim != 1:
        raise ArgumentError(name, "must be of shape (n,), one number a p-bit", got=str(array.shape))
    wrong = np.flatnonzero(~((array > low) if low == 0 else (array >= low)) | ~(array <= high))
    if wrong.size:
        rule = f"must be {'>' if low == 0 else '>='} {low:g} and <= {high:g}"
        raise ArgumentError(name, rule, got=f"{array[wrong[0]]:g} of p-bit {wrong[0]}")
    return tuple(array.tolist())


def check_table(name: str, value: Any) -> PBitTable | None:
    """The table, if it is one.

    Raises
    ------
    TypeError
    """
    if not isinstance(value, PBitTable | None):
        remedy = "; pbit.hardware.files.pbits.read_pbits reads a file"
        if not isinstance(value, str | os.PathLike):
            remedy = "; give PBitTable(gain=..., offset=..., tau_s=...)"
        raise TypeError(
            f"{name} must be a pbit.hardware.pbit_table.PBitTable, got {value!r:.60}{remedy}"
        )
    return value
