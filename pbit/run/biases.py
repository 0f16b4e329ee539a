"""Biases of single reads: checked, and what they need of the fields' precision."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError
from pbit.engines.compiled_model import Extremes, Rows, TermRows
from pbit.models.labels import FloatArray


def checked_biases(
    biases: npt.ArrayLike | None, num_spins: int, num_reads: int | None
) -> FloatArray | None:
    """Biases as float64 (num_reads, n), not copied if they are.

    Raises
    ------
    ValueError
        No number of reads, another shape, NaN or infinity.
    """
    if biases is None:
        return None
    if num_reads is None:
        raise ArgumentError("num_reads", "must be given with biases, one row a read")
    values: FloatArray = np.ascontiguousarray(biases, dtype=np.float64)
    if values.shape != (num_reads, num_spins):
        raise ArgumentError(
            "biases",
            f"must have shape ({num_reads}, {num_spins}), one row a read",
            values.shape,
            remedy="biases that all reads share are the model's: with_weights(h=...)",
        )
    if not np.isfinite(_largest(values)):
        row, site = np.argwhere(~np.isfinite(values))[0]
        raise ArgumentError("biases", "must be finite", got=f"{values[row, site]} (read {row})")
    return values


def extremes_with(rows: Rows | TermRows, biases: FloatArray) -> Extremes:
    """Of the couplings and the biases of all reads: bounds, where taking them apart would cost."""
    couplings = Extremes.of(rows._replace(h=np.zeros_like(rows.h)))
    largest = _largest(biases)
    return Extremes(
        smallest=couplings.smallest,
        largest=max(couplings.largest, largest),
        widest=couplings.widest + largest,
        total=couplings.total + biases.shape[1] * largest,
        whole=False,
    )


def _largest(values: FloatArray) -> float:
    """Of the absolute values; NaN if there is one."""
    return float(np.maximum(values.max(initial=0.0), -values.min(initial=0.0)))
