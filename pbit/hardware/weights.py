"""Couplings as a chip can hold them: bits, conductances, programming errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import sparse

from pbit.hardware.parameters import Hardware
from pbit.models.directed import DirectedModel
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray


def programmed(
    hardware: Hardware,
    model: IsingModel | DirectedModel,
    normals: Callable[[Any, Any], FloatArray],
) -> tuple[FloatArray, sparse.csr_array]:
    """Biases and couplings (row: the spin that feels it) as they are on the chip.

    ``normals(rows, columns)`` are the programming errors of the edges, in standard deviations.
    """
    h, J = model.h.astype(np.float64), sparse.csr_array(model.J, dtype=np.float64)
    values = J.data
    full = max(np.abs(values).max(initial=0.0), np.abs(h).max(initial=0.0))
    if hardware.weight_bits is not None and full > 0:
        h, values = (rounded_to_bits(v, full, hardware.weight_bits) for v in (h, values))
    if hardware.conductance_ratio is not None and values.size:
        values = within_ratio(values, hardware.conductance_ratio)
    if hardware.weight_spread > 0:
        rows = np.repeat(np.arange(h.size), np.diff(J.indptr))
        values = values * np.exp(hardware.weight_spread * normals(rows, J.indices))
    return h, sparse.csr_array((values, J.indices, J.indptr), shape=J.shape)


def rounded_to_bits(values: FloatArray, full: float, bits: int) -> FloatArray:
    """Nearest multiples of ``full / (2**(bits - 1) - 1)``: a sign and ``bits - 1`` binary digits.

    Examples
    --------
    >>> rounded_to_bits(np.array([1.0, 0.4, -0.1]), 1.0, 3).round(3).tolist()
    [1.0, 0.333, 0.0]
    """
    step = full / (2 ** (bits - 1) - 1)
    if not step > 0:  # below what floats can tell apart
        return values
    return np.asarray(np.rint(values / step) * step + 0.0)


def within_ratio(values: FloatArray, ratio: float) -> FloatArray:
    """Magnitudes below ``max |value| / ratio`` become that or nothing, whichever is nearer.

    Examples
    --------
    >>> within_ratio(np.array([1.0, -0.2, 0.1]), 4.0).tolist()
    [1.0, -0.25, 0.0]
    """
    least = np.abs(values).max(initial=0.0) / ratio
    small = (np.abs(values) < least) & (values != 0)
    nearer = np.where(np.abs(values) < least / 2, 0.0, np.sign(values) * least)
    return np.asarray(np.where(small, nearer, values))
