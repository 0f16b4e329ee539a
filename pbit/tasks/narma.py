"""A nonlinear moving average of ten steps, driven by random numbers."""

from __future__ import annotations

import numpy as np

from pbit.checks import ArgumentError, integer
from pbit.seeds import check_seed
from pbit.tasks.split import FloatArray

_ORDER = 10
_FAR = 10.0  # the series has diverged, as one in about 10^4 does


def narma10(num_steps: int, *, seed: int) -> tuple[FloatArray, FloatArray]:
    r"""Inputs, even from 0 to 0.5, and what the system of order 10 makes of them.

    .. math::
        y_{k+1} = 0.3 y_k + 0.05 y_k \sum_{i=0}^{9} y_{k-i} + 1.5 u_k u_{k-9} + 0.1

    Parameters
    ----------
    num_steps : int
    seed : int

    Returns
    -------
    (float64 (num_steps,), float64 (num_steps,))
        u and the y that the present u is the last to act on, :math:`y_{k+1}`.

    Raises
    ------
    ValueError
        The series diverged; another seed is needed.

    References
    ----------
    Atiya, Parlos, IEEE Trans. Neural Netw. 11, 697 (2000).

    Examples
    --------
    >>> u, y = narma10(1000, seed=1)
    >>> u.shape, bool(0.1 < y.min() and y.max() < 1)
    ((1000,), True)
    """
    rng = np.random.default_rng(check_seed(seed))
    inputs = rng.uniform(0, 0.5, integer("num_steps", num_steps, 1) + _ORDER)
    found = np.zeros(len(inputs) + 1)
    for k in range(_ORDER - 1, len(inputs)):
        past = found[k - _ORDER + 1 : k + 1].sum()
        found[k + 1] = (
            0.3 * found[k] + 0.05 * found[k] * past + 1.5 * inputs[k] * inputs[k - 9] + 0.1
        )
    outputs = found[_ORDER + 1 :]
    if not np.abs(outputs).max() < _FAR:
        raise ArgumentError("seed", "must be one whose series stays finite", seed, remedy="another")
    return inputs[_ORDER:], outputs
