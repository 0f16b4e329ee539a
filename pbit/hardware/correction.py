"""What a calibration found: gain and offset of each p-bit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.models.labels import FloatArray


@dataclass(frozen=True, eq=False)
class Correction(ByValue):
    """Gain and offset of each p-bit as measured: what its input is corrected by.

    Parameters
    ----------
    gain, offset : float64, shape (n,)
        Of p-bits 0 to n - 1; the p-bit is given ``(x - offset) / gain`` in place of x.
    gain_error, offset_error : float64, shape (n,)
        Standard errors.
    stuck : bool, shape (n,)
        p-bits that never moved; their gain is put to 1 and their offset to 0.
    num_samples : int
        Read-outs of each p-bit.
    """

    gain: FloatArray
    offset: FloatArray
    gain_error: FloatArray
    offset_error: FloatArray
    stuck: npt.NDArray[np.bool_]
    num_samples: int

    def __post_init__(self) -> None:
        gain, offset = np.asarray(self.gain), np.asarray(self.offset)
        if gain.ndim != 1 or gain.shape != offset.shape:
            raise ValueError(
                f"gain and offset must have one length, got {gain.shape} and {offset.shape}"
            )
        if not ((gain > 0) & (gain < np.inf)).all():
            raise ArgumentError("gain", "must be > 0 and finite", gain.min() if gain.size else gain)
        if not np.isfinite(offset).all():
            raise ArgumentError(
                "offset", "must be finite", remedy="leave p-bits that were not measured at 0"
            )


def check_correction(name: str, value: Any) -> Correction | None:
    """The correction, if it is one.

    Raises
    ------
    TypeError
    """
    if not isinstance(value, Correction | None):
        raise TypeError(f"{name} must be what pbit.calibrate measured, got {value!r:.60}")
    return value
