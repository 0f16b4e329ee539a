"""The pseudo-inverse rule: couplings project onto what is stored."""

from __future__ import annotations

import warnings

import numpy as np

from pbit.models.labels import FloatArray, SpinArray
from pbit.problems.hopfield.storage import PairRule


def couplings(patterns: SpinArray, first: int, J: FloatArray | None) -> FloatArray:
    r"""``J = (1/n) sum_mv xi_m (C^-1)_mv xi_v^T``, ``C = xi xi^T / n``, with an empty diagonal.

    The projector onto the span of the patterns, from their singular vectors, so that patterns may
    repeat or depend on each other: what lies in the span is stored as well.

    Warns
    -----
    UserWarning
        The patterns span all pixels: the couplings vanish with the diagonal.

    References
    ----------
    Personnaz, Guyon, Dreyfus, J. Physique Lett. 46, L359 (1985). Kanter, Sompolinsky, Phys. Rev. A
    35, 380 (1987).
    """
    n = patterns.shape[1]
    _, sizes, axes = np.linalg.svd(patterns.astype(np.float64), full_matrices=False)
    span = axes[sizes > sizes[0] * max(patterns.shape) * np.finfo(np.float64).eps]
    if len(span) == n:
        warnings.warn(
            f"{len(patterns)} patterns span all {n} pixels: every state is a fixed point and "
            "nothing is recalled; store fewer",
            UserWarning,
            stacklevel=4,
        )
        return np.zeros((n, n))
    projector = span.T @ span
    np.fill_diagonal(projector, 0.0)
    return np.asarray((projector + projector.T) / 2)


RULE = PairRule("pseudo-inverse", "projector onto the patterns", 20, couplings=couplings)
