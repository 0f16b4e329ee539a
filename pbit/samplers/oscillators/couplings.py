"""Couplings as motions want them, and their scales."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from pbit.checks import ArgumentError
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray
from pbit.samplers.descent import descend

MOST_A_STEP = 1e3
_FAR = 50  # powers of two: squares of larger weights, or of smaller, may not fit into float32
_STARTS = 4
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


def in_own_unit(coupling: float, exponent: int) -> float:
    """What a coupling of a moderate model is in the model's own unit; infinite where too large."""
    with np.errstate(over="ignore"):
        return float(np.ldexp(coupling, -exponent))


def check_steps(step: float, **rates: float) -> None:
    """Refuse rates that turn a step into nonsense.

    Raises
    ------
    ValueError
    """
    for name, rate in rates.items():
        if not rate * step <= MOST_A_STEP:
            raise ArgumentError(
                name,
                f"times the time step must be <= {MOST_A_STEP:g}",
                got=f"{rate:g} and {step:g}",
                remedy="steps of about 0.1 over the fastest rate are right",
            )


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
    start = np.random.default_rng(0).standard_normal(J.shape[0])
    return _largest(np.zeros(J.shape[0]), lambda vector: J @ vector, bound, start)


def stiffness(model: IsingModel) -> float:
    """The fastest rate of phases about a low state, in the unit of the weights.

    The largest eigenvalue of the Laplacian of :math:`J_{ij} s_i s_j` with :math:`h_i s_i` on its
    diagonal, by power iteration; s is the lowest of a few states below random ones.
    """
    if not model.num_spins:
        return 0.0
    rng = np.random.default_rng(0)
    below = descend(model, rng.choice(np.array([-1, 1], np.int8), (_STARTS, model.num_spins)))
    s = below.spins[below.energies.argmin()].astype(np.float64)
    J = model.J.astype(np.float64)
    stays = s * (J @ s + model.h)
    bound = 2 * float(np.abs(J).sum(axis=1).max() + np.abs(model.h).max(initial=0.0)) or 1.0
    start = rng.standard_normal(model.num_spins)
    return _largest(stays, lambda vector: s * (J @ (s * vector)), bound, start)


def _largest(
    diagonal: FloatArray, minus: Callable[[FloatArray], Any], bound: float, start: FloatArray
) -> float:
    """The largest eigenvalue of ``diagonal - minus``, at least 0, by power iteration.

    ``minus``: what a symmetric matrix makes of a vector; ``bound``: of the sizes of eigenvalues.
    """
    vector = start
    for _ in range(_ROUNDS):
        vector = (bound + diagonal) * vector - minus(vector)
        vector /= np.linalg.norm(vector)
    return max(0.0, float(vector @ (diagonal * vector - minus(vector))))


def width(model: IsingModel) -> float:
    """Root of the mean, over the spins, of the sum of squares of their couplings.

    Without couplings it is that of the biases, and 1 without any.
    """
    squares = float((model.J.data**2).sum()) or float((model.h**2).sum())
    return float(np.sqrt(squares / max(model.num_spins, 1))) or 1.0
