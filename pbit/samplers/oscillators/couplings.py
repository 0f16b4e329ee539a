"""Couplings as motions want them, and their scales."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.models.ising import IsingModel

_FAR = 50  # powers of two: squares of larger weights, or of smaller, may not fit into float32
_ROUNDS = 30  # of the power iteration, which is within some per cent after them


def moderate(model: IsingModel) -> tuple[IsingModel, int]:
    """The model divided by 2**e, and e: 0 and the model itself unless its weights are extreme.

    Motions know the weights only in units of their size, and a power of two changes no bit.
    """
    largest = max(np.abs(model.J.data).max(initial=0.0), np.abs(model.h).max(initial=0.0))
    exponent = int(np.frexp(largest)[1])
    if abs(exponent) < _FAR:
        return model, 0
    J = model.J.astype(np.float64)
    J.data = np.ldexp(J.data, -exponent)
    return IsingModel(np.ldexp(model.h.astype(np.float64), -exponent), J), exponent


def compiled(model: IsingModel) -> tuple[Any, Any]:
    """Biases and couplings in CSR, float32."""
    J = model.J
    couplings = (J.indptr.astype(np.int64), J.indices.astype(np.int32), J.data.astype(np.float32))
    return model.h.astype(np.float32), couplings


def depth(J: Any) -> float:
    """Lambda, if -lambda is the lowest eigenvalue of the symmetric matrix; 0 if none is negative.

    By power iteration on ``s - J``, s the largest sum of absolute values in a row.
    """
    if not J.nnz:
        return 0.0
    bound = float(abs(J).sum(axis=1).max())
    vector: npt.NDArray[np.float64] = np.random.default_rng(0).standard_normal(J.shape[0])
    for _ in range(_ROUNDS):
        vector = bound * vector - J @ vector
        vector /= np.linalg.norm(vector)
    return max(0.0, -float(vector @ (J @ vector)))


def width(model: IsingModel) -> float:
    """Root of the mean, over the spins, of the sum of squares of their couplings.

    Without couplings it is that of the biases, and 1 without any.
    """
    squares = float((model.J.data**2).sum()) or float((model.h**2).sum())
    return float(np.sqrt(squares / max(model.num_spins, 1))) or 1.0
